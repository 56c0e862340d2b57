"""Which points a design asks for: the value of every axis at every point, in order."""

from itertools import product
from typing import Any

import numpy as np

from planner.errors import Problem, ScenarioError
from planner.sweep.distributions import Floats
from planner.sweep.model import MOST_POINTS, Axis, Drawn, Sweep

Level = tuple[Any, int | None]
"""A value, and its position among the values of its axis; None if it was drawn."""


def levels_of(sweep: Sweep) -> list[dict[str, Level]]:
    """Return what every axis is at every point.

    A grid moves the last axis fastest. Where an axis with values is drawn, each is as likely.

    Raises
    ------
    ScenarioError
        If there are too many points, or SALib is needed and not there.
    """
    names = tuple(sweep.axes)
    if isinstance(sweep.design, Drawn):
        shares = unit_samples(sweep)
        columns = [_at(axis, shares[:, j]) for j, axis in enumerate(sweep.axes.values())]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    lists = [_levels(axis) for axis in sweep.axes.values()]
    if sweep.design == "list":
        return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]
    count = int(np.prod([len(each) for each in lists]))
    if count > MOST_POINTS:
        what = "makes too many points"
        raise _refusal(what, f"{count:,}", f"at most {MOST_POINTS:,}")
    return [dict(zip(names, row, strict=True)) for row in product(*lists)]


def problem_of(sweep: Sweep) -> dict[str, Any]:
    """Return the axes as SALib's ``problem``, each from 0 to 1: shares of its probability."""
    names = list(sweep.axes)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def unit_samples(sweep: Sweep) -> Floats:
    """Return (points, axes) shares of the probability of each axis, of a design that is drawn.

    The same for the same axes, design and seed: what SALib's analyses ask for as ``X``.
    """
    design = sweep.design
    assert isinstance(design, Drawn)
    if design.lhs is not None:
        from scipy.stats.qmc import LatinHypercube

        generator = LatinHypercube(len(sweep.axes), rng=np.random.default_rng(sweep.seed))
        return np.asarray(generator.random(design.lhs), dtype=float)
    try:
        from SALib.sample import morris, sobol
    except ImportError:
        what, hint = "needs SALib, which is not installed", 'pip install "gigaplan[sensitivity]"'
        raise _refusal(what, "", hint) from None
    problem = problem_of(sweep)
    if design.sobol is not None:
        second = design.second_order
        found = sobol.sample(problem, design.sobol, calc_second_order=second, seed=sweep.seed)
    else:
        assert design.morris is not None
        ways, levels = design.morris.trajectories, design.morris.levels
        found = morris.sample(problem, ways, num_levels=levels, seed=sweep.seed)
    return np.asarray(found, dtype=float)


def coordinates(sweep_levels: list[dict[str, Level]]) -> Floats:
    """Return (points, axes) where points stand, each axis from 0 to 1.

    Numbers stand at their value, anything else at its position among the values.
    """
    columns = [
        _scaled([row[name] for row in sweep_levels])
        for name in (sweep_levels[0] if sweep_levels else ())
    ]
    return np.stack(columns, axis=1) if columns else np.zeros((0, 0))


def path(places: Floats) -> list[int]:
    """Return the points in an order in which each is followed by its nearest that is left.

    Of equally near ones the first; a grid is so gone through row by row, back and forth.

    >>> path(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))
    [0, 1, 3, 2]
    """
    left = np.ones(len(places), dtype=bool)
    order: list[int] = []
    here = 0
    for _ in range(len(places)):
        order.append(here)
        left[here] = False
        distance = np.where(left, np.abs(places - places[here]).sum(axis=1), np.inf)
        here = int(np.argmin(np.round(distance, 9)))
    return order


def _levels(axis: Axis) -> list[Level]:
    return [(value, i) for i, value in enumerate(axis.levels() or ())]


def _at(axis: Axis, shares: Floats) -> list[Level]:
    """Return what an axis is at shares of its probability."""
    levels = axis.levels()
    if levels is not None:
        places = np.minimum((shares * len(levels)).astype(int), len(levels) - 1).tolist()
        return [(levels[i], i) for i in places]
    assert axis.distribution is not None
    return [(float(value), None) for value in axis.distribution.at(shares)]


def _scaled(levels: list[Level]) -> Floats:
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v, _ in levels)
    raw = [v if numbers else (i or 0) for v, i in levels]
    found = np.asarray(raw, dtype=float)
    width = float(np.ptp(found)) if found.size else 0.0
    return (found - found.min()) / width if width else np.zeros_like(found)


def _refusal(what: str, got: str, hint: str) -> ScenarioError:
    return ScenarioError([Problem("", 0, 0, "design", what, got, hint)])


def label_of(axis: Axis, level: Level) -> Any:
    """Return the name of a value if it has one, else the value itself."""
    value, position = level
    return axis.labels[position] if axis.labels and position is not None else value
