"""Section ``grid``: US electricity, the share of it that data centres may take, prices, waits."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from planner.scenario.base import Complaint, Loc, Name, Section, complain
from planner.scenario.by_year import ByYear, Within

US_TWH = ByYear.of({2026: 4262, 2027: 4368, 2028: 4480, 2029: 4587, 2030: 4697})
"""US electricity consumption, sales and direct use [TWh].

EIA, Short-Term Energy Outlook, February 2026: middle of 4,256-4,268 (2026) and of 4,364-4,372
(2027); after that 2.4 % a year.
"""

OTHER_DATA_CENTRES_TWH = ByYear.of(183.0)
"""The US fleet of 2024, held constant: all growth is the plan's [TWh].

IEA, Energy and AI, April 2025: 183 TWh in 2024 (EPRI: 177-192; LBNL: 176 in 2023).
"""

SHARE_LIMIT = ByYear.of({2026: 0.05, 2028: 0.10, 2030: 0.10})
"""3 to 4 % today, 10 % from 2028; compare 6.7-12 % in 2028 (LBNL, December 2024) [1]."""


TARIFF_ENERGY_USD_PER_MWH = 35.0
"""Energy of large-load tariffs that charge demand apart: 25 to 45, tariff books 2025 [USD/MWh]."""

ALL_AREAS = "all"
"""In place of a grid area: each that is not named."""

Months = Annotated[float, Field(ge=0, le=600)]
Megawatts = Annotated[float, Field(ge=0, le=1e6)]


class UpgradeStep(Section):
    """What the network behind a site costs, for the MW from the step before up to this one."""

    to_mw: float | None = Field(
        default=None,
        gt=0,
        le=1e6,
        description="Connections up to which the step holds; null, in the last: without end [MW]",
    )
    usd_per_kw: float = Field(ge=0, le=1e5, description="Network upgrades within the step [USD/kW]")


Steps = Annotated[tuple[UpgradeStep, ...], Strict(strict=False)]


class Grid(Section):
    """The public grid as the plan meets it."""

    us_twh: Annotated[ByYear, Within(gt=0, le=1e5)] = Field(
        default=US_TWH, description="US electricity by year, in the stated denominator [TWh]"
    )
    denominator: Literal["consumption", "net_generation"] = Field(
        default="consumption", description="What us_twh counts; the figures given must match"
    )
    other_data_centres_twh: Annotated[ByYear, Within(ge=0, le=1e5)] = Field(
        default=OTHER_DATA_CENTRES_TWH,
        description="Grid electricity of all data centres outside this plan, by year [TWh]",
    )
    share_limit: Annotated[ByYear, Within(ge=0, le=1)] | None = Field(
        default=SHARE_LIMIT,
        description="Most that all data centres may take of us_twh, by year; null: no limit [1]",
    )
    area_limit_mw: Mapping[Name, Megawatts] = Field(
        default={}, description="Grid area to the most connections in all, firm and flexible [MW]"
    )
    area_share_limit: Mapping[Name, Annotated[ByYear, Within(ge=0, le=1)]] = Field(
        default={},
        description="Grid area, or all for those not named, to the most that data centres may "
        "take of its electricity, by year [1]",
    )
    area_twh: Mapping[Name, Annotated[ByYear, Within(gt=0, le=1e5)]] = Field(
        default={},
        description="Grid area to its electricity by year, in place of that of 2024 held constant "
        "[TWh]",
    )
    area_other_data_centres_twh: Mapping[Name, Annotated[ByYear, Within(ge=0, le=1e5)]] = Field(
        default={},
        description="Grid area to the electricity of data centres there outside this plan, by "
        "year; none: 0 [TWh]",
    )
    site_limit_mw: Mapping[Name, Megawatts] = Field(
        default={}, description="Site to the most connections there, firm and flexible [MW]"
    )
    upgrades: Steps = Field(
        default=(),
        description="Steps of network upgrades at every site, cheap ones first; none: nothing "
        "beyond substation and line is paid",
    )
    site_upgrades: Mapping[Name, Steps] = Field(
        default={}, description="Site to its own steps of network upgrades, in place of upgrades"
    )
    price_growth_per_year: float = Field(
        default=0.02,
        ge=-0.2,
        le=0.5,
        description="Real growth of grid prices, a share per year [1]",
    )
    price_usd_per_mwh: Mapping[Name, Annotated[float, Field(ge=0, le=1e4)]] = Field(
        default={},
        description="Site to energy price in place of the site table's industrial price [USD/MWh]",
    )
    price_files: Mapping[Name, Annotated[str, Field(min_length=1)]] = Field(
        default={},
        description="Site or grid area to a CSV of prices in place of shape and mean, relative to "
        "the YAML: usd_per_mwh of 8,760 hours, or month and h00 to h23; in dollars of the base "
        "year, local standard time",
    )
    tariff: Literal["all_in", "energy_and_demand"] = Field(
        default="all_in",
        description="all_in: the energy price has all charges in it; energy_and_demand: the "
        "connection's demand charge is paid besides, and energy costs energy_usd_per_mwh",
    )
    energy_usd_per_mwh: float = Field(
        default=TARIFF_ENERGY_USD_PER_MWH,
        ge=0,
        le=1e4,
        description="Energy price under energy_and_demand where a site has none [USD/MWh]",
    )
    firm_wait_months: Mapping[Name, Months] = Field(
        default={}, description="Site to wait for a firm connection [months]"
    )
    flexible_wait_months: Mapping[Name, Months] = Field(
        default={}, description="Site to wait for a flexible connection [months]"
    )
    peak_event_h: int = Field(
        default=4, ge=1, le=24, description="Length of a peak, when flexible ones are cut [h]"
    )
    flexible_backed_share: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Least on-site power that can be dispatched, over flexible connections; "
        "Texas SB6 asks for 0.5 [1]",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        if self.denominator == "net_generation" and self.us_twh == US_TWH:
            hint = "giving grid.us_twh as net generation"
            what = "needs us_twh to match; the default counts consumption"
            yield Complaint(("denominator",), what, self.denominator, hint)
        if self.tariff == "all_in" and self.energy_usd_per_mwh != TARIFF_ENERGY_USD_PER_MWH:
            what = "is not used with the tariff all_in, whose price has all charges in it"
            hint = "grid.tariff: energy_and_demand, or grid.price_usd_per_mwh for a site"
            yield Complaint(("energy_usd_per_mwh",), what, f"{self.energy_usd_per_mwh:g}", hint)
        for site in self.price_files:
            if site in self.price_usd_per_mwh:
                what = "has a mean price and a file of prices"
                hint = "leaving one of them out"
                yield Complaint(("price_usd_per_mwh", site), what, site, hint, at_key=True)
        yield from _unordered(("upgrades",), self.upgrades)
        for site, steps in self.site_upgrades.items():
            yield from _unordered(("site_upgrades", site), steps)


def _unordered(loc: Loc, steps: tuple[UpgradeStep, ...]) -> Iterator[Complaint]:
    """Find steps that do not reach further, or cost less, than the one before."""
    for i, (one, next_) in enumerate(pairwise(steps), start=1):
        if one.to_mw is None:
            hint = "to_mw in every step but the last"
            yield Complaint((*loc, i - 1), "has no end, and a step follows", "no to_mw", hint)
        elif next_.to_mw is not None and next_.to_mw <= one.to_mw:
            what = f"must reach further than the step before, {one.to_mw:g} MW"
            yield Complaint((*loc, i, "to_mw"), what, f"{next_.to_mw:g}", "rising steps")
        if next_.usd_per_kw < one.usd_per_kw:
            what = (
                f"costs less than the step before, {one.usd_per_kw:g} USD/kW, so that a plan "
                "would take it first"
            )
            hint = "steps that rise, or the mean of the two"
            yield Complaint((*loc, i, "usd_per_kw"), what, f"{next_.usd_per_kw:g}", hint)
