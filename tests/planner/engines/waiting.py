"""Cases in which work may wait, and one site's operation of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from components.base import USES, Floats, Hours
from planner.case import Case
from planner.engines.links import BUDGETS, budget_of, draw_of, reference_of, shift_mean_of, shift_of
from planner.engines.seasons import Window, compile_window
from planner.formulate.formulation import use_prices_kusd
from solvers.cone import Cone

PLENTY = 1e5
"""More than is used of any budget [unit of the use]."""


def waiting(case: Case, defer_h: int) -> Case:
    """The same case, in which all work may wait."""
    workloads = {name: replace(w, may_wait=True) for name, w in case.workloads.items()}
    return replace(case, defer_h=defer_h, workloads=workloads)


@dataclass(frozen=True)
class Load:
    """IT load on one cooling type: steady, most that may wait, mean of it [MW]."""

    steady_mw: float
    most_mw: float = 0.0
    mean_mw: float = 0.0


@dataclass(frozen=True)
class Hourly:
    """What a site does in a window: cost [1000 USD], draw of waiting work by hour [MW of IT]."""

    kusd: float
    shifted_mw: Mapping[str, Floats]


def a_week(first: int = 0, hours: int = 168) -> Window:
    """Hours that follow each other and are closed in themselves."""
    order = np.arange(hours)
    closed = Hours(of_year=first + order, weight=np.ones(hours), before=np.roll(order, 1))
    return Window(f"W{first}", closed, is_open=False)


def operate(
    case: Case, site: str, window: Window, mw: Mapping[str, float], load: Mapping[str, Load]
) -> Hourly:
    """Operate one window with capacities and loads that are given."""
    template = compile_window(case, site, window)
    operation = template.operation
    links = {budget_of(use): PLENTY for use in BUDGETS}
    links |= {f"{name}.mw": value for name, value in mw.items()}
    for cooling, asked in load.items():
        links[draw_of(cooling)] = asked.steady_mw
        if case.defer_h is not None:
            links[shift_of(cooling)] = asked.most_mw
            links[shift_mean_of(cooling)] = asked.mean_mw
    assert set(links) <= set(operation.links)
    at = np.array([links.get(name, 0.0) for name in operation.links])
    paid = use_prices_kusd(case, site)
    prices = np.array([float(paid[use][0]) for use in USES])
    found = Cone(operation, reference=reference_of(case)).evaluate(at, prices, with_x=True)
    assert found.x is not None
    x = found.x
    return Hourly(found.value, {c: x[columns] for c, columns in template.shifted.items()})
