"""Section ``supply``: how much of what the world makes this buyer can get."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.scenario.base import Complaint, Name, Section, complain
from planner.scenario.by_year import ByYear, Within
from planner.scenario.labour import Labour

Outlook = Literal["low", "middle", "high"]


class Supply(Section):
    """Ingredients of racks, and production slots of power plant."""

    buyer_share: Mapping[Name, Annotated[float, Field(ge=0, le=1)]] = Field(
        default={},
        description=(
            "Ingredient, family, class of plant or rack (of what it may ramp up by) to this "
            "buyer's share of supply; what is not named takes its family's (chip_supply: "
            "ingredients); 1 if neither is [1]"
        ),
    )
    chips: Mapping[Name, Annotated[ByYear, Within(ge=0, le=1e15)]] = Field(
        default={},
        description=(
            "Ingredient to what the world makes for AI racks by year, after losses, in place of "
            "the catalog's; in wafers, stacks, TB or racks as there [units/a]"
        ),
    )
    chip_outlook: Outlook = Field(
        default="middle",
        description=(
            "Which of the catalog's figures by ingredient hold; they end in 2030, and later years "
            "take the last"
        ),
    )
    chip_outlook_of: Mapping[Name, Outlook] = Field(
        default={},
        description=(
            "Ingredient, or all that moves with one maker (tsmc, samsung, memory, nvidia_racks), "
            "to an outlook of its own; the ingredient's comes first"
        ),
    )
    plant: Mapping[Name, Annotated[ByYear, Within(ge=0, le=1e15)]] = Field(
        default={},
        description=(
            "Class of power plant to what all vendors can deliver by year, in place of the "
            "catalog's [MW/a]"
        ),
    )
    plant_outlook: Outlook = Field(
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
    labour: Labour | None = Field(
        default=None,
        description="Craft labour that the sites of a region share, by year, and crews that "
        "travel; none: craft_hours_per_site_year at each site",
    )
    block_outlook: Outlook = Field(
        default="middle",
        description="Which of the catalog's figures of what vendors of blocks have open hold, "
        "where they are by year",
    )

    @model_validator(mode="after")
    def _one_way_to_count_hours(self) -> Self:
        if self.labour is not None and "craft_hours_per_site_year" in self.model_fields_set:
            what = "has no meaning beside supply.labour, which counts hours by region"
            loc = ("craft_hours_per_site_year",)
            got = str(self.craft_hours_per_site_year)
            hint = "supply.labour.craft_h_per_year"
            complain([Complaint(loc, what, got, hint, at_key=True)])
        return self

    def chip_outlook_for(self, ingredient: str, moves_with: str) -> Outlook:
        """Return the outlook of an ingredient: its own, else its maker's, else that of all."""
        of_maker = self.chip_outlook_of.get(moves_with, self.chip_outlook)
        return self.chip_outlook_of.get(ingredient, of_maker)
