"""The trunk: scenario to model to engine to plan to report, and the command line."""
