"""The objective: discounted cost of capacity and operation, and the value of unmet tokens."""

import pyomo.environ as pyo

from components.base import USES, Expr
from planner.case import SECONDS_PER_YEAR, Case
from planner.formulate.formulation import Part, use_prices_kusd
from planner.formulate.labour import travelling_usd
from planner.formulate.water import water_usd


def minimise_cost(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Write the objective in thousand dollars, discounted to the start of the first period."""
    discount, length = case.periods.discount, case.periods.length_years

    def of_parts(t: int) -> Expr:
        items = (e[t] for p in parts for e in p.investment.annual_usd.values())
        return 1e-3 * float(length[t]) * sum(items)

    def of_uses(t: int) -> Expr:
        prices = {s: use_prices_kusd(case, s) for s in case.sites}
        return sum(float(prices[s][u][t]) * model.use[s, u, t] for s in case.sites for u in USES)

    def of_unmet(t: int) -> Expr:
        return sum(
            1e-3 * unmet_usd_per_mtoken_s(case, w, t) * model.unmet[w, t] for w in case.workloads
        )

    crews = travelling_usd(model, case)

    def of_crews(t: int) -> Expr:
        return 1e-3 * sum(usd[t] for usd in crews.values())

    def of_water(t: int) -> Expr:
        return 1e-3 * sum(usd for s in case.sites for usd in water_usd(model, case, s, t).values())

    model.cost_kusd = pyo.Objective(
        expr=sum(
            float(discount[t])
            * (of_parts(t) + of_uses(t) + of_unmet(t) + of_water(t) + of_crews(t))
            for t in case.periods.index
        )
    )


def unmet_usd_per_mtoken_s(case: Case, workload: str, t: int) -> float:
    """Return what a million unmet tokens per second cost over period ``t`` [USD s/10^6 tokens]."""
    value = case.workloads[workload].value_usd_per_mtok
    return value * SECONDS_PER_YEAR * float(case.periods.length_years[t])
