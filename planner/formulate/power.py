"""Power at a site: spare units, and what operation uses."""

import math

import pyomo.environ as pyo

from components.base import USES, Expr
from components.power.additions import UnitParameters
from components.registry import POWER
from planner.case import Case
from planner.formulate.facility import FIRM_MW_PER_IT_MW
from planner.formulate.formulation import Part

STEP = 1.25
"""Widest ratio of unit sizes that are one step of the spare."""


def spare_units(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Hold back k times the largest unit present at each site: N+k behind the meter.

    Units within `STEP` of each other in size are one step: where one of them is present, k times
    the largest of the step is held back, so that a site has a few whole numbers and not one for
    every product. Units smaller than ``reliability.spared_from_mw`` hold nothing back: their mean
    outage is in their availability, and among so many it is near certain. Where
    ``case.spare_units`` asks for more, units of every size count; where ``case.backed`` says so,
    the grid connection is one of the k that may be out at once.
    """
    spared = [p for p in parts if type(p.figures) in POWER and POWER[type(p.figures)].SPARED]
    _hold_back(model, case, spared)
    _back_connections(model, case, parts)
    steps = {
        (s, step, t): members
        for s in case.sites
        for t in case.periods.index
        if case.spares_of(s, t) > 0
        for step, members in _steps([p for p in spared if _counts(case, p, s, t)]).items()
    }
    if not steps:
        return
    model.present = pyo.Var(list(steps), domain=pyo.Binary)

    @model.Constraint(list(steps))
    def present_if_built(m, s, step, t):  # type: ignore[no-untyped-def]
        here = [p.investment for p in steps[s, step, t]]
        largest_mw = _largest_mw(steps[s, step, t])
        most = math.ceil(FIRM_MW_PER_IT_MW * case.sites[s].limit_it_mw / largest_mw)
        in_service = sum(i.unit_mw / largest_mw * i.units[t] for i in here)
        return in_service <= most * m.present[s, step, t]

    @model.Constraint(list(steps))
    def largest_unit_held_back(m, s, step, t):  # type: ignore[no-untyped-def]
        spare_mw = case.spares_of(s, t) * _largest_mw(steps[s, step, t])
        return m.held_back_mw[s, t] >= spare_mw * m.present[s, step, t]

    @model.Constraint([key for key in steps if (key[0], key[2]) in case.backed])
    def connection_and_units_backed(m, s, step, t):  # type: ignore[no-untyped-def]
        others_mw = (case.spares_of(s, t) - 1) * _largest_mw(steps[s, step, t])
        needed = _connection_mw(parts, s, t) + others_mw * m.present[s, step, t]
        return m.held_back_mw[s, t] >= needed


def _largest_mw(step: list[Part]) -> float:
    return max(p.investment.unit_mw for p in step)


def _hold_back(model: pyo.ConcreteModel, case: Case, spared: list[Part]) -> None:
    """Define ``model.held_back_mw[s, t]``: MW of spared units that operation may not use."""
    keys = [(s, t) for s in case.sites for t in case.periods.index]
    model.held_back_mw = pyo.Var(keys, domain=pyo.NonNegativeReals)

    @model.Constraint(keys)
    def held_back_is_there(m, s, t):  # type: ignore[no-untyped-def]
        here = [p.investment for p in spared if p.site == s]
        usable = sum(i.links["mw"][t] for i in here)
        return m.held_back_mw[s, t] + usable <= sum(i.unit_mw * i.units[t] for i in here)


def _steps(spared: list[Part]) -> dict[str, list[Part]]:
    """Put parts of nearly equal unit size together; a step is named after its largest unit."""
    found: list[list[Part]] = []
    for part in sorted(spared, key=lambda p: -p.investment.unit_mw):
        if found and part.investment.unit_mw * STEP >= found[-1][0].investment.unit_mw:
            found[-1].append(part)
        else:
            found.append([part])
    return {f"{members[0].investment.unit_mw:g} MW": members for members in found}


def _counts(case: Case, part: Part, site: str, t: int) -> bool:
    """Tell whether a product's unit is one that may be out at once: large, or all are counted."""
    there = part.investment.may_stand(t)
    large = part.investment.unit_mw >= case.scenario.reliability.spared_from_mw
    return part.site == site and there and (large or (site, t) in case.spare_units)


def _back_connections(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    if not case.backed:
        return

    @model.Constraint(sorted(case.backed))
    def connection_backed(m, s, t):  # type: ignore[no-untyped-def]
        return m.held_back_mw[s, t] >= _connection_mw(parts, s, t)


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
            p.investment.may_stand(t)
            for p in parts
            if p.site == site and p.family == family and isinstance(p.figures, UnitParameters)
        )

    return may_be_there("block") and may_be_there("rack")
