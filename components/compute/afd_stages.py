r"""Stages of a decode step whose feed-forward layers stand on racks of their own.

A layer is four stages: attention, the way out, feed-forward, the way back. Several micro-batches
follow each other through them, so that racks of both kinds work while others wait (ping-pong
pipeline; R. Zhu et al., "MegaScale-Infer" (2025), arXiv 2504.02263). With m micro-batches, the
slowest stage :math:`T_f` and the sum of all four :math:`T_r`, P layers take

.. math:: T = T_r + (m - 1)\,T_f + (P - 1) \max(m\,T_f,\; T_r)

With enough micro-batches, :math:`m \ge T_r / T_f` or about :math:`2 (1 + T_c/T_f)`, nothing waits
and this is their equation :math:`T_r + T_f (m P - 1)`; with fewer a user is served faster, and
racks idle.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from components.base import Floats
from components.compute.attention import attention_params, attention_us
from components.compute.experts import dense_params, feed_forward_us
from components.compute.formats import BYTES
from components.compute.model import LanguageModel
from components.compute.network import (
    COMBINE_BYTES,
    DISPATCH_BYTES,
    DOMAIN_EFFICIENCY,
    GB_S_PER_B_US,
    NIC_EFFICIENCY,
    all_reduce_us,
    destinations,
)
from components.compute.parallelism import USABLE_MEMORY, WORKSPACE_GB, kv_gb_per_sequence
from components.compute.rack import Rack
from components.compute.rates import attention_format, native
from components.compute.software import ServingSoftware

SRAM_USABLE = 0.9
"""Of SRAM, what may hold weights beside activations and programs; planning estimate [1]."""
SRAM_EFFICIENCY = 0.8
"""Of SRAM bandwidth: reads are scheduled, but tiles leave gaps; planning estimate [1]."""
SRAM_FLOPS_EFFICIENCY = 0.4
"""Of arithmetic beside SRAM, little batched; planning estimate [1]."""
SRAM_LAYER_US = 4.0
"""Crossing an SRAM rack twice in a layer, to the experts and back; planning estimate [us].

Any of 10,440 chips of an earlier Groq system is reached in under 3 us (D. Abts et al., "A
software-defined tensor streaming multiprocessor for large-scale machine learning", ISCA 2022,
doi 10.1145/3470496.3527405); a rack has 256.
"""
BRIDGE_US = 5.0
"""One way between a GPU and an SRAM rack: RDMA, a switch, the FPGA bridge; planning estimate [us].

NVIDIA names no figure. Two ways of it and a few microseconds of computing leave room for the
500 to 1000 tokens/s/user that it shows for LPX.
"""
ATTENTION_LAUNCHES = 0.5
"""Of a layer's launches, norms and routing, what attention has; planning estimate [1]."""


@dataclass(frozen=True, slots=True)
class Feeder:
    """Chips that hold the feed-forward layers of one copy of a model.

    Attributes
    ----------
    rack
        Of which kind.
    weight_format
        In which the weights are held.
    chips
        That compute one layer of one micro-batch [chips].
    streams
        Such sets of chips. Each has layers of its own and serves another group of attention
        chips in turn, so that all work and a token crosses the bridge once [1].
    """

    rack: Rack
    weight_format: str
    chips: int
    streams: int

    @property
    def racks(self) -> float:
        """Racks of one copy of the model."""
        return self.chips * self.streams / self.rack.chips


@dataclass(frozen=True, slots=True)
class Pairing:
    """Everything that stays the same while batch and numbers of chips are searched.

    Attributes
    ----------
    model, rack, software, feeder
        What is served, and on what.
    alike
        Whether both parts stand on racks of one kind, and so inside a scale-up domain if they
        have room in it.
    context
        Mean context of a sequence [tokens].
    verified
        Tokens of a sequence in one step: 1 and its drafts [tokens].
    tensor_chips
        Attention chips that share the heads of a sequence [chips].
    kv_format
        Number format of the cache.
    bridge_us
        Latency one way between the two kinds of rack [us].
    haircut, ffn_haircut
        Off the speed of accelerators, and of feed-forward racks and bridge [1].
    """

    model: LanguageModel
    rack: Rack
    software: ServingSoftware
    feeder: Feeder
    context: float
    verified: int
    tensor_chips: int
    kv_format: str
    bridge_us: float
    haircut: float
    ffn_haircut: float
    alike: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """Times of one layer of one micro-batch, all of a shape [us].

    Attributes
    ----------
    attention, fixed, experts, out, back
        Attention with its sums, launches of it, feed-forward, and the two ways.
    wire
        The slower way without its latency: how long a link is busy.
    memory_bound
        Whether attention waits for memory rather than arithmetic.
    """

    attention: Floats
    fixed: Floats
    experts: Floats
    out: Floats
    back: Floats
    wire: Floats
    memory_bound: NDArray[np.bool_]

    @property
    def slowest(self) -> Floats:
        """How far apart micro-batches can follow each other [us]."""
        own = self.attention + self.fixed
        return np.maximum(np.maximum(own, self.experts), self.wire)

    @property
    def round_trip(self) -> Floats:
        """One layer of a micro-batch that nobody holds up [us]."""
        return self.attention + self.fixed + self.experts + self.out + self.back

    def step_us(self, micro_batches: int, passes: int) -> Floats:
        """Return the time of a step of some micro-batches through some layers [us]."""
        slowest, whole = self.slowest, self.round_trip
        layer: Floats = np.maximum(micro_batches * slowest, whole)
        return whole + (micro_batches - 1) * slowest + (passes - 1) * layer

    def bound_by(self, at: tuple[int, ...], *, sram: bool) -> str:
        """Name the slowest stage, and why it is slow."""
        own = self.attention[at] + self.fixed[at]
        if max(self.experts[at], self.wire[at]) <= own:
            if self.fixed[at] > self.attention[at]:
                return "fixed: launches"
            return f"attention: {'memory' if self.memory_bound[at] else 'arithmetic'}"
        if self.wire[at] > self.experts[at]:
            return "network: exchange"
        return "experts: SRAM racks" if sram else "experts: accelerators"


def ffn_format(model: LanguageModel, rack: Rack) -> str | None:
    """Return the narrowest format in which chips hold and compute the feed-forward layers.

    A published format that they compute in (accelerators widen int4 as they read it), or fp8, to
    which any other can be converted; None: they have neither.
    """
    published = [f for f in model.weights_gb if native(rack, f)]
    if rack.kind == "accelerator" and "int4" in model.weights_gb:
        published.append("int4")
    if native(rack, "fp4") and "int4" in model.weights_gb:
        published.append("fp4")
    if native(rack, "fp8"):
        published.append("fp8")
    return min(published, key=lambda f: BYTES[f], default=None)


def ffn_weights_gb(model: LanguageModel, weight_format: str) -> float:
    """Return the feed-forward weights that leave the accelerators [GB].

    Of a mixture of experts the routed and shared experts; its few dense layers stay with
    attention. Of a dense model all feed-forward layers. A layer that drafts, under 2 % of the
    whole, is taken to fit into the reserve.
    """
    each = model.moe_layers * (model.experts + model.shared_experts) * model.expert_params_b
    dense = 0.0 if model.experts else model.layers * dense_params(model) / 1e9
    return (each + dense) * BYTES[weight_format]


def chips_that_hold(model: LanguageModel, rack: Rack, weight_format: str) -> int:
    """Return the fewest chips that hold all feed-forward weights of one copy [chips].

    Examples
    --------
    DeepSeek-R1 in fp8, 656 GB, takes 1,459 chips of 0.45 GB: six racks of 256.

    >>> from components.catalog.loader import load_family
    >>> r1 = load_family("model")["deepseek_r1"].parameters
    >>> lpx = load_family("rack")["lpx_groq3"].parameters
    >>> chips_that_hold(r1, lpx, "fp8")
    1459
    """
    if rack.kind == "ffn":
        room = SRAM_USABLE * rack.memory_gb
    else:
        room = USABLE_MEMORY * rack.memory_gb - min(WORKSPACE_GB, 0.1 * rack.memory_gb)
    return ceil(ffn_weights_gb(model, weight_format) / room - 1e-9)


def most_sequences(pair: Pairing) -> float:
    """Return the live sequences of one group of attention chips: all HBM beyond their weights."""
    model, rack, sharing = pair.model, pair.rack, pair.tensor_chips
    held = BYTES[attention_format(rack, pair.feeder.weight_format)]
    weights = model.layers * attention_params(model) / 1e9 * held / sharing
    reserve = min(WORKSPACE_GB, 0.1 * rack.memory_gb)
    room = USABLE_MEMORY * rack.memory_gb - reserve - weights
    copies = min(sharing, model.kv_heads)
    return max(room, 0.0) * copies / kv_gb_per_sequence(model, pair.context, pair.kv_format)


def stages(pair: Pairing, sequences: Floats, groups: Floats) -> Stages:
    """Return the times of the stages of a layer.

    Parameters
    ----------
    sequences : (B, 1)
        Of one micro-batch on one group of attention chips [sequences].
    groups : (1, N)
        Of attention chips that send to one stream of the feeder together [1].

    Returns
    -------
    Stages
        Of shape (B, N).
    """
    model, rack, software = pair.model, pair.rack, pair.software
    read, computed = attention_us(
        model,
        rack,
        software,
        sequences,
        pair.context,
        verified_tokens=pair.verified,
        kv_format=pair.kv_format,
        tensor_chips=pair.tensor_chips,
        weight_format=pair.feeder.weight_format,
    )
    # One sum of a layer's two: the other is the feed-forward part's.
    summed = all_reduce_us(model, rack, software, sequences * pair.verified, pair.tensor_chips) / 2
    shape = np.zeros(np.broadcast_shapes(sequences.shape, groups.shape))
    slower = 1 / (1 - pair.haircut)
    tokens = sequences * groups * pair.verified
    links = _links(pair, groups)
    out, back = _ways_us(pair, links, sequences * pair.verified, tokens)
    bridge = shape + links.latency_us / (1 - pair.ffn_haircut)
    return Stages(
        attention=(np.maximum(read, computed) + summed) * slower + shape,
        fixed=shape + ATTENTION_LAUNCHES * _fixed_us(pair) * slower,
        experts=_feed_us(pair, tokens),
        out=out + bridge,
        back=back + bridge,
        wire=np.maximum(out, back) + shape,
        memory_bound=(read >= computed) & (shape == 0),
    )


def _fixed_us(pair: Pairing) -> float:
    """Return what is fixed in a whole layer on accelerators [us].

    Where accelerators compute the experts too, everybody waits for the slowest, as expert
    parallel. SRAM racks compute to a schedule.
    """
    if pair.feeder.rack.kind == "ffn":
        return pair.software.fixed_tp_us
    return pair.software.fixed_ep_us


def _feed_us(pair: Pairing, tokens: Floats) -> Floats:
    """Return the feed-forward time of a layer: reading or computing, and what is fixed [us].

    Where there are more chips than experts, several share one.
    """
    feeder, sharing, software = pair.feeder, 1.0, pair.software
    if pair.model.experts:
        sharing = max(feeder.chips / pair.model.experts, 1.0)
    fixed = (1 - ATTENTION_LAUNCHES) * _fixed_us(pair)
    if feeder.rack.kind == "ffn":
        fixed = SRAM_LAYER_US
        reached = {"hbm_efficiency": SRAM_EFFICIENCY, "flops_efficiency": SRAM_FLOPS_EFFICIENCY}
        software = software.model_copy(update=reached)
    read, computed = feed_forward_us(
        pair.model,
        feeder.rack,
        software,
        tokens,
        weight_format=feeder.weight_format,
        chips=round(feeder.chips / sharing),
        whole_experts=bool(pair.model.experts),
    )
    return (np.maximum(read, computed) / sharing + fixed) / (1 - pair.ffn_haircut)


@dataclass(frozen=True, slots=True, eq=False)
class _Links:
    """What joins both parts: of one chip at either end [GB/s], and latency, (1, N) each [us]."""

    sending_gb_s: Floats
    taking_gb_s: Floats
    latency_us: Floats


def _links(pair: Pairing, groups: Floats) -> _Links:
    """Return the links: the NICs, or those of the scale-up domain where all chips are in one."""
    near, far = pair.rack, pair.feeder.rack
    chips = groups * pair.tensor_chips + pair.feeder.chips * pair.feeder.streams
    inside = (chips <= near.domain_chips) & pair.alike
    domain = near.domain_gb_s * DOMAIN_EFFICIENCY
    return _Links(
        np.where(inside, domain, near.nic_gb_s * NIC_EFFICIENCY),
        np.where(inside, domain, far.nic_gb_s * NIC_EFFICIENCY),
        np.where(inside, pair.software.domain_latency_us, pair.bridge_us),
    )


def _ways_us(pair: Pairing, links: _Links, own: Floats, tokens: Floats) -> tuple[Floats, Floats]:
    """Return the times on the wire, out in fp8 and back in bf16, of the slower end [us].

    An SRAM rack takes a token once and spreads it; accelerators take one for each chip that has
    an expert of it.

    Parameters
    ----------
    own
        Tokens of one group of attention chips [tokens].
    tokens
        That reach one stream of the feeder [tokens].
    """
    feeder = pair.feeder
    copies = 1.0
    if feeder.rack.kind != "ffn" and pair.model.experts:
        copies = destinations(pair.model.experts_per_token, feeder.chips)
    sending = own / (pair.tensor_chips * links.sending_gb_s)
    taking = tokens / (feeder.chips * links.taking_gb_s)
    busy = np.maximum(sending, taking) * (copies * pair.model.hidden * GB_S_PER_B_US)
    each = busy / (1 - pair.ffn_haircut)
    return each * DISPATCH_BYTES, each * COMBINE_BYTES
