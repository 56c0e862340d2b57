"""Section ``serving``: how racks are run."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Strict, Tag, model_validator

from planner.scenario.base import Complaint, Name, Section, complain, twice
from planner.scenario.curve_file import CurveFile

Throughput = Mapping[Name, Annotated[float, Field(gt=0, le=1e12)]]
"""Workload to output tokens of one rack [tokens/s]."""

Mode = Literal["colocated", "split", "afd"]
"""Prefill beside decode, on racks of its own, or with feed-forward layers on racks of their own."""

MODES: tuple[Mode, ...] = ("colocated", "split", "afd")

Modes = Annotated[tuple[Mode, ...], Strict(strict=False), Field(min_length=1)]
"""At least one mode."""


def _kind_of_figure(value: object) -> str | None:
    kinds: dict[type, str] = {
        int: "whole",
        float: "number",
        str: "text",
        type(None): "nothing",
        dict: "sizes",
    }
    return kinds.get(type(value))


ModelFigure = Annotated[
    Annotated[int, Tag("whole")]
    | Annotated[float, Tag("number")]
    | Annotated[str, Tag("text")]
    | Annotated[None, Tag("nothing")]
    | Annotated[dict[str, float], Tag("sizes")],
    Discriminator(
        _kind_of_figure,
        custom_error_type="figure_type",
        custom_error_message="must be a number, a text, null or numbers by format",
    ),
]
"""A figure of a language model, which knows its bounds."""

OwnModel = Annotated[Mapping[Name, ModelFigure], Field(min_length=1)]
"""Figures of a language model; ``like`` names the one of the catalog that gives the others."""


class Serving(Section):
    """The fleet in everyday use."""

    availability: float = Field(
        default=0.97, gt=0, le=1, description="Share of racks in working order [1]"
    )
    draw_share: float = Field(
        default=0.9, gt=0, le=1, description="Mean draw of a rack over its nameplate [1]"
    )
    # A GPU that holds a model and waits draws some 100 W of 700, 26 to 50 W above bare idle
    # (arXiv 2605.23918: H100 and A100); processors, switches and fans of a rack hardly draw less
    # than at work. Together a planning estimate.
    idle_draw_share: float = Field(
        default=0.3, ge=0, le=1, description="Draw of a rack that waits over its draw at work [1]"
    )
    utilisation: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="Use at the daily peak over capacity: headroom for queueing [1]",
    )
    modes: Modes = Field(
        default=MODES,
        description=(
            "Prefill and decode on the same racks; on racks of their own; or with feed-forward "
            "layers on ffn racks"
        ),
    )
    modes_of: Mapping[Name, Modes] = Field(
        default={},
        description="Rack of accelerators to the modes that its software knows, in place of modes",
    )
    kv_tier: bool = Field(
        default=True, description="true: storage racks may hold context that waits for its session"
    )
    kv_format: Literal["fp8", "bf16"] = Field(
        default="fp8", description="Format of keys and values in the cache"
    )
    kv_growth: float = Field(
        default=1.0, gt=0, le=100, description="Cache of a token over that of the model [1]"
    )
    claims: Literal["derated", "vendor"] = Field(
        default="derated",
        description="What nobody has measured: less the haircut of its rack, or as vendors say",
    )
    measured: bool = Field(
        default=True, description="true: measured curves stand above the performance model"
    )
    curves: Annotated[tuple[CurveFile, ...], Strict(strict=False)] = Field(
        default=(), description="Files of measured or simulated points, above all others"
    )
    # In months B200 became twice as fast, MI355X too, GB200 by a fifth (InferenceX, 2025-26). What
    # is to come on top of rows calibrated to such points is slower: 44 % in two years, an estimate.
    software_gain_per_year: float = Field(
        default=0.2, ge=0, le=3, description="Growth of what a rack serves, by software alone [1/a]"
    )
    software_gain_years: float = Field(
        default=2.0,
        ge=0,
        le=20,
        description="How long it does, from the later of the release of a rack and 2026 [a]",
    )
    models: Mapping[Name, OwnModel] = Field(
        default={},
        description=(
            "Own language model to its figures, or to like (one of the catalog) and what differs"
        ),
    )
    recipe_tolerance: float = Field(
        default=0.0,
        ge=0,
        le=0.5,
        description=(
            "Ways to serve that save no more than this of money, power and each ingredient over a "
            "simpler one are left out, for speed [1]"
        ),
    )
    tokens_per_s_per_rack: Mapping[Name, Throughput] = Field(
        default={},
        description="Rack to workload to output of one rack, if not as computed [tokens/s]",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain((*self._modes_twice(), *self._no_text()))
        return self

    def modes_for(self, rack: str) -> tuple[Mode, ...]:
        """Return the modes in which an accelerator rack may serve: its own, else those of all."""
        return self.modes_of.get(rack, self.modes)

    def _modes_twice(self) -> Iterator[Complaint]:
        yield from twice(("modes",), self.modes)
        for rack, modes in self.modes_of.items():
            yield from twice(("modes_of", rack), modes)

    def _no_text(self) -> Iterator[Complaint]:
        for name, figures in self.models.items():
            like = figures.get("like", "")
            if not isinstance(like, str):
                loc = ("models", name, "like")
                yield Complaint(loc, "must be a model of the catalog", str(like), "deepseek_r1")
