"""Power at a site: spare units, and what operation uses."""

import math

import pyomo.environ as pyo

from components.base import USES, Expr
from components.power.additions import UnitParameters
from components.registry import POWER
from planner.case import Case
from planner.formulate.facility import FIRM_MW_PER_IT_MW
from planner.formulate.formulation import Part


def spare_units(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Hold back k times the largest unit present at each site: N+k behind the meter.

    Units smaller than ``reliability.spared_from_mw`` hold nothing back: their mean outage is in
    their availability, and among so many it is near certain. Where ``case.spare_units`` asks for
    more, units of every size count; where ``case.backed`` says so, the grid connection is one of
    the k that may be out at once.
    """
    spared = [p for p in parts if type(p.figures) in POWER and POWER[type(p.figures)].SPARED]
    _back_connections(model, case, parts, spared)
    found = {(p.site, p.name): p for p in spared}
    keys = [
        (p.site, p.name, t)
        for p in spared
        for t in case.periods.index
        if case.spares_of(p.site, t) > 0 and _counts(case, p, t)
    ]
    if not keys:
        return
    model.present = pyo.Var(keys, domain=pyo.Binary)

    @model.Constraint(keys)
    def present_if_built(m, s, name, t):  # type: ignore[no-untyped-def]
        part = found[s, name].investment
        most = math.ceil(FIRM_MW_PER_IT_MW * case.sites[s].limit_it_mw / part.unit_mw)
        return part.units[t] <= most * m.present[s, name, t]

    @model.Constraint(keys)
    def largest_unit_held_back(m, s, name, t):  # type: ignore[no-untyped-def]
        spare_mw = case.spares_of(s, t) * found[s, name].investment.unit_mw
        return _held_back_mw(spared, s, t) >= spare_mw * m.present[s, name, t]

    @model.Constraint([key for key in keys if (key[0], key[2]) in case.backed])
    def connection_and_units_backed(m, s, name, t):  # type: ignore[no-untyped-def]
        others_mw = (case.spares_of(s, t) - 1) * found[s, name].investment.unit_mw
        needed = _connection_mw(parts, s, t) + others_mw * m.present[s, name, t]
        return _held_back_mw(spared, s, t) >= needed


def _counts(case: Case, part: Part, t: int) -> bool:
    """Tell whether a product's unit is one that may be out at once: large, or all are counted."""
    large = part.investment.unit_mw >= case.scenario.reliability.spared_from_mw
    return large or (part.site, t) in case.spare_units


def _back_connections(
    model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...], spared: list[Part]
) -> None:
    if not case.backed:
        return

    @model.Constraint(sorted(case.backed))
    def connection_backed(m, s, t):  # type: ignore[no-untyped-def]
        row = _held_back_mw(spared, s, t) >= _connection_mw(parts, s, t)
        return pyo.Constraint.Skip if row is True else row


def _held_back_mw(spared: list[Part], site: str, t: int) -> Expr:
    here = [p.investment for p in spared if p.site == site]
    return sum(i.unit_mw * i.units[t] - i.links["mw"][t] for i in here)


def _connection_mw(parts: tuple[Part, ...], site: str, t: int) -> Expr:
    """Return what the grid connections of a site may bring [MW]."""
    here = [p.investment for p in parts if p.site == site and p.family == "grid"]
    return sum(i.links["mw"][t] for i in here)


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
