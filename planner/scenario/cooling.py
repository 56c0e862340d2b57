"""Section ``cooling``: how heat leaves the racks."""

from planner.scenario.base import Choice


class Cooling(Choice):
    """Ways to cool."""
