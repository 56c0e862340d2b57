"""What racks are made of, and how much of it the world makes for them."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.base import Parameters

Amount = Annotated[float, Field(ge=0)]
Outlook = Literal["low", "middle", "high"]


class ChipSupply(Parameters):
    """World supply of one ingredient for AI racks; a buyer's share of it is the scenario's.

    What phones, cars and other servers take of it is left out already. Low and high are one
    standard deviation off a log-normal middle. What `moves_with` the same thing is early or late
    together.
    """

    unit: Literal["wafers", "stacks", "TB", "racks"] = Field(
        description="What it is counted in, here and in a rack's ingredients"
    )
    moves_with: str = Field(
        min_length=1, description="Ingredients of one such name share their outlook"
    )
    lead_months: float = Field(
        ge=0, description="From when it is made to when its rack enters service [months]"
    )
    usable_share: float = Field(
        gt=0, le=1, description="Share of it that ends in racks that run, spares aside [1]"
    )
    units_per_year: Mapping[int, Amount] = Field(
        min_length=1,
        description="Calendar year to what is made, middle [units/a]",
    )
    low_units_per_year: Mapping[int, Amount] = Field(
        description="The same, low; for the same years [units/a]"
    )
    high_units_per_year: Mapping[int, Amount] = Field(
        description="The same, high; for the same years [units/a]"
    )

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        low, middle, high = self.low_units_per_year, self.units_per_year, self.high_units_per_year
        if not set(low) == set(middle) == set(high):
            msg = "low, middle and high must be of the same years"
            raise ValueError(msg)
        for year in middle:
            if not low[year] <= middle[year] <= high[year]:
                msg = f"low, middle and high must not fall, as they do in {year}"
                raise ValueError(msg)
        return self

    def usable_by_year(self, outlook: Outlook = "middle") -> Mapping[int, float]:
        """Return what ends in racks that run, by year it is made in [units/a]."""
        made = {
            "low": self.low_units_per_year,
            "middle": self.units_per_year,
            "high": self.high_units_per_year,
        }[outlook]
        return {year: self.usable_share * amount for year, amount in made.items()}
