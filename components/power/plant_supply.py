"""Power plant that works can deliver: MW by class and year open to new US data-centre orders."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.base import Parameters

Amount = Annotated[float, Field(ge=0)]
Outlook = Literal["low", "middle", "high"]


class PlantSupply(Parameters):
    """What all vendors of a class deliver together; a buyer's share of it is the scenario's.

    It binds beside the slots of each product, which are what its vendor could deliver at most
    and sum to about twice the class.
    """

    technologies: tuple[str, ...] = Field(
        min_length=1, description="Technologies of gas and fuel_cell that are of this class"
    )
    mw_per_year: Mapping[int, Amount] = Field(
        min_length=1,
        description=(
            "Calendar year of delivery to what is open to new orders, middle; a year beyond "
            "those given takes the nearest, a year between them the line [MW/a]"
        ),
    )
    low_mw_per_year: Mapping[int, Amount] = Field(
        description="The same, low; for the same years [MW/a]"
    )
    high_mw_per_year: Mapping[int, Amount] = Field(
        description="The same, high; for the same years [MW/a]"
    )

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        low, middle, high = self.low_mw_per_year, self.mw_per_year, self.high_mw_per_year
        if not set(low) == set(middle) == set(high):
            msg = "low, middle and high must be of the same years"
            raise ValueError(msg)
        for year in middle:
            if not low[year] <= middle[year] <= high[year]:
                msg = f"low, middle and high must not fall, as they do in {year}"
                raise ValueError(msg)
        return self

    def by_year(self, outlook: Outlook = "middle") -> Mapping[int, float]:
        """Return what is open by year of delivery [MW/a], in one of three views of it."""
        return {
            "low": self.low_mw_per_year,
            "middle": self.mw_per_year,
            "high": self.high_mw_per_year,
        }[outlook]
