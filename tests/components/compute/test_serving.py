"""What racks give: laws that hold for any rack and traffic, and what is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.catalog.loader import load_family
from components.compute.decode import PARTS
from components.compute.rack import Rack
from components.compute.serving import MODES, serve
from components.compute.traffic import Infeasible, Performance, Traffic

MODELS = {e.name: e.parameters for e in load_family("model").values()}
RACKS = {e.name: e.parameters for e in load_family("rack").values()}
SOFTWARE = {e.name: e.parameters for e in load_family("serving_software").values()}
ACCELERATORS = {name: rack for name, rack in RACKS.items() if rack.kind == "accelerator"}
CHAT = Traffic(2000, 500, 35)

models = st.sampled_from(sorted(MODELS))
racks = st.sampled_from(sorted(ACCELERATORS))
modes = st.sampled_from(MODES)
traffics = st.builds(
    Traffic,
    input_tokens=st.sampled_from([200.0, 1000.0, 8000.0, 30_000.0]),
    output_tokens=st.sampled_from([100.0, 1000.0, 4000.0]),
    tokens_per_s_per_user=st.floats(5, 200),
    first_token_s=st.sampled_from([0.3, 2.0, 30.0]),
    cached_share=st.sampled_from([0.0, 0.5, 0.95]),
)
LAWS = settings(max_examples=40, deadline=None)
ROUNDING = 1 + 1e-9


def ask(
    model: str, name: str, traffic: Traffic, rack: Rack | None = None, **more: object
) -> Performance | Infeasible:
    found = rack or RACKS[name]
    return serve(MODELS[model], name, found, SOFTWARE[found.software], traffic, **more)


def given_out(found: Performance | Infeasible) -> float:
    """Output of one GPU; nothing where it cannot be served."""
    return 0.0 if isinstance(found, Infeasible) else found.output_tokens_per_s_per_gpu


@LAWS
@given(
    models,
    racks,
    traffics,
    modes,
    st.sampled_from(
        ["memory_gb", "memory_tb_s", "domain_gb_s", "nic_gb_s", "bf16_pflops", "fp8_pflops"]
    ),
    st.floats(1, 4),
)
def test_better_chips_never_hurt(
    model: str, name: str, traffic: Traffic, mode: str, figure: str, times: float
) -> None:
    better = RACKS[name].model_copy(update={figure: times * getattr(RACKS[name], figure)})
    found = given_out(ask(model, name, traffic, better, mode=mode))

    assert given_out(ask(model, name, traffic, mode=mode)) <= found * ROUNDING


@LAWS
@given(models, traffics, modes, st.sampled_from([8, 16, 32, 64, 128]))
def test_larger_domains_never_hurt(model: str, traffic: Traffic, mode: str, domain: int) -> None:
    small = RACKS["gb200_nvl72"].model_copy(update={"domain_chips": domain})
    large = small.model_copy(update={"domain_chips": 2 * domain})
    found = given_out(ask(model, "gb200_nvl72", traffic, large, mode=mode))

    assert given_out(ask(model, "gb200_nvl72", traffic, small, mode=mode)) <= found * ROUNDING


@LAWS
@given(models, racks, traffics, modes, st.floats(1, 3))
def test_faster_users_cost_output(
    model: str, name: str, traffic: Traffic, mode: str, times: float
) -> None:
    faster = replace(traffic, tokens_per_s_per_user=times * traffic.tokens_per_s_per_user)
    slow = given_out(ask(model, name, traffic, mode=mode))

    assert given_out(ask(model, name, faster, mode=mode)) <= slow * ROUNDING


@LAWS
@given(models, racks, traffics, modes, st.floats(1, 3))
def test_longer_context_costs_output(
    model: str, name: str, traffic: Traffic, mode: str, times: float
) -> None:
    longer = replace(traffic, input_tokens=times * traffic.input_tokens)
    short = given_out(ask(model, name, traffic, mode=mode))

    assert given_out(ask(model, name, longer, mode=mode)) <= short * ROUNDING


@LAWS
@given(models, racks, traffics, modes, st.floats(0, 1), st.floats(0, 1))
def test_holding_more_never_hurts(
    model: str, name: str, traffic: Traffic, mode: str, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    found = given_out(ask(model, name, traffic, mode=mode, held_share=more))

    assert given_out(ask(model, name, traffic, mode=mode, held_share=less)) <= found * ROUNDING


@LAWS
@given(models, racks, traffics, modes, st.floats(0, 0.8))
def test_what_is_asked_is_met(
    model: str, name: str, traffic: Traffic, mode: str, haircut: float
) -> None:
    found = ask(model, name, traffic, mode=mode, haircut=haircut)
    if isinstance(found, Infeasible):
        assert found.why
        return

    assert found.tokens_per_s_per_user >= traffic.tokens_per_s_per_user / ROUNDING
    assert found.first_token_s <= traffic.first_token_s * ROUNDING
    assert found.output_tokens_per_s_per_gpu <= found.decode_tokens_per_s_per_gpu
    assert set(found.step_us) == set(PARTS)
    speed = 1e6 * MODELS[model].accepted_tokens / sum(found.step_us.values())
    assert found.tokens_per_s_per_user <= speed * ROUNDING


@pytest.mark.parametrize("name", ACCELERATORS)
@pytest.mark.parametrize("model", MODELS)
def test_every_model_on_every_accelerator_is_answered(model: str, name: str) -> None:
    found = ask(model, name, CHAT)

    if isinstance(found, Infeasible):
        assert found.why.startswith(("weights: ", "cache: ", "no arithmetic")) or (
            "tokens/s/user at most" in found.why
        )
    else:
        assert found.racks_per_ktoken_s == {
            name: pytest.approx(1000 / (found.output_tokens_per_s_per_gpu * RACKS[name].chips))
        }


def test_decode_and_prefill_make_the_whole() -> None:
    """Split: 1 / (1/decode + new input per output / prefill), and the share of a service."""
    found = ask("deepseek_r1", "gb200_nvl72", Traffic(8000, 1000, 50, cached_share=0.5))
    assert isinstance(found, Performance)
    both = 1 / found.decode_tokens_per_s_per_gpu + 4 / found.prefill_tokens_per_s_per_gpu
    share = SOFTWARE["blackwell_nvl"].service_share

    assert found.output_tokens_per_s_per_gpu == pytest.approx(share / both)


def test_split_speed_is_that_of_the_step_and_colocated_shares_it() -> None:
    for mode in MODES:
        found = ask("qwen3_235b", "hgx_h200", Traffic(8000, 1000, 30), mode=mode)
        assert isinstance(found, Performance)
        alone = 1e6 / sum(found.step_us.values())
        prefill = 8 * found.decode_tokens_per_s_per_gpu / found.prefill_tokens_per_s_per_gpu
        shared = {"split": 1, "colocated": 1 + prefill}[mode]

        assert found.tokens_per_s_per_user == pytest.approx(alone / shared)


def test_a_haircut_slows_everything_alike() -> None:
    """Half the speed at half the target is the same layout and batch, with twice the step."""
    full = ask("deepseek_r1", "vr200_nvl72", Traffic(1000, 1000, 100, 60), haircut=0.0)
    half = ask("deepseek_r1", "vr200_nvl72", Traffic(1000, 1000, 50, 60), haircut=0.5)
    assert isinstance(full, Performance)
    assert isinstance(half, Performance)

    assert (half.layout, half.batch) == (full.layout, full.batch)
    assert half.output_tokens_per_s_per_gpu == pytest.approx(full.output_tokens_per_s_per_gpu / 2)
    assert sum(half.step_us.values()) == pytest.approx(2 * sum(full.step_us.values()))
    assert "50% off" in " ".join(half.notes)


def test_drafting_is_chosen_where_it_pays() -> None:
    """Few sequences: reading weights once for four tokens. Many: arithmetic binds."""
    fast = ask("deepseek_r1", "hgx_b200_air", Traffic(1000, 1000, 150))
    assert isinstance(fast, Performance)
    assert "3 drafts" in " ".join(fast.notes)
    for name in ("hopper", "amd_mi300"):
        assert not SOFTWARE[name].drafting


def test_four_bits_only_where_the_chip_has_them() -> None:
    """gpt-oss has four-bit weights alone: H200 widens them as it reads."""
    blackwell = ask("gpt_oss_120b", "hgx_b200_air", CHAT)
    hopper = ask("gpt_oss_120b", "hgx_h200", CHAT)
    assert isinstance(blackwell, Performance)
    assert isinstance(hopper, Performance)

    assert "weights in fp4" in blackwell.notes
    assert "weights in int4, computed in fp8" in hopper.notes


@pytest.mark.parametrize(
    ("model", "name", "traffic", "why"),
    [
        ("deepseek_r1", "hgx_h100", Traffic(1000, 1000, 1e4), "tokens/s/user at most"),
        ("deepseek_r1", "gb200_nvl72", Traffic(1e6, 1000, 10), "context: 1,001,000 of 163,840"),
        ("deepseek_r1", "gb200_nvl72", Traffic(1e5, 9, 10, 0.01), "s to the first token at least"),
        ("deepseek_r1", "lpx_groq3", CHAT, "kind ffn"),
        ("llama_3_1_405b", "tpu_v6e", Traffic(1e5, 1000, 1), "s to the first token at least"),
    ],
)
def test_refuses_in_words(model: str, name: str, traffic: Traffic, why: str) -> None:
    rack = RACKS[name]
    software = SOFTWARE[rack.software or "blackwell_nvl"]
    found = serve(MODELS[model], name, rack, software, traffic)

    assert isinstance(found, Infeasible)
    assert why in found.why


@pytest.mark.parametrize(
    ("memory_gb", "why"),
    [(8.0, "weights: 37.6 GB of a chip"), (41.0, "cache: 0.0791 GB of a sequence beside 37.6 GB")],
)
def test_small_chips_hold_no_large_model(memory_gb: float, why: str) -> None:
    """On 256 chips one expert of each layer, 2.6 GB, and all else, 35.1 GB."""
    small = RACKS["hgx_h100"].model_copy(update={"memory_gb": memory_gb})
    found = ask("deepseek_r1", "hgx_h100", CHAT, small)

    assert isinstance(found, Infeasible)
    assert found.why.startswith(why)
    assert found.why.endswith(f"in {memory_gb:g} GB")


def test_one_node_does_not_hold_deepseek_on_h100() -> None:
    """689 GB in 8 x 80 GB: it takes two nodes, and one of H200."""
    one = ask("deepseek_r1", "hgx_h100", CHAT, most_chips=8)
    two = ask("deepseek_r1", "hgx_h100", CHAT, most_chips=16)
    newer = ask("deepseek_r1", "hgx_h200", CHAT, most_chips=8)

    assert isinstance(one, Infeasible)
    assert isinstance(two, Performance)
    assert isinstance(newer, Performance)


def test_unknown_mode() -> None:
    with pytest.raises(ValueError, match="try one of colocated, split"):
        ask("deepseek_r1", "gb200_nvl72", CHAT, mode="joint")
