"""Section ``demand``: the tokens that are asked for."""

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.scenario.base import Complaint, Name, Section, complain
from planner.scenario.by_year import ByYear, Within

Share = Annotated[float, Field(ge=0, le=1)]


class Workload(Section):
    """One kind of use: how many tokens, what they are worth, how they come.

    Figures that are left out are those of ``like``, a workload of the catalog.
    """

    tokens_per_day: Annotated[ByYear, Within(ge=0, le=1e18)] = Field(
        description="Output tokens on the mean day of a year, by year [tokens/d]"
    )
    value_usd_per_mtok: float = Field(
        ge=0, le=1e6, description="What a million unmet tokens cost [USD/Mtok]"
    )
    must_serve: bool = Field(default=False, description="true: every token has to be served")
    like: Name | None = Field(
        default=None,
        description="Workload of the catalog that gives what is left out; null: that of this name",
    )
    model: Name | None = Field(
        default=None, description="Language model of the catalog or of serving.models"
    )
    input_tokens: float | None = Field(
        default=None, gt=0, le=1e8, description="Of a request, with what may be cached [tokens]"
    )
    output_tokens: float | None = Field(
        default=None, gt=0, le=1e8, description="Of a request [tokens]"
    )
    cached_share: float | None = Field(
        default=None,
        ge=0,
        lt=1,
        description="Input that stood in the context of the same session before [1]",
    )
    tokens_per_s_per_user: float | None = Field(
        default=None, gt=0, le=1e5, description="Least speed at which a user gets output [tokens/s]"
    )
    first_token_s: float | None = Field(
        default=None, gt=0, le=1e6, description="Longest time to the first token [s]"
    )
    session_gap_median_s: float | None = Field(
        default=None,
        gt=0,
        le=1e7,
        description="From an answer to the next request of its session [s]",
    )
    session_gap_mean_s: float | None = Field(
        default=None, gt=0, le=1e7, description="Mean of the same, at least the median [s]"
    )
    cpu_core_s_per_request: float | None = Field(
        default=None, ge=0, le=1e5, description="Processor time of a request's tools [core s]"
    )
    peak_to_mean: float | None = Field(
        default=None, ge=1, le=20, description="Use at the daily peak over mean use [1]"
    )
    context_growth_per_year: float | None = Field(
        default=None,
        ge=0,
        le=3,
        description="Growth of the input from the first year on, all of it of what is cached [1/a]",
    )
    defer_h: int | None = Field(
        default=None,
        ge=0,
        le=168,
        description="Window within which work may wait for power; 0: none waits [h]",
    )
    latency_limit_ms: float | None = Field(
        default=None,
        gt=0,
        le=1000,
        description="Longest round trip from users to a site that serves them [ms]",
    )
    metros: Mapping[Name, Share] | None = Field(
        default=None,
        min_length=1,
        description=(
            "Metropolitan area to its share of the users, sum 1, for the latency limit; "
            "null: all by population [1]"
        ),
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._shares_off())
        return self

    def _shares_off(self) -> Iterator[Complaint]:
        total = sum((self.metros or {"all": 1.0}).values())
        if not isclose(total, 1, abs_tol=1e-6):
            yield Complaint(("metros",), "must sum to 1", f"{total:g}", "shares of all users")

    def own_figures(self) -> dict[str, object]:
        """Return the figures that are given here and stand in place of the catalog's."""
        given = {name: getattr(self, name) for name in _OF_THE_CATALOG}
        return {name: value for name, value in given.items() if value is not None}


_OF_THE_CATALOG = tuple(
    name
    for name in Workload.model_fields
    if name not in ("tokens_per_day", "value_usd_per_mtok", "must_serve", "like", "metros")
)

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
        description="Name to workload; a name of the catalog, or like one, or with its own traffic",
    )
