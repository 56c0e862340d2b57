"""How the chips of one decode instance share a model, and how many sequences they can hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from components.compute.attention import attention_params
from components.compute.formats import BYTES, WeightFormat
from components.compute.model import LanguageModel
from components.compute.rack import Rack

MOST_TENSOR_CHIPS = 32
"""More chips do not share the heads of a sequence in any published recipe [chips]."""
LEAST_SLICE = 128
"""No expert is cut into narrower slices: FP8 scales are for blocks of 128 (DeepSeek-V3)."""
MOST_EXPERT_CHIPS = 320
"""The widest published decode instance: 320 H800 of DeepSeek-V3 (arXiv 2412.19437) [chips]."""
WORKSPACE_GB = 8.0
"""Activations, graphs and buffers of a chip [GB]."""
USABLE_MEMORY = 0.95
"""Of HBM, beside what the runtime keeps [1]."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How chips share a decode instance.

    Attributes
    ----------
    chips
        Of the instance [chips].
    expert_parallel
        ``EP``: each chip has sequences of its own, all of attention, and whole experts. Else
        ``TP``: every sequence and every matrix is shared by all chips.
    """

    chips: int
    expert_parallel: bool

    @property
    def name(self) -> str:
        """Such as ``TP8`` or ``EP64``."""
        return f"{'EP' if self.expert_parallel else 'TP'}{self.chips}"

    @property
    def tensor_chips(self) -> int:
        """Chips that share the heads of one sequence [chips]."""
        return 1 if self.expert_parallel else self.chips


def layouts(model: LanguageModel, rack: Rack, most_chips: int | None = None) -> Iterator[Layout]:
    """Yield layouts worth trying: powers of two, the scale-up domain and two of them."""
    powers = {2**n for n in range(9)}
    sizes = sorted(powers | {rack.domain_chips, 2 * rack.domain_chips})
    for chips in (n for n in sizes if most_chips is None or n <= most_chips):
        if chips <= most_tensor_chips(model):
            yield Layout(chips, expert_parallel=False)
        if 1 < chips <= min(MOST_EXPERT_CHIPS, model.experts):
            yield Layout(chips, expert_parallel=True)


def most_tensor_chips(model: LanguageModel) -> int:
    """Return how many chips may share every matrix: by heads and, of experts, by width [chips]."""
    slices = model.expert_width // LEAST_SLICE if model.experts else MOST_TENSOR_CHIPS
    return max(min(MOST_TENSOR_CHIPS, model.query_heads, slices), 1)


def weights_per_chip_gb(model: LanguageModel, weight_format: str, layout: Layout) -> float:
    """Return weights that one chip holds [GB]: expert parallel, all that is no expert is whole."""
    total = model.weights_gb[cast(WeightFormat, weight_format)]
    if not layout.expert_parallel:
        return total / layout.chips
    routed = model.experts * model.expert_params_b * model.moe_layers * BYTES[weight_format]
    least = model.layers * attention_params(model) / 1e9 * BYTES[weight_format]
    routed = min(routed, total - least)
    return routed / layout.chips + total - routed


def kv_gb_per_sequence(model: LanguageModel, context: float, kv_format: str) -> float:
    """Return the cache of one sequence [GB]."""
    fixed = model.kv_fixed_mb_per_sequence / 1e3 * BYTES[kv_format]
    return context * model.kv_bytes_per_token(kv_format) / 1e9 + fixed


def cache_room_gb(model: LanguageModel, rack: Rack, weight_format: str, layout: Layout) -> float:
    """Return what is left for cache on one chip; negative if the weights do not fit [GB]."""
    taken = weights_per_chip_gb(model, weight_format, layout) + _workspace_gb(rack)
    return USABLE_MEMORY * rack.memory_gb - taken


def _workspace_gb(rack: Rack) -> float:
    """Return room for activations: a chip with little memory works in smaller pieces [GB]."""
    return min(WORKSPACE_GB, 0.1 * rack.memory_gb)


def most_sequences(
    model: LanguageModel,
    rack: Rack,
    layout: Layout,
    *,
    context: float,
    weight_format: str,
    kv_format: str,
) -> float:
    """Return how many live sequences an instance can hold [sequences].

    Tensor parallel, cache is split by heads of keys and values: with multi-head latent attention,
    which has one, every chip holds the cache of all sequences.
    """
    room = cache_room_gb(model, rack, weight_format, layout)
    if room <= 0:
        return 0.0
    copies = layout.chips if layout.expert_parallel else min(layout.chips, model.kv_heads)
    return room * copies / kv_gb_per_sequence(model, context, kv_format)
