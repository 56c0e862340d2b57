"""Whole numbers for the monolithic model: a dive first, then branch and bound from it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import numpy as np

from solvers.dive import WHOLE, Group, dive
from solvers.highs import solve
from solvers.options import Options, Progress
from solvers.program import Program
from solvers.session import Session
from solvers.solution import Solution, Status, relative_gap

DIVE_SHARE = 0.3
"""Most of the time limit that the dive may take."""


def solve_whole(
    program: Program,
    session: Session,
    relaxed: Solution,
    options: Options,
    on_progress: Callable[[Progress], None],
) -> Solution:
    """Find a plan in whole numbers, proven to the gap asked for.

    The dive's plan is the answer if it lies within the gap of the relaxation; otherwise branch
    and bound starts from it.

    Parameters
    ----------
    program
        With its whole columns.
    session
        That has just solved the relaxation.
    relaxed
        Its solution.
    options
        Gap, time limit and log of all of this.
    on_progress
        Told how branch and bound stands.
    """
    started = perf_counter()
    if not program.is_mip:
        return relaxed
    most_s = DIVE_SHARE * options.time_limit_s
    first = dive(session, program, relaxed, groups_of(program, (WHOLE,)), most_s)
    if first is not None and relative_gap(first.objective, relaxed.bound) <= options.gap:
        return replace(first, status=Status.OPTIMAL)
    left = replace(options, time_limit_s=options.time_limit_s - (perf_counter() - started))
    found = solve(program, left, start=None if first is None else first.x, on_progress=on_progress)
    if first is not None and first.objective < found.objective:
        return replace(first, status=found.status, bound=max(found.bound, relaxed.bound))
    return found.require_point()


def groups_of(program: Program, opened: tuple[float, ...]) -> list[Group]:
    """Return the order of rounding: sites and laterals, units period by period, what is present.

    A variable's period is the last part of its index.

    Parameters
    ----------
    program
        Compiled from a formulation.
    opened
        Shares of a site, as the relaxation opens it, above which it is opened: all are tried.
    """
    switches: list[int] = []
    present: list[int] = []
    units: dict[int, list[int]] = defaultdict(list)
    for position in np.flatnonzero(program.integer).tolist():
        column = program.columns[position]
        name = "" if isinstance(column, str) else column.parent_component().local_name
        index = 0 if isinstance(column, str) else column.index()
        if name == "built":
            switches.append(position)
        elif name == "present":
            present.append(position)
        else:
            units[index[-1] if isinstance(index, tuple) else index].append(position)
    rounded = [Group(_columns(switches), above=opened)]
    rounded += [Group(_columns(units[t])) for t in sorted(units)]
    rounded += [Group(_columns(present), above=(WHOLE,))]
    return [group for group in rounded if len(group.columns)]


def _columns(positions: list[int]) -> np.ndarray:
    return np.asarray(positions, dtype=np.int32)
