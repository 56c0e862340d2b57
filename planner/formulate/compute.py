"""Serving tokens: recipes of racks per token, and what is left unmet."""

from collections import defaultdict
from collections.abc import Mapping

import pyomo.environ as pyo

from components.base import Expr
from components.compute.recipe import Recipe
from planner.case import HOURS_PER_YEAR, Case
from planner.formulate.formulation import Part

Racks = Mapping[tuple[str, str], list[Part]]
"""Site and rack to its parts, one for each cooling type it stands on."""


def choose_recipes(model: pyo.ConcreteModel, case: Case) -> None:
    """Define how much of each workload is served by each recipe.

    ``model.serve[m, t]`` is served by racks of any site, ``model.serve_at[s, m, t]`` at one site,
    where the recipe or the workload ties it to a place; ``model.unmet[w, t]`` is what nobody
    serves. All are mean output tokens [10^6 tokens/s]. A rack in running order gives its
    throughput at the daily peak, so the mean it serves is that over the workload's
    ``capacity_ratio``.
    """
    periods = case.periods.index
    anywhere = [(m, t) for m, r in case.anywhere.items() for t in periods if r.serves(t)]
    at = [
        (s, m, t)
        for m, r in case.tied.items()
        for s in case.places_of(r)
        for t in periods
        if r.serves(t)
    ]
    model.serve = pyo.Var(anywhere, domain=pyo.NonNegativeReals)
    model.serve_at = pyo.Var(at, domain=pyo.NonNegativeReals)
    model.unmet = pyo.Var([(w, t) for w in case.workloads for t in periods], bounds=(0, None))
    for w, workload in case.workloads.items():
        if workload.must_serve:
            for t in periods:
                model.unmet[w, t].fix(0)


def serve_demand(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Serve each workload by its recipes, or leave it unmet at its value."""
    _meet_demand(model, case)
    _reach_metros(model, case)
    _racks_serve(model, case, parts)
    _energy_serves(model, case, parts)


def served(model: pyo.ConcreteModel, case: Case, w: str, t: int) -> Expr:
    """Return what is served of a workload in a period, wherever [10^6 tokens/s]."""
    of_w = [m for m, recipe in case.recipes.items() if recipe.workload == w]
    free = sum(model.serve[m, t] for m in of_w if (m, t) in model.serve)
    tied = sum(served_at(model, case, s, w, t) for s in case.everywhere)
    return free + tied


def served_at(model: pyo.ConcreteModel, case: Case, s: str, w: str, t: int) -> Expr:
    """Return what recipes tied to a place serve of a workload at a site [10^6 tokens/s]."""
    of_w = [m for m, recipe in case.tied.items() if recipe.workload == w]
    return sum(model.serve_at[s, m, t] for m in of_w if (s, m, t) in model.serve_at)


def _meet_demand(model: pyo.ConcreteModel, case: Case) -> None:
    keys = [(w, t) for w in case.workloads for t in case.periods.index]

    @model.Constraint(keys)
    def demand_met(m, w, t):  # type: ignore[no-untyped-def]
        demand = float(case.workloads[w].demand_mtokens_per_s[t])
        return served(m, case, w, t) + m.unmet[w, t] == demand


def _reach_metros(model: pyo.ConcreteModel, case: Case) -> None:
    """Serve the users of a metropolitan area only from sites within the latency limit.

    ``model.reach[w, k, s, t]`` is what site s serves to the users of group k, and
    ``model.unmet_of[w, k, t]`` what they go without [10^6 tokens/s].
    """
    periods = case.periods.index
    groups = {(w, k): g for w, load in case.workloads.items() for k, g in load.groups.items()}
    if not groups:
        return
    reach = [(w, k, s, t) for (w, k), g in groups.items() for s in g.sites for t in periods]
    model.reach = pyo.Var(reach, domain=pyo.NonNegativeReals)
    model.unmet_of = pyo.Var([(*key, t) for key in groups for t in periods], bounds=(0, None))
    grouped = sorted({w for w, _ in groups})

    @model.Constraint([(*key, t) for key in groups for t in periods])
    def group_met(m, w, k, t):  # type: ignore[no-untyped-def]
        group = groups[w, k]
        demand = group.share * float(case.workloads[w].demand_mtokens_per_s[t])
        return sum(m.reach[w, k, s, t] for s in group.sites) + m.unmet_of[w, k, t] == demand

    @model.Constraint([(w, s, t) for w in grouped for s in case.everywhere for t in periods])
    def reached_is_served(m, w, s, t):  # type: ignore[no-untyped-def]
        here = [m.reach[w, k, s, t] for k in case.workloads[w].groups if (w, k, s, t) in m.reach]
        return sum(here) == served_at(m, case, s, w, t) if here else pyo.Constraint.Skip

    @model.Constraint([(w, t) for w in grouped for t in periods])
    def unmet_of_groups(m, w, t):  # type: ignore[no-untyped-def]
        return sum(m.unmet_of[w, k, t] for k in case.workloads[w].groups) == m.unmet[w, t]


def _racks_serve(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Keep what is served within racks in order: at each site what is tied to it, and in all."""
    racks = racks_by_site(parts)
    tied = {r for recipe in case.tied.values() for r in recipe.racks}
    periods = case.periods.index

    @model.Constraint([(s, r, t) for s, r in racks if r in tied for t in periods])
    def serving_within_racks(m, s, r, t):  # type: ignore[no-untyped-def]
        busy = busy_at(m, case, s, r, t)
        there = case.in_order(s) * _count(racks[s, r], t)
        return pyo.Constraint.Skip if _none(busy) else busy <= there

    @model.Constraint([(r, t) for r in sorted({r for _, r in racks}) for t in periods])
    def serving_within_all_racks(m, r, t):  # type: ignore[no-untyped-def]
        free = sum(
            m.serve[name, t] * busy_per_served(case, recipe, r, t)
            for name, recipe in case.anywhere.items()
            if r in recipe.racks and (name, t) in m.serve
        )
        if _none(free):
            return pyo.Constraint.Skip
        tied_racks = sum(busy_at(m, case, s, r, t) for s in case.sites)
        there = sum(_count(racks[s, r], t) for s in case.sites if (s, r) in racks)
        return free + tied_racks <= case.scenario.serving.availability * there


def _energy_serves(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Let curtailed load serve nothing: racks give tokens only for the energy they get.

    Curtailed energy is counted against the racks' draw as if the power use effectiveness were
    one, so that never fewer tokens are lost than the racks would have served.
    """
    racks = racks_by_site(parts)
    in_order, draw = case.scenario.serving.availability, case.scenario.serving.draw_share
    unit_mw = {name: product.figures.unit_mw for name, product in case.racks.items()}

    def fed_mw(m: pyo.ConcreteModel, s: str, t: int) -> Expr:
        """Return the power of the racks at a site that get their energy [MW]."""
        running_mw = sum(
            p.investment.links["mw"][t] for r in case.racks for p in racks.get((s, r), ())
        )
        hours = HOURS_PER_YEAR * float(case.periods.length_years[t])
        lost_mw = 1000 * m.use[s, "curtailed_gwh", t] / hours / draw
        return running_mw - lost_mw if not _none(running_mw) else 0

    def tied_mw(m: pyo.ConcreteModel, s: str, t: int) -> Expr:
        return sum(unit_mw[r] * busy_at(m, case, s, r, t) for r in case.racks)

    @model.Constraint([(s, t) for s in case.sites for t in case.periods.index])
    def serving_within_energy(m, s, t):  # type: ignore[no-untyped-def]
        busy_mw = tied_mw(m, s, t)
        return pyo.Constraint.Skip if _none(busy_mw) else busy_mw <= in_order * fed_mw(m, s, t)

    @model.Constraint(list(case.periods.index))
    def serving_within_all_energy(m, t):  # type: ignore[no-untyped-def]
        free_mw = sum(
            m.serve[name, t] * busy_per_served(case, recipe, r, t) * unit_mw[r]
            for name, recipe in case.anywhere.items()
            if (name, t) in m.serve
            for r in recipe.racks
        )
        if _none(free_mw):
            return pyo.Constraint.Skip
        all_tied_mw = sum(tied_mw(m, s, t) for s in case.sites)
        return free_mw + all_tied_mw <= in_order * sum(fed_mw(m, s, t) for s in case.sites)


def busy_per_served(case: Case, recipe: Recipe, r: str, t: int) -> float:
    """Return the racks in order that are held for a million mean tokens/s [racks s/10^6 tokens]."""
    return case.workloads[recipe.workload].capacity_ratio * working_per_served(recipe, r, t)


def working_per_served(recipe: Recipe, r: str, t: int) -> float:
    """Return the racks in order that work for a million tokens/s [racks s/10^6 tokens]."""
    return 1e3 * float(recipe.racks[r][t])


def busy_at(model: pyo.ConcreteModel, case: Case, s: str, r: str, t: int) -> Expr:
    """Return the racks in order that recipes tied to a place hold at a site [racks]."""
    held = sum(
        model.serve_at[s, name, t] * busy_per_served(case, recipe, r, t)
        for name, recipe in case.tied.items()
        if r in recipe.racks and (s, name, t) in model.serve_at and not case.may_wait(recipe)
    )
    if case.defer_h is None:
        return held
    waiting = [(s, r, c, t) for c in case.cooling if (s, r, c, t) in model.held]
    return held + sum(model.held[key] for key in waiting)


def racks_by_site(parts: tuple[Part, ...]) -> Racks:
    """Return the parts of each rack at each site."""
    found: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in parts:
        if part.family == "rack":
            found[part.site, part.name].append(part)
    return found


def _count(here: list[Part], t: int) -> Expr:
    """Return the racks that run [racks]."""
    return sum(p.investment.links["mw"][t] / p.investment.unit_mw for p in here)


def _none(expression: Expr) -> bool:
    return isinstance(expression, int | float)
