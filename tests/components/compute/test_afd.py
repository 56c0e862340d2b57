from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from components.catalog.loader import load_family
from components.compute.afd import serve_apart
from components.compute.afd_stages import (
    Feeder,
    Pairing,
    Stages,
    chips_that_hold,
    ffn_format,
    ffn_weights_gb,
    stages,
)
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.serving import serve
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Performance, Traffic


def _model(name: str) -> LanguageModel:
    found = load_family("model")[name].parameters
    assert isinstance(found, LanguageModel)
    return found


def _rack(name: str) -> Rack:
    found = load_family("rack")[name].parameters
    assert isinstance(found, Rack)
    return found


R1 = _model("deepseek_r1").model_copy(update={"draft_tokens": 3, "accepted_tokens": 2.5})
LLAMA, QWEN = _model("llama_3_1_405b"), _model("qwen3_235b")
VR, LPX, H100, STX = (
    _rack(name) for name in ("vr200_nvl72", "lpx_groq3", "hgx_h100", "stx_bluefield4")
)
LP35 = LPX.model_copy(update={"fp4_pflops": 2.4})
SOFTWARE = ServingSoftware(
    stack="of these tests",
    hbm_efficiency=0.65,
    flops_efficiency=0.35,
    prefill_efficiency={"bf16": 0.45, "fp8": 0.33, "fp4": 0.21},
    fixed_tp_us=40,
    fixed_ep_us=90,
)
CHAT = Traffic(1000, 1000, 120)


def _apart(
    model: LanguageModel = R1,
    rack: Rack = VR,
    ffn: Rack = LPX,
    traffic: Traffic = CHAT,
    **more: float,
) -> tuple[Performance, ...]:
    found = serve_apart(model, "gpu", rack, SOFTWARE, "ffn", ffn, traffic, **more)  # type: ignore[arg-type]
    assert not isinstance(found, Infeasible), found.why
    return found


def _why(
    model: LanguageModel = R1, rack: Rack = VR, ffn: Rack = LPX, traffic: Traffic = CHAT
) -> str:
    found = serve_apart(model, "gpu", rack, SOFTWARE, "ffn", ffn, traffic)
    assert isinstance(found, Infeasible)
    return found.why


def _pair() -> Pairing:
    feeder = Feeder(LPX, "fp8", 256, 6)
    return Pairing(R1, VR, SOFTWARE, feeder, 1500, 1, 1, "fp8", 5.0, 0.0, 0.0)


def _even(us: float, ways: float) -> Stages:
    one = np.array([us])
    return Stages(one, 0 * one, one, one * ways, one * ways, one * 0, one > 0)


def test_three_stages_of_step_3() -> None:
    """Step-3: 50 ms over 61 layers and three stages is 273 us each.

    Attention, feed-forward and both ways of 273 us, three micro-batches: 819 us a layer, and the
    other two finish 546 us after the first.
    """
    layer = _even(273, ways=0.5)

    assert layer.step_us(3, 61)[0] == pytest.approx(61 * 819 + 546)
    assert layer.step_us(3, 61)[0] == pytest.approx(50_000, rel=0.02)


@pytest.mark.parametrize("micro_batches", [3, 4, 6])
def test_step_is_megascale_infers_where_nothing_waits(micro_batches: int) -> None:
    """(T_a + T_e + 2 T_c) + T_f (m L - 1) with m of at least 2 (1 + T_c / T_f) = 2.5."""
    layer = _even(100, ways=0.25)

    assert layer.step_us(micro_batches, 61)[0] == 250 + 100 * (micro_batches * 61 - 1)


def test_one_micro_batch_goes_through_layer_by_layer() -> None:
    assert _even(100, ways=0.25).step_us(1, 61)[0] == 61 * 250


@pytest.mark.parametrize(
    ("name", "rack", "racks", "gb"),
    [("deepseek_r1", LPX, 6, 656), ("kimi_k2", LPX, 9, 1017), ("deepseek_r1", LP35, 4, 369)],
)
def test_sram_decides_the_racks_of_a_copy(name: str, rack: Rack, racks: int, gb: float) -> None:
    """58 layers x 257 experts x 44.04 M; racks of 256 x 0.45 GB. FP4 takes 9/16 of FP8."""
    model = _model(name)
    held = ffn_format(model, rack)
    assert held is not None

    assert ffn_weights_gb(model, held) == pytest.approx(gb, rel=2e-3)
    assert -(-chips_that_hold(model, rack, held) // 256) == racks


def test_formats_of_feed_forward_weights() -> None:
    """LP30 has fp8 alone, so int4 is widened; LP35 takes fp4; an H100 widens int4 as it reads."""
    k2_5 = _model("kimi_k2_5")
    bf16 = LLAMA.model_copy(update={"weights_gb": {"bf16": 810}})
    none = LPX.model_copy(update={"fp8_pflops": 0.0})

    assert [ffn_format(k2_5, rack) for rack in (LPX, LP35, H100)] == ["fp8", "fp4", "int4"]
    assert (ffn_format(bf16, LPX), ffn_format(R1, none)) == ("fp8", None)


def test_times_of_a_layer_found_on_paper() -> None:
    """64 sequences a GPU, 16 GPUs a stream: 1,024 tokens on 256 chips.

    Out: 64 x 7168 B at 200 GB/s x 0.85 = 2.70 us, and 1,024 at 3,200 GB/s the same; back twice.
    Feed-forward: 58/61 x 2 x (8 x 1.25 + 1) x 44.04 M x 1,024 at 256 x 1.2 PFLOPS x 0.4 = 7.68 us,
    beside 4 us of crossing the rack.
    """
    found = stages(_pair(), np.array([[64.0]]), np.array([[16.0]]))

    assert found.out[0, 0] == pytest.approx(5 + 2.699, abs=1e-3)
    assert found.back[0, 0] == pytest.approx(5 + 5.397, abs=1e-3)
    assert found.experts[0, 0] == pytest.approx(4 + 7.677, abs=5e-3)
    assert found.fixed[0, 0] == 20


def test_scale_out_of_sram_racks_binds_when_many_gpus_send() -> None:
    few, many = (stages(_pair(), np.array([[64.0]]), np.array([[n]])) for n in (8.0, 160.0))

    assert few.wire[0, 0] == pytest.approx(5.397, abs=1e-3)
    assert many.wire[0, 0] == pytest.approx(53.97, abs=1e-2)


def test_points_are_ways_to_trade_one_kind_of_rack_for_the_other() -> None:
    found = _apart()
    racks = [(p.racks_per_ktoken_s["gpu"], p.racks_per_ktoken_s["ffn"]) for p in found]

    assert 1 <= len(found) <= 3
    assert all(a[0] < b[0] and a[1] > b[1] for a, b in pairwise(racks))


def test_performance_agrees_with_itself() -> None:
    """Racks give the output, parts sum to the step, the step gives the speed."""
    for p in _apart():
        per_gpu = 1000 / (p.racks_per_ktoken_s["gpu"] * VR.chips)
        step = sum(p.step_us.values())
        gpus = int(p.layout.split(":")[0][1:])

        assert p.output_tokens_per_s_per_gpu == pytest.approx(per_gpu)
        assert p.step_us["waiting"] >= -1e-6
        assert p.tokens_per_s_per_user >= CHAT.tokens_per_s_per_user
        stand = p.tokens_per_s_per_user * step / 1e6
        assert stand == pytest.approx(1.0) or stand == pytest.approx(R1.accepted_tokens)
        assert p.batch * p.tokens_per_s_per_user == pytest.approx(
            p.decode_tokens_per_s_per_gpu * gpus
        )


def test_all_that_waits_fits_into_memory() -> None:
    for p in _apart(traffic=Traffic(100_000, 1000, 20)):
        gpus = int(p.layout.split(":")[0][1:])

        assert p.batch * p.kv_gb_per_sequence <= 0.95 * VR.memory_gb * gpus


def _least_power(**more: object) -> float:
    found = _apart(**more)  # type: ignore[arg-type]
    return min(
        p.racks_per_ktoken_s["gpu"] * VR.unit_mw + p.racks_per_ktoken_s["ffn"] * LPX.unit_mw
        for p in found
    )


@pytest.mark.parametrize(
    "better",
    [
        {"ffn": LPX.model_copy(update={"memory_tb_s": 300.0})},
        {"ffn": LPX.model_copy(update={"memory_gb": 1.0})},
        {"ffn": LPX.model_copy(update={"fp8_pflops": 2.4})},
        {"ffn": LPX.model_copy(update={"nic_gb_s": 50.0})},
        {"ffn": LP35},
        {"rack": VR.model_copy(update={"memory_gb": 432.0})},
        {"rack": VR.model_copy(update={"memory_tb_s": 30.0})},
        {"rack": VR.model_copy(update={"nic_gb_s": 400.0})},
        {"bridge_us": 2.0},
        {"haircut": 0.0},
        {"ffn_haircut": 0.0},
    ],
    ids=str,
)
@pytest.mark.parametrize("speed", [20.0, 100.0, 150.0])
def test_what_is_better_never_hurts(better: dict[str, object], speed: float) -> None:
    traffic = Traffic(4000, 1000, speed)

    assert _least_power(traffic=traffic, **better) <= _least_power(traffic=traffic) * (1 + 1e-9)


def test_faster_users_take_more_racks() -> None:
    power = [_least_power(traffic=Traffic(1000, 1000, s)) for s in (10, 40, 80, 120, 160)]

    assert power == sorted(power)


def test_drafting_off_is_slower_per_rack() -> None:
    """A model with no drafts to offer takes more at 120 tokens/s/user."""
    plain = R1.model_copy(update={"draft_tokens": 0, "accepted_tokens": 1.0})

    assert _least_power(model=plain) > _least_power()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"rack": LPX}, "attention on a rack of kind ffn"),
        ({"ffn": STX}, "feed-forward layers on a rack of kind storage"),
        ({"ffn": LPX.model_copy(update={"nic_gb_s": 0.0})}, "no scale-out bandwidth"),
        ({"ffn": LPX.model_copy(update={"fp8_pflops": 0.0})}, "no arithmetic"),
        ({"traffic": Traffic(1000, 1000, 5000)}, "tokens/s/user at most"),
        ({"traffic": Traffic(1000, 1000, 50, first_token_s=1e-4)}, "s to the first token at least"),
        ({"traffic": Traffic(200_000, 1000, 20)}, "context: 201,000 of 163,840 tokens"),
        ({"model": LLAMA, "rack": VR.model_copy(update={"memory_gb": 12.0}),
          "traffic": Traffic(130_000, 100, 20)}, "cache: "),
    ],
)  # fmt: skip
def test_why_it_cannot(more: dict[str, object], why: str) -> None:
    assert why in _why(**more)  # type: ignore[arg-type]


def test_a_dense_model_has_its_feed_forward_layers_in_sram() -> None:
    """405 G less 72 G of attention, in fp8, on racks of 115 GB: three."""
    found = _apart(LLAMA, traffic=Traffic(1000, 1000, 30))

    assert ffn_weights_gb(LLAMA, "fp8") == pytest.approx(333, rel=0.01)
    assert all(p.layout.split("F")[1].split()[0] == "768" for p in found)


def test_accelerators_can_hold_the_feed_forward_layers() -> None:
    """Racks of one kind make one point, and all its chips count."""
    found = serve_apart(QWEN, "hgx", H100, SOFTWARE, "hgx", H100, Traffic(600, 200, 20))
    assert not isinstance(found, Infeasible)
    (only,) = found

    assert set(only.racks_per_ktoken_s) == {"hgx"}
    assert only.output_tokens_per_s_per_gpu == pytest.approx(
        1000 / (only.racks_per_ktoken_s["hgx"] * H100.chips)
    )


def test_megascale_infer_on_two_kinds_of_gpu() -> None:
    """H20 for attention, L40S for experts: up to 1.90 times as much per GPU as together.

    MegaScale-Infer (arXiv 2504.02263), models of 132-317B, 150 ms a token, 571 tokens in and 159
    out. Here Qwen3-235B; L40S are counted though they cost less.
    """
    h20 = H100.model_copy(
        update={"memory_gb": 96.0, "memory_tb_s": 4.0, "bf16_pflops": 0.148, "fp8_pflops": 0.296}
    )
    l40s = H100.model_copy(
        update={"memory_gb": 48.0, "memory_tb_s": 0.864, "bf16_pflops": 0.362, "fp8_pflops": 0.733,
                "domain_chips": 1, "domain_gb_s": 0.0}
    )  # fmt: skip
    traffic = Traffic(571, 159, 1 / 0.15)
    together = serve(QWEN, "h20", h20, SOFTWARE, traffic)
    apart = _apart(QWEN, h20, l40s, traffic)
    assert isinstance(together, Performance)
    ratio = max(p.decode_tokens_per_s_per_gpu for p in apart) / together.decode_tokens_per_s_per_gpu

    assert 1.0 <= ratio <= 2.0


def test_step_3_on_hopper() -> None:
    """4,039 tokens/s per GPU at 20 tokens/s/user and 4k context (arXiv 2507.19427), within 30 %.

    61 layers, 5 of them dense; 48 experts, 3 of a token and one shared; 64 query heads of 256
    over one key and value head.
    """
    step_3 = LanguageModel(
        developer="StepFun",
        params_b=316,
        active_params_b=38,
        layers=61,
        dense_layers=5,
        hidden=7168,
        attention="gqa",
        query_heads=64,
        kv_heads=1,
        score_width=256,
        value_width=256,
        kv_elements_per_token=61 * 512,
        experts=48,
        experts_per_token=3,
        shared_experts=1,
        expert_width=5120,
        weights_gb={"fp8": 325},
        max_context_tokens=65_536,
    )
    traffic = Traffic(3900, 200, 20)
    found = serve_apart(step_3, "hgx", H100, SOFTWARE, "hgx", H100, traffic)
    assert not isinstance(found, Infeasible)

    assert found[0].decode_tokens_per_s_per_gpu == pytest.approx(4039, rel=0.3)


def test_inside_one_domain_parts_talk_over_its_links() -> None:
    """16 and 16 chips of one NVL72: 1,024 x 7168 B x 5.25 copies or more at 1,260 GB/s, not 170."""
    few = replace(_pair(), feeder=Feeder(VR, "fp8", 16, 1), bridge_us=25.0)
    near = stages(replace(few, alike=True), np.array([[64.0]]), np.array([[16.0, 57.0]]))
    far = stages(few, np.array([[64.0]]), np.array([[16.0, 57.0]]))

    assert far.wire[0, 0] / near.wire[0, 0] == pytest.approx(1800 * 0.7 / (200 * 0.85))
    assert near.out[0, 0] < SOFTWARE.domain_latency_us + 5 < far.out[0, 0]
    assert near.wire[0, 1] == far.wire[0, 1]
