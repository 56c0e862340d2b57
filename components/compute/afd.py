"""Attention on accelerators, feed-forward layers on racks of their own: what both give together.

`afd_stages` has the equations of a step; here batch, micro-batches and numbers of chips are
searched for the fewest racks of both kinds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from components.base import Floats
from components.compute.afd_stages import (
    BRIDGE_US,
    Feeder,
    Pairing,
    Stages,
    chips_that_hold,
    ffn_format,
    ffn_weights_gb,
    most_sequences,
    stages,
)
from components.compute.decode import SAMPLING_PER_DRAFT
from components.compute.model import LanguageModel
from components.compute.parallelism import kv_gb_per_sequence
from components.compute.prefill import Prefill, fastest_enough, new_tokens
from components.compute.rack import Rack
from components.compute.rates import native
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Performance, Traffic

MICRO_BATCHES = range(1, 7)
"""Micro-batches that are tried; with one, racks of one kind wait for the other."""
TENSOR_CHIPS = (1, 2, 4, 8)
"""Attention chips that share the heads of a sequence, tried [chips]."""
FEEDER_SIZES = (1, 1.5, 2, 3, 4, 6, 8, 12, 16)
"""Accelerators for feed-forward layers, over the fewest that hold them, tried [1]."""
SEQUENCES: Floats = np.unique(np.round(np.geomspace(1, 2**13, 80)))
"""Of a micro-batch on a group of attention chips, tried [sequences]."""
GROUPS: Floats = np.unique(np.round(np.geomspace(1, 2**11, 60)))
"""Groups of attention chips for one stream of feed-forward layers, tried [1]."""
MOST_POWER = 1.5
"""Over the least, what a way with few racks of one kind may take of power; judgement [1]."""
ALIKE = 0.03
"""Racks that count as no more: a little of one kind is not bought with much of the other [1]."""


def serve_apart(
    model: LanguageModel,
    name: str,
    rack: Rack,
    software: ServingSoftware,
    ffn_name: str,
    ffn_rack: Rack,
    traffic: Traffic,
    *,
    held_share: float = 1.0,
    kv_format: str = "fp8",
    haircut: float | None = None,
    ffn_haircut: float | None = None,
    bridge_us: float | None = None,
) -> tuple[Performance, ...] | Infeasible:
    """Return ways to serve with attention and feed-forward layers on racks of two kinds.

    Racks of kind ``ffn`` hold the feed-forward layers in SRAM, whose size says how many racks a
    copy of the model takes; accelerators hold them in HBM. All other HBM is for cache. Prompts are
    computed on the accelerators of ``name`` as in mode ``split``. Number format, drafting,
    attention chips that share heads, micro-batches, batch and numbers of chips are searched.

    Parameters
    ----------
    name, ffn_name
        Of the racks in the catalog.
    held_share
        Of the cached input, what is still held and need not be computed [1].
    kv_format
        Number format of the cache.
    haircut, ffn_haircut
        Of the speed of either kind, in place of the rack's own [1].
    bridge_us
        Latency one way between the racks; None: `BRIDGE_US` to SRAM racks, else that of a
        collective over the NICs [us].

    Returns
    -------
    tuple of Performance, or Infeasible
        At most three, none better than another in racks of both kinds: fewest of ``name``, least
        power, fewest of ``ffn_name``. One if both are the same.

    Examples
    --------
    DeepSeek-R1 takes LPX racks by the six: 1,536 chips for each copy.

    >>> from components.catalog.loader import load_family
    >>> rack, soft = load_family("rack"), load_family("serving_software")
    >>> found = serve_apart(
    ...     load_family("model")["deepseek_r1"].parameters,
    ...     "vr200_nvl72",
    ...     rack["vr200_nvl72"].parameters,
    ...     soft["rubin_nvl"].parameters,
    ...     "lpx_groq3",
    ...     rack["lpx_groq3"].parameters,
    ...     Traffic(input_tokens=1000, output_tokens=1000, tokens_per_s_per_user=100),
    ... )
    >>> {each.layout.split("F")[1].split()[0] for each in found}
    {'1536'}
    """
    refusal = _refusal(model, rack, ffn_rack, traffic)
    if refusal:
        return Infeasible(refusal)
    cut = rack.haircut if haircut is None else haircut
    filled = _prefill(model, rack, software, traffic, held_share, kv_format, cut)
    if isinstance(filled, Infeasible):
        return filled
    if bridge_us is None:
        bridge_us = BRIDGE_US if ffn_rack.kind == "ffn" else software.nic_latency_us
    feeders = tuple(_feeders(model, ffn_rack))
    first = Pairing(
        alike=name == ffn_name,
        model=model,
        rack=rack,
        software=software,
        feeder=feeders[0],
        context=traffic.mean_context,
        verified=1,
        tensor_chips=1,
        kv_format=kv_format,
        bridge_us=bridge_us,
        haircut=cut,
        ffn_haircut=ffn_rack.haircut if ffn_haircut is None else ffn_haircut,
    )
    prompt = new_tokens(traffic, held_share) / traffic.output_tokens
    search = _Search(name, ffn_name, traffic, filled, prompt / filled.tokens_per_s_per_gpu)
    return search.run(first, feeders)


def _refusal(model: LanguageModel, rack: Rack, ffn_rack: Rack, traffic: Traffic) -> str:
    """Say what no number of chips could mend."""
    longest = traffic.input_tokens + traffic.output_tokens
    if rack.kind != "accelerator":
        return f"attention on a rack of kind {rack.kind}; try an accelerator"
    if ffn_rack.kind not in ("ffn", "accelerator"):
        return f"feed-forward layers on a rack of kind {ffn_rack.kind}; try ffn or accelerator"
    if longest > model.max_context_tokens:
        return f"context: {longest:,.0f} of {model.max_context_tokens:,} tokens"
    if not (rack.nic_gb_s and ffn_rack.nic_gb_s):
        return "no scale-out bandwidth between the racks"
    if ffn_format(model, ffn_rack) is None:
        return f"no arithmetic in fp8 or {' or '.join(model.weights_gb)}"
    return ""


def _prefill(
    model: LanguageModel,
    rack: Rack,
    software: ServingSoftware,
    traffic: Traffic,
    held_share: float,
    kv_format: str,
    haircut: float,
) -> Prefill | Infeasible:
    """Return prefill in the format that gives most and meets the time to first token."""
    limit = traffic.first_token_s
    hurried = replace(traffic, first_token_s=limit * (1 - haircut))
    formats = [f for f in model.weights_gb if f == "int4" or native(rack, f)]
    tried = [
        fastest_enough(
            model,
            rack,
            software,
            hurried,
            held_share=held_share,
            weight_format=each,
            kv_format=kv_format,
        )
        for each in formats
    ]
    slowed = [
        replace(
            each,
            tokens_per_s_per_gpu=each.tokens_per_s_per_gpu * (1 - haircut),
            prompt_s=each.prompt_s / (1 - haircut),
        )
        for each in tried
    ]
    if not slowed:
        return Infeasible(f"no arithmetic in {' or '.join(model.weights_gb)}")
    in_time = [each for each in slowed if each.prompt_s + each.hand_off_s <= limit]
    if not in_time:
        soonest = min(each.prompt_s + each.hand_off_s for each in slowed)
        return Infeasible(f"{soonest:.3g} s to the first token at least")
    return max(in_time, key=lambda each: each.tokens_per_s_per_gpu)


def _feeders(model: LanguageModel, rack: Rack) -> Iterator[Feeder]:
    """Yield sets of chips that hold the feed-forward layers."""
    weight_format = ffn_format(model, rack)
    if weight_format is None:
        return
    fewest = chips_that_hold(model, rack, weight_format)
    if rack.kind == "ffn":
        yield Feeder(rack, weight_format, rack.chips, ceil(fewest / rack.chips))
        return
    for chips in sorted({ceil(fewest * size) for size in FEEDER_SIZES}):
        yield Feeder(rack, weight_format, chips, 1)


def _pairings(first: Pairing, feeders: Iterable[Feeder]) -> Iterator[tuple[Pairing, float]]:
    """Yield every way to share the chips, with the tokens of a step that stand."""
    model, rack = first.model, first.rack
    drafting = [(0, 1.0)]
    if first.software.drafting and model.draft_tokens:
        drafting.append((model.draft_tokens, model.accepted_tokens))
    most = min(rack.domain_chips, model.query_heads)
    for feeder in feeders:
        for tensor_chips in (chips for chips in TENSOR_CHIPS if chips <= most):
            for drafts, stand in drafting:
                yield (
                    replace(first, feeder=feeder, tensor_chips=tensor_chips, verified=1 + drafts),
                    stand,
                )


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """What one pairing and number of micro-batches gives: arrays over sequences and groups.

    ``tokens_per_s`` is what decode gives alone. Racks are those that decode 1000 tokens/s of a
    service, whose batches are not always full; prefill is left out.
    """

    pair: Pairing
    stand: float
    micro_batches: int
    layer: Stages
    step_us: Floats
    speed: Floats
    attention_chips: Floats
    tokens_per_s: Floats
    racks: Floats
    ffn_racks: Floats


@dataclass(frozen=True, slots=True)
class _Search:
    """What is asked for, and the prompts that come with it.

    ``prompt_gpu_s`` is the time of prefill for one output token [GPU s].
    """

    name: str
    ffn_name: str
    traffic: Traffic
    prefill: Prefill
    prompt_gpu_s: float

    def run(
        self, first: Pairing, feeders: Iterable[Feeder]
    ) -> tuple[Performance, ...] | Infeasible:
        """Try everything and keep the points worth having."""
        tried = [
            each
            for pair, stand in _pairings(first, feeders)
            for micro_batches in MICRO_BATCHES
            if (each := _try(pair, stand, micro_batches)) is not None
        ]
        if not tried:
            size = kv_gb_per_sequence(first.model, first.context, first.kv_format)
            return Infeasible(f"cache: {size:,.1f} GB a sequence beside attention's weights")
        asked = self.traffic.tokens_per_s_per_user
        fastest = max(float(each.speed.max()) for each in tried)
        if fastest < asked:
            return Infeasible(f"{fastest:.3g} tokens/s/user at most")
        return tuple(self._performance(*choice) for choice in self._choose(tried))

    def _choose(self, tried: list[_Tried]) -> list[tuple[_Tried, int]]:
        """Return the way and place of the points: fewest racks, least power, fewest ffn racks."""
        meets = [each.speed >= self.traffic.tokens_per_s_per_user for each in tried]
        which = np.concatenate([np.full(int(m.sum()), i) for i, m in enumerate(meets)])
        place = np.concatenate([np.flatnonzero(m) for m in meets])
        prompts = self._prompt_racks(tried[0].pair)
        x = prompts + np.concatenate([t.racks[m] for t, m in zip(tried, meets, strict=True)])
        y = np.concatenate([t.ffn_racks[m] for t, m in zip(tried, meets, strict=True)])
        power = x * tried[0].pair.rack.unit_mw + y * tried[0].pair.feeder.rack.unit_mw
        found = [int(np.argmin(power)), _fewest(x, power), _fewest(y, power)]
        if self.name == self.ffn_name:
            found = [int(np.argmin(x + y))]
        kept: list[int] = []
        for at in found:
            if not any(_close(x[at], x[k]) and _close(y[at], y[k]) for k in kept):
                kept.append(at)
        kept.sort(key=lambda at: float(x[at]))
        return [(tried[int(which[at])], int(place[at])) for at in kept]

    def _prompt_racks(self, pair: Pairing) -> float:
        """Return racks that compute the prompts of 1000 tokens/s."""
        return 1e3 * self.prompt_gpu_s / (pair.rack.chips * pair.software.service_share)

    def _performance(self, way: _Tried, place: int) -> Performance:
        """Turn one point into a `Performance`."""
        at = tuple(int(i) for i in np.unravel_index(place, way.speed.shape))
        pair, feeder = way.pair, way.pair.feeder
        rate = float(way.tokens_per_s[at])
        chips = float(way.attention_chips[at])
        counted = chips + (feeder.chips * feeder.streams if feeder.rack.kind != "ffn" else 0)
        per_gpu = rate / counted
        racks = {self.name: float(way.racks[at]) + self._prompt_racks(pair)}
        racks[self.ffn_name] = racks.get(self.ffn_name, 0.0) + float(way.ffn_racks[at])
        return Performance(
            mode="afd",
            racks_per_ktoken_s=racks,
            output_tokens_per_s_per_gpu=pair.software.service_share
            / (1 / per_gpu + self.prompt_gpu_s),
            decode_tokens_per_s_per_gpu=per_gpu,
            prefill_tokens_per_s_per_gpu=self.prefill.tokens_per_s_per_gpu,
            tokens_per_s_per_user=float(way.speed[at]),
            first_token_s=self.prefill.prompt_s + self.prefill.hand_off_s,
            batch=rate * float(way.step_us[at]) / (1e6 * way.stand),
            layout=_layout(way, chips),
            step_us=_parts(way, at),
            bound_by=way.layer.bound_by(at, sram=feeder.rack.kind == "ffn"),
            kv_gb_per_sequence=kv_gb_per_sequence(pair.model, pair.context, pair.kv_format),
            notes=_notes(way, self.ffn_name),
        )


def _fewest(racks: Floats, power: Floats) -> int:
    """Return of all with about the fewest racks, and not far more power, the one of least power."""
    worth = np.where(power <= MOST_POWER * power.min(), racks, np.inf)
    few = worth <= worth.min() * (1 + ALIKE)
    return int(np.argmin(np.where(few, power, np.inf)))


def _close(one: float, other: float) -> bool:
    """Tell whether two amounts count as the same."""
    return abs(one - other) <= ALIKE * max(one, other)


def _try(pair: Pairing, stand: float, micro_batches: int) -> _Tried | None:
    """Return what a pairing gives for all batches that fit; None if none does."""
    feeder = pair.feeder
    fit = SEQUENCES[SEQUENCES * micro_batches <= most_sequences(pair)]
    if not fit.size:
        return None
    layer = stages(pair, fit[:, None], GROUPS[None, :])
    drafts = pair.verified - 1
    head = pair.software.step_us * (1 + SAMPLING_PER_DRAFT * drafts) / (1 - pair.haircut)
    step = layer.step_us(micro_batches, pair.model.layers + drafts) + head
    groups = GROUPS[None, :] * feeder.streams
    rate = micro_batches * fit[:, None] * groups * (stand * 1e6) / step
    chips = groups * pair.tensor_chips + np.zeros_like(step)
    served = rate * pair.software.service_share
    return _Tried(
        pair=pair,
        stand=stand,
        micro_batches=micro_batches,
        layer=layer,
        step_us=step,
        speed=stand * 1e6 / step,
        attention_chips=chips,
        tokens_per_s=rate,
        racks=1e3 * chips / (pair.rack.chips * served),
        ffn_racks=1e3 * feeder.racks / served,
    )


def _parts(way: _Tried, at: tuple[int, ...]) -> dict[str, float]:
    """Split the step: a micro-batch's own times, and its waiting for the others [us]."""
    drafts = way.pair.verified - 1
    passes = way.pair.model.layers + drafts
    layer = way.layer
    parts = {
        "attention": passes * float(layer.attention[at]),
        "experts": passes * float(layer.experts[at]),
        "network": passes * float(layer.out[at] + layer.back[at]),
        "fixed": passes * float(layer.fixed[at]),
    }
    head = way.pair.software.step_us * (1 + SAMPLING_PER_DRAFT * drafts)
    parts["head"] = head / (1 - way.pair.haircut)
    parts["waiting"] = float(way.step_us[at]) - sum(parts.values())
    return parts


def _layout(way: _Tried, chips: float) -> str:
    """Name chips and how they share the work, such as ``A96:F1536 TP2 x3``."""
    feeder = way.pair.feeder
    shared = f" TP{way.pair.tensor_chips}" if way.pair.tensor_chips > 1 else ""
    return f"A{chips:.0f}:F{feeder.chips * feeder.streams}{shared} x{way.micro_batches}"


def _notes(way: _Tried, ffn_name: str) -> tuple[str, ...]:
    """Say what was chosen that no other figure shows."""
    pair, feeder = way.pair, way.pair.feeder
    size = ffn_weights_gb(pair.model, feeder.weight_format)
    said = [
        f"feed-forward layers in {feeder.weight_format}: {size:,.0f} GB on "
        f"{feeder.racks:.3g} {ffn_name} for each copy of the model"
    ]
    if pair.verified > 1:
        said.append(f"{pair.verified - 1} drafts a step, {way.stand:g} tokens stand")
    if pair.haircut or pair.ffn_haircut:
        said.append(
            f"{pair.haircut:.0%} off accelerators' and {pair.ffn_haircut:.0%} off feed-forward "
            "racks' speed until somebody has measured it"
        )
    return tuple(said)
