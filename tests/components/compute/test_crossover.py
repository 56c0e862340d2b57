from collections.abc import Callable

import pytest

from components.catalog.loader import load_family
from components.compute.afd import serve_apart
from components.compute.crossover import crossover_tokens_per_s_per_user, tokens_per_s_per_mw
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.serving import serve
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Performance, Traffic

VR = load_family("rack")["vr200_nvl72"].parameters
LPX = load_family("rack")["lpx_groq3"].parameters
assert isinstance(VR, Rack)
assert isinstance(LPX, Rack)
SOFTWARE = ServingSoftware(
    stack="of these tests",
    hbm_efficiency=0.65,
    flops_efficiency=0.35,
    prefill_efficiency={"bf16": 0.45, "fp8": 0.33, "fp4": 0.21},
    fixed_tp_us=40,
    fixed_ep_us=90,
)


def test_output_by_the_megawatt() -> None:
    """0.01 racks of 0.21 MW and 0.02 of 0.13 MW: 4.7 kW for 1000 tokens/s."""
    found = Performance("afd", {"a": 0.01, "b": 0.02}, 1, 1, 1, 1, 1, 1, "", {}, "", 1)

    assert tokens_per_s_per_mw(found, {"a": VR, "b": LPX}) == pytest.approx(1000 / 0.0047)
    assert tokens_per_s_per_mw(Infeasible("no"), {}) == 0


def test_crossover_of_two_curves_is_where_they_meet() -> None:
    meet = crossover_tokens_per_s_per_user(lambda s: 4 - s / 1000, lambda s: 400 / s)

    assert meet is not None
    assert 4 - meet / 1000 == pytest.approx(400 / meet, rel=2e-3)


@pytest.mark.parametrize(
    ("apart", "together", "meet"),
    [
        (lambda s: 1.0, lambda s: 2.0, None),
        (lambda s: 2.0, lambda s: 1.0, 5.0),
        (lambda s: 0.0, lambda s: 0.0, None),
        (lambda s: 1.0, lambda s: 2.0 if s < 100 else 0.0, 100.0),
        (lambda s: 1.0 if s < 300 else 0.0, lambda s: 2.0 if s < 100 else 0.5, 100.0),
    ],
)
def test_crossover_where_one_side_cannot(
    apart: Callable[[float], float], together: Callable[[float], float], meet: float | None
) -> None:
    found = crossover_tokens_per_s_per_user(apart, together)

    assert found == (None if meet is None else pytest.approx(meet, rel=2e-3))


@pytest.mark.parametrize("name", ["deepseek_r1", "kimi_k2_5"])
def test_sram_racks_win_by_the_megawatt_where_users_are_fast(name: str) -> None:
    """With LPX, Rubin racks give less per MW to slow users, more above some speed."""
    model, racks = load_family("model")[name].parameters, {"gpu": VR, "ffn": LPX}
    assert isinstance(model, LanguageModel)

    def apart(speed: float) -> float:
        found = serve_apart(model, "gpu", VR, SOFTWARE, "ffn", LPX, Traffic(1000, 1000, speed))
        if isinstance(found, Infeasible):
            return 0.0
        return max(tokens_per_s_per_mw(each, racks) for each in found)

    def together(speed: float) -> float:
        return tokens_per_s_per_mw(
            serve(model, "gpu", VR, SOFTWARE, Traffic(1000, 1000, speed)), racks
        )

    meet = crossover_tokens_per_s_per_user(apart, together)

    assert meet is not None
    assert 10 < meet < 150
    assert apart(meet / 2) < together(meet / 2)
    assert apart(1.3 * meet) > together(1.3 * meet)
