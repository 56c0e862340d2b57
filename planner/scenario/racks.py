"""Section ``racks``: the compute systems that may be bought."""

from planner.scenario.base import Choice


class Racks(Choice):
    """Rack-scale compute systems."""
