"""Layouts, and what fits on their chips."""

import pytest

from components.catalog.loader import load_family
from components.compute.parallelism import (
    Layout,
    kv_gb_per_sequence,
    layouts,
    most_sequences,
    most_tensor_chips,
    weights_per_chip_gb,
)

MODELS = {e.name: e.parameters for e in load_family("model").values()}
RACKS = {e.name: e.parameters for e in load_family("rack").values()}
R1, LLAMA, OSS = MODELS["deepseek_r1"], MODELS["llama_3_1_70b"], MODELS["gpt_oss_120b"]
H200, GB200 = RACKS["hgx_h200"], RACKS["gb200_nvl72"]


def test_names() -> None:
    assert Layout(8, expert_parallel=False).name == "TP8"
    assert Layout(64, expert_parallel=True).name == "EP64"


def test_powers_of_two_and_the_domain() -> None:
    names = {layout.name for layout in layouts(R1, GB200)}

    assert {"TP1", "TP8", "TP16", "EP2", "EP64", "EP72", "EP144", "EP256"} <= names
    assert "TP32" not in names


def test_dense_models_have_no_experts_to_share() -> None:
    assert all(not layout.expert_parallel for layout in layouts(LLAMA, GB200))


def test_no_slice_of_an_expert_is_narrower_than_a_block() -> None:
    """2048 / 128 = 16 of R1; 2880 / 128 = 22 of gpt-oss; Llama's layers are wide enough."""
    assert [most_tensor_chips(m) for m in (R1, OSS, LLAMA)] == [16, 22, 32]


def test_at_most_so_many_chips() -> None:
    assert max(layout.chips for layout in layouts(R1, GB200, 8)) == 8


def test_weights_are_shared_or_copied() -> None:
    """Of 689 GB 653.9 are routed experts: 58 x 256 x 44.04e6 bytes."""
    routed = 256 * 3 * 7168 * 2048 * 58 / 1e9

    assert weights_per_chip_gb(R1, "fp8", Layout(8, expert_parallel=False)) == 689 / 8
    assert weights_per_chip_gb(R1, "fp8", Layout(64, expert_parallel=True)) == pytest.approx(
        routed / 64 + 689 - routed
    )


def test_cache_of_a_sequence() -> None:
    """Windows of gpt-oss do not grow: 2.36 MB beside 18,432 B a token."""
    assert kv_gb_per_sequence(OSS, 1000, "fp8") == pytest.approx((18_432_000 + 2.36e6) / 1e9)


def test_expert_parallel_every_chip_has_sequences_of_its_own() -> None:
    """H200: 0.95 x 141 GB less weights and 8 GB, over 35,136 B x 1000; eight times with EP8."""
    kwargs = {"context": 1000, "weight_format": "fp8", "kv_format": "fp8"}
    tensor, expert = Layout(8, expert_parallel=False), Layout(8, expert_parallel=True)

    assert most_sequences(R1, H200, tensor, **kwargs) == pytest.approx(
        (0.95 * 141 - 8 - 689 / 8) / 0.035136
    )
    weights = weights_per_chip_gb(R1, "fp8", expert)
    assert most_sequences(R1, H200, expert, **kwargs) == pytest.approx(
        8 * (0.95 * 141 - 8 - weights) / 0.035136
    )


def test_grouped_heads_are_split() -> None:
    kwargs = {"context": 1000, "weight_format": "fp8", "kv_format": "fp8"}
    layout = Layout(16, expert_parallel=False)
    room = 0.95 * 141 - 8 - 70 / 16

    assert most_sequences(LLAMA, H200, layout, **kwargs) == pytest.approx(room * 8 / 0.16384)


def test_what_does_not_fit_holds_nothing() -> None:
    kwargs = {"context": 1000, "weight_format": "fp8", "kv_format": "fp8"}

    assert most_sequences(R1, H200, Layout(4, expert_parallel=False), **kwargs) == 0
