"""The decomposed engine: investment as one program, operation as cuts, every hour of every site."""

import multiprocessing
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter

import numpy as np

from components.base import USES
from planner.case import Case
from planner.engines.budgets import budgets_of
from planner.engines.monolithic import Report
from planner.engines.outcome import Outcome, SiteDispatch
from planner.engines.seams import add_windows, subproblems_of
from planner.engines.seasons import Template, Window, compile_window, draw_of, keys_of, stamp
from planner.engines.training import Prices, prices_of, train
from planner.formulate.formulation import Formulation
from solvers.benders import BendersOptions, decompose
from solvers.cut import CutSet
from solvers.operation import Operation
from solvers.options import Options
from solvers.oracle import ProcessOracle, SerialOracle
from solvers.program import compile_model


@dataclass(frozen=True, eq=False)
class SiteOperations(Mapping[str, Operation]):
    """Operation of every site and window by key, made when asked for.

    Attributes
    ----------
    case
        The numbers.
    templates : hours to Template
        One for each length of window.
    """

    case: Case
    templates: Mapping[int, Template]

    @cached_property
    def places(self) -> dict[str, tuple[str, Window]]:
        """Site and window of each key."""
        return {key: (site, window) for key, site, window in keys_of(self.case)}

    def __getitem__(self, key: str) -> Operation:
        """Return the operation of a key."""
        site, window = self.places[key]
        return stamp(self.case, self.templates[len(window.hours)], site, window)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys."""
        return iter(self.places)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self.places)


def operations_of(case: Case) -> SiteOperations:
    """Compile one window of each length; every site and window is stamped from it."""
    templates: dict[int, Template] = {}
    for _, site, window in keys_of(case):
        if len(window.hours) not in templates:
            templates[len(window.hours)] = compile_window(case, site, window)
    return SiteOperations(case, templates)


def solve_decomposed(formulation: Formulation, log_file: Path | None, report: Report) -> Outcome:
    """Solve a formulation by cuts; values stay in the model.

    Parameters
    ----------
    formulation
        From `planner.formulate.build.build`; its model gains the seams of the seasons.
    log_file
        Where the solver writes its log.
    report
        Told of phases and progress.

    Raises
    ------
    solvers.errors.InfeasibleError
        If no plan satisfies the scenario.
    solvers.errors.StoppedError
        If a limit came before a plan.
    """
    case, model = formulation.case, formulation.model
    asked = case.scenario.solver
    clock = Clock()
    report("compile", None)
    operated = add_windows(formulation)
    program = compile_model(model)
    operations = operations_of(case)
    subproblems = subproblems_of(formulation, operated, program)
    budgets = budgets_of(formulation, operated, subproblems, operations.templates, program)
    clock.lap("compile")
    reference = tuple(draw_of(c) for c in case.cooling)
    workers = asked.threads or os.cpu_count() or 1
    highs = Options(threads=1, presolve="off", lp_method="simplex")
    with ProcessOracle(operations, workers=workers, reference=reference) as oracle:
        report("training", None)
        pool = train_all(formulation, operations, workers)
        clock.lap("training")
        found = decompose(
            program,
            subproblems,
            oracle,
            pool=pool,
            options=BendersOptions(gap=asked.gap, time_limit_s=asked.time_limit_s),
            highs=highs,
            adjust=budgets.hand_out,
        )
    return found


class Clock:
    """Seconds by phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._started = perf_counter()

    def lap(self, phase: str) -> None:
        """Book the time since the last lap."""
        now = perf_counter()
        self.seconds[phase] = now - self._started
        self._started = now


def train_all(
    formulation: Formulation, operations: SiteOperations, workers: int
) -> dict[str, CutSet]:
    """Learn cuts of every site, several at a time."""
    case = formulation.case
    last = case.periods.index[-1]
    todo = [(site, prices_of(formulation, site, last)) for site in case.sites]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start, initargs=(operations,)
    ) as pool:
        found: dict[str, CutSet] = {}
        for cuts in pool.map(_train, todo):
            found |= cuts
    return found


_HERE: dict[str, SerialOracle | SiteOperations] = {}


def _start(operations: SiteOperations) -> None:
    reference = tuple(draw_of(c) for c in operations.case.cooling)
    _HERE["operations"] = operations
    _HERE["oracle"] = SerialOracle(operations, reference=reference)


def _train(todo: tuple[str, Prices]) -> dict[str, CutSet]:
    operations, oracle = _HERE["operations"], _HERE["oracle"]
    site, prices = todo
    windows = tuple(w for s, w in operations.places.values() if s == site)
    return train(operations.case, windows, site, prices, oracle)
