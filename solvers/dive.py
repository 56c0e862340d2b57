"""A quick plan from a relaxation: round group by group, re-solving from the last basis between."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Protocol

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from solvers.program import Floats, Ints, Mask, Program
from solvers.solution import Solution, Status

logger = logging.getLogger(__name__)

WHOLE = 1e-6
"""Distance from a whole number that counts as whole."""

HALF = 0.5
LARGE = 1e9
"""Stands for a column without an upper bound."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Whole columns that are rounded together.

    Attributes
    ----------
    columns : (k,)
        Positions in the Program.
    above
        For switches that cost little and allow much: each of these in turn is tried as the value
        above which they are rounded up, and the one that costs least is kept. Where there is none,
        columns go to the nearest whole number, and down where rows of whole columns leave no room.
    """

    columns: Ints
    above: tuple[float, ...] = ()


class Solves(Protocol):
    """What a dive needs of a `Session`: a relaxation whose bounds change."""

    def set_column_bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Give columns new bounds."""
        ...

    def solve(self, time_limit_s: float) -> Solution:
        """Solve from the last basis."""
        ...


def dive(
    session: Solves,
    program: Program,
    relaxed: Solution,
    groups: Sequence[Group],
    time_limit_s: float,
) -> Solution | None:
    """Look for a whole-number point near a relaxation.

    Parameters
    ----------
    session
        That has just solved the relaxation of ``program``; its bounds are left as the dive set
        them.
    program
        With its whole columns.
    relaxed
        The relaxation's solution.
    groups
        Every whole column once, in the order in which they are rounded.
    time_limit_s
        For all of it [s].

    Returns
    -------
    Solution or None
        A point whose whole columns are whole, whose ``bound`` is the relaxation's; None if
        rounding ran into a wall or out of time.
    """
    ends = perf_counter() + time_limit_s
    found = relaxed
    free = program.integer.copy()
    for group in groups:
        free[group.columns] = False
        solved = _round(session, program, found.x, group, free, ends)
        if solved is None:
            return None
        found = solved
    return replace(found, bound=relaxed.bound, row_dual=None, reduced_cost=None)


def _round(
    session: Solves, program: Program, x: Floats, group: Group, free: Mask, ends: float
) -> Solution | None:
    columns = group.columns
    ways = [np.floor(x[columns]) + (x[columns] % 1 > above) for above in group.above]
    ways = list({tuple(way): way for way in ways}.values())
    ways = ways or [_nearest(program, x, columns, free)]
    best: Solution | None = None
    for way in ways:
        found = _hold(session, program, columns, way, ends)
        if found is not None and (best is None or found.objective < best.objective):
            best = found
    if best is not None and len(ways) > 1:
        best = _hold(session, program, columns, best.x[columns], ends)
    if best is None:
        logger.info("a group of %d columns could not be rounded", len(columns))
    return best


def _hold(
    session: Solves, program: Program, columns: Ints, values: Floats, ends: float
) -> Solution | None:
    held = np.clip(np.round(values), program.lower[columns], program.upper[columns])
    session.set_column_bounds(columns, held, held)
    found = session.solve(max(0.0, ends - perf_counter()))
    return found if found.status is Status.OPTIMAL else None


def _nearest(program: Program, x: Floats, columns: Ints, free: Mask) -> Floats:
    """Round to nearest, but down where up would break a row of whole columns alone.

    Such a row is looked at with the columns that are still free at their most permissive bound:
    what comes later can still give way.
    """
    rows = _whole_rows(program)
    values = np.floor(x[columns] + WHOLE)
    part = x[columns] - values
    point = x.copy()
    point[columns] = values
    used = _least(rows.matrix, program, point, free)
    matrix = csc_array(rows.matrix)
    for k in np.argsort(-part, kind="stable"):
        if part[k] < HALF:
            break
        column = matrix[:, [int(columns[k])]].toarray().reshape(-1)
        if (used + column <= rows.most + WHOLE * np.maximum(1, np.abs(rows.most))).all():
            used += column
            values[k] += 1
    return values


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows of whole columns alone, as ``matrix x <= most``."""

    matrix: csr_array
    most: Floats


def _whole_rows(program: Program) -> _Rows:
    rows = csr_array(program.matrix)
    others = rows.astype(bool) @ (~program.integer).astype(float)
    alone = np.flatnonzero(others == 0)
    below = alone[np.isfinite(program.row_upper[alone])]
    above = alone[np.isfinite(program.row_lower[alone])]
    return _Rows(
        matrix=csr_array(vstack([rows[below], -rows[above]], format="csr")),
        most=np.concatenate([program.row_upper[below], -program.row_lower[above]]),
    )


def _least(matrix: csr_array, program: Program, point: Floats, free: Mask) -> Floats:
    """Return the least that each row can be with the free columns anywhere in their bounds."""
    low = np.where(free, program.lower, point)
    high = np.where(free, np.minimum(program.upper, LARGE), point)
    return np.asarray(matrix.maximum(0) @ low + matrix.minimum(0) @ high, dtype=float)
