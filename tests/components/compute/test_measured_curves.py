from collections.abc import Callable

import pytest

from components.catalog.loader import load_family
from components.compute.correction import ModelAt
from components.compute.curves import curve_of
from components.compute.measured import MeasuredPoint
from components.compute.measured_curves import (
    MeasuredCurve,
    Setup,
    Standing,
    curves_for,
    measured_curves,
)
from components.compute.model import LanguageModel
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Performance, Traffic

ASKED = Traffic(1000, 1000, 40)
FP8 = Setup("split", "fp8", drafting=False)
FP4 = Setup("split", "fp4", drafting=True)


def _point(**changes: object) -> MeasuredPoint:
    figures: dict[str, object] = {
        "model": "m",
        "rack": "r",
        "weight_format": "fp8",
        "mode": "split",
        "input_tokens": 8000,
        "output_tokens": 1000,
        "tokens_per_s_per_user": 50,
        "tokens_per_s_per_gpu": 900,
        "counts": "total",
        "gpus_counted": "all",
        "drafting": False,
        "fitted": False,
        "stack": "a",
    }
    return MeasuredPoint.model_validate({**figures, **changes})


def _performance(output: float) -> Performance:
    return Performance(
        "split", {"r": 1 / output}, output, output, output, 40, 1, 1, "TP8", {}, "", 0.1
    )


def _models(**outputs: float) -> Callable[[Setup], ModelAt]:
    """A model whose output depends on the weights it is held to."""

    def model_as(setup: Setup) -> ModelAt:
        output = outputs.get(setup.weight_format or "any")
        return lambda _: _performance(output) if output else Infeasible("0 tokens/s/user at most")

    return model_as


def _curve(setup: Setup, output: float, input_tokens: float = 1000) -> MeasuredCurve:
    points = [(40, output)]
    return MeasuredCurve(setup, curve_of(points, input_tokens=input_tokens, output_tokens=1000))


def _output(found: Performance | Infeasible) -> float:
    assert isinstance(found, Performance)
    return found.output_tokens_per_s_per_gpu


def test_total_tokens_become_output() -> None:
    """900 tokens/s of which one in nine is output."""
    found = measured_curves({"a": _point(), "b": _point(tokens_per_s_per_user=100)})

    (curve,) = found["m", "r", "split"]
    assert curve.setup == Setup("split", "fp8", drafting=False)
    assert curve.curve.outputs.tolist() == pytest.approx([100])


def test_points_of_one_setup_and_length_are_one_curve() -> None:
    points = {
        "a": _point(),
        "b": _point(tokens_per_s_per_user=20, tokens_per_s_per_gpu=1800),
        "drafts": _point(drafting=True),
        "more drafts": _point(drafting=True, tokens_per_s_per_user=20, tokens_per_s_per_gpu=4000),
        "again": _point(drafting=True, tokens_per_s_per_user=30, tokens_per_s_per_gpu=2000),
        "alone": _point(input_tokens=1000),
        "prefill": _point(counts="prefill", gpus_counted="prefill"),
        "no speed": _point(tokens_per_s_per_user=None),
    }

    found = measured_curves(points)

    assert [len(each.curve.speeds) for each in found["m", "r", "split"]] == [2, 3]


def test_curves_of_the_catalog_name_what_there_is() -> None:
    points = {
        name: entry.parameters
        for name, entry in load_family("measured").items()
        if isinstance(entry.parameters, MeasuredPoint)
    }
    models = load_family("model")

    found = measured_curves(points)

    assert found
    for (model, rack, _), curves in found.items():
        figures = models[model].parameters
        assert isinstance(figures, LanguageModel)
        assert rack in load_family("rack")
        assert all(each.setup.weight_format in figures.weights_gb for each in curves)


def test_the_setup_that_the_model_would_run_is_measured_itself() -> None:
    found = Standing([_curve(FP4, 500)], ASKED, _models(any=1000, fp4=1000), "split").of(
        _performance(1000), ASKED
    )

    assert _output(found) == pytest.approx(500)
    assert isinstance(found, Performance)
    assert found.measured


def test_another_setup_gets_the_same_ratio() -> None:
    """Measured 300 of the 600 that the model gives with fp8; it would run what gives 1000."""
    standing = Standing([_curve(FP8, 300)], ASKED, _models(any=1000, fp8=600), "split")

    assert _output(standing.of(_performance(1000), ASKED)) == pytest.approx(500)


def test_at_its_lengths_a_rack_gives_at_least_what_was_measured() -> None:
    """The model does not serve in that setup at all."""
    standing = Standing([_curve(FP8, 300)], ASKED, _models(any=200), "split")

    assert _output(standing.of(_performance(200), ASKED)) == pytest.approx(300)


@pytest.mark.parametrize(
    ("curves", "chosen"),
    [
        ((_curve(FP8, 1), _curve(FP4, 2)), 2),
        ((_curve(Setup("split", "fp4", drafting=False), 1), _curve(FP4, 2)), 2),
        ((_curve(Setup("split", "fp4", drafting=True, most_chips=8), 1), _curve(FP4, 2)), 2),
        ((_curve(FP4, 1), _curve(Setup(), 2)), 2),
        ((_curve(FP4, 1, input_tokens=8000), _curve(FP4, 2)), 2),
        ((_curve(FP4, 1, input_tokens=8000), _curve(FP8, 2)), 1),
    ],
)
def test_files_stand_first_then_the_best_setup_then_the_nearest_lengths(
    curves: tuple[MeasuredCurve, ...], chosen: float
) -> None:
    standing = Standing(curves, ASKED, _models(any=1, fp8=1, fp4=1), "split")

    assert standing.chosen is not None
    assert standing.chosen.curve.outputs.tolist() == [chosen]


def test_what_another_mode_gave_is_a_ratio_and_no_promise() -> None:
    """Measured 500 of 1000 with prefill apart; beside decode the model gives 400."""
    curve = _curve(FP4, 500)
    models = _models(any=400, fp4=1000)

    found = Standing([curve], ASKED, models, "colocated").of(_performance(400), ASKED)

    assert _output(found) == pytest.approx(200)


def test_without_curves_of_a_mode_those_of_the_other_stand() -> None:
    split, apart = (_curve(FP4, 500),), (_curve(FP8, 300),)
    curves = {("m", "r", "split"): split, ("m", "r", "afd"): apart}

    assert curves_for(curves, "m", "r", "split") is split
    assert curves_for(curves, "m", "r", "colocated") is split
    assert curves_for(curves, "m", "r", "afd") is apart
    assert curves_for(curves, "m", "other", "split") == ()
    assert curves_for({("m", "r", "split"): split}, "m", "r", "afd") == ()


def test_nothing_measured_leaves_the_model_alone() -> None:
    found = _performance(400)

    assert Standing([], ASKED, _models(any=400), "split").of(found, ASKED) is found


def test_a_setup_leaves_nothing_to_choose() -> None:
    model = load_family("model")["deepseek_r1"].parameters
    software = load_family("serving_software")["blackwell_nvl"].parameters
    assert isinstance(model, LanguageModel)
    assert isinstance(software, ServingSoftware)

    held, quiet = FP8.figures(model, software)

    assert list(held.weights_gb) == ["fp8"]
    assert not quiet.drafting
    assert Setup().figures(model, software) == (model, software)
