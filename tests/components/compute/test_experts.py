"""Experts that are hit, read and computed, by hand: of DeepSeek-R1, 44,040,192 weights each."""

from itertools import product

import numpy as np
import pytest

from components.catalog.loader import load_family
from components.compute.experts import (
    Split,
    dense_params,
    experts_hit,
    feed_forward_us,
    read_per_chip,
)

MODELS = {e.name: e.parameters for e in load_family("model").values()}
R1, LLAMA = MODELS["deepseek_r1"], MODELS["llama_3_1_70b"]
B200 = load_family("rack")["hgx_b200_air"].parameters
SOFTWARE = load_family("serving_software")["blackwell_hgx"].parameters.model_copy(
    update={"hbm_efficiency": 0.5, "flops_efficiency": 0.5, "expert_imbalance": 1.25}
)
EXPERT = 3 * 7168 * 2048


def test_experts_hit_by_counting_all_cases() -> None:
    """Two tokens that each choose 1 of 3 experts: 9 cases, 3 of them with one expert."""
    small = R1.model_copy(update={"experts": 3, "experts_per_token": 1})
    cases = [len({a, b}) for a, b in product(range(3), repeat=2)]

    assert experts_hit(small, 2) == pytest.approx(sum(cases) / len(cases))


def test_one_token_hits_its_experts_and_many_hit_all() -> None:
    assert experts_hit(R1, [1, 32, 1e4]) == pytest.approx([8, 163.3, 256], rel=1e-3)


def test_slices_are_read_alike_by_all_chips() -> None:
    read = read_per_chip(R1, np.array([1.0]), Split(8, whole_experts=False, imbalance=1.25))

    assert read == pytest.approx([(8 + 1) / 8])


@pytest.mark.parametrize(
    ("tokens", "chips", "read"),
    [
        (1, 32, 1 + 1),  # 8 of 256 on 32 chips: a busy chip reads one
        (1e5, 32, 8 + 1),  # all: what it holds, though the load is uneven
        (4, 8, 1.25 * 30.54 / 8 + 1),
    ],
)
def test_the_fullest_chip_reads_whole_experts(tokens: float, chips: int, read: float) -> None:
    split = Split(chips, whole_experts=True, imbalance=1.25)

    assert read_per_chip(R1, np.array([tokens]), split) == pytest.approx([read], rel=1e-3)


def test_times_by_hand() -> None:
    """8 chips, 10,000 tokens, fp4 of 0.5625 B at 4e6 B/us and 4.5e9 FLOP/us; 58 of 61 layers."""
    memory, compute = feed_forward_us(
        R1, B200, SOFTWARE, [1e4], weight_format="fp4", chips=8, whole_experts=True
    )

    assert memory == pytest.approx([58 / 61 * 33 * EXPERT * 0.5625 / 4e6], rel=1e-6)
    assert compute == pytest.approx([58 / 61 * 2e4 * (8 * 1.25 + 1) * EXPERT / (8 * 4.5e9)])


def test_dense_layers_read_all_and_compute_all() -> None:
    """Llama 70B: 70.6e9 / 80 less attention; twice the weights for each token."""
    params = 70.6e9 / 80 - 8192 * 128 * 144
    memory, compute = feed_forward_us(
        LLAMA, B200, SOFTWARE, [1, 100], weight_format="fp8", chips=4, whole_experts=False
    )

    assert dense_params(LLAMA) == pytest.approx(params)
    assert memory == pytest.approx([params / 4 / 4e6] * 2)
    assert compute == pytest.approx(np.array([2, 200]) * params / 4 / 2.25e9)


def test_feed_forward_of_a_dense_model_is_what_its_width_says() -> None:
    """Llama 70B: 3 x 8192 x 28672 a layer; embeddings and head are spread over the layers."""
    assert dense_params(LLAMA) == pytest.approx(3 * 8192 * 28_672, rel=0.05)
