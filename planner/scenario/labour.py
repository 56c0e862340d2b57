"""Section ``supply.labour``: craft hours by region and year, and crews that travel."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.scenario.base import Complaint, Name, Section, complain
from planner.scenario.by_year import ByYear, Within

BASE_YEAR = 2026
"""Year of the catalog's craft hours by state, and of the hours that blocks take."""


class Labour(Section):
    """Craft labour that sites of a region share; what is local, and what travels there."""

    regions: Mapping[Name, Name] = Field(
        default={},
        description="Site to the region whose crews it draws on; what is not named draws on those "
        "of its state, by its two letters",
    )
    craft_h_per_year: Mapping[Name, Annotated[ByYear, Within(ge=0, le=1e10)]] = Field(
        default={},
        description="Region to the craft hours that local crews give by year; of a state in place "
        "of the catalog's (labour_market) [h/a]",
    )
    growth_per_year: float = Field(
        default=0.03,
        ge=-0.5,
        le=1,
        description="Growth of the catalog's craft hours from 2026 on [1/a]",
    )
    most_travelling_share: float = Field(
        default=1.0,
        ge=0,
        le=100,
        description="Most hours of crews from elsewhere over those of local crews; 1: half of all "
        "who work there [1]",
    )
    per_diem_usd_per_day: float = Field(
        default=135.0,
        ge=0,
        le=1000,
        description="Lodging and meals of who travels; 120 to 150 is usual [USD/d]",
    )
    hours_per_day: float = Field(
        default=10.0, gt=0, le=24, description="Worked for a day's per diem [h/d]"
    )
    wage_premium_usd_per_h: float = Field(
        default=12.0, ge=0, le=1000, description="Paid to who travels over local pay [USD/h]"
    )
    craft_learning_per_year: float = Field(
        default=0.02,
        ge=0,
        lt=1,
        description="By how much craft hours per MW fall each year from 2026 on, of the year "
        "before [1/a]",
    )
    rack_install_h: Mapping[Name, Annotated[float, Field(ge=0, le=1e5)]] = Field(
        default={},
        description="Rack to the craft hours that set and connect one; what is not named takes "
        "none [h/rack]",
    )

    @model_validator(mode="after")
    def _check_regions(self) -> Self:
        complain(self._without_hours())
        return self

    def _without_hours(self) -> Iterator[Complaint]:
        for site, region in self.regions.items():
            if region not in self.craft_h_per_year and not _may_be_state(region):
                what = "is a region without craft hours"
                hint = f"supply.labour.craft_h_per_year: {{{region}: hours a year}}"
                yield Complaint(("regions", site), what, region, hint)

    @property
    def premium_usd_per_h(self) -> float:
        """What an hour of a crew from elsewhere costs over a local one [USD/h]."""
        return self.per_diem_usd_per_day / self.hours_per_day + self.wage_premium_usd_per_h


def _may_be_state(region: str) -> bool:
    return len(region) == 2 and region.isalpha() and region.isupper()
