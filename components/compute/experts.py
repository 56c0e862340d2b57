"""Time of the feed-forward layers in a decode step: experts that are hit, read and computed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from components.base import Floats
from components.compute.attention import attention_params
from components.compute.formats import BYTES
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.rates import BYTES_PER_US, peak_flop_per_us
from components.compute.software import ServingSoftware


def experts_hit(model: LanguageModel, tokens: ArrayLike) -> Floats:
    r"""Return how many different experts of a layer some tokens are routed to, on average.

    .. math:: E \left(1 - (1 - k/E)^T\right)

    for T tokens that each choose k of E experts, all alike. InferenceX profiles of DeepSeek-R1
    show 50 to 60 % at 32 tokens, where this gives 64 %: real routing is a little more skewed.

    Examples
    --------
    >>> from components.catalog.loader import load_family
    >>> r1 = load_family("model")["deepseek_r1"].parameters
    >>> experts_hit(r1, [1, 32]).round(1).tolist()
    [8.0, 163.3]
    """
    share = model.experts_per_token / model.experts
    missed: Floats = np.power(1 - share, np.asarray(tokens, dtype=float))
    return model.experts * (1 - missed)


def dense_params(model: LanguageModel) -> float:
    """Return feed-forward weights of a layer of a dense model; 0 with experts [1].

    A mixture of experts has those of its dense layers in `attention_params`.
    """
    if model.experts:
        return 0.0
    return max(model.active_params_b * 1e9 / model.layers - attention_params(model), 0.0)


@dataclass(frozen=True, slots=True)
class Split:
    """How chips share the feed-forward layers.

    Attributes
    ----------
    chips
        Of the instance [chips].
    whole_experts
        Whether a chip holds whole experts, or a slice of each.
    imbalance
        Load of the fullest chip over the mean, where it holds whole experts [1].
    """

    chips: int
    whole_experts: bool
    imbalance: float


def read_per_chip(model: LanguageModel, tokens: Floats, split: Split) -> Floats:
    """Return experts that the fullest chip reads in a layer, its share of the shared ones too.

    A chip reads no more experts than it holds, and if it is busy, one at least.
    """
    hit = experts_hit(model, tokens)
    if not split.whole_experts:
        return (hit + model.shared_experts) / split.chips
    held = max(model.experts / split.chips, 1.0)
    fullest = np.minimum(np.maximum(split.imbalance * hit / split.chips, 1.0), held)
    return fullest + model.shared_experts


def feed_forward_us(
    model: LanguageModel,
    rack: Rack,
    software: ServingSoftware,
    tokens: ArrayLike,
    *,
    weight_format: str,
    chips: int,
    whole_experts: bool,
) -> tuple[Floats, Floats]:
    r"""Return the times that a mean layer's feed-forward part takes of memory and of arithmetic.

    .. math:: t_{mem} = \frac{(E_{chip} + s)\,P_e\,w}{W}, \quad
              t_{flop} = \frac{2\,T\,(k\,i + s)\,P_e}{N F}

    Parameters
    ----------
    tokens : (n,)
        Tokens that the whole instance computes in one step, drafts included [tokens].
    weight_format
        In which the experts are held.
    chips
        Of the instance [chips].
    whole_experts
        Whether a chip holds whole experts (expert parallel) or slices (tensor parallel).

    Returns
    -------
    memory_us, compute_us : (n,), (n,)
        Of a layer, averaged over those with and without experts [us].
    """
    count = np.asarray(tokens, dtype=float)
    bandwidth = rack.memory_tb_s * BYTES_PER_US * software.hbm_efficiency
    rate = peak_flop_per_us(rack, weight_format) * software.flops_efficiency
    if not model.experts:
        params = dense_params(model) / chips
        read = np.full_like(count, params * BYTES[weight_format] / bandwidth)
        return read, count * (2 * params / rate)
    split = Split(chips, whole_experts, software.expert_imbalance)
    size = model.expert_params_b * 1e9
    share = model.moe_layers / model.layers
    memory = read_per_chip(model, count, split) * (share * size * BYTES[weight_format] / bandwidth)
    skew = software.expert_imbalance if whole_experts else 1.0
    each = model.experts_per_token * skew + model.shared_experts
    return memory, count * (share * 2 * each * size / (chips * rate))
