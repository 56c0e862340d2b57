"""Measured performance, and how far the model is from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import nan
from typing import Literal

from pydantic import Field

from components.base import Parameters
from components.compute.formats import WeightFormat
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.serving import serve
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Performance, Traffic

PATIENCE_S = 60.0
"""Benchmarks set no limit to the time to first token [s]."""
NO_SPEED = 1.0
"""Asked where a benchmark asks for no speed [tokens/s]."""


class MeasuredPoint(Parameters):
    """One published figure of a model on a rack."""

    model: str = Field(min_length=1, description="Name of the model in the catalog")
    rack: str = Field(min_length=1, description="Name of the rack in the catalog")
    weight_format: WeightFormat = Field(description="Of the experts")
    kv_format: Literal["bf16", "fp8"] = Field(default="fp8", description="Of the cache")
    mode: Literal["colocated", "split"] = Field(description="Whether prefill had GPUs of its own")
    input_tokens: float = Field(gt=0, description="Of a request [tokens]")
    output_tokens: float = Field(gt=0, description="Of a request [tokens]")
    tokens_per_s_per_user: float | None = Field(
        default=None, gt=0, description="At which it was measured; none: most output [tokens/s]"
    )
    tokens_per_s_per_gpu: float = Field(gt=0, description="As published [tokens/s]")
    counts: Literal["total", "output", "prefill"] = Field(
        description="Input and output tokens, output alone, or computed input alone"
    )
    gpus_counted: Literal["all", "decode", "prefill"] = Field(description="GPUs it was divided by")
    drafting: bool = Field(description="Whether tokens were drafted")
    most_chips: int | None = Field(
        default=None, gt=0, description="Of one decode instance; none: not said [chips]"
    )
    fitted: bool = Field(description="Whether figures of serving_software were fitted to it")
    stack: str = Field(min_length=1, description="Software that ran")

    @property
    def traffic(self) -> Traffic:
        """Return the requests it was measured with."""
        speed = self.tokens_per_s_per_user or NO_SPEED
        return Traffic(self.input_tokens, self.output_tokens, speed, PATIENCE_S)


@dataclass(frozen=True, slots=True)
class Residual:
    """A measured point against the model.

    Attributes
    ----------
    point
        Its name in the catalog.
    measured, model
        Tokens/s of one GPU, counted alike; nan where the model says it cannot be served.
    factor
        The greater over the smaller [1].
    fitted
        Whether figures of the software were fitted to it.
    layout
        That the model chose, or why it chose none.
    """

    point: str
    measured: float
    model: float
    factor: float
    fitted: bool
    layout: str


def predicted(
    point: MeasuredPoint, model: LanguageModel, rack: Rack, software: ServingSoftware
) -> Performance | Infeasible:
    """Return what the model says of the point's model, format, drafting and traffic."""
    size = {point.weight_format: model.weights_gb[point.weight_format]}
    return serve(
        model.model_copy(update={"weights_gb": size}),
        point.rack,
        rack,
        software.model_copy(update={"drafting": point.drafting}),
        point.traffic,
        mode=point.mode,
        kv_format=point.kv_format,
        most_chips=point.most_chips,
    )


def counted(point: MeasuredPoint, found: Performance) -> float:
    """Return the performance counted as the point was published [tokens/s]."""
    if point.counts == "prefill":
        return found.prefill_tokens_per_s_per_gpu
    if point.counts == "total":
        return found.total_tokens_per_s_per_gpu(point.traffic)
    if point.gpus_counted == "decode":
        return found.decode_tokens_per_s_per_gpu
    return found.output_tokens_per_s_per_gpu


def residuals(
    points: Mapping[str, MeasuredPoint],
    models: Mapping[str, LanguageModel],
    racks: Mapping[str, Rack],
    software: Mapping[str, ServingSoftware],
) -> Iterator[Residual]:
    """Yield every measured point against the model, in order."""
    for name, point in points.items():
        rack = racks[point.rack]
        found = predicted(point, models[point.model], rack, software[rack.software])
        if isinstance(found, Infeasible):
            yield Residual(name, point.tokens_per_s_per_gpu, nan, nan, point.fitted, found.why)
            continue
        said = counted(point, found)
        factor = max(said / point.tokens_per_s_per_gpu, point.tokens_per_s_per_gpu / said)
        yield Residual(name, point.tokens_per_s_per_gpu, said, factor, point.fitted, found.layout)
