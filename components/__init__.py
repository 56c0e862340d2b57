"""What can be built: parameters, physics, and what each thing adds to the model.

A component is a module with a `Parameters` class and two functions: ``invest`` adds what may be
built at a site to the investment model, ``operate`` adds its hours. It knows no site, no scenario
and no solver; what it may know of the world reaches it as numbers.
"""
