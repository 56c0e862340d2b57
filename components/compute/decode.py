"""Time of one decode step of an instance, by part, for many batch sizes at once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from components.base import Floats
from components.compute.attention import attention_us
from components.compute.experts import feed_forward_us
from components.compute.model import LanguageModel
from components.compute.network import all_reduce_us, all_to_all_us
from components.compute.parallelism import Layout
from components.compute.rack import Rack
from components.compute.software import ServingSoftware

PARTS = ("attention", "experts", "network", "fixed", "head")
SAMPLING_PER_DRAFT = 1.5
"""A draft adds this share to scheduling and sampling: drafting is one token after another [1].

So that 0.6 ms become 3.3 ms with three drafts, fitted to what drafts gain on B200 and GB200.
"""


@dataclass(frozen=True, slots=True)
class Way:
    """How an instance decodes.

    Attributes
    ----------
    layout
        Chips and how they share the model.
    weight_format, kv_format
        Number formats of experts and cache.
    drafts
        Tokens drafted for each sequence in a step; 0: none [tokens].
    tokens_per_step
        Of them and one more, what stands [tokens].
    """

    layout: Layout
    weight_format: str
    kv_format: str
    drafts: int = 0
    tokens_per_step: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Times of one step.

    Attributes
    ----------
    parts : part to (n,)
        Of each of `PARTS` by batch [us].
    total_us : (n,)
        Their sum [us].
    limits : part to (n,)
        For ``attention`` and ``experts``: where memory takes longer than arithmetic.
    """

    parts: Mapping[str, Floats]
    total_us: Floats
    limits: Mapping[str, np.ndarray]

    def bound_by(self, at: int) -> str:
        """Name the longest part of the step at a batch, and why it is long."""
        part = max(PARTS, key=lambda name: float(self.parts[name][at]))
        why = {"network": "exchange", "fixed": "launches", "head": "sampling"}
        if part in self.limits:
            return f"{part}: {'memory' if self.limits[part][at] else 'arithmetic'}"
        return f"{part}: {why[part]}"


def decode_step(
    model: LanguageModel,
    rack: Rack,
    software: ServingSoftware,
    way: Way,
    batch: Floats,
    context: float,
) -> Step:
    r"""Return the time of one step.

    .. math:: t = (L + d)\,(t_a + t_m + t_c + f) + t_{head}

    d drafts pass one layer each. Expert parallel, the exchange of one half of the sequences may
    run beside the computing of the other, if that is faster though both halves read the weights.

    Parameters
    ----------
    batch : (n,)
        Live sequences of the instance [sequences].
    context
        Mean context of a sequence [tokens].
    """
    whole = _layer(model, rack, software, way, batch, context)
    if way.layout.expert_parallel and batch.size:
        whole = _faster(whole, _overlapped(_layer(model, rack, software, way, batch / 2, context)))
    passes = model.layers + way.drafts
    parts = {name: passes * whole.parts[name] for name in PARTS[:-1]}
    head = software.step_us * (1 + SAMPLING_PER_DRAFT * way.drafts)
    parts["head"] = np.full_like(batch, head, dtype=float)
    return Step(parts, np.sum([parts[name] for name in PARTS], axis=0), whole.limits)


def _layer(
    model: LanguageModel,
    rack: Rack,
    software: ServingSoftware,
    way: Way,
    batch: Floats,
    context: float,
) -> Step:
    """Return the time of one mean layer."""
    layout, verified = way.layout, 1 + way.drafts
    own = batch / layout.chips if layout.expert_parallel else batch
    read, scored = attention_us(
        model,
        rack,
        software,
        own,
        context,
        verified_tokens=verified,
        kv_format=way.kv_format,
        tensor_chips=layout.tensor_chips,
        weight_format=way.weight_format,
    )
    fetched, computed = feed_forward_us(
        model,
        rack,
        software,
        batch * verified,
        weight_format=way.weight_format,
        chips=layout.chips,
        whole_experts=layout.expert_parallel,
    )
    exchange = all_to_all_us if layout.expert_parallel else all_reduce_us
    network = exchange(model, rack, software, own * verified, layout.chips)
    fixed = software.fixed_ep_us if layout.expert_parallel else software.fixed_tp_us
    parts = {
        "attention": np.maximum(read, scored),
        "experts": np.maximum(fetched, computed),
        "network": network,
        "fixed": np.full_like(network, fixed),
    }
    limits = {"attention": read >= scored, "experts": fetched >= computed}
    return Step(parts, np.sum(list(parts.values()), axis=0), limits)


def _overlapped(half: Step) -> Step:
    """Return a layer of two halves, of which one computes while the other is on the network."""
    parts = {name: 2 * us for name, us in half.parts.items()}
    computing = parts["attention"] + parts["experts"] + parts["fixed"]
    parts["network"] = np.maximum(parts["network"] - computing, 0)
    return Step(parts, computing + parts["network"], half.limits)


def _faster(one: Step, other: Step) -> Step:
    """Return of two steps the faster at each batch."""
    first = one.total_us <= other.total_us
    parts = {name: np.where(first, one.parts[name], other.parts[name]) for name in one.parts}
    limits = {name: np.where(first, one.limits[name], other.limits[name]) for name in one.limits}
    return Step(parts, np.minimum(one.total_us, other.total_us), limits)
