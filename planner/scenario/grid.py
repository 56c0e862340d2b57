"""Section ``grid``: US electricity, the share of it that data centres may take, prices, waits."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.scenario.base import Complaint, Name, Section, complain
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
    area_limit_mw: Mapping[Name, Annotated[float, Field(ge=0, le=1e6)]] = Field(
        default={}, description="Grid area to the most firm connections in all [MW]"
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
    firm_wait_months: Mapping[Name, Annotated[float, Field(ge=0, le=600)]] = Field(
        default={}, description="Site to wait for a firm connection [months]"
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
