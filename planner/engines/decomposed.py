"""The decomposed engine: investment as one program, operation as cuts, every hour of every site."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import cast

import numpy as np

from components.base import Floats
from planner.case import Case
from planner.engines.budgets import budgets_of
from planner.engines.monolithic import Report
from planner.engines.outcome import Outcome, SiteDispatch
from planner.engines.seams import add_windows, subproblems_of
from planner.engines.seasons import Template, Window, compile_window, draw_of, keys_of, stamp
from planner.engines.training import (
    Prices,
    course_of_followers,
    course_of_leads,
    prices_of,
    train,
)
from planner.engines.whole import groups_of
from planner.formulate.formulation import Formulation
from solvers.benders import BendersOptions, decompose
from solvers.cone import Evaluation, planes
from solvers.cut import CutSet
from solvers.dive import WHOLE
from solvers.operation import Operation
from solvers.options import Options
from solvers.oracle import Ask, ProcessOracle, SerialOracle, Workers
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

    def windows(self, site: str) -> tuple[Window, ...]:
        """Return all windows of a site, in order of time."""
        return tuple(window for at, window in self.places.values() if at == site)

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
    highs = Options(threads=1, presolve="off", lp_method="simplex")
    with workers_for(operations, asked.threads, len(operated)) as oracle:
        report("training", None)
        pool = train_all(formulation, operations, oracle)
        clock.lap("training")
        found = decompose(
            program,
            subproblems,
            oracle,
            pool=pool,
            options=BendersOptions(
                gap=asked.gap, time_limit_s=asked.time_limit_s, interior_rounds=14
            ),
            highs=highs,
            groups=groups_of(program, OPENED),
            adjust=budgets.hand_out,
        )
    return found


WINDOWS_PER_PROCESS = 8
"""With fewer windows to operate than this, another process costs more than it saves."""


def workers_for(operations: SiteOperations, threads: int, windows: int) -> Workers:
    """Start as many processes as are asked for and worth while; with one, work is done here."""
    reference = tuple(draw_of(c) for c in operations.case.cooling)
    count = min(threads or os.cpu_count() or 1, 1 + windows // WINDOWS_PER_PROCESS)
    if count == 1:
        return SerialOracle(operations, reference=reference)
    return ProcessOracle(operations, workers=count, reference=reference)


OPENED = (WHOLE, 0.02, 0.1, 0.25)
"""Shares of a site, as the relaxation opens it, above which it is opened: all are tried."""


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


LEADS = 4
"""Sites that are planned alone; all others learn from their duals."""


def train_all(
    formulation: Formulation, operations: SiteOperations, workers: Workers
) -> dict[str, CutSet]:
    """Learn cuts of every site and window, several at a time."""
    case = formulation.case
    last = case.periods.index[-1]
    leads = [(site, prices_of(formulation, site, last)) for site in leads_of(case)]
    lessons: dict[str, list[Lesson]] = {}
    for found in workers.map(_lead, leads):
        for window, lesson in found.items():
            lessons.setdefault(window, []).append(lesson)
    joined = {window: join(parts) for window, parts in lessons.items()}
    pool: dict[str, CutSet] = {}
    followers = [(site, prices_of(formulation, site, last), joined) for site in case.sites]
    for cuts in workers.map(_follow, followers):
        pool |= cuts
    return pool


def leads_of(case: Case) -> list[str]:
    """Choose sites from the darkest to the sunniest, evenly spread."""
    sun = {s: float(here.profiles["solar_capacity_factor"].mean()) for s, here in case.sites.items()}
    order = sorted(sun, key=lambda s: (sun[s], s))
    wanted = np.linspace(0, len(order) - 1, min(LEADS, len(order)))
    return [order[i] for i in sorted({round(float(w)) for w in wanted})]


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """Duals of one window: N of them.

    Attributes
    ----------
    row_dual : (N, m)
        Of the rows of operation.
    prices : (N, U)
        At which they were found.
    """

    row_dual: Floats
    prices: Floats


def join(lessons: Sequence[Lesson]) -> Lesson:
    """Return all duals of several lessons on one window."""
    return Lesson(
        np.vstack([each.row_dual for each in lessons]), np.vstack([each.prices for each in lessons])
    )


def _lead(here: SerialOracle, todo: tuple[str, Prices]) -> dict[str, Lesson]:
    operations = cast(SiteOperations, here.operations)
    site, prices = todo
    windows = operations.windows(site)
    duals: dict[str, list[Floats]] = {w.name: [] for w in windows}
    paid: dict[str, list[Floats]] = {w.name: [] for w in windows}

    def note(ask: Ask, answer: Evaluation) -> None:
        window = ask.cone.rpartition("/")[2]
        duals[window].append(answer.row_dual)
        paid[window].append(ask.prices)

    case = operations.case
    oracle = SerialOracle(operations, reference=here.reference, on_answer=note)
    train(case, windows, site, prices, oracle, course_of_leads(case), {})
    return {name: Lesson(np.array(duals[name]), np.array(paid[name])) for name in duals}


def _follow(
    here: SerialOracle, todo: tuple[str, Prices, Mapping[str, Lesson]]
) -> dict[str, CutSet]:
    operations = cast(SiteOperations, here.operations)
    site, prices, lessons = todo
    case, windows = operations.case, operations.windows(site)
    taught = {
        f"{site}/{w.name}": planes(
            operations[f"{site}/{w.name}"], lessons[w.name].row_dual, lessons[w.name].prices
        )
        for w in windows
    }
    return taught
