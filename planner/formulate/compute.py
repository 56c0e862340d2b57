"""Serving tokens: recipes of racks per token, and what is left unmet."""

import pyomo.environ as pyo

from planner.case import HOURS_PER_YEAR, Case
from planner.formulate.formulation import Part


def serve_demand(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Serve each workload from racks anywhere, or leave it unmet at its value.

    ``model.serve[s, r, w, t]`` and ``model.unmet[w, t]`` are mean output tokens [1000 tokens/s].
    A rack in running order gives its throughput at the daily peak, so the mean it serves is that
    over the workload's ``capacity_ratio``.
    """
    periods = case.periods.index
    pairs = [(s, r, w) for s in case.sites for r, w in case.throughput]
    model.serve = pyo.Var([(*p, t) for p in pairs for t in periods], domain=pyo.NonNegativeReals)
    model.unmet = pyo.Var([(w, t) for w in case.workloads for t in periods], bounds=(0, None))
    for w, workload in case.workloads.items():
        if workload.must_serve:
            for t in periods:
                model.unmet[w, t].fix(0)
    _racks_serve(model, case, parts)
    _energy_serves(model, case, parts)

    @model.Constraint([(w, t) for w in case.workloads for t in periods])
    def demand_met(m, w, t):  # type: ignore[no-untyped-def]
        served = sum(m.serve[s, r, w, t] for s, r, at in pairs if at == w)
        return served + m.unmet[w, t] == float(case.workloads[w].demand_ktokens_per_s[t])


def _racks_serve(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    racks = [p for p in parts if p.family == "rack"]
    in_order = case.scenario.serving.availability
    keys = [(s, r, t) for s in case.sites for r in case.racks for t in case.periods.index]

    @model.Constraint(keys)
    def serving_within_racks(m, s, r, t):  # type: ignore[no-untyped-def]
        busy = [
            m.serve[s, r, w, t] * workload.capacity_ratio / case.throughput[r, w]
            for w, workload in case.workloads.items()
            if (r, w) in case.throughput
        ]
        here = [p.investment for p in racks if (p.site, p.name) == (s, r)]
        if not busy:
            return pyo.Constraint.Skip
        return sum(busy) <= in_order * sum(i.links["mw"][t] / i.unit_mw for i in here)


def _energy_serves(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Let curtailed load serve nothing: racks give tokens only for the energy they get.

    Curtailed energy is counted against the racks' draw as if the power use effectiveness were
    one, so that never fewer tokens are lost than the racks would have served.
    """
    racks = [p for p in parts if p.family == "rack"]
    in_order, draw = case.scenario.serving.availability, case.scenario.serving.draw_share
    unit_mw = {name: product.figures.unit_mw for name, product in case.racks.items()}

    @model.Constraint([(s, t) for s in case.sites for t in case.periods.index])
    def serving_within_energy(m, s, t):  # type: ignore[no-untyped-def]
        busy_mw = sum(
            m.serve[s, r, w, t] * case.workloads[w].capacity_ratio / per_rack * unit_mw[r]
            for (r, w), per_rack in case.throughput.items()
        )
        running_mw = sum(p.investment.links["mw"][t] for p in racks if p.site == s)
        if isinstance(running_mw, int):
            return pyo.Constraint.Skip
        hours = HOURS_PER_YEAR * float(case.periods.length_years[t])
        lost_mw = 1000 * m.use[s, "curtailed_gwh", t] / hours / draw
        return busy_mw <= in_order * (running_mw - lost_mw)
