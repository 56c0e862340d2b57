"""Section ``elements``: what the parts of a campus are made of."""

from pydantic import Field

from planner.scenario.base import Change, Section


class Elements(Section):
    """The eleven components of a data centre, and what stands outside that list."""

    change: Change = Field(
        default={},
        description=(
            "Name to figures that replace the catalog's; the shares of each part of a plan have to "
            "add up to 1"
        ),
    )
