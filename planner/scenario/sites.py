"""Section ``sites``: the places that may be built on."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, Strict, model_validator

from planner.scenario.base import AllOrNames, Change, Complaint, Name, Section, complain, twice


class WeatherFiles(Section):
    """Where the weather comes from: made from climate normals, or read from files."""

    seed: int = Field(default=0, ge=0, le=2**31, description="Seed of synthetic weather [1]")
    files: Mapping[Name, Annotated[str, Field(min_length=1)]] = Field(
        default={}, description="Site to weather file, relative to the YAML that names it"
    )


class Sites(Section):
    """Candidate sites, their limits, and where they differ from the table."""

    include: AllOrNames = Field(default="all", description="all, or a list of site ids")
    exclude: Annotated[tuple[Name, ...], Strict(strict=False)] = Field(
        default=(), description="Site ids that are left out"
    )
    file: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="Further sites: CSV, GeoJSON or GeoPackage, relative to the YAML"
    )
    replace: bool = Field(default=False, description="true: only the sites of file")
    limit_it_mw: float = Field(
        default=2000.0, gt=0, le=1e5, description="Most IT load at a site, if not changed [MW]"
    )
    change: Change = Field(
        default={}, description="Site id to fields that differ from the table, and limit_it_mw"
    )
    weather: WeatherFiles = Field(
        default=WeatherFiles(), description="Where the weather comes from"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        if self.replace and self.file is None:
            yield Complaint(("replace",), "needs a file of sites", "true", "sites.file: sites.csv")
        if self.include == "all":
            return
        yield from twice(("include",), self.include)
        for position, name in enumerate(self.include):
            if name in self.exclude:
                what = "is both included and excluded"
                yield Complaint(("include", position), what, name, "keeping one of the two")
