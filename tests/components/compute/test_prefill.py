"""Prefill by hand. DeepSeek-R1: 74e9 FLOP a token, and 2 x 128 x 320 x 61 for each before it."""

import pytest

from components.catalog.loader import load_family
from components.compute.prefill import (
    Prefill,
    active_flop,
    fastest_enough,
    new_tokens,
    prefill,
    prompt_attention_flop,
)
from components.compute.traffic import Traffic

MODELS = {e.name: e.parameters for e in load_family("model").values()}
R1 = MODELS["deepseek_r1"]
H200 = load_family("rack")["hgx_h200"].parameters
SOFTWARE = load_family("serving_software")["hopper"].parameters.model_copy(
    update={"prefill_efficiency": {"fp8": 0.3, "bf16": 0.4}, "fixed_tp_us": 50.0}
)
TRAFFIC = Traffic(8000, 1000, 50)
FORMATS = {"weight_format": "fp8", "kv_format": "fp8"}
PER_CACHED = 2 * 128 * 320 * 61


def found(traffic: Traffic = TRAFFIC, chips: int = 1, held_share: float = 1.0) -> Prefill:
    return prefill(R1, H200, SOFTWARE, traffic, held_share=held_share, chips=chips, **FORMATS)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_a_token_takes_two_operations_a_weight(model) -> None:
    assert active_flop(model) == pytest.approx(2e9 * model.active_params_b, rel=1e-9)


def test_rate_by_hand() -> None:
    """A mean token of 8,000 attends to 4,000: 74 + 20 GFLOP at 0.3 of 1.98 PFLOPS."""
    flop = 74e9 + 4000 * PER_CACHED

    assert found().tokens_per_s_per_gpu == pytest.approx(1.98e15 * 0.3 / flop)
    assert found().prompt_s == pytest.approx(8000 * flop / (1.98e15 * 0.3) + 61 * 50e-6)


def test_hand_off_by_hand() -> None:
    """8,000 tokens of 35,136 B over one NIC of 50 GB/s: 5.6 ms; over eight NICs an eighth."""
    assert found().hand_off_s == pytest.approx(8000 * 35_136 / 50e9)
    assert found(chips=8).hand_off_s == pytest.approx(8000 * 35_136 / 400e9)


def test_what_is_held_is_not_computed_but_attended_to() -> None:
    cached = Traffic(8000, 1000, 50, cached_share=0.75)

    assert new_tokens(cached, 1.0) == 2000
    assert new_tokens(cached, 0.5) == 5000
    assert new_tokens(cached, 0.0) == 8000
    assert prompt_attention_flop(R1, 6000, 2000) == pytest.approx(7000 * PER_CACHED)


def test_sparse_attention_is_cheaper_on_long_prompts_only() -> None:
    sparse = MODELS["deepseek_v3_2"]

    assert prompt_attention_flop(sparse, 0, 1000) == prompt_attention_flop(R1, 0, 1000)
    assert prompt_attention_flop(sparse, 0, 1e5) < prompt_attention_flop(R1, 0, 1e5) / 2


def test_sharing_a_prompt_is_sooner_and_gives_less() -> None:
    one, eight = found(), found(chips=8)

    assert eight.prompt_s < one.prompt_s
    assert eight.tokens_per_s_per_gpu < one.tokens_per_s_per_gpu


@pytest.mark.parametrize(("limit_s", "chips"), [(10, 1), (1.0, 2), (0.001, 8)])
def test_as_few_chips_as_are_soon_enough(limit_s: float, chips: int) -> None:
    """One chip takes 1.27 s; none meets a millisecond, and eight come nearest."""
    traffic = Traffic(8000, 1000, 50, first_token_s=limit_s)
    chosen = fastest_enough(R1, H200, SOFTWARE, traffic, held_share=1.0, **FORMATS)

    assert chosen.chips == chips


def test_a_dense_model_is_shared_by_the_chips_that_hold_it() -> None:
    """405 GB in fp8 on H200: 0.95 x 141 - 8 = 126 GB of a chip, so four of them."""
    llama = MODELS["llama_3_1_405b"]
    traffic = Traffic(1000, 1000, 20, first_token_s=60)
    chosen = fastest_enough(llama, H200, SOFTWARE, traffic, held_share=1.0, **FORMATS)

    assert chosen.chips == 4


@pytest.mark.parametrize(
    ("rack", "software", "weight_format", "kv_format", "published"),
    [
        ("hgx_h100", "hopper", "fp8", "bf16", 7839),
        ("gb200_nvl72", "blackwell_nvl", "fp8", "bf16", 18_471),
        ("gb200_nvl72", "blackwell_nvl", "fp4", "fp8", 26_156),
    ],
)
def test_published_rates(
    rack: str, software: str, weight_format: str, kv_format: str, published: float
) -> None:
    """DeepSeek's profile at 4,000 tokens and SGLang's reports at 2,000, within 10 %."""
    rate = prefill(
        R1,
        load_family("rack")[rack].parameters,
        load_family("serving_software")[software].parameters,
        Traffic(4000 if rack == "hgx_h100" else 2000, 1000, 20),
        held_share=1.0,
        weight_format=weight_format,
        kv_format=kv_format,
    )

    assert rate.tokens_per_s_per_gpu == pytest.approx(published, rel=0.1)
