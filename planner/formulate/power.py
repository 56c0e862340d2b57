"""Power at a site: gas behind its lateral, spare units, and what operation uses."""

import math

import pyomo.environ as pyo

from components.base import USES
from components.power.additions import UnitParameters
from components.registry import POWER
from planner.case import Case
from planner.formulate.facility import FIRM_MW_PER_IT_MW
from planner.formulate.formulation import Part


def lay_gas(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Let nothing that burns gas stand at a site before its lateral is there."""
    burners = [p for p in parts if type(p.figures) in POWER and POWER[type(p.figures)].NEEDS_GAS]
    keys = [(s, t) for s in case.sites for t in case.periods.index]

    @model.Constraint(keys)
    def gas_needs_lateral(m, s, t):  # type: ignore[no-untyped-def]
        here = [p.investment for p in burners if p.site == s]
        if not here:
            return pyo.Constraint.Skip
        most = FIRM_MW_PER_IT_MW * case.sites[s].limit_it_mw
        return sum(i.unit_mw * i.units[t] for i in here) <= most * m.site[s].lateral.built[t]


def spare_units(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Hold back k times the largest unit present at each site: N+k behind the meter.

    Units smaller than ``reliability.spared_from_mw`` hold nothing back: their mean outage is in
    their availability, and among so many it is near certain.
    """
    k = case.scenario.reliability.spare_units
    spared = [p for p in parts if type(p.figures) in POWER and POWER[type(p.figures)].SPARED]
    large = [p for p in spared if p.investment.unit_mw >= case.scenario.reliability.spared_from_mw]
    if k == 0 or not large:
        return
    keys = [(p.site, p.name, t) for p in large for t in case.periods.index]
    found = {(p.site, p.name): p for p in large}
    model.present = pyo.Var(keys, domain=pyo.Binary)

    @model.Constraint(keys)
    def present_if_built(m, s, name, t):  # type: ignore[no-untyped-def]
        part = found[s, name].investment
        most = math.ceil(FIRM_MW_PER_IT_MW * case.sites[s].limit_it_mw / part.unit_mw)
        return part.units[t] <= most * m.present[s, name, t]

    @model.Constraint(keys)
    def largest_unit_held_back(m, s, name, t):  # type: ignore[no-untyped-def]
        here = [p.investment for p in spared if p.site == s]
        held_back = sum(i.unit_mw * i.units[t] - i.links["mw"][t] for i in here)
        return held_back >= k * found[s, name].investment.unit_mw * m.present[s, name, t]


def use_world(
    model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]
) -> list[tuple[str, int]]:
    """Define ``model.use[s, u, t]``, what operation takes; an engine says how much.

    Returns
    -------
    list of (site, period)
        Where anything can run: a block and a rack may be there. Elsewhere the uses are zero.
    """
    keys = [(s, t) for s in case.sites for t in case.periods.index]
    model.use = pyo.Var([(s, u, t) for s, t in keys for u in USES], domain=pyo.NonNegativeReals)
    operated = [(s, t) for s, t in keys if _can_run(parts, s, t)]
    for s, t in set(keys) - set(operated):
        for u in USES:
            model.use[s, u, t].fix(0)
    return operated


def _can_run(parts: tuple[Part, ...], site: str, t: int) -> bool:
    def may_be_there(family: str) -> bool:
        return any(
            not p.investment.units_added[v].fixed
            for p in parts
            if p.site == site and p.family == family and isinstance(p.figures, UnitParameters)
            for v in range(t + 1)
        )

    return may_be_there("block") and may_be_there("rack")
