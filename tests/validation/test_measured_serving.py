"""The performance model against published measurements of servers.

Points and their sources stand in ``components/catalog/measured.csv``; those marked ``fitted`` set
the figures of ``serving_software.csv``, the others test them. Ratios between racks are what plans
depend on most, and are published too.
"""

from collections.abc import Sequence
from math import isnan
from statistics import median

import pytest

from components.catalog.loader import load_family
from components.compute.measured import Residual, residuals
from components.compute.serving import serve
from components.compute.traffic import Performance, Traffic

MODELS = {e.name: e.parameters for e in load_family("model").values()}
RACKS = {e.name: e.parameters for e in load_family("rack").values()}
SOFTWARE = {e.name: e.parameters for e in load_family("serving_software").values()}
POINTS = {e.name: e.parameters for e in load_family("measured").values()}
YOUNG = {"deepseek_v4_pro", "glm_5"}
"""Models whose points are of software some weeks old; they gained a hundredfold in one month
(InferenceX, 'DeepSeekV4 1.6T Day 0 to Day 43', 2026), and the model is of a mature one."""

pytestmark = pytest.mark.validation


@pytest.fixture(scope="module")
def found() -> Sequence[Residual]:
    return tuple(residuals(POINTS, MODELS, RACKS, SOFTWARE))


def mature(found: Sequence[Residual]) -> list[Residual]:
    return [each for each in found if POINTS[each.point].model not in YOUNG]


def test_every_point_can_be_served(found: Sequence[Residual]) -> None:
    assert [each.point for each in found if isnan(each.factor)] == []


def test_median_and_worst(found: Sequence[Residual]) -> None:
    factors = [each.factor for each in mature(found)]

    assert len(factors) > 70
    assert median(factors) <= 1.5
    assert max(factors) <= 3


def test_points_that_nothing_was_fitted_to(found: Sequence[Residual]) -> None:
    factors = [each.factor for each in mature(found) if not each.fitted]

    assert len(factors) > 25
    assert median(factors) <= 1.5


def test_the_model_leans_to_neither_side(found: Sequence[Residual]) -> None:
    above = sum(each.model > each.measured for each in mature(found))

    assert 0.3 < above / len(mature(found)) < 0.7


def test_young_software_is_behind_the_model(found: Sequence[Residual]) -> None:
    young = [each for each in found if POINTS[each.point].model in YOUNG]

    assert all(1 < each.model / each.measured < 8 for each in young)


def output(
    rack: str,
    speed: float,
    tokens: tuple[int, int] = (1024, 1024),
    *,
    weight_format: str | None = None,
    drafting: bool | None = None,
) -> float:
    """Output of one GPU of DeepSeek-R1, prefill on GPUs of its own [tokens/s]."""
    model = MODELS["deepseek_r1"]
    if weight_format:
        size = {weight_format: model.weights_gb[weight_format]}
        model = model.model_copy(update={"weights_gb": size})
    software = SOFTWARE[RACKS[rack].software]
    if drafting is not None:
        software = software.model_copy(update={"drafting": drafting})
    given = serve(model, rack, RACKS[rack], software, Traffic(*tokens, speed, 60))
    assert isinstance(given, Performance), given
    return given.output_tokens_per_s_per_gpu


def test_b200_over_h100_at_100() -> None:
    """21 published, 1k/1k, fp8, without drafts (InferenceX)."""
    b200, h100 = (
        output(rack, 100, weight_format="fp8", drafting=False)
        for rack in ("hgx_b200_air", "hgx_h100")
    )

    assert 14 < b200 / h100 < 30


def test_gb200_over_h100_at_75() -> None:
    """55 published, 8k/1k, the best of each (InferenceX v2)."""
    ratio = output("gb200_nvl72", 75, (8192, 1024)) / output("hgx_h100", 75, (8192, 1024))

    assert 28 < ratio < 110


def test_gb200_over_h200_at_50() -> None:
    """15 published, 8k/1k (NVIDIA on InferenceMAX, Oct 2025)."""
    ratio = output("gb200_nvl72", 50, (8192, 1024)) / output("hgx_h200", 50, (8192, 1024))

    assert 7.5 < ratio < 30


def test_h200_holds_the_model_in_one_node() -> None:
    """So it beats H100, which goes over the NIC in every layer, by far more than its bandwidth."""
    ratio = output("hgx_h200", 100) / output("hgx_h100", 100)

    assert ratio > 2 * RACKS["hgx_h200"].memory_tb_s / RACKS["hgx_h100"].memory_tb_s


def test_gb200_over_b200_at_125() -> None:
    """4.4 published, 1k/1k, fp4 with drafts (InferenceX): 4,130 over 941."""
    ratio = output("gb200_nvl72", 125) / output("hgx_b200_air", 125)

    assert 1.5 < ratio < 9


def test_racks_lose_their_edge_at_very_high_speed() -> None:
    """B200 wins above about 250 tokens/s/user (InferenceX): a node holds so few sequences."""
    ratio = output("gb200_nvl72", 260) / output("hgx_b200_air", 260)

    assert 1 / 1.3 < ratio < 1.3


def test_drafts_on_b200_at_102() -> None:
    """5.8 published, 1k/1k, fp4 (InferenceX): 2,795 over 483."""
    drafted, plain = (output("hgx_b200_air", 102, drafting=drafting) for drafting in (True, False))

    assert 2.9 < drafted / plain < 12


def test_b200_reaches_250() -> None:
    """More than 250 tokens/s/user on a node of eight (NVIDIA, TensorRT-LLM, 2025)."""
    assert output("hgx_b200_air", 250, (1024, 2048)) > 0
