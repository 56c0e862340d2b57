"""Where the seasons of operation meet the investment model.

The model gains what ties windows together: storage levels at their seams, and the uses of each.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo

from components.base import USES, Floats
from components.power.battery import Battery
from planner.engines.seasons import (
    BUDGETS,
    Window,
    budget_of,
    draw_of,
    end_of,
    link_names,
    mw_of,
    start_of,
    windows_of,
)
from planner.formulate.formulation import Formulation, use_prices_kusd
from solvers.program import Program
from solvers.subproblem import Subproblem

CURTAILED_ALONE = np.array([[1.0 if use == "curtailed_gwh" else 0.0 for use in USES]])
"""Curtailed load serves no tokens: what of it cannot be avoided is asked for on its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Operated:
    """One window of one site and period.

    Attributes
    ----------
    site, period, window
        Which.
    position
        Of the window in its period.
    """

    site: str
    period: int
    window: Window
    position: int

    @property
    def key(self) -> str:
        """The cone that prices it: shared by all periods."""
        return f"{self.site}/{self.window.name}"


def add_windows(formulation: Formulation) -> tuple[Operated, ...]:
    """Add the uses of every window, and the storage levels between windows.

    ``model.window_use[s, u, t, g]`` sum to ``model.use[s, u, t]``. ``model.level[s, p, t, g]`` is
    the level of battery p before window g [MWh], which is also that after window g - 1; after the
    last window storage is as full as before the first, as in the monolithic engine.
    """
    case, model = formulation.case, formulation.model
    cut = {t: windows_of(case, t) for t in case.periods.index}
    found = tuple(
        Operated(s, t, window, g)
        for s, t in formulation.operated
        for g, window in enumerate(cut[t])
    )
    keys = [(o.site, o.period, o.position) for o in found]
    model.window_use = pyo.Var(
        [(s, u, t, g) for s, t, g in keys for u in USES], domain=pyo.NonNegativeReals
    )

    @model.Constraint([(s, u, t) for s, t in formulation.operated for u in USES])
    def uses_of_windows(m, s, u, t):  # type: ignore[no-untyped-def]
        return m.use[s, u, t] == sum(m.window_use[s, u, t, g] for g in range(len(cut[t])))

    batteries = {n: p.figures for n, p in case.power.items() if isinstance(p.figures, Battery)}
    levels = [
        (o.site, p, o.period, o.position) for o in found if o.window.is_open for p in batteries
    ]
    model.level = pyo.Var(levels, domain=pyo.NonNegativeReals)

    @model.Constraint(levels)
    def level_within_battery(m, s, p, t, g):  # type: ignore[no-untyped-def]
        return m.level[s, p, t, g] <= batteries[p].usable_mwh_per_mw * m.site[s].power[p].mw[t]

    return found


def subproblems_of(
    formulation: Formulation, operated: tuple[Operated, ...], program: Program
) -> tuple[Subproblem, ...]:
    """Tell the master's columns of every window. Units are those of the components throughout."""
    case = formulation.case
    number = {id(column): j for j, column in enumerate(program.columns)}
    prices = {s: use_prices_kusd(case, s) for s in case.sites}
    return tuple(_subproblem(formulation, o, number, prices[o.site]) for o in operated)


def _subproblem(
    formulation: Formulation,
    at: Operated,
    number: Mapping[int, int],
    prices: Mapping[str, Floats],
) -> Subproblem:
    case, model = formulation.case, formulation.model
    s, t, g = at.site, at.period, at.position
    last = sum(1 for _ in windows_of(case, t))
    variable = {draw_of(c): model.it_mw[s, c, t] for c in case.cooling}
    variable |= {budget_of(u): model.window_use[s, u, t, g] for u in BUDGETS}
    for name, product in case.power.items():
        variable[mw_of(name)] = model.site[s].power[name].mw[t]
        if at.window.is_open and isinstance(product.figures, Battery):
            variable[start_of(name)] = model.level[s, name, t, g]
            variable[end_of(name)] = model.level[s, name, t, (g + 1) % last]
    names = link_names(case, is_open=at.window.is_open)
    return Subproblem(
        name=f"{s} in {case.periods.labels[t]} {at.window.name}",
        cone=at.key,
        links=np.array([number.get(id(variable[n]), -1) for n in names], dtype=np.int32),
        uses=np.array([number[id(model.window_use[s, u, t, g])] for u in USES], dtype=np.int32),
        prices=np.array([float(prices[u][t]) for u in USES]),
        link_unit=np.ones(len(names)),
        use_unit=np.ones(len(USES)),
        further=CURTAILED_ALONE,
    )
