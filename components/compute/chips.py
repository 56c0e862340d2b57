"""What chips are made of, and how much of it the world makes."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from components.base import Parameters

Amount = Annotated[float, Field(ge=0)]


class ChipSupply(Parameters):
    """World supply of one ingredient; a buyer's share of it is the scenario's."""

    units_per_year: Mapping[int, Amount] = Field(
        min_length=1,
        description="Calendar year to what the world makes, as racks count it [wafers/a]",
    )
