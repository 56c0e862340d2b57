"""Time that chips take to exchange activations in one layer, level by level of the fabric."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from components.base import Floats
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.software import ServingSoftware

DOMAIN_EFFICIENCY = 0.7
"""Of scale-up links: DeepEP reaches 643 to 740 of 900 GB/s on NVLink 5 [1]."""
NIC_EFFICIENCY = 0.85
"""Of scale-out links, from the low-latency kernels of DeepEP (docs/legacy.md) [1]."""
DISPATCH_BYTES, COMBINE_BYTES = 1.0, 2.0
"""Activations go out to experts in fp8 and come back in bf16 [B]."""
REDUCE_BYTES = 2.0
"""Activations that are added up are bf16 [B]."""
HOP_US = 1.0
"""A further hop of a torus [us]."""
OPTICS_US = 2.0
"""Collectives that cross the optics between racks take longer by this [us]."""
GB_S_PER_B_US = 1e-3
"""A GB/s is a thousand bytes in a microsecond."""


@dataclass(frozen=True, slots=True)
class Level:
    """Links that join groups of chips.

    Attributes
    ----------
    inside
        Chips of one group: traffic within it does not use these links [chips].
    reach
        Chips that they join [chips].
    bytes_per_us
        Of one chip, one way, what is reached [B/us].
    latency_us
        Of one collective that uses them [us].
    """

    inside: float
    reach: float
    bytes_per_us: float
    latency_us: float


def levels(rack: Rack, software: ServingSoftware, chips: int) -> Iterator[Level]:
    """Yield the links that an instance of some chips uses, from the inside out.

    A full mesh uses only the links that lead to chips of the instance. On a torus every byte
    takes as many links as it has hops, on average a quarter of each ring, so that what a chip
    can send to all others falls by the hops. Two tiers: the optics join racks. Beyond the
    scale-up domain there is the NIC.
    """
    inner = (
        rack.tier_chips if rack.topology == "two_tier" and rack.tier_chips else rack.domain_chips
    )
    speed, latency = _inner(rack, software, min(chips, inner))
    if inner > 1:
        yield Level(1, inner, speed, latency)
    if chips > inner and rack.domain_chips > inner:
        across = (rack.tier_gb_s or rack.domain_gb_s) * DOMAIN_EFFICIENCY / GB_S_PER_B_US
        yield Level(inner, rack.domain_chips, across, software.domain_latency_us + OPTICS_US)
    if chips > rack.domain_chips:
        nic = rack.nic_gb_s * NIC_EFFICIENCY / GB_S_PER_B_US
        yield Level(rack.domain_chips, inf, nic, software.nic_latency_us)


def _inner(rack: Rack, software: ServingSoftware, chips: int) -> tuple[float, float]:
    """Return bytes per us of one chip and latency, inside a domain or one rack of it."""
    full = rack.domain_gb_s * DOMAIN_EFFICIENCY / GB_S_PER_B_US
    latency = software.domain_latency_us
    if rack.topology == "mesh" and rack.domain_chips > 1:
        return full * max(chips - 1, 1) / (rack.domain_chips - 1), latency
    if rack.topology == "torus":
        hops = mean_hops(chips, rack.torus_dimensions or 3)
        return full / hops, latency + HOP_US * (hops - 1)
    return full, latency


def mean_hops(chips: int, dimensions: int) -> float:
    """Return mean hops between chips of a torus: a quarter of each ring, one at least.

    Examples
    --------
    Rings of four: one hop in each of three dimensions. 256 chips in two rings of 16.

    >>> mean_hops(64, 3), mean_hops(256, 2)
    (3.0, 8.0)
    """
    side = round(chips ** (1 / dimensions), 9)
    return float(max(dimensions * side / 4, 1.0))


def crosses(level: Level, chips: int) -> float:
    """Return the share of other chips that lie beyond a level's groups [1]."""
    return max(1 - level.inside / chips, 0.0)


def destinations(experts_per_token: int, groups: float) -> float:
    """Return to how many groups of chips the experts of one token spread, on average.

    A token goes once to each chip, and over the NIC once to each expert (low-latency kernels).

    Examples
    --------
    Eight experts on eight chips: 8 (1 - (7/8)^8).

    >>> round(destinations(8, 8), 2)
    5.25
    """
    return groups * (1 - (1 - 1 / groups) ** experts_per_token)


def all_to_all_us(
    model: LanguageModel, rack: Rack, software: ServingSoftware, tokens_per_chip: Floats, chips: int
) -> Floats:
    r"""Return the time of sending tokens to their experts and back, in one layer [us].

    Two collectives, each as slow as the outermost links it uses; the bytes go over all levels at
    once, so that the slowest counts:

    .. math:: 2 l + \max_j \frac{3\,n\,h\,d_j\,x_j}{B_j}

    with n tokens of width h on each chip, a share x of other chips beyond the groups of a level,
    and d copies of a token: one for each chip that has an expert of it, or over the NIC one for
    each expert. With l = 25 us and 50 GB/s this gives the low-latency figures of DeepEP for 16 to
    256 H800 within 10 %.
    """
    if chips == 1:
        return np.zeros_like(tokens_per_chip)
    width = model.hidden * (DISPATCH_BYTES + COMBINE_BYTES)
    slowest, latency = 0.0, 0.0
    for level in levels(rack, software, chips):
        k = model.experts_per_token
        copies = k if level.reach == inf else destinations(k, chips)
        slowest = max(slowest, copies * crosses(level, chips) / level.bytes_per_us)
        latency = max(latency, level.latency_us)
    return 2 * latency + tokens_per_chip * (width * slowest)


def all_reduce_us(
    model: LanguageModel, rack: Rack, software: ServingSoftware, tokens: Floats, chips: int
) -> Floats:
    r"""Return the time of the two sums of a tensor-parallel layer [us].

    Each sum sends a chip's activations twice, out and back; at an outer level only what remains
    after the groups have added up among themselves:

    .. math:: 2 \left(\sum_j l_j + \sum_j \frac{2 \cdot 2\,T h\,(1 - 1/g_j)}{r_j B_j}\right)

    with g groups that a level joins and r chips in each of them.
    """
    if chips == 1:
        return np.zeros_like(tokens)
    sent = 2 * REDUCE_BYTES * model.hidden
    each, latency = 0.0, 0.0
    for level in levels(rack, software, chips):
        groups = min(chips, level.reach) / level.inside
        each += sent * (1 - 1 / groups) / (level.inside * level.bytes_per_us)
        latency += level.latency_us
    return 2 * (latency + tokens * each)
