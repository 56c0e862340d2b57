"""Section ``serving``: how racks are run."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from planner.scenario.base import Name, Section

Throughput = Mapping[Name, Annotated[float, Field(gt=0, le=1e12)]]
"""Workload to output tokens of one rack [tokens/s]."""


class Serving(Section):
    """The fleet in everyday use."""

    availability: float = Field(
        default=0.97, gt=0, le=1, description="Share of racks in working order [1]"
    )
    draw_share: float = Field(
        default=0.9, gt=0, le=1, description="Mean draw of a rack over its nameplate [1]"
    )
    utilisation: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="Use at the daily peak over capacity: headroom for queueing [1]",
    )
    tokens_per_s_per_rack: Mapping[Name, Throughput] = Field(
        default={},
        description="Rack to workload to output of one rack, in place of the catalog's [tokens/s]",
    )
