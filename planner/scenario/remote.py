"""Key ``power.remote``: plants beyond the fence and the lines that bring their power."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.scenario.base import Complaint, Name, Names, Section, complain, twice

RemoteName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""Name of a plant beyond the fence, a product like those of the catalog."""


class RemotePlant(Section):
    """A solar field, wind farm or gas plant that feeds a site over a line of its own."""

    source: Name = Field(description="Product of the catalog: solar, wind or gas")
    at: Name | None = Field(
        default=None,
        description="Site id of the plant's place; null: near each site, with its weather",
    )
    miles: float | None = Field(
        default=None,
        gt=0,
        le=3000,
        description="Length of the line; null: 1.2 times the great circle to at [mile]",
    )
    line: Name = Field(default="ac_345kv", description="Line of the catalog")
    line_share: float = Field(
        default=1.0, gt=0, le=1, description="Rating of the line over that of the plant [1]"
    )
    whole_circuits: bool = Field(
        default=False,
        description="true: bought circuit by circuit; false: circuits shared with others",
    )
    sites: Names | None = Field(
        default=None, description="Sites that may use it; null: all within most_miles"
    )
    most_miles: float = Field(
        default=300.0,
        gt=0,
        le=3000,
        description="Longest line to a site that sites does not name [mile]",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        if self.at is None and self.miles is None:
            what = "has neither a place nor the length of its line"
            yield Complaint(("source",), what, self.source, "miles: 50, or at: a site")
        yield from twice(("sites",), self.sites or ())
