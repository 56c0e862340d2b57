from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.compute.correction import Correction, correct, scaled
from components.compute.curves import Curve, curve_of, nearest
from components.compute.traffic import Infeasible, Performance, Traffic

ASKED = Traffic(1000, 1000, 40)
LONG = Traffic(8000, 1000, 40)


def _performance(output: float, *, prefill_share: float = 0.25, speed: float = 40) -> Performance:
    """Racks of 10 chips that spend a share of their time on prefill."""
    return Performance(
        mode="split",
        racks_per_ktoken_s={"rack": 100 / output},
        output_tokens_per_s_per_gpu=output,
        decode_tokens_per_s_per_gpu=output / (1 - prefill_share),
        prefill_tokens_per_s_per_gpu=output / prefill_share,
        tokens_per_s_per_user=speed,
        first_token_s=1.0,
        batch=8,
        layout="TP8",
        step_us={"attention": 1.0},
        bound_by="attention: memory",
        kv_gb_per_sequence=0.1,
    )


def _model(
    fastest: float = 100, steepness: float = 1.0, soonest_s: float = 0.0
) -> Callable[[Traffic], Performance | Infeasible]:
    """A model in which output falls with speed and with the length of the input."""

    def model_at(traffic: Traffic) -> Performance | Infeasible:
        speed = traffic.tokens_per_s_per_user
        if speed > fastest:
            return Infeasible(f"{fastest:g} tokens/s/user at most")
        if traffic.first_token_s < soonest_s:
            return Infeasible(f"{soonest_s:g} s to the first token at least")
        output = 40_000 / speed**steepness * (1000 / traffic.input_tokens)
        return _performance(output, speed=speed)

    return model_at


def _curve(*points: tuple[float, float], gpus: str = "all") -> Curve:
    return curve_of(points, input_tokens=1000, output_tokens=1000, gpus=gpus)  # type: ignore[arg-type]


def _at(found: Performance | Infeasible) -> Performance:
    assert isinstance(found, Performance)
    return found


def _corrected(curve: Curve, traffic: Traffic, fastest: float = 100) -> Performance:
    model_at = _model(fastest)
    return _at(correct(model_at(traffic), traffic, curve, model_at))


def test_points_that_another_beats_are_left_out() -> None:
    curve = _curve((10, 100), (20, 120), (20, 90), (40, 50), (30, 40))

    assert curve.speeds.tolist() == [20, 40]
    assert curve.outputs.tolist() == [120, 50]


@pytest.mark.parametrize("points", [[], [(10, 0)], [(-1, 5)], [(10, float("nan"))]])
def test_curves_refuse_points_without_meaning(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="needs points above 0"):
        _curve(*points)


def test_no_curve_is_read_beyond_its_ends() -> None:
    with pytest.raises(ValueError, match="30 tokens/s/user is beyond 40 to 80"):
        _curve((40, 200), (80, 100)).output_at(30)


def test_a_curve_passes_through_its_points() -> None:
    curve = _curve((10, 900), (25, 800), (40, 200), (100, 20))

    found = [curve.output_at(speed) for speed in (10, 25, 40, 100)]

    assert found == pytest.approx([900, 800, 200, 20])


@given(
    st.lists(st.tuples(st.floats(1, 500), st.floats(1, 20_000)), min_size=1, max_size=12),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_output_never_rises_with_speed(
    points: list[tuple[float, float]], one: float, other: float
) -> None:
    curve = _curve(*points)
    span = curve.fastest - curve.slowest
    slow, fast = sorted(min(curve.slowest + share * span, curve.fastest) for share in (one, other))

    assert curve.output_at(fast) <= curve.output_at(slow) * (1 + 1e-9)


def test_what_was_measured_stands_above_the_model() -> None:
    """At 40 tokens/s the model says 1000 of a GPU, and 500 was measured: twice the racks."""
    found = _corrected(_curve((20, 1200), (40, 500), (80, 200)), ASKED)

    assert found.output_tokens_per_s_per_gpu == pytest.approx(500)
    assert found.racks_per_ktoken_s == pytest.approx({"rack": 0.2})
    assert found.measured
    assert found.notes[-1] == "a measured curve: 0.50 of the model"


@pytest.mark.parametrize(("speed", "expected"), [(10, 0.6 * 4000), (90, 0.4 * 40_000 / 90)])
def test_beyond_its_ends_the_ratio_of_the_end_holds(speed: float, expected: float) -> None:
    """Measured over model is 1200 / 2000 at the slow end, and 200 / 500 at the fast one."""
    curve = _curve((20, 1200), (80, 200))

    found = _corrected(curve, replace(ASKED, tokens_per_s_per_user=speed))

    assert found.output_tokens_per_s_per_gpu == pytest.approx(expected)
    assert "measured from 20 to 80 tokens/s/user" in found.notes[-1]


def test_at_other_lengths_the_ratio_at_the_same_speed_holds() -> None:
    """The model gives 125 at eight times the input; half of the model was measured."""
    found = _corrected(_curve((20, 1200), (40, 500), (80, 200)), LONG)

    assert found.output_tokens_per_s_per_gpu == pytest.approx(0.5 * 125)
    assert "measured at 1,000 in and 1,000 out" in found.notes[-1]


def test_cached_input_is_another_length() -> None:
    assert not _curve((20, 1)).has_lengths_of(replace(ASKED, cached_share=0.5))


def test_a_speed_that_was_measured_is_served_though_the_model_cannot() -> None:
    """The model ends at 60 tokens/s; 200 were measured at 80."""
    curve = _curve((20, 1200), (40, 500), (80, 200))

    found = _corrected(curve, replace(ASKED, tokens_per_s_per_user=80), fastest=60)

    assert found.output_tokens_per_s_per_gpu == pytest.approx(200)
    assert found.tokens_per_s_per_user == 80
    assert "the model says 60 tokens/s/user at most" in found.notes[-2]


@pytest.mark.parametrize(
    ("traffic", "why"),
    [
        (Traffic(1000, 1000, 90), "60 tokens/s/user at most"),
        (Traffic(1000, 1000, 40, first_token_s=0.1), "2 s to the first token at least"),
    ],
)
def test_a_curve_does_not_mend_what_it_does_not_say(traffic: Traffic, why: str) -> None:
    """Neither a speed beyond its end, nor a wait for the first token that no curve limits."""
    curve, model_at = _curve((20, 1200), (80, 200)), _model(fastest=60, soonest_s=2)

    assert correct(model_at(traffic), traffic, curve, model_at) == Infeasible(why)


@given(
    st.lists(st.tuples(st.floats(5, 200), st.floats(1, 20_000)), min_size=1, max_size=6),
    st.floats(1, 99),
    st.floats(1, 99),
    st.sampled_from([ASKED, LONG]),
    st.sampled_from(["all", "decode"]),
)
def test_corrected_output_falls_with_speed(
    points: list[tuple[float, float]], one: float, other: float, traffic: Traffic, gpus: str
) -> None:
    """Whatever was measured, at the lengths of the curve and at others."""
    slow, fast = sorted((one, other))
    model_at = _model(steepness=0.3)
    correction = Correction(_curve(*points, gpus=gpus), traffic, model_at)

    def output(speed: float) -> float:
        asked = replace(traffic, tokens_per_s_per_user=speed)
        return _at(correction.of(model_at(asked), asked)).output_tokens_per_s_per_gpu

    assert output(fast) <= output(slow) * (1 + 1e-9)


def test_output_of_decode_alone_leaves_prefill_as_it_is() -> None:
    """A GPU that decodes gives 1000 and prefill takes a third of that time again: 750 of all.

    Measured 500 takes twice the time to decode: 1 / (1/500 + 1/3000).
    """
    found = scaled(_performance(750), 500, "decode")

    assert found.decode_tokens_per_s_per_gpu == 500
    assert found.output_tokens_per_s_per_gpu == pytest.approx(1 / (1 / 500 + 1 / 3000))
    assert found.prefill_tokens_per_s_per_gpu == 3000


def test_the_nearest_curve_is_nearest_in_logarithms() -> None:
    short = _curve((20, 1))
    long = curve_of([(20, 1)], input_tokens=16_000, output_tokens=1000)

    assert nearest([short, long], Traffic(3000, 1000, 20)) is short
    assert nearest([short, long], Traffic(5000, 1000, 20)) is long
    assert nearest([], ASKED) is None


def test_one_point_is_a_ratio() -> None:
    found = _corrected(_curve((20, 1000)), ASKED)

    assert np.isclose(found.output_tokens_per_s_per_gpu, 500)
