"""Section ``sites``: the places that may be built on."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Discriminator, Field, Strict, Tag, model_validator

from planner.scenario.base import AllOrNames, Change, Complaint, Name, Section, complain, twice
from planner.scenario.existing import Existing
from planner.scenario.orbit import Orbit, OrbitName

MOST_WEATHER_YEARS = 10

File = Annotated[str, Field(min_length=1)]
"""A file, relative to the YAML that names it."""


def _file_or_list(value: object) -> str:
    return "list" if isinstance(value, list | tuple) else "file"


FileOrFiles = Annotated[
    Annotated[File, Tag("file")]
    | Annotated[tuple[File, ...], Strict(strict=False), Field(min_length=1), Tag("list")],
    Discriminator(_file_or_list),
]
"""A file, or a list of files."""


class WeatherFiles(Section):
    """Where the weather comes from: made from climate normals, or read from files."""

    seed: int = Field(
        default=0,
        ge=0,
        le=2**31,
        description="Seed of the first year of synthetic weather; later years have the next [1]",
    )
    files: Mapping[Name, FileOrFiles] = Field(
        default={},
        description="Site to weather file, or to one file for each of weather_years, in order; "
        "relative to the YAML that names it",
    )

    def of(self, site: str) -> tuple[str, ...]:
        """Return the weather files of a site, one for each year; none: its weather is made."""
        files = self.files.get(site, ())
        return (files,) if isinstance(files, str) else files


class Layers(Section):
    """A user's maps, to which the distances of the sites are measured."""

    lines: File | None = Field(
        default=None,
        description="Power lines with a field voltage_kv or VOLTAGE [kV], for the distance to a "
        "line of 345 kV; GeoJSON or GeoPackage, relative to the YAML",
    )
    pipelines: File | None = Field(
        default=None, description="Gas pipelines, for the length of a site's lateral; likewise"
    )
    fibre: File | None = Field(
        default=None, description="Fibre routes; their distance is shown; likewise"
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
    layers: Layers = Field(
        default=Layers(),
        description="Map layers whose distances take the place of the site table's, for sites "
        "within 100 miles of them",
    )
    limit_it_mw: float = Field(
        default=2000.0, gt=0, le=1e5, description="Most IT load at a site, if not changed [MW]"
    )
    change: Change = Field(
        default={}, description="Site id to fields that differ from the table, and limit_it_mw"
    )
    weather_years: int = Field(
        default=1,
        ge=1,
        le=MOST_WEATHER_YEARS,
        description="Years of weather that every site is operated over, one after the other [1]",
    )
    weather: WeatherFiles = Field(
        default=WeatherFiles(), description="Where the weather comes from"
    )
    orbit: Mapping[OrbitName, Orbit] = Field(
        default={}, description="Candidate sites in orbit by name; none: all racks stay on Earth"
    )

    existing: Mapping[Name, Existing] = Field(
        default={}, description="Site to the campus that stands there before the first period"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        if self.replace and self.file is None:
            yield Complaint(("replace",), "needs a file of sites", "true", "sites.file: sites.csv")
        yield from self._not_a_file_for_each_year()
        if self.include == "all":
            return
        yield from twice(("include",), self.include)
        for position, name in enumerate(self.include):
            if name in self.exclude:
                what = "is both included and excluded"
                yield Complaint(("include", position), what, name, "keeping one of the two")

    def _not_a_file_for_each_year(self) -> Iterator[Complaint]:
        years = self.weather_years
        for name in self.weather.files:
            count = len(self.weather.of(name))
            if count != years:
                what = f"needs a file for each of the {years} weather_years"
                hint = f"a list of {years}, or sites.weather_years: {count}"
                yield Complaint(("weather", "files", name), what, f"{count}", hint)
