"""Section ``supply``: how much of what the world makes this buyer can get."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from planner.scenario.base import Name, Section
from planner.scenario.by_year import ByYear, Within


class Supply(Section):
    """Ingredients of chips, and production slots of power plant."""

    buyer_share: Mapping[Name, Annotated[float, Field(ge=0, le=1)]] = Field(
        default={},
        description=(
            "Ingredient, family or class of plant to this buyer's share of supply; a class that "
            "is not named takes its family's; 1 if neither is [1]"
        ),
    )
    chips: Mapping[Name, Annotated[ByYear, Within(ge=0, le=1e15)]] = Field(
        default={},
        description="Ingredient to world supply by year, in place of the catalog's [wafers/a]",
    )
    plant: Mapping[Name, Annotated[ByYear, Within(ge=0, le=1e15)]] = Field(
        default={},
        description=(
            "Class of power plant to what all vendors can deliver by year, in place of the "
            "catalog's [MW/a]"
        ),
    )
    plant_outlook: Literal["low", "middle", "high"] = Field(
        default="middle",
        description=(
            "Which of the catalog's figures by class of plant hold; they end in 2030, and later "
            "years take the last"
        ),
    )
    craft_hours_per_site_year: float = Field(
        default=6e6,
        ge=0,
        le=1e9,
        description="Craft labour that can be had on site: 3,000 workers of 2,000 hours [h/a]",
    )
