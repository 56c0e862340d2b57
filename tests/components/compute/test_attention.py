"""Attention of one layer, by hand.

DeepSeek-R1: 37e9 active less 9 experts of 44.04e6 in 58 layers leave 14.01e9, 229.7e6 a layer. One
cached token is 576 elements of a layer and takes 2 x 128 x (576 + 512) = 278,528 FLOP a query.
"""

import numpy as np
import pytest

from components.catalog.loader import load_family
from components.compute.attention import (
    attended,
    attention_flop,
    attention_params,
    attention_us,
    cache_bytes_read,
    cached_entries,
)
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.software import ServingSoftware

MODELS = {e.name: e.parameters for e in load_family("model").values()}
R1 = MODELS["deepseek_r1"]
OSS = MODELS["gpt_oss_120b"]
V4 = MODELS["deepseek_v4_pro"]
LLAMA = MODELS["llama_3_1_70b"]
H200 = load_family("rack")["hgx_h200"].parameters
SOFTWARE = load_family("serving_software")["hopper"].parameters.model_copy(
    update={"hbm_efficiency": 0.5, "flops_efficiency": 0.5}
)


def times(
    model: LanguageModel = R1,
    sequences: float = 8,
    context: float = 2000,
    software: ServingSoftware = SOFTWARE,
    rack: Rack = H200,
    **more: float | str,
) -> tuple[float, float]:
    kwargs = {"verified_tokens": 1, "kv_format": "fp8", **more}
    memory, compute = attention_us(model, rack, software, [sequences], context, **kwargs)
    return float(memory[0]), float(compute[0])


def test_weights_beside_experts() -> None:
    assert attention_params(R1) == pytest.approx((37e9 - 9 * 3 * 7168 * 2048 * 58) / 61, rel=1e-12)


def test_dense_attention_is_four_projections() -> None:
    """8192 x 128 x (64 queries + 64 outputs + 8 keys + 8 values)."""
    assert attention_params(LLAMA) == 8192 * 128 * (64 + 64 + 8 + 8)


def test_memory_and_arithmetic_by_hand() -> None:
    """H200 at half its peaks: 2.4e6 B/us and 0.99e9 FLOP/us in fp8."""
    params = attention_params(R1)
    memory, compute = times()

    assert memory == pytest.approx((params + 8 * 2000 * 576) / 2.4e6)
    assert compute == pytest.approx((8 * 2 * params + 8 * 2000 * 278_528) / 0.99e9)


def test_bf16_cache_is_twice_as_long_and_computed_in_bf16() -> None:
    params = attention_params(R1)
    memory, compute = times(kv_format="bf16")

    assert memory == pytest.approx((params + 8 * 2000 * 576 * 2) / 2.4e6)
    assert compute == pytest.approx(8 * 2 * params / 0.99e9 + 8 * 2000 * 278_528 / (0.989e9 / 2))


def test_latent_cache_is_read_by_every_tensor_chip() -> None:
    """Eight chips: an eighth of weights and arithmetic, but all of the one latent head."""
    params = attention_params(R1)
    memory, compute = times(tensor_chips=8)

    assert memory == pytest.approx((params / 8 + 8 * 2000 * 576) / 2.4e6)
    assert compute == pytest.approx(times()[1] / 8)


def test_grouped_heads_are_split_as_far_as_they_go() -> None:
    """Eight heads of keys and values: sixteen chips hold each of them twice."""
    eight, sixteen = times(LLAMA, tensor_chips=8)[0], times(LLAMA, tensor_chips=16)[0]
    params = attention_params(LLAMA)
    cache = 8 * 2000 * 163_840 / 80

    assert eight == pytest.approx((params / 8 + cache / 8) / 2.4e6)
    assert sixteen == pytest.approx((params / 16 + cache / 8) / 2.4e6)


def test_drafts_share_what_they_read() -> None:
    memory, compute = times(verified_tokens=4)

    assert memory == times()[0]
    assert compute == pytest.approx(4 * times()[1])


def test_half_of_the_layers_see_a_window() -> None:
    """gpt-oss: 18 of 36 layers hold the context; 2 x 64 heads x (64 + 64) in those."""
    assert cached_entries(OSS) == 0.5
    assert attention_flop(OSS, 1000) == pytest.approx(0.5 * 1000 * 2 * 64 * 128)
    assert cache_bytes_read(OSS, 1000, "fp8") == pytest.approx((18_432_000 + 2.36e6) / 36)


def test_compressed_entries() -> None:
    """DeepSeek-V4: 30 layers of 1 entry for 4 tokens, 31 of 1 for 128."""
    assert cached_entries(V4) == pytest.approx((30 / 4 + 31 / 128) / 61, rel=1e-3)


def test_sparse_attention_reads_what_it_chose_and_its_index() -> None:
    sparse = MODELS["deepseek_v3_2"]
    long = 100_000

    assert attended(sparse, long) == 2048
    assert attended(sparse, 100) == 100
    assert cache_bytes_read(sparse, long, "fp8") == pytest.approx(2048 * 576 + long * 128)
    assert attention_flop(sparse, long) < attention_flop(R1, long) / 10


def test_latent_attention_is_near_the_ridge_of_an_h100() -> None:
    """About 480 FLOP for each byte of fp8 cache."""
    flop, read = attention_flop(R1, 8000), cache_bytes_read(R1, 8000, "fp8")

    assert flop / read == pytest.approx(278_528 / 576)


def test_arrays_in_arrays_out() -> None:
    memory, compute = attention_us(
        R1, H200, SOFTWARE, np.arange(1, 5), 100, verified_tokens=1, kv_format="fp8"
    )

    assert memory.shape == compute.shape == (4,)
    assert np.all(np.diff(memory) > 0)
