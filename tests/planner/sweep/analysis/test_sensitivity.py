"""Indices agree with what is known of functions; a tornado shows what each axis moves."""

import math
from typing import Any

import pytest

from planner.sweep.analysis.sensitivity import AnalysisError, indices, regression, tornado
from tests.planner.sweep.analysis.made import asked, studied

PI = {"distribution": {"uniform": {"from": -math.pi, "to": math.pi}}}
KEYS = {
    "x1": {"key": "power.gas_usd_per_mmbtu", **PI},
    "x2": {"key": "policy.co2_usd_per_t", **PI},
    "x3": {"key": "finance.discount_rate", **PI},
}
A, B = 7.0, 0.1


def ishigami(x1: float, x2: float, x3: float) -> dict[str, float]:
    return {"objective_usd": math.sin(x1) + A * math.sin(x2) ** 2 + B * x3**4 * math.sin(x1)}


def exact() -> dict[str, tuple[float, float]]:
    """First and total indices of Ishigami's function (Ishigami and Homma 1990)."""
    v1 = 0.5 * (1 + B * math.pi**4 / 5) ** 2
    v2, v13 = A**2 / 8, B**2 * math.pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    return {"x1": (v1 / v, (v1 + v13) / v), "x2": (v2 / v, v2 / v), "x3": (0.0, v13 / v)}


def test_sobol_indices_of_ishigami_are_the_analytic_ones() -> None:
    found = indices(studied(asked(KEYS, design={"sobol": 2048}), ishigami), "objective_usd")
    rows = found.table.set_index("axis")

    for axis, (first, total) in exact().items():
        assert rows.at[axis, "first"] == pytest.approx(first, abs=0.03)
        assert rows.at[axis, "total"] == pytest.approx(total, abs=0.03)
        assert abs(rows.at[axis, "first"] - first) <= 2 * rows.at[axis, "first_within"]
    assert list(found.table["axis"]) == ["x1", "x2", "x3"]
    assert (found.used, found.dropped) == (2048, 0)


def linear(x1: float, x2: float, x3: float) -> dict[str, float]:
    return {"objective_usd": 100 + 3 * x1 - 5 * x2 + 0 * x3}


def test_morris_effects_of_a_linear_function_are_its_slopes_times_ranges() -> None:
    design = {"morris": {"trajectories": 6}}
    found = indices(studied(asked(KEYS, design=design), linear), "objective_usd")
    rows = found.table.set_index("axis")

    assert rows.at["x1", "mean_effect"] == pytest.approx(3 * 2 * math.pi)
    assert rows.at["x2", "mean_effect"] == pytest.approx(-5 * 2 * math.pi)
    assert rows.at["x2", "mean_absolute_effect"] == pytest.approx(5 * 2 * math.pi)
    assert rows["spread"].abs().max() < 1e-9
    assert rows.at["x3", "mean_effect"] == pytest.approx(0.0, abs=1e-9)


def test_groups_with_a_point_without_a_plan_are_left_out_whole() -> None:
    def some_fail(x1: float, x2: float, x3: float) -> dict[str, Any]:
        # One way in several goes through here; no value of it may be believed.
        return {"status": "infeasible", "reason": "no"} if x1 > 3 else linear(x1, x2, x3)

    design = {"morris": {"trajectories": 12}}
    found = indices(studied(asked(KEYS, design=design), some_fail), "objective_usd")

    assert 0 < found.dropped < 12
    assert found.used + found.dropped == 12
    assert found.table.set_index("axis").at["x2", "mean_effect"] == pytest.approx(-10 * math.pi)


@pytest.mark.parametrize(
    ("design", "figure", "words"),
    [
        ({"lhs": 8}, "objective_usd", "sobol or morris"),
        ({"morris": {"trajectories": 4}}, "nothing_usd", "no column"),
        ({"morris": {"trajectories": 4}}, "flat_usd", "the same at every point"),
    ],
)
def test_what_an_analysis_lacks_is_said(design: Any, figure: str, words: str) -> None:
    made = studied(asked(KEYS, design=design), lambda **x: {**linear(**x), "flat_usd": 1.0})
    with pytest.raises(AnalysisError, match=words):
        indices(made, figure)


def test_points_that_have_not_ended_are_waited_for() -> None:
    whole = studied(asked(KEYS, design={"morris": {"trajectories": 4}}), linear)
    part = type(whole)(whole.table.head(7), whole.axes, whole.sweep, whole.periods)
    with pytest.raises(AnalysisError, match="9 of 16 points have not ended"):
        indices(part, "objective_usd")


STAR = {
    "gas": {"key": "power.gas_usd_per_mmbtu", "values": [4, 2, 8, 4, 4]},
    "rate": {"key": "finance.discount_rate", "values": [0.08, 0.08, 0.08, 0.05, 0.10]},
}


def test_a_tornado_shows_each_axis_alone_about_the_base() -> None:
    made = studied(
        asked(STAR, design="list"), lambda gas, rate: {"objective_usd": 10 * gas + 1000 * rate}
    )
    found = tornado(made, "objective_usd")
    rows = found.table.set_index("axis")

    assert found.base == 120
    assert list(found.table["axis"]) == ["gas", "rate"]
    assert tuple(rows.loc["gas", ["low", "high", "at_low", "at_high"]]) == (2, 8, 100, 160)
    assert tuple(rows.loc["rate", ["at_low", "at_high"]]) == pytest.approx((90, 140))


def test_points_that_move_all_axes_have_no_tornado_but_a_regression() -> None:
    made = studied(asked(KEYS, design={"lhs": 40}), linear)
    with pytest.raises(AnalysisError, match="differ in one axis only"):
        tornado(made, "objective_usd")
    found = regression(made, "objective_usd")
    row = found.table.set_index("axis").loc["x2"]

    assert found.r2 == pytest.approx(1.0)
    assert list(found.table["axis"]) == ["x2", "x1", "x3"]
    assert row["at_high"] - row["at_low"] == pytest.approx(-5 * (row["high"] - row["low"]))
