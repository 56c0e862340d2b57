"""Gas at a site: what burns it, within the pipes that are laid."""

from collections.abc import Mapping

import pyomo.environ as pyo

from components.base import Expr, Investment, Parameters
from components.power.dispatchable import DispatchableParameters
from components.power.gas_lateral import GasLateral, mmcf_per_day
from components.power.gas_transport import with_reservation
from components.registry import POWER
from planner.case import Case, SiteCase
from planner.formulate.facility import FIRM_MW_PER_IT_MW
from planner.formulate.formulation import Part


def laterals_at(case: Case, here: SiteCase) -> Mapping[str, GasLateral]:
    """Return the sizes of pipe that a site may want, smallest first.

    A size is left out where a smaller one carries all that may burn there, costs no more and
    comes no later. A pipe that is there stays.
    """
    most = _most_mmcf_per_day(case, here)
    found: dict[str, GasLateral] = {}
    for name, p in sorted(case.laterals.items(), key=lambda item: item[1].capacity_mmcf_per_day):
        enough = (q for q in found.values() if q.capacity_mmcf_per_day >= most)
        if name == here.existing_lateral or not any(_no_worse(q, p, here) for q in enough):
            found[name] = p
    return found


def _no_worse(one: GasLateral, other: GasLateral, here: SiteCase) -> bool:
    miles = here.figures["gas_pipeline_miles"]
    cost = [(p.tap_usd + p.usd_per_mile * miles, p.fixed_om_share) for p in (one, other)]
    cheaper = all(a <= b for a, b in zip(*cost, strict=True))
    return cheaper and one.lead_months <= other.lead_months and one.life_years >= other.life_years


def _most_mmcf_per_day(case: Case, here: SiteCase) -> float:
    """Return the flow of the most firm power that may stand at a site, burnt at its worst."""
    figures = [p.figures for p in case.power.values()]
    rates = [
        p.net_heat_rate_mmbtu_per_mwh
        for p in figures
        if isinstance(p, DispatchableParameters) and POWER[type(p)].NEEDS_GAS
    ]
    return mmcf_per_day(FIRM_MW_PER_IT_MW * here.limit_it_mw, max(rates, default=0.0))


def reserve_transport(
    case: Case, here: SiteCase, figures: Parameters, found: Investment
) -> Investment:
    """Charge what burns gas for reserved transport, where the scenario asks for it.

    What the site table says transport costs is then paid on capacity, and no longer on use
    (`planner.places`).
    """
    asked = case.scenario.power.firm_transport
    if not (asked and isinstance(figures, DispatchableParameters)):
        return found
    return with_reservation(found, figures, here.site.gas_transport_usd_per_mmbtu)


def lay_gas(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Keep what can burn at a site within the pipes that are laid.

    ``gas_within_lateral[s, t]``: sum of MW in service * net heat rate * 24 / 1037 <= sum of
    capacity * built [MMcf/d].
    """
    burners = [p for p in parts if type(p.figures) in POWER and POWER[type(p.figures)].NEEDS_GAS]
    keys = [(s, t) for s in case.sites for t in case.periods.index]

    @model.Constraint(keys)
    def gas_within_lateral(m, s, t):  # type: ignore[no-untyped-def]
        here = [p for p in burners if p.site == s]
        if not here:
            return pyo.Constraint.Skip
        most = _most_mmcf_per_day(case, case.sites[s])
        carried = sum(
            min(p.capacity_mmcf_per_day, most) * m.site[s].lateral[name].built[t]
            for name, p in laterals_at(case, case.sites[s]).items()
        )
        return sum(_mmcf_per_day(p, t) for p in here) <= carried


def _mmcf_per_day(part: Part, t: int) -> Expr:
    p, found = part.figures, part.investment
    if not isinstance(p, DispatchableParameters):
        msg = f"{part.name} burns gas at no known heat rate"
        raise TypeError(msg)
    return mmcf_per_day(found.unit_mw, p.net_heat_rate_mmbtu_per_mwh) * found.units[t]
