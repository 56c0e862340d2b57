"""Cuts to start from: those of earlier runs, or what a few sites learn and teach all others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from components.base import Floats
from planner.case import Case
from planner.engines.site_operations import SiteOperations
from planner.engines.training import Prices, prices_of, train
from planner.formulate.formulation import Formulation
from solvers.cone import Evaluation, planes
from solvers.cut import CutSet
from solvers.oracle import Ask, SerialOracle, Workers

SHARE_OF_TIME = 0.1
"""Most of the time limit that a lead may spend on its mixes [1]."""


def learn_from_leads(
    formulation: Formulation, operations: SiteOperations, workers: Workers, sites: Sequence[str]
) -> dict[str, CutSet]:
    """Plan a few sites alone, and make cuts for all of these sites of the duals.

    Parameters
    ----------
    formulation
        Says what things cost.
    operations, workers
        Of the case.
    sites
        Of which nothing is known.
    """
    case = formulation.case
    last = case.periods.index[-1]
    most_s = SHARE_OF_TIME * case.scenario.solver.time_limit_s
    leads = [(site, prices_of(formulation, site, last), most_s) for site in leads_of(case, sites)]
    if not leads:
        return {}
    lessons: dict[str, list[Lesson]] = {}
    for found in workers.map(_lead, leads):
        for window, lesson in found.items():
            lessons.setdefault(window, []).append(lesson)
    joined = {window: join(parts) for window, parts in lessons.items()}
    pool: dict[str, CutSet] = {}
    for cuts in workers.map(_follow, [(site, joined) for site in sites]):
        pool |= cuts
    return pool


def leads_of(case: Case, sites: Sequence[str]) -> list[str]:
    """Choose among sites from the darkest to the sunniest, evenly spread.

    One for four sites, two for twenty, three for fifty-five; none for a site that is alone, which
    has nobody to teach.
    """
    sun = {s: float(case.sites[s].profiles["solar_capacity_factor"].mean()) for s in sites}
    count = round(0.4 * len(sun) ** 0.5)
    if not count:
        return []
    order = sorted(sun, key=lambda s: (sun[s], s))
    wanted = np.linspace(0, len(order) - 1, count + 2)[1:-1]
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


def _lead(here: SerialOracle, todo: tuple[str, Prices, float]) -> dict[str, Lesson]:
    operations = cast(SiteOperations, here.operations)
    site, prices, most_s = todo
    windows = operations.windows(site)
    duals: dict[str, list[Floats]] = {w.name: [] for w in windows}
    paid: dict[str, list[Floats]] = {w.name: [] for w in windows}

    def note(ask: Ask, answer: Evaluation) -> None:
        window = ask.cone.rpartition("/")[2]
        duals[window].append(answer.row_dual)
        paid[window].append(ask.prices)

    case = operations.case
    oracle = SerialOracle(operations, reference=here.reference, on_answer=note)
    train(case, windows, site, prices, oracle, most_s)
    return {name: Lesson(np.array(duals[name]), np.array(paid[name])) for name in duals}


def _follow(here: SerialOracle, todo: tuple[str, Mapping[str, Lesson]]) -> dict[str, CutSet]:
    operations = cast(SiteOperations, here.operations)
    site, lessons = todo
    return {
        f"{site}/{w.name}": planes(
            operations[f"{site}/{w.name}"], lessons[w.name].row_dual, lessons[w.name].prices
        )
        for w in operations.windows(site)
    }
