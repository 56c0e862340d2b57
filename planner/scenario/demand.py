"""Section ``demand``: the tokens that are asked for."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from planner.scenario.base import Name, Section
from planner.scenario.by_year import ByYear, Within


class Workload(Section):
    """One kind of use: how many tokens, what they are worth, how they come."""

    tokens_per_day: Annotated[ByYear, Within(ge=0, le=1e18)] = Field(
        description="Output tokens on the mean day of a year, by year [tokens/d]"
    )
    value_usd_per_mtok: float = Field(
        ge=0, le=1e6, description="What a million unmet tokens cost [USD/Mtok]"
    )
    peak_to_mean: float = Field(
        default=1.3, ge=1, le=20, description="Use at the daily peak over mean use [1]"
    )
    must_serve: bool = Field(default=False, description="true: every token has to be served")


DEFAULT_WORKLOADS = {
    "chat": Workload(
        tokens_per_day=ByYear.of({2026: 1.0e12, 2030: 9.0e12}),
        value_usd_per_mtok=4.0,
        peak_to_mean=1.3,
    )
}
"""One buyer of some quarter of a per cent of the world's tokens, growing as the world does.

World: about 4.3e14 tokens a day in mid-2026 (Exponential View with Epoch AI), 4e15 in 2030
(Goldman Sachs): ninefold. Value: between the list prices of DeepSeek V4-Pro (1.74 in, 3.48 out) and
Claude Sonnet 4.6 (3 in, 15 out) at four tokens in for one out, April to May 2026. Peak over mean:
1.2 to 1.4 for chat blended over the world; DeepSeek's own nodes 278 / 226.75 (February 2025).
"""


class Demand(Section):
    """What has to be served."""

    workloads: Mapping[Name, Workload] = Field(
        default=DEFAULT_WORKLOADS,
        min_length=1,
        description="Name to workload; the throughput table must know the name",
    )
