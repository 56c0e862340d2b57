"""What vendors say of their racks, and what the performance model says at the same point."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from components.base import Parameters
from components.compute.afd import serve_apart
from components.compute.formats import WeightFormat
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.serving import serve
from components.compute.software import ServingSoftware
from components.compute.token_cost import kw_per_ktoken_s, token_cost
from components.compute.traffic import Infeasible, Performance, Traffic

COST_OF_CAPITAL, USD_PER_MWH, PUE = 0.08, 60.0, 1.2
"""What the cost of tokens is reckoned with: real a year [1], at the meter [USD/MWh], [1]."""

SPEEDS = np.unique(np.round(np.geomspace(10, 2000, 120)))
"""Speeds at which a claim's ratio is looked for [tokens/s]."""

Measure = Literal["tokens_per_gpu", "tokens_per_mw", "tokens_per_usd"]

WORDS: Mapping[str, str] = {
    "tokens_per_gpu": "tokens/s per GPU",
    "tokens_per_mw": "tokens/s per MW",
    "tokens_per_usd": "tokens per USD",
}
"""Measure to how it is written."""


class Claim(Parameters):
    """One ratio of new over old that somebody has stated, and where it can be checked."""

    said_by: str = Field(min_length=1, description="Who says it")
    said: str = Field(min_length=1, description="What is said, in few words")
    said_at: str = Field(
        min_length=1, description="Model, lengths and speed it is said for; what is not said"
    )
    measure: Measure = Field(description="What is compared")
    times: float = Field(gt=0, description="New over old, as stated [1]")
    model: str = Field(
        default="", description="Name of the model it is checked with; empty: only stated"
    )
    rack: str = Field(default="", description="The new: name of the rack in the catalog")
    mode: Literal["colocated", "split", "afd"] = Field(default="split", description="Of the new")
    ffn_rack: str = Field(default="", description="With afd, the rack of feed-forward layers")
    before: str = Field(default="", description="The old: name of the rack in the catalog")
    weight_format: WeightFormat | None = Field(
        default=None, description="Of both; none: the best of each"
    )
    drafting: bool = Field(default=True, description="Whether both may draft tokens")
    input_tokens: float | None = Field(default=None, gt=0, description="Of a request [tokens]")
    output_tokens: float | None = Field(default=None, gt=0, description="Of a request [tokens]")
    tokens_per_s_per_user: float | None = Field(
        default=None, gt=0, description="Speed at which both are asked [tokens/s]"
    )
    first_token_s: float = Field(default=10.0, gt=0, description="Longest wait for it [s]")

    @model_validator(mode="after")
    def _point_is_whole(self) -> Self:
        point = (self.input_tokens, self.output_tokens, self.tokens_per_s_per_user)
        names = (self.rack, self.before)
        if self.model and (None in point or "" in names):
            msg = "a claim with a model needs rack, before, both lengths and a speed"
            raise ValueError(msg)
        if (self.mode == "afd") != bool(self.ffn_rack):
            msg = "mode afd and ffn_rack go together; try both or neither"
            raise ValueError(msg)
        return self

    @property
    def traffic(self) -> Traffic | None:
        """The point at which it is checked; None if it is only stated."""
        if self.input_tokens is None or self.output_tokens is None:
            return None
        speed = self.tokens_per_s_per_user or 0.0
        return Traffic(self.input_tokens, self.output_tokens, speed, self.first_token_s)

    @property
    def checked_at(self) -> str:
        """The point at which the model is asked, in words; empty if it is only stated."""
        if (traffic := self.traffic) is None:
            return ""
        weights = f", {self.weight_format}" if self.weight_format else ""
        drafts = "" if self.drafting else ", no drafts"
        lengths = f"{_short(traffic.input_tokens)}/{_short(traffic.output_tokens)}"
        speed = f"{traffic.tokens_per_s_per_user:g} tokens/s/user"
        return f"{self.model}{weights}{drafts}, {lengths}, {speed}"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of the catalog by name."""

    models: Mapping[str, LanguageModel]
    racks: Mapping[str, Rack]
    software: Mapping[str, ServingSoftware]


@dataclass(frozen=True, slots=True)
class Compared:
    """A claim against the model.

    Attributes
    ----------
    name, claim
        In the catalog.
    data_sheet_times
        What the model says of racks as their data sheets are, in place of ``claim.times``; None
        if it cannot be asked or cannot serve [1].
    times
        The same with the haircut of racks that nobody has measured [1].
    reached_at
        Least speed, at the same lengths, at which the model gives what is claimed, without
        haircut; None if at no speed at which both serve [tokens/s].
    why
        Why there is no number; empty where there is one.
    """

    name: str
    claim: Claim
    data_sheet_times: float | None
    times: float | None
    reached_at: float | None = None
    why: str = ""

    @property
    def share(self) -> float | None:
        """The model's ratio, without haircut, over the claimed one [1]."""
        if self.data_sheet_times is None:
            return None
        return self.data_sheet_times / self.claim.times


def claims_table(claims: Mapping[str, Claim], figures: Figures) -> tuple[Compared, ...]:
    """Put every claim beside what the performance model gives at the same point.

    Measured curves do not stand above the model here. Cost is that of racks and power at full
    use; power is the rated power of all racks, those of feed-forward layers included.

    Parameters
    ----------
    claims : name to Claim
        In the order in which they are returned.
    """
    return tuple(_compared(name, claim, figures) for name, claim in claims.items())


def _compared(name: str, claim: Claim, figures: Figures) -> Compared:
    if claim.traffic is None:
        return Compared(name, claim, None, None, why="only stated: no point to check it at")
    sheet = _times(claim, figures, claim.traffic, haircut=0.0)
    cut = _times(claim, figures, claim.traffic, haircut=None)
    return Compared(
        name,
        claim,
        None if isinstance(sheet, str) else sheet,
        None if isinstance(cut, str) else cut,
        _reached_at(claim, figures, claim.traffic),
        next((each for each in (sheet, cut) if isinstance(each, str)), ""),
    )


def _reached_at(claim: Claim, figures: Figures, traffic: Traffic) -> float | None:
    for speed in SPEEDS:
        asked = replace(traffic, tokens_per_s_per_user=float(speed))
        times = _times(claim, figures, asked, haircut=0.0)
        if not isinstance(times, str) and times >= claim.times:
            return float(speed)
    return None


def _times(
    claim: Claim, figures: Figures, traffic: Traffic, *, haircut: float | None
) -> float | str:
    """Return new over old, or which of them cannot serve and why."""
    new = _best(claim, figures, traffic, (claim.rack, claim.ffn_rack), haircut)
    old = _best(claim, figures, traffic, (claim.before, ""), haircut)
    if isinstance(new, Infeasible):
        return f"{claim.rack} {claim.mode}: {new.why}"
    if isinstance(old, Infeasible):
        return f"{claim.before}: {old.why}"
    return new / old


def _best(
    claim: Claim,
    figures: Figures,
    traffic: Traffic,
    names: tuple[str, str],
    haircut: float | None,
) -> float | Infeasible:
    """Return the most of a measure that racks give, with a rack of feed-forward layers or none."""
    name, ffn_name = names
    rack, ffn = figures.racks[name], figures.racks.get(ffn_name)
    model = figures.models[claim.model]
    if claim.weight_format:
        size = {claim.weight_format: model.weights_gb[claim.weight_format]}
        model = model.model_copy(update={"weights_gb": size})
    software = figures.software[rack.software]
    if not claim.drafting:
        software = software.model_copy(update={"drafting": False})
    if ffn is None:
        one = serve(model, name, rack, software, traffic, haircut=haircut)
        return one if isinstance(one, Infeasible) else _value(claim.measure, one, figures.racks)
    found = serve_apart(
        model, name, rack, software, ffn_name, ffn, traffic, haircut=haircut, ffn_haircut=haircut
    )
    if isinstance(found, Infeasible):
        return found
    return max(_value(claim.measure, each, figures.racks) for each in found)


def _value(measure: Measure, found: Performance, racks: Mapping[str, Rack]) -> float:
    """Return a performance in one of the measures."""
    needed = found.racks_per_ktoken_s
    if measure == "tokens_per_gpu":
        return found.output_tokens_per_s_per_gpu
    if measure == "tokens_per_mw":
        return 1e6 / kw_per_ktoken_s(needed, racks)
    cost = token_cost(
        needed, racks, cost_of_capital=COST_OF_CAPITAL, usd_per_mwh=USD_PER_MWH, pue=PUE
    )
    return 1 / cost.usd_per_mtok if cost.usd_per_mtok else inf


def _short(tokens: float) -> str:
    """Write lengths as they are spoken of.

    >>> _short(1024), _short(32768), _short(500)
    ('1k', '32k', '500')
    """
    for unit in (1024, 1000):
        if tokens >= unit and tokens % unit == 0:
            return f"{tokens / unit:g}k"
    return f"{tokens:g}"
