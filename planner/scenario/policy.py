"""Section ``policy``: prices, limits and duties that others set. All are off unless asked for."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, Strict

from planner.scenario.base import Month, Name, Section
from planner.scenario.by_year import ByYear, Within


class Policy(Section):
    """Emissions, money and permission to build."""

    co2_usd_per_t: Annotated[ByYear, Within(ge=0, le=1e4)] = Field(
        default=ByYear.of(0.0), description="Price of CO2 by year [USD/t]"
    )
    co2_limit_t: Annotated[ByYear, Within(ge=0, le=1e12)] | None = Field(
        default=None, description="Most CO2 in a year, by year, stacks and grid; null: no limit [t]"
    )
    nox_limit_t_per_site: float | None = Field(
        default=None,
        gt=0,
        le=1e6,
        description="Most NOx of a site's units, at full output all year [short ton/a]",
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
