"""A run folder as figures and as one page that needs no network."""
