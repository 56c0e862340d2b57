"""Serving software of a family of chips at a date: how near it comes to the data sheet."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from components.base import Parameters

Share = Annotated[float, Field(gt=0, le=1)]


class ServingSoftware(Parameters):
    """Efficiencies and fixed times; one set of equations serves every row."""

    stack: str = Field(min_length=1, description="Software and its date that the figures stand for")
    hbm_efficiency: float = Field(
        gt=0, le=1, description="Memory bandwidth that a decode step reaches, over its peak [1]"
    )
    flops_efficiency: float = Field(
        gt=0, le=1, description="Operations that a decode step reaches, over their peak [1]"
    )
    prefill_efficiency: Mapping[str, Share] = Field(
        min_length=1,
        description="Number format to the operations that prefill reaches, over their peak [1]",
    )
    fixed_tp_us: float = Field(
        ge=0, description="Launches, norms, routing of a layer under tensor parallelism [us]"
    )
    fixed_ep_us: float = Field(
        ge=0, description="The same and waiting for the slowest chip, expert parallel [us]"
    )
    step_us: float = Field(
        default=600.0, ge=0, description="Scheduling and sampling of a step without drafts [us]"
    )
    domain_latency_us: float = Field(
        default=8.0, ge=0, description="Of one collective inside the scale-up domain [us]"
    )
    nic_latency_us: float = Field(
        default=25.0, ge=0, description="Of one collective beyond it, at least [us]"
    )
    expert_imbalance: float = Field(
        default=1.25, ge=1, description="Load of the fullest chip over the mean [1]"
    )
    service_share: float = Field(
        default=0.75,
        gt=0,
        le=1,
        description=(
            "What a service reaches of what prefill and decode give alone: batches are not always "
            "full, nor are both in step [1]"
        ),
    )
    drafting: bool = Field(default=True, description="Whether it drafts tokens with the model")

    def prefill_share(self, number_format: str) -> float:
        """Return the efficiency of prefill in a format; without a figure, that of fp8 [1]."""
        known = self.prefill_efficiency
        return known.get(number_format) or known.get("fp8") or next(iter(known.values()))
