"""Serving tokens: recipes of racks per token, and what is left unmet."""

import pyomo.environ as pyo

from planner.case import Case
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
