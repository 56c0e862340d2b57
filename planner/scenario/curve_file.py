"""One entry of ``serving.curves``: a file of measured or simulated points, and what they are of."""

from typing import Literal

from pydantic import Field

from planner.scenario.base import Name, Section


class CurveFile(Section):
    """Speed and output of one model on one rack, which stand above the performance model."""

    file: str = Field(
        min_length=1,
        description=(
            "CSV with columns tokens/s/user and tokens/s/gpu (output over all GPUs), such as "
            "pareto.csv of aiconfigurator or aisimulate; relative paths start from this file"
        ),
    )
    model: Name = Field(description="Model of the catalog or of serving.models that was measured")
    rack: Name = Field(description="Rack of the catalog that it ran on")
    input_tokens: float = Field(gt=0, le=1e8, description="Of every request [tokens]")
    output_tokens: float = Field(gt=0, le=1e8, description="Of every request [tokens]")
    mode: Literal["colocated", "split", "afd"] = Field(
        default="split", description="How it was served; aiconfigurator's agg is colocated"
    )
