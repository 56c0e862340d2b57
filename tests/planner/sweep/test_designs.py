"""Designs ask for the points that they promise; drawn ones are SALib's own."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris, sobol
from SALib.test_functions import Ishigami
from scipy import stats

from planner.sweep.designs import coordinates, levels_of, path, unit_samples
from planner.sweep.distributions import Distribution
from planner.sweep.model import Sweep
from planner.sweep.point import Point
from tests.planner.sweep import toys

PI = float(np.pi)
UNIFORM = {"distribution": {"uniform": {"from": -PI, "to": PI}}}
ISHIGAMI = {f"x{i}": {"key": f"grid.x{i}", **UNIFORM} for i in (1, 2, 3)}
PROBLEM = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-PI, PI]] * 3}


def _sweep(axes: dict[str, Any], design: Any = "grid", **more: Any) -> Sweep:
    return Sweep.model_validate({"base": "a.yaml", "axes": axes, "design": design, **more})


def _values(sweep: Sweep) -> list[tuple[Any, ...]]:
    return [tuple(value for value, _ in at.values()) for at in levels_of(sweep)]


def test_a_grid_has_every_value_with_every_other() -> None:
    axes = {"a": {"key": "x", "values": [1, 2]}, "b": {"key": "y", "values": ["u", "v", "w"]}}
    found = _values(_sweep(axes))
    assert found == [(1, "u"), (1, "v"), (1, "w"), (2, "u"), (2, "v"), (2, "w")]


def test_a_list_goes_through_all_axes_together() -> None:
    axes = {"a": {"key": "x", "values": [1, 2]}, "b": {"key": "y", "values": [[3], [4]]}}
    assert _values(_sweep(axes, "list")) == [(1, [3]), (2, [4])]


def test_a_range_has_both_ends_and_no_dirt() -> None:
    axes = {"a": {"key": "x", "range": {"from": 0.06, "to": 0.12, "step": 0.005}}}
    found = [value for (value,) in _values(_sweep(axes))]
    assert found == [0.06, 0.065, 0.07, 0.075, 0.08, 0.085, 0.09, 0.095, 0.1, 0.105, 0.11, 0.115,
                     0.12]  # fmt: skip


def test_sobol_and_morris_are_sampled_by_salib() -> None:
    found = np.array(_values(_sweep(ISHIGAMI, {"sobol": 8}, seed=3)))
    assert found == pytest.approx(sobol.sample(PROBLEM, 8, calc_second_order=False, seed=3))
    second = _values(_sweep(ISHIGAMI, {"sobol": 8, "second_order": True}))
    assert len(second) == 8 * (2 * 3 + 2)
    design = {"morris": {"trajectories": 5, "levels": 6}}
    found = np.array(_values(_sweep(ISHIGAMI, design, seed=4)))
    assert found == pytest.approx(morris.sample(PROBLEM, 5, num_levels=6, seed=4))


def test_a_latin_hypercube_has_one_point_in_every_layer_and_depends_on_the_seed() -> None:
    samples = unit_samples(_sweep(ISHIGAMI, {"lhs": 20}, seed=1))
    layers = np.sort(np.floor(20 * samples).astype(int), axis=0)
    assert (layers == np.arange(20)[:, None]).all()
    assert (samples == unit_samples(_sweep(ISHIGAMI, {"lhs": 20}, seed=1))).all()
    assert (samples != unit_samples(_sweep(ISHIGAMI, {"lhs": 20}, seed=2))).any()


def test_values_of_an_axis_that_is_drawn_are_equally_likely() -> None:
    axes = {"a": {"key": "x", "values": ["u", "v", "w", "z"]}}
    found = [value for (value,) in _values(_sweep(axes, {"lhs": 40}))]
    assert {value: found.count(value) for value in "uvwz"} == dict.fromkeys("uvwz", 10)


@pytest.mark.parametrize(
    ("given", "like"),
    [
        ({"uniform": {"from": 2, "to": 6}}, stats.uniform(2, 4)),
        ({"triangular": {"from": 2, "mode": 3, "to": 6}}, stats.triang(0.25, 2, 4)),
        ({"normal": {"mean": 4, "sd": 1, "from": 2, "to": 6}}, stats.truncnorm(-2, 2, 4, 1)),
    ],
)
def test_distributions_have_the_quantiles_of_scipy(given: dict[str, Any], like: Any) -> None:
    shares = np.linspace(0, 1, 11)
    assert Distribution.model_validate(_floats(given)).at(shares) == pytest.approx(like.ppf(shares))


def test_a_lognormal_has_its_median_and_ends_at_its_bounds() -> None:
    given = {"lognormal": {"median": 4.0, "sigma": 0.5, "from": 1.0, "to": 16.0}}
    found = Distribution.model_validate(given).at(np.array([0.0, 0.5, 1.0]))
    assert found == pytest.approx([1, 4, 16])


def _floats(given: dict[str, Any]) -> dict[str, Any]:
    return {k: {key: float(v) for key, v in inner.items()} for k, inner in given.items()}


def test_the_path_through_a_grid_goes_back_and_forth() -> None:
    axes = {
        "a": {"key": "x", "values": [1, 2, 3]},
        "b": {"key": "y", "values": [10, 20, 30, 40]},
    }
    order = path(coordinates(levels_of(_sweep(axes))))
    assert sorted(order) == list(range(12))
    grid = [divmod(n, 4) for n in order]
    steps = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(grid)]
    assert steps == [1] * 11


def _through_the_runner(sweep: Sweep) -> np.ndarray:
    levels = enumerate(levels_of(sweep))
    values = [(n, {name: value for name, (value, _) in at.items()}) for n, at in levels]
    records = toys.run([Point(n, f"{n:032x}", at, at) for n, at in values], toys.ishigami)
    return np.array([records[n].figures["y"] for n in range(len(records))], dtype=float)


def test_sobol_indices_of_ishigami_through_the_runner_agree_with_salib_on_its_own() -> None:
    y = _through_the_runner(_sweep(ISHIGAMI, {"sobol": 32}, seed=7))
    x = sobol.sample(PROBLEM, 32, calc_second_order=False, seed=7)
    ours = sobol_analysis.analyze(PROBLEM, y, calc_second_order=False, seed=1)
    theirs = sobol_analysis.analyze(PROBLEM, Ishigami.evaluate(x), calc_second_order=False, seed=1)
    for index in ("S1", "ST"):
        assert list(ours[index]) == pytest.approx(list(theirs[index]))


def test_morris_of_ishigami_through_the_runner_agrees_with_salib_on_its_own() -> None:
    sweep = _sweep(ISHIGAMI, {"morris": {"trajectories": 20}}, seed=7)
    y = _through_the_runner(sweep)
    x = morris.sample(PROBLEM, 20, num_levels=4, seed=7)
    ours = morris_analysis.analyze(PROBLEM, unit_samples(sweep), y, scaled=False, seed=1)
    theirs = morris_analysis.analyze(PROBLEM, x, Ishigami.evaluate(x), scaled=False, seed=1)
    assert list(ours["mu_star"]) == pytest.approx(list(theirs["mu_star"]))
