"""Where the seasons of operation meet the investment model.

The model gains what ties windows together: storage levels at their seams, and the uses of each.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo

from components.base import USES
from components.power.battery import Battery
from planner.engines.links import BUDGETS, Columns, numbers_of, shift_at, subproblem
from planner.engines.seasons import Window, windows_of
from planner.formulate.dispatch import class_mw
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

    batteries = {n: p.figures for n, p in case.classes.items() if isinstance(p.figures, Battery)}
    levels = [
        (o.site, p, o.period, o.position) for o in found if o.window.is_open for p in batteries
    ]
    model.level = pyo.Var(levels, domain=pyo.NonNegativeReals)

    @model.Constraint(levels)
    def level_within_battery(m, s, p, t, g):  # type: ignore[no-untyped-def]
        return m.level[s, p, t, g] <= batteries[p].usable_mwh_per_mw * class_mw(m, case, s, p, t)

    return found


def subproblems_of(
    formulation: Formulation, operated: tuple[Operated, ...], program: Program
) -> tuple[Subproblem, ...]:
    """Tell the master's columns of every window."""
    case = formulation.case
    number = numbers_of(program)
    prices = {s: use_prices_kusd(case, s) for s in case.sites}
    count = Counter((o.site, o.period) for o in operated)
    return tuple(
        subproblem(
            case,
            f"{o.site} in {case.periods.labels[o.period]} {o.window.name}",
            o.key,
            _columns(formulation, o, count[o.site, o.period]),
            {u: float(prices[o.site][u][o.period]) for u in USES},
            number,
            CURTAILED_ALONE,
        )
        for o in operated
    )


def _columns(formulation: Formulation, at: Operated, count: int) -> Columns:
    """Find a window's variables; ``count`` windows make up the period."""
    case, model = formulation.case, formulation.model
    s, t, g = at.site, at.period, at.position
    used = {u: model.window_use[s, u, t, g] for u in USES}
    batteries = [n for n, p in case.classes.items() if isinstance(p.figures, Battery)]
    after = (g + 1) % count
    return Columns(
        mw={name: class_mw(model, case, s, name, t) for name in case.classes},
        it_mw={c: model.it_mw[s, c, t] for c in case.cooling},
        levels={p: (model.level[s, p, t, g], model.level[s, p, t, after]) for p in batteries}
        if at.window.is_open
        else {},
        budgets={u: used[u] for u in BUDGETS},
        uses=used,
        shift_mw=shift_at(case, model, s, t),
    )
