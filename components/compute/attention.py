"""Time of attention in a decode step: reading weights and cache, or computing, of one layer."""

import numpy as np
from numpy.typing import ArrayLike

from components.base import Floats
from components.compute.formats import BYTES
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.rates import BYTES_PER_US, attention_format, peak_flop_per_us
from components.compute.software import ServingSoftware

INDEX_HEADS = 64
"""Heads that score cached tokens to choose some: ``index_n_heads`` of DeepSeek-V3.2 [heads]."""


def attention_params(model: LanguageModel) -> float:
    """Return weights of a mean layer beside its experts or feed-forward matrices [1].

    Of a mixture of experts all that every token passes, dense layers and head spread over the
    layers. Of a dense model the four projections of grouped-query attention.
    """
    if model.experts:
        per_token = model.experts_per_token + model.shared_experts
        routed = per_token * model.expert_params_b * model.moe_layers
        return (model.active_params_b - routed) * 1e9 / model.layers
    heads = model.query_heads + model.kv_heads
    return float(2 * model.hidden * model.score_width * heads)


def cached_entries(model: LanguageModel) -> float:
    """Return cached entries of one token in a mean layer: below 1 if layers see a window [1].

    An entry is a latent with multi-head latent attention, else a key and a value for each of the
    heads that share them.
    """
    shared = model.attention == "mla"
    width = (
        model.score_width if shared else model.kv_heads * (model.score_width + model.value_width)
    )
    return model.kv_elements_per_token / (model.layers * width)


def attended(model: LanguageModel, context: float) -> float:
    """Return how many tokens of a context a query attends to [tokens]."""
    return min(context, model.attended_tokens or context)


def cache_bytes_read(model: LanguageModel, context: float, kv_format: str) -> float:
    """Return what one layer reads of the cache of one sequence in one step [B].

    Drafts that are verified together share what they read.
    """
    chosen = attended(model, context) * model.kv_elements_per_token
    index = context * model.index_elements_per_token
    fixed = model.kv_fixed_mb_per_sequence * 1e6
    return (chosen + index + fixed) / model.layers * BYTES[kv_format]


def attention_flop(model: LanguageModel, context: float) -> float:
    """Return operations of one query token with its context in one layer [FLOP].

    With multi-head latent attention in its absorbed form: every head multiplies with the latent.
    """
    widths = model.score_width + model.value_width
    heads = 2 * model.query_heads * widths * cached_entries(model) * attended(model, context)
    index = 2 * INDEX_HEADS * model.index_elements_per_token / model.layers * context
    return heads + index


def attention_us(
    model: LanguageModel,
    rack: Rack,
    software: ServingSoftware,
    sequences_per_chip: ArrayLike,
    context: float,
    *,
    verified_tokens: float,
    kv_format: str,
    tensor_chips: int = 1,
    weight_format: str = "fp8",
) -> tuple[Floats, Floats]:
    r"""Return the times that attention of one layer takes of memory and of arithmetic.

    The layer takes the longer of both. With b sequences, context c, v tokens verified and g chips
    that share the heads,

    .. math:: t_{mem} = \frac{P/g + b\,K(c)/g_{kv}}{W}, \quad
              t_{flop} = \frac{2 b v P / g}{F_w} + \frac{b v A(c)/g}{F_{kv}}

    where the cache K is split among chips that hold different heads of keys and values: there is
    one head with multi-head latent attention, so that all g chips hold and read all of it.

    Parameters
    ----------
    sequences_per_chip : (n,)
        Live sequences of the chip, or of the group of chips that share the heads [sequences].
    context
        Mean context of a sequence [tokens].
    verified_tokens
        Tokens of a sequence in one step: 1 and its drafts [tokens].
    kv_format
        Number format of the cache and of arithmetic with it.
    tensor_chips
        Chips that share the heads of a sequence [chips].
    weight_format
        Of the model's experts; attention itself is never held narrower than fp8.

    Returns
    -------
    memory_us, compute_us : (n,), (n,)
        Of one layer [us].

    Examples
    --------
    DeepSeek-R1 on H100, one sequence and 64: 230 MB of weights in fp8 at 0.6 of 3.35 TB/s.

    >>> from components.catalog.loader import load_family
    >>> model, rack, software = (
    ...     load_family(family)[name].parameters
    ...     for family, name in (
    ...         ("model", "deepseek_r1"),
    ...         ("rack", "hgx_h100"),
    ...         ("serving_software", "hopper"),
    ...     )
    ... )
    >>> memory, compute = attention_us(
    ...     model, rack, software, [1, 64], 1000, verified_tokens=1, kv_format="fp8"
    ... )
    >>> memory.round(0).tolist(), compute.round(0).tolist()
    ([115.0, 133.0], [1.0, 51.0])
    """
    sequences = np.asarray(sequences_per_chip, dtype=float)
    held = attention_format(rack, weight_format)
    params = attention_params(model) / tensor_chips
    split = min(tensor_chips, model.kv_heads)
    cache = sequences * (cache_bytes_read(model, context, kv_format) / split)
    bandwidth = rack.memory_tb_s * BYTES_PER_US * software.hbm_efficiency
    memory = (params * BYTES[held] + cache) / bandwidth
    tokens = sequences * verified_tokens
    reached = software.flops_efficiency
    project = tokens * (2 * params / (peak_flop_per_us(rack, held) * reached))
    score = attention_flop(model, context) / tensor_chips
    return memory, project + tokens * (score / (peak_flop_per_us(rack, kv_format) * reached))
