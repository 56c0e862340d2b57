"""Section ``policy``: prices, limits and duties that others set. All are off unless asked for."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from planner.scenario.base import Complaint, Month, Name, Section, complain
from planner.scenario.by_year import ByYear, Within

OzoneArea = Literal["marginal", "moderate", "serious", "severe", "extreme"]
"""Class of an ozone nonattainment area, 40 CFR 51.1303."""

Tons = Annotated[float, Field(gt=0, le=1e6)]
Water = Annotated[float, Field(ge=0, le=1e12)]


class AirPermits(Section):
    """What a site may emit with a minor source's permit; thresholds of 40 CFR 52.21 and 70.2."""

    ceiling_t: float = Field(
        default=250.0,
        gt=0,
        le=1e6,
        description="NOx that makes a site a major source, at full output all year [short ton/a]",
    )
    listed_ceiling_t: float = Field(
        default=100.0,
        gt=0,
        le=1e6,
        description="The same for combined cycles above 250 MMBtu/h alone [short ton/a]",
    )
    ozone_areas: Mapping[Name, OzoneArea] = Field(
        default={},
        description="Site to the class of its ozone nonattainment area, which lowers the ceiling "
        "to 100, 50, 25 or 10 short tons a year",
    )
    site_ceiling_t: Mapping[Name, Tons] = Field(
        default={}, description="Site to its own ceiling, in place of all others [short ton/a]"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        what = "has its own ceiling and the class of an ozone area, which sets one"
        twice = sorted(set(self.ozone_areas) & set(self.site_ceiling_t))
        hint = "leaving one of them out"
        complain(Complaint(("ozone_areas", site), what, site, hint, at_key=True) for site in twice)
        return self


class Policy(Section):
    """Emissions, money and permission to build."""

    co2_usd_per_t: Annotated[ByYear, Within(ge=0, le=1e4)] = Field(
        default=ByYear.of(0.0), description="Price of CO2 by year [USD/t]"
    )
    co2_limit_t: Annotated[ByYear, Within(ge=0, le=1e12)] | None = Field(
        default=None, description="Most CO2 in a year, by year, stacks and grid; null: no limit [t]"
    )
    carbon_free_share: Annotated[ByYear, Within(ge=0, le=1)] | None = Field(
        default=None,
        description=(
            "Least share of the load, by year, that is neither made from fuel nor taken from the "
            "grid; null: none [1]"
        ),
    )
    nox_limit_t_per_site: float | None = Field(
        default=None,
        gt=0,
        le=1e6,
        description="Most NOx of a site's units, at full output all year [short ton/a]",
    )
    air_permits: AirPermits | None = Field(
        default=None,
        description="Air permits: {} for the federal thresholds; null: none are needed",
    )
    water_limit_m3_per_site: Water | Mapping[Name, Water] | None = Field(
        default=None,
        description="Most water that cooling uses at a site, one figure, or by site or class of "
        "water stress such as high, the site's own first; null: no limit [m3/a]",
    )
    water_usd_per_m3: Annotated[ByYear, Within(ge=0, le=1e4)] = Field(
        default=ByYear.of(0.0), description="Price of water for cooling by year [USD/m3]"
    )
    budget_usd_per_year: Annotated[ByYear, Within(ge=0, le=1e14)] | None = Field(
        default=None, description="Most investment in a year, by year; null: no limit [USD/a]"
    )
    moratoria: Mapping[Name, Month] = Field(
        default={},
        description="Site, state or grid area to the month from which no site opens there",
    )
    must_open: Annotated[tuple[Name, ...], Strict(strict=False)] = Field(
        default=(), description="Site ids that have to be opened"
    )
