"""Kinds of use: what their requests are like, how fast they want tokens, and what can wait."""

from typing import Self

from pydantic import Field, model_validator

from components.base import Parameters
from components.compute.traffic import Traffic


class WorkloadKind(Parameters):
    """Figures of the mean request of one kind of use; a request of an agent is one step of it."""

    model: str = Field(min_length=1, description="Language model that serves it")
    input_tokens: float = Field(
        gt=0, le=1e8, description="Of a request, with what may be cached of it [tokens]"
    )
    output_tokens: float = Field(gt=0, le=1e8, description="Of a request [tokens]")
    cached_share: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Input that stood in the context of the same session before [1]",
    )
    tokens_per_s_per_user: float = Field(
        gt=0, le=1e5, description="Least speed at which a user gets output [tokens/s]"
    )
    first_token_s: float = Field(
        default=10.0, gt=0, le=1e6, description="Longest time to the first token [s]"
    )
    session_gap_median_s: float | None = Field(
        default=None,
        gt=0,
        le=1e7,
        description="From an answer to the next request of its session; null: no sessions [s]",
    )
    session_gap_mean_s: float | None = Field(
        default=None, gt=0, le=1e7, description="Mean of the same, at least the median [s]"
    )
    cpu_core_s_per_request: float = Field(
        default=0.0, ge=0, le=1e5, description="Processor time of the tools of a request [core s]"
    )
    peak_to_mean: float = Field(
        default=1.3, ge=1, le=20, description="Use at the daily peak over mean use [1]"
    )
    context_growth_per_year: float = Field(
        default=0.0,
        ge=0,
        le=3,
        description="Growth of the input, all of it of what is cached [1/a]",
    )
    defer_h: int = Field(
        default=0, ge=0, le=168, description="Window within which work may wait; 0: none [h]"
    )
    latency_limit_ms: float | None = Field(
        default=None,
        gt=0,
        le=1000,
        description="Longest round trip from users to a site; null: no limit [ms]",
    )

    @model_validator(mode="after")
    def _sessions_are_whole(self) -> Self:
        median, mean = self.session_gap_median_s, self.session_gap_mean_s
        if (median is None) != (mean is None):
            msg = "session_gap_median_s and session_gap_mean_s go together; try both or none"
            raise ValueError(msg)
        if median is None and (self.cached_share or self.context_growth_per_year):
            msg = (
                "what is cached waits between the requests of a session; try session_gap_median_s "
                "and session_gap_mean_s, or cached_share and context_growth_per_year of 0"
            )
            raise ValueError(msg)
        if median is not None and mean is not None and mean < median:
            msg = f"session_gap_mean_s is at least the median, {median:g}"
            raise ValueError(msg)
        return self

    def traffic(self, years: float) -> Traffic:
        r"""Return the mean request after some years of growing contexts.

        .. math:: I_n = I (1 + g)^n, \quad h_n = 1 - (1 - h) \frac{I}{I_n}

        so that the new tokens of a request stay as they are: what grows is history.

        Parameters
        ----------
        years
            Since the first year of the plan [a].

        Examples
        --------
        >>> kind = WorkloadKind(
        ...     model="any",
        ...     input_tokens=1000,
        ...     output_tokens=100,
        ...     cached_share=0.5,
        ...     tokens_per_s_per_user=50,
        ...     context_growth_per_year=1,
        ...     session_gap_median_s=7,
        ...     session_gap_mean_s=240,
        ... )
        >>> later = kind.traffic(1)
        >>> later.input_tokens, later.cached_share, later.new_tokens
        (2000.0, 0.75, 500.0)
        """
        growth = (1 + self.context_growth_per_year) ** years
        return Traffic(
            input_tokens=self.input_tokens * growth,
            output_tokens=self.output_tokens,
            tokens_per_s_per_user=self.tokens_per_s_per_user,
            first_token_s=self.first_token_s,
            cached_share=1 - (1 - self.cached_share) / growth,
        )
