"""What accelerator racks give at a kind of traffic: the best way to serve it, or why there is none.

The facade of the performance model; `decode` and `prefill` have the equations.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from components.base import Floats
from components.compute.decode import PARTS, Step, Way, decode_step
from components.compute.model import LanguageModel
from components.compute.parallelism import (
    USABLE_MEMORY,
    kv_gb_per_sequence,
    layouts,
    most_sequences,
    weights_per_chip_gb,
)
from components.compute.prefill import Prefill, fastest_enough, new_tokens, prefill
from components.compute.rack import Rack
from components.compute.rates import computes_in, native
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Performance, Traffic

MODES = ("colocated", "split")
BATCHES: Floats = np.unique(np.round(np.geomspace(1, 2**17, 260)))
"""Live sequences of an instance that are tried; steps of about 5 % beyond twenty [sequences]."""
LEAST_SHARE_OF_PROMPT = 0.5
"""Of the time of an instance, what a waiting prompt gets at least while others decode [1]."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that `serve` was asked, with what follows from it."""

    model: LanguageModel
    rack: Rack
    software: ServingSoftware
    traffic: Traffic
    mode: str
    held_share: float
    kv_format: str
    haircut: float
    most_chips: int | None

    @property
    def context(self) -> float:
        return self.traffic.mean_context

    @property
    def prompt_per_output(self) -> float:
        """Computed input over output [1]."""
        return new_tokens(self.traffic, self.held_share) / self.traffic.output_tokens


def serve(
    model: LanguageModel,
    name: str,
    rack: Rack,
    software: ServingSoftware,
    traffic: Traffic,
    *,
    mode: str = "split",
    held_share: float = 1.0,
    kv_format: str = "fp8",
    haircut: float | None = None,
    most_chips: int | None = None,
) -> Performance | Infeasible:
    r"""Return the most output that racks of one kind give at some traffic.

    Chips, layout, batch, drafting and weight format are chosen for most output tokens per GPU,
    such that a user gets at least the speed and waits no longer for the first token than asked.
    With :math:`\mu_d` tokens/s of decode and :math:`\mu_p` of prefill on one GPU,

    .. math:: \mu = \frac{\eta}{1/\mu_d + (S_{new}/O)/\mu_p}

    with :math:`\eta` the share that a service of both reaches.

    ``split``: prefill and decode on GPUs of their own. The speed binds decode alone, and the
    cache goes over the NIC before the first token. ``colocated``: both share each step, so the
    speed binds decode with its share of prefill; nothing is handed over.

    Parameters
    ----------
    name
        Of the rack in the catalog.
    held_share
        Of the cached input, what is still held and need not be computed [1].
    kv_format
        Number format of the cache.
    haircut
        Of all speeds, in place of the rack's own [1].
    most_chips
        Of one decode instance; None: as many as pay [chips].

    Returns
    -------
    Performance or Infeasible

    Raises
    ------
    ValueError
        If the mode is unknown.
    """
    if mode not in MODES:
        msg = f"unknown mode {mode!r}; try one of {', '.join(MODES)}"
        raise ValueError(msg)
    cut = rack.haircut if haircut is None else haircut
    asked = _Asked(model, rack, software, traffic, mode, held_share, kv_format, cut, most_chips)
    refusal = _refusal(asked)
    if refusal:
        return Infeasible(refusal)
    tried = [each for way in _ways(asked) if (each := _try(asked, way)) is not None]
    meeting = [each for each in tried if each.best_output > 0]
    if not meeting:
        return Infeasible(_why_not(asked, tried))
    return _performance(asked, name, max(meeting, key=lambda each: each.best_output))


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """What one way gives by batch: (n,) arrays."""

    way: Way
    batch: Floats
    step: Step
    prefill: Prefill
    decode: Floats
    output: Floats
    speed: Floats
    first_token_s: Floats
    meets: np.ndarray

    @property
    def best_output(self) -> float:
        """Most output of one GPU that meets what was asked; 0 if nothing does [tokens/s]."""
        return float(np.max(self.output, where=self.meets, initial=0.0))


def _refusal(asked: _Asked) -> str:
    """Say what no layout could mend."""
    longest = asked.traffic.input_tokens + asked.traffic.output_tokens
    if asked.rack.kind != "accelerator":
        return f"a rack of kind {asked.rack.kind} serves no model by itself"
    if longest > asked.model.max_context_tokens:
        return f"context: {longest:,.0f} of {asked.model.max_context_tokens:,} tokens"
    if not list(_formats(asked)):
        return f"no arithmetic in {' or '.join(asked.model.weights_gb)}"
    return ""


def _formats(asked: _Asked) -> Iterator[str]:
    """Yield weight formats that the chip runs; fp8 and int4 may be widened as they are read."""
    for weight_format in asked.model.weights_gb:
        if weight_format != "fp4" or native(asked.rack, weight_format):
            yield weight_format


def _ways(asked: _Asked) -> Iterator[Way]:
    """Yield every way worth trying."""
    model = asked.model
    drafting = [(0, 1.0)]
    if asked.software.drafting and model.draft_tokens:
        drafting.append((model.draft_tokens, model.accepted_tokens))
    for weight_format in _formats(asked):
        for layout in layouts(model, asked.rack, asked.most_chips):
            for drafts, stand in drafting:
                yield Way(layout, weight_format, asked.kv_format, drafts, stand)


def _try(asked: _Asked, way: Way) -> _Tried | None:
    """Return what a way gives at every batch that fits; None if none does."""
    most = most_sequences(
        asked.model,
        asked.rack,
        way.layout,
        context=asked.context,
        weight_format=way.weight_format,
        kv_format=asked.kv_format,
    )
    batch = BATCHES[most >= BATCHES]
    if not batch.size:
        return None
    step = decode_step(asked.model, asked.rack, asked.software, way, batch, asked.context)
    decode_us = step.total_us / (1 - asked.haircut)
    decode = batch * (way.tokens_per_step * 1e6 / way.layout.chips) / decode_us
    filled = _prefill(asked, way)
    rate = filled.tokens_per_s_per_gpu * (1 - asked.haircut)
    longer = 1 + decode * asked.prompt_per_output / rate
    output = decode / longer * asked.software.service_share
    shared = longer if asked.mode == "colocated" else 1.0
    speed = way.tokens_per_step * 1e6 / (decode_us * shared)
    first = _first_token_s(asked, filled, longer)
    meets = (speed >= asked.traffic.tokens_per_s_per_user) & (first <= asked.traffic.first_token_s)
    return _Tried(way, batch, step, filled, decode, output, speed, first, meets)


def _prefill(asked: _Asked, way: Way) -> Prefill:
    """Return prefill on GPUs of its own, or on those that share the heads in decode."""
    model, rack, software, traffic = asked.model, asked.rack, asked.software, asked.traffic
    figures = {"weight_format": way.weight_format, "kv_format": asked.kv_format}
    if asked.mode == "colocated":
        chips = way.layout.tensor_chips
        held = asked.held_share
        return prefill(model, rack, software, traffic, held_share=held, chips=chips, **figures)
    limit = traffic.first_token_s * (1 - asked.haircut)
    hurried = replace(traffic, first_token_s=limit)
    return fastest_enough(model, rack, software, hurried, held_share=asked.held_share, **figures)


def _first_token_s(asked: _Asked, filled: Prefill, step_over_decode: Floats) -> Floats:
    """Return the time to first token by batch; queueing is left out [s]."""
    prompt = filled.prompt_s / (1 - asked.haircut)
    if asked.mode == "split":
        return np.full_like(step_over_decode, prompt + filled.hand_off_s)
    return prompt / np.maximum(1 - 1 / step_over_decode, LEAST_SHARE_OF_PROMPT)


def _why_not(asked: _Asked, tried: list[_Tried]) -> str:
    """Say what no way meets: memory, speed or time to first token."""
    if not tried:
        return _no_room(asked)
    fastest = max(float(each.speed.max()) for each in tried)
    if fastest < asked.traffic.tokens_per_s_per_user:
        return f"{fastest:.3g} tokens/s/user at most"
    in_time = [each for each in tried if each.first_token_s.min() <= asked.traffic.first_token_s]
    if not in_time:
        soonest = min(float(each.first_token_s.min()) for each in tried)
        return f"{soonest:.3g} s to the first token at least"
    both = max(
        float(
            np.max(each.speed, where=each.first_token_s <= asked.traffic.first_token_s, initial=0)
        )
        for each in in_time
    )
    return f"{both:.3g} tokens/s/user at most with the first token in time"


def _no_room(asked: _Asked) -> str:
    """Say what does not fit on a chip in any layout."""
    model, rack = asked.model, asked.rack
    least = min(
        weights_per_chip_gb(model, weight_format, layout)
        for weight_format in _formats(asked)
        for layout in layouts(model, rack, asked.most_chips)
    )
    if least > USABLE_MEMORY * rack.memory_gb:
        return f"weights: {least:.3g} GB of a chip at least, in {rack.memory_gb:g} GB"
    cache = kv_gb_per_sequence(model, asked.context, asked.kv_format)
    beside = f"{least:.3g} GB of weights in {rack.memory_gb:g} GB"
    return f"cache: {cache:.3g} GB of a sequence beside {beside}"


def _performance(asked: _Asked, name: str, best: _Tried) -> Performance:
    """Turn the best batch of the best way into a `Performance`."""
    at = int(np.argmax(np.where(best.meets, best.output, 0.0)))
    output = float(best.output[at])
    slower = 1 / (1 - asked.haircut)
    return Performance(
        mode=asked.mode,
        racks_per_ktoken_s={name: 1000 / (output * asked.rack.chips)},
        output_tokens_per_s_per_gpu=output,
        decode_tokens_per_s_per_gpu=float(best.decode[at]),
        prefill_tokens_per_s_per_gpu=best.prefill.tokens_per_s_per_gpu / slower,
        tokens_per_s_per_user=float(best.speed[at]),
        first_token_s=float(best.first_token_s[at]),
        batch=float(best.batch[at]),
        layout=best.way.layout.name,
        step_us={part: float(best.step.parts[part][at]) * slower for part in PARTS},
        bound_by=best.step.bound_by(at),
        kv_gb_per_sequence=kv_gb_per_sequence(asked.model, asked.context, asked.kv_format),
        notes=_notes(asked, best.way),
    )


def _notes(asked: _Asked, way: Way) -> tuple[str, ...]:
    """Say what was chosen that no other figure shows."""
    computed = computes_in(asked.rack, way.weight_format)
    widened = "" if computed == way.weight_format else f", computed in {computed}"
    said = [f"weights in {way.weight_format}{widened}"]
    if way.drafts:
        said.append(f"{way.drafts} drafts a step, {way.tokens_per_step:g} tokens stand")
    if asked.haircut:
        said.append(f"{asked.haircut:.0%} off all speeds until somebody has measured it")
    return tuple(said)
