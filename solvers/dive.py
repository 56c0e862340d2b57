"""A quick plan from a relaxation: round group by group, re-solving from the last basis between."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from solvers.program import Floats, Ints, Program
from solvers.session import Session
from solvers.solution import Solution, Status

logger = logging.getLogger(__name__)

WHOLE = 1e-6
"""Distance from a whole number that counts as whole."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Whole columns that are rounded together.

    Attributes
    ----------
    columns : (k,)
        Positions in the Program.
    up
        Round up whatever is above zero: for switches that cost little and allow much. Otherwise
        to the nearest whole number, and down if that is infeasible.
    """

    columns: Ints
    up: bool


def dive(
    session: Session,
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
    for group in groups:
        solved = _round(session, program, found.x, group, ends)
        if solved is None:
            return None
        found = solved
    return replace(found, bound=relaxed.bound, row_dual=None, reduced_cost=None)


def _round(
    session: Session, program: Program, x: Floats, group: Group, ends: float
) -> Solution | None:
    columns = group.columns
    below = np.floor(x[columns] + WHOLE)
    above = np.ceil(x[columns] - WHOLE)
    tries = [above] if group.up else [np.floor(x[columns] + 0.5), below]
    for values in tries:
        held = np.clip(values, program.lower[columns], program.upper[columns])
        session.set_column_bounds(columns, held, held)
        found = session.solve(max(0.0, ends - perf_counter()))
        if found.status is Status.OPTIMAL:
            return found
        logger.info("a group of %d columns could not be rounded: %s", len(columns), found.status)
    return None
