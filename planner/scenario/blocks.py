"""Section ``blocks``: the units that facilities are built in."""

from planner.scenario.base import Choice


class Blocks(Choice):
    """Units of a facility, modular or built in place."""
