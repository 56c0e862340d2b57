"""Which axis matters: Sobol and Morris indices, a regression, and what each axis moves alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import PlannerError
from planner.sweep.analysis.studied import Floats, Studied
from planner.sweep.designs import problem_of, unit_samples
from planner.sweep.model import Drawn

CONFIDENCE = 0.95
"""Of the intervals that are told [1]."""

RESAMPLES = 1000
"""Bootstrap samples of the indices."""


class AnalysisError(PlannerError):
    """A sweep does not have what an analysis needs.

    Parameters
    ----------
    what
        What is lacking.
    try_
        What to do.
    """

    exit_code = 2

    def __init__(self, what: str, try_: str) -> None:
        super().__init__(what, try_)
        self.what, self.try_ = what, try_

    def __str__(self) -> str:
        """Return what is lacking and what to do."""
        return f"{self.what}, try {self.try_}"


@dataclass(frozen=True, slots=True, eq=False)
class Indices:
    """Sensitivity indices of one figure.

    Attributes
    ----------
    kind
        ``sobol`` or ``morris``.
    figure
        The column.
    table
        A row for each axis, the strongest first. Sobol: ``first`` and ``total`` with the half
        width of their 95 % intervals in ``first_within`` and ``total_within`` [1]. Morris:
        ``mean_effect`` (mu), ``mean_absolute_effect`` (mu*) with ``within``, and ``spread``
        (sigma), all in the figure's unit per whole range of the axis.
    used, dropped
        Groups of points that count; groups with a point that has no plan: a base sample of Sobol,
        a way of Morris.
    """

    kind: str
    figure: str
    table: pd.DataFrame
    used: int
    dropped: int


def indices(studied: Studied, figure: str) -> Indices:
    """Return the indices that the sweep's design was made for.

    Sobol's are variance shares (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018); Morris's are
    elementary effects (Campolongo et al. 2007, doi:10.1016/j.envsoft.2006.10.004); both by SALib.

    Raises
    ------
    AnalysisError
        If the design is neither, points are still missing, or too few groups are whole.
    """
    design = studied.sweep.design if studied.sweep is not None else None
    if not isinstance(design, Drawn) or design.lhs is not None:
        what = "indices need a sweep whose design is sobol or morris"
        raise AnalysisError(what, "design: {morris: {trajectories: 10}}")
    assert studied.sweep is not None
    shares = unit_samples(studied.sweep)
    outcome = _outcome(studied, figure, len(shares))
    axes = len(studied.sweep.axes)
    if design.sobol is not None:
        size = 2 * axes + 2 if design.second_order else axes + 2
        return _indices(_sobol, "sobol", studied.sweep, figure, shares, outcome, size)
    return _indices(_morris, "morris", studied.sweep, figure, shares, outcome, axes + 1)


def _outcome(studied: Studied, figure: str, count: int) -> Floats:
    if figure not in studied.table:
        what = f"there is no column {figure}"
        raise AnalysisError(what, "one of the store's columns")
    by_point = studied.planned.set_index("point")[figure].astype(float)
    if len(studied.table) < count:
        what = f"{count - len(studied.table)} of {count} points have not ended yet"
        raise AnalysisError(what, "resuming the sweep")
    return np.asarray(by_point.reindex(range(count)), dtype=np.float64)


def _indices(
    analyse: Callable[[Any, Floats, Floats], pd.DataFrame],
    kind: str,
    sweep: Any,
    figure: str,
    shares: Floats,
    outcome: Floats,
    size: int,
) -> Indices:
    groups = outcome.reshape(-1, size)
    whole = np.asarray(np.isfinite(groups).all(axis=1), dtype=bool)
    rows = np.repeat(whole, size)
    if whole.sum() < 2:
        what = f"of {len(whole)} groups of {size} points only {whole.sum()} are whole"
        raise AnalysisError(what, "axes over which more of the points have a plan")
    if np.ptp(outcome[rows]) <= 1e-12 * np.abs(outcome[rows]).max(initial=0.0):
        what = f"{figure} is the same at every point"
        raise AnalysisError(what, "another figure")
    table = analyse(sweep, shares[rows], outcome[rows])
    return Indices(kind, figure, table, int(whole.sum()), int((~whole).sum()))


def _sobol(sweep: Any, shares: Floats, outcome: Floats) -> pd.DataFrame:
    from SALib.analyze import sobol

    found = sobol.analyze(
        problem_of(sweep),
        outcome,
        calc_second_order=sweep.design.second_order,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        seed=sweep.seed,
    )
    columns = {"first": "S1", "first_within": "S1_conf", "total": "ST", "total_within": "ST_conf"}
    return _ranked(sweep, {name: found[code] for name, code in columns.items()}, "total")


def _morris(sweep: Any, shares: Floats, outcome: Floats) -> pd.DataFrame:
    from SALib.analyze import morris

    found = morris.analyze(
        problem_of(sweep),
        shares,
        outcome,
        num_levels=sweep.design.morris.levels,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        seed=sweep.seed,
    )
    columns = {
        "mean_effect": "mu",
        "mean_absolute_effect": "mu_star",
        "within": "mu_star_conf",
        "spread": "sigma",
    }
    values = {name: found[code] for name, code in columns.items()}
    return _ranked(sweep, values, "mean_absolute_effect")


def _ranked(sweep: Any, values: dict[str, Any], by: str) -> pd.DataFrame:
    data = {name: np.asarray(each, dtype=float) for name, each in values.items()}
    table = pd.DataFrame({"axis": list(sweep.axes), **data})
    return table.sort_values(by, ascending=False, kind="stable").reset_index(drop=True)


@dataclass(frozen=True, slots=True, eq=False)
class Tornado:
    """What each axis moves on its own.

    Attributes
    ----------
    figure
        The column.
    base
        Its value at the base point; of a regression the mean.
    table
        A row for each axis, the widest first: ``axis``, ``low`` and ``high`` (its values), and
        ``at_low`` and ``at_high`` (the figure there).
    r2
        How much of the variance a regression explains [1]; None of points that move one axis each.
    """

    figure: str
    base: float
    table: pd.DataFrame
    r2: float | None = None


def tornado(studied: Studied, figure: str) -> Tornado:
    """Return what each axis moves alone about a base point.

    The base is the point from which most others differ in one axis only; of several, the one in
    the middle of the axes. Of each axis the lowest and the highest value there count, the base's
    own among them. Axes of texts go by the figure.

    Raises
    ------
    AnalysisError
        If no two points differ in one axis only.
    """
    table, axes = studied.planned.dropna(subset=[figure]), list(studied.moving)
    base, alone = _base(table[axes])
    if base is None:
        what = "no two points differ in one axis only"
        raise AnalysisError(what, "a list or grid whose points move one axis at a time")
    rows = []
    for axis in axes:
        moved = [i for i, which in alone.items() if which == axis]
        if not moved:
            continue
        along = table.loc[[base, *moved]]
        by = axis if axis in studied.numeric_axes else figure
        along = along.sort_values(by, kind="stable")
        low, high = along.iloc[0], along.iloc[-1]
        rows.append((axis, low[axis], high[axis], float(low[figure]), float(high[figure])))
    return Tornado(figure, float(table.loc[[base], figure].iloc[0]), _widest(rows))


def regression(studied: Studied, figure: str) -> Tornado:
    """Return what each axis moves over its range by a linear least-squares fit to all points.

    Raises
    ------
    AnalysisError
        If there are fewer points than axes and one more.
    """
    axes = list(studied.numeric_axes)
    table = studied.planned.dropna(subset=[figure])
    if not axes or len(table) < len(axes) + 2:
        what = f"{len(table)} points with a plan are too few for {len(axes)} axes of numbers"
        raise AnalysisError(what, "more points")
    x, y = table[axes].to_numpy(dtype=float), table[figure].to_numpy(dtype=float)
    low, high = x.min(axis=0), x.max(axis=0)
    scaled = (x - x.mean(axis=0)) / np.where(high > low, high - low, 1.0)
    matrix = np.column_stack([np.ones(len(y)), scaled])
    fitted, *_ = np.linalg.lstsq(matrix, y, rcond=None)
    mean, left = float(y.mean()), float(((y - matrix @ fitted) ** 2).sum())
    variance = float(((y - mean) ** 2).sum())
    rows = [
        (axis, low[j], high[j], mean - fitted[j + 1] / 2, mean + fitted[j + 1] / 2)
        for j, axis in enumerate(axes)
    ]
    return Tornado(figure, mean, _widest(rows), 1 - left / variance if variance > 0 else 1.0)


def _base(axes: pd.DataFrame) -> tuple[Any, dict[Any, str]]:
    """Return the index of the base, and the axis in which each of its neighbours differs."""
    codes = np.column_stack([pd.factorize(axes[a], sort=True)[0] for a in axes]).astype(float)
    middle = np.median(codes, axis=0) if len(codes) else codes
    best: tuple[tuple[int, int, float], int] | None = None
    for i, row in enumerate(codes):
        differs = codes != row
        one = differs.sum(axis=1) == 1
        reached = int(differs[one].any(axis=0).sum())
        rank = (reached, int(one.sum()), -float(np.abs(row - middle).sum()))
        if one.any() and (best is None or rank > best[0]):
            best = (rank, i)
    if best is None:
        return None, {}
    at = best[1]
    differs = codes != codes[at]
    one = np.flatnonzero(differs.sum(axis=1) == 1).tolist()
    names, index = list(axes.columns), axes.index.tolist()
    return index[at], {index[i]: names[int(np.argmax(differs[i]))] for i in one}


def _widest(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["axis", "low", "high", "at_low", "at_high"])
    width = (table["at_high"] - table["at_low"]).abs()
    return table.loc[width.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)
