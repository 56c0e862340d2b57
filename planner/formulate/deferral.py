"""Work that can wait: racks that are held for it, and when they may draw."""

import pyomo.environ as pyo

from components.base import Expr
from planner.case import Case
from planner.formulate.compute import busy_per_served, racks_by_site, working_per_served
from planner.formulate.formulation import Part


def hold_racks(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Hold racks for work that can wait; when within the window they run is operation's choice.

    ``model.held[s, r, c, t]`` are racks in order on a cooling type that do such work and no other,
    ``model.working[s, r, c, t]`` how many of them work in the mean. What they draw beyond idling
    can be shifted: at most ``model.shift_mw[s, c, t]``, in the mean
    ``model.shift_mean_mw[s, c, t]`` [MW of IT].
    """
    if case.defer_h is None:
        return
    waiting = {m: recipe for m, recipe in case.tied.items() if case.may_wait(recipe)}
    names = {r for recipe in waiting.values() for r in recipe.racks}
    racks = [p for p in parts if p.family == "rack" and p.name in names]
    keys = [(p.site, p.name, p.cooling, t) for p in racks for t in case.periods.index]
    model.held = pyo.Var(keys, domain=pyo.NonNegativeReals)
    model.working = pyo.Var(keys, domain=pyo.NonNegativeReals)
    here = {(s, r): found for (s, r), found in racks_by_site(parts).items() if r in names}
    places = [(s, r, t) for s, r in here for t in case.periods.index]
    in_order = case.scenario.serving.availability

    @model.Constraint(keys)
    def works_within_held(m, s, r, c, t):  # type: ignore[no-untyped-def]
        return m.working[s, r, c, t] <= m.held[s, r, c, t]

    @model.Constraint(keys)
    def held_within_racks(m, s, r, c, t):  # type: ignore[no-untyped-def]
        (part,) = (p for p in here[s, r] if p.cooling == c)
        running = part.investment.links["mw"][t] / part.investment.unit_mw
        return m.held[s, r, c, t] <= in_order * running

    def asked(s: str, r: str, t: int, *, peak: bool) -> Expr:
        """Return the racks in order that the work needs at its peak, or in the mean."""
        return sum(
            model.serve_at[s, name, t]
            * (busy_per_served(case, recipe, r, t) if peak else working_per_served(recipe, r, t))
            for name, recipe in waiting.items()
            if r in recipe.racks and (s, name, t) in model.serve_at
        )

    @model.Constraint(places)
    def enough_held(m, s, r, t):  # type: ignore[no-untyped-def]
        held = sum(m.held[s, r, p.cooling, t] for p in here[s, r])
        return held >= asked(s, r, t, peak=True)

    @model.Constraint(places)
    def mean_work_done(m, s, r, t):  # type: ignore[no-untyped-def]
        working = sum(m.working[s, r, p.cooling, t] for p in here[s, r])
        return working == asked(s, r, t, peak=False)

    _shift(model, case, racks)


def _shift(model: pyo.ConcreteModel, case: Case, racks: list[Part]) -> None:
    serving = case.scenario.serving
    keys = [(s, c, t) for s in case.sites for c in case.cooling for t in case.periods.index]
    model.shift_mw = pyo.Var(keys, domain=pyo.NonNegativeReals)
    model.shift_mean_mw = pyo.Var(keys, domain=pyo.NonNegativeReals)
    # Racks out of order draw as the others do, as in all of the load.
    per_rack = serving.draw_share * (1 - serving.idle_draw_share) / serving.availability

    def drawn_mw(count: pyo.Var, s: str, c: str, t: int) -> Expr:
        here = [p for p in racks if (p.site, p.cooling) == (s, c)]
        return sum(per_rack * p.investment.unit_mw * count[s, p.name, c, t] for p in here)

    @model.Constraint(keys)
    def shifted_at_most(m, s, c, t):  # type: ignore[no-untyped-def]
        return m.shift_mw[s, c, t] == drawn_mw(m.held, s, c, t)

    @model.Constraint(keys)
    def shifted_in_mean(m, s, c, t):  # type: ignore[no-untyped-def]
        return m.shift_mean_mw[s, c, t] == drawn_mw(m.working, s, c, t)
