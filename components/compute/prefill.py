"""Input tokens that chips compute, and how long a user waits for the first output token."""

from dataclasses import dataclass

import numpy as np

from components.compute.attention import (
    INDEX_HEADS,
    attended,
    attention_params,
    cached_entries,
)
from components.compute.experts import dense_params
from components.compute.model import LanguageModel
from components.compute.network import all_reduce_us
from components.compute.parallelism import (
    Layout,
    cache_room_gb,
    kv_gb_per_sequence,
    most_tensor_chips,
)
from components.compute.rack import Rack
from components.compute.rates import peak_flop_per_us
from components.compute.software import ServingSoftware
from components.compute.traffic import Traffic

EXPANDED_SHARE = 320 / 1088
"""Of the widths of absorbed attention, what prefill multiplies with: 192 + 128 of 576 + 512.

Many queries share what it costs to expand the latent (DeepSeek-V2, arXiv 2405.04434).
"""


def new_tokens(traffic: Traffic, held_share: float) -> float:
    """Return the input that has to be computed, if a share of the cached is still held [tokens]."""
    return traffic.input_tokens * (1 - traffic.cached_share * held_share)


def active_flop(model: LanguageModel) -> float:
    """Return operations of one token with all weights that it passes [FLOP]."""
    routed = (model.experts_per_token + model.shared_experts) * model.expert_params_b * 1e9
    other = attention_params(model) + dense_params(model)
    return 2 * (model.layers * other + model.moe_layers * routed)


def prompt_attention_flop(model: LanguageModel, held: float, new: float) -> float:
    r"""Return operations of attention of a mean new token of a prompt [FLOP].

    It attends to what is held and to half of what is new. Attention over a few chosen tokens is
    in the absorbed form; over all of them it is cheaper to expand the latent.
    """
    context = held + new / 2
    widths = model.score_width + model.value_width
    each = 2 * model.query_heads * widths * cached_entries(model) * model.layers
    expanded = EXPANDED_SHARE if model.attention == "mla" else 1.0
    full = each * expanded * context
    chosen = each * attended(model, context)
    index = 2 * INDEX_HEADS * model.index_elements_per_token * context
    return min(full, chosen + index) if model.attended_tokens else full


@dataclass(frozen=True, slots=True)
class Prefill:
    """How fast chips compute prompts.

    Attributes
    ----------
    chips
        That share one prompt [chips].
    tokens_per_s_per_gpu
        Of one chip that does nothing else [tokens/s].
    prompt_s
        Computing one prompt [s].
    hand_off_s
        Sending its cache to another rack [s].
    """

    chips: int
    tokens_per_s_per_gpu: float
    prompt_s: float
    hand_off_s: float


def prefill(
    model: LanguageModel,
    rack: Rack,
    software: ServingSoftware,
    traffic: Traffic,
    *,
    held_share: float,
    weight_format: str,
    kv_format: str,
    chips: int = 1,
) -> Prefill:
    r"""Return how fast chips that share a prompt compute it.

    .. math:: t = S_{new} \left(\frac{2 P_{active}}{g\,F_w\,e_w} + \frac{A(S)}{g\,F_{kv}\,e_{kv}}
              + L\,t_{sum}\right) + L f

    with two sums of activations in each layer if g > 1 chips share the prompt. What several chips
    exchange for their experts is in the efficiency, which is measured with it.
    """
    new = new_tokens(traffic, held_share)
    held = traffic.input_tokens - new
    weights = peak_flop_per_us(rack, weight_format) * software.prefill_share(weight_format)
    cache = peak_flop_per_us(rack, kv_format) * software.prefill_share(kv_format)
    token_us = active_flop(model) / weights
    token_us += prompt_attention_flop(model, held, new) / cache
    none, one = all_reduce_us(model, rack, software, np.array([0.0, 1.0]), chips)
    shared_us = token_us / chips + model.layers * float(one - none)
    launches_us = model.layers * (software.fixed_tp_us + float(none))
    return Prefill(
        chips=chips,
        tokens_per_s_per_gpu=1e6 / (chips * shared_us),
        prompt_s=(new * shared_us + launches_us) / 1e6,
        hand_off_s=_hand_off_s(model, rack, traffic, kv_format, chips),
    )


def _hand_off_s(
    model: LanguageModel, rack: Rack, traffic: Traffic, kv_format: str, chips: int
) -> float:
    """Return the time to send a prompt's cache over the NICs of the chips that hold it [s]."""
    size = kv_gb_per_sequence(model, traffic.input_tokens, kv_format)
    speed = rack.nic_gb_s or rack.domain_gb_s
    return size / (speed * chips) if speed else float("inf")


def fastest_enough(
    model: LanguageModel,
    rack: Rack,
    software: ServingSoftware,
    traffic: Traffic,
    *,
    held_share: float,
    weight_format: str,
    kv_format: str,
) -> Prefill:
    """Return prefill on as few chips as hold the model and meet the time to first token.

    If none meet it, that of the chips that come nearest. Experts may lie on any number of chips;
    a dense model lies on those that share the prompt.
    """
    most = min(rack.domain_chips, most_tensor_chips(model))
    sizes = [2**n for n in range(most.bit_length())]
    tried = []
    for chips in [n for n in sizes if _holds(model, rack, weight_format, n)] or sizes[-1:]:
        found = prefill(
            model,
            rack,
            software,
            traffic,
            held_share=held_share,
            weight_format=weight_format,
            kv_format=kv_format,
            chips=chips,
        )
        if found.prompt_s + found.hand_off_s <= traffic.first_token_s:
            return found
        tried.append(found)
    return min(tried, key=lambda each: each.prompt_s + each.hand_off_s)


def _holds(model: LanguageModel, rack: Rack, weight_format: str, chips: int) -> bool:
    """Tell whether a prompt can be computed by so many chips without others."""
    layout = Layout(chips, expert_parallel=False)
    return bool(model.experts) or cache_room_gb(model, rack, weight_format, layout) > 0
