"""Small scenarios, and functions that stand in for a plan; those of a module can be pickled."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from planner.sweep.crew import LocalCrew
from planner.sweep.point import Point, Record
from planner.sweep.runner import Evaluate, run_points

TINY = """\
title: tiny
horizon: {start: 2028-01, orders_from: 2025-01, periods: 1, hours: weeks, weeks: 1}
demand: {workloads: {chat: {tokens_per_day: 4.0e+13, value_usd_per_mtok: 4.0}}}
racks: {use: [gb300_nvl72]}
cooling: {use: [liquid_dry]}
grid: {other_data_centres_twh: 447}
sites: {include: [abilene_tx], limit_it_mw: 1000}
power: {use: [wartsila_18v50sg, firm_grid], gas_usd_per_mmbtu: 14}
solver: {gap: 1.0e-6, whole_units_from_mw: 1.0e+6}
"""
"""One site that takes 1.7 TWh; a grid share of 0.1 in 2028 leaves it 1 TWh from the grid."""

SHARES = """\
base: tiny.yaml
axes:
  share: {key: grid.share_limit.2028, values: [0.1, 0.1001, 0.1002, 0.1003, 0.1005, 0.08]}
"""
"""The last leaves less than others take already, which is found only when it is planned."""


def write_tiny(folder: Path, sweep: str = SHARES) -> Path:
    """Write a base and a sweep; return the sweep's file."""
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    file = folder / "sweep.yaml"
    file.write_text(sweep, encoding="utf-8")
    return file


def numbered(count: int) -> list[Point]:
    """Return points that have nothing but a number."""
    return [Point(n, f"{n:032x}", {"n": n}, {"n": n}) for n in range(count)]


def answered(point: Point, **figures: float | str) -> Record:
    return Record(point.number, point.key, point.axes, "solved", "", figures)


def square(point: Point) -> Record:
    return answered(point, square=float(point.values["n"]) ** 2, pid=float(os.getpid()))


def ishigami(point: Point) -> Record:
    """The test function of sensitivity analysis, a = 7, b = 0.1."""
    x1, x2, x3 = (point.values[name] for name in ("x1", "x2", "x3"))
    y = np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    return answered(point, y=float(y))


def die_at_three(point: Point) -> Record:
    """Be killed, as by the system when memory is short, at point 3."""
    if point.number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return square(point)


class DieOnce:
    """Is killed at point 3 the first time, and lives the second."""

    def __init__(self, flag: Path) -> None:
        self.flag = flag

    def __call__(self, point: Point) -> Record:
        if point.number == 3 and not self.flag.exists():
            self.flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return square(point)


def too_large(point: Point) -> Record:
    """Ask for 4 GB at point 1."""
    try:
        size = 4 * 2**27 if point.number == 1 else 1
        return answered(point, sum=float(np.ones(size)[-1]))
    except MemoryError as error:
        from planner.sweep.evaluate import failed

        return failed(point, error, 0.0)


def slow(point: Point) -> Record:
    time.sleep(30)
    return square(point)


def run(points: Iterable[Point], evaluate: Evaluate, workers: int = 2) -> dict[int, Record]:
    """Evaluate points in processes of this machine."""
    found: dict[int, Record] = {}
    crew = LocalCrew(workers, 2048.0)
    run_points(list(points), evaluate, crew, lambda r: found.__setitem__(r.point, r))
    return found
