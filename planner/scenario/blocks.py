"""Section ``blocks``: the units that facilities are built in."""

from pydantic import Field

from planner.scenario.base import AllNamesOrNone, Choice


class Blocks(Choice):
    """Units of a facility, modular or built in place."""

    regional_costs: bool = Field(
        default=True,
        description="true: what is built on site costs as much as its state says "
        "(construction_cost_factor of labour_market); false: the same everywhere",
    )
    retrofits: AllNamesOrNone = Field(
        default=(),
        description="Retrofits of halls to another cooling type that are offered: all, or a list "
        "of catalog names; by default none",
    )
