"""Section ``supply``: how much of what the world makes this buyer can get."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from planner.scenario.base import Name, Section
from planner.scenario.by_year import ByYear, Within


class Supply(Section):
    """Ingredients of chips, and production slots of power plant."""

    buyer_share: Mapping[Name, Annotated[float, Field(ge=0, le=1)]] = Field(
        default={},
        description="Ingredient or family to this buyer's share of supply; 1 if not named [1]",
    )
    chips: Mapping[Name, Annotated[ByYear, Within(ge=0, le=1e15)]] = Field(
        default={},
        description="Ingredient to world supply by year, in place of the catalog's [wafers/a]",
    )
    craft_hours_per_site_year: float = Field(
        default=6e6,
        ge=0,
        le=1e9,
        description="Craft labour that can be had on site: 3,000 workers of 2,000 hours [h/a]",
    )
