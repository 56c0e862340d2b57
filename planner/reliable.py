"""A plan that is as available as the scenario asks: solve, look, hold back more, solve again.

How often load is lost is no linear row: it is found after each plan (`planner.plan.reliability`).
Wherever a site falls short in a period, it has to hold back more from then on: N+k with a larger
k, of the largest unit that stands there whatever its size, and, where the grid is what fails,
on-site units for all of the connection. Requirements only grow, so that the bound proven without
them holds for every later plan too, and the gap that is reported is to that bound.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from components.power.reliability import Units
from components.registry import POWER
from planner.case import Case
from planner.errors import InfeasibleError, UnreliableError
from planner.formulate.formulation import Part
from planner.plan.plan import Plan
from planner.plan.reliability import Fleet, fleets, outage_share
from planner.plan.values import number

MOST_UNITS_MORE = 100
"""Units that are added to a site in thought before it is given up."""

log = logging.getLogger(__name__)

Solve = Callable[[Case], Plan]


@dataclass(frozen=True, slots=True)
class Short:
    """A site that is less available than asked for in a period.

    Attributes
    ----------
    site, period
        Which; the period by position.
    availability
        What is expected [1].
    spare_units
        k with which it would meet the target if nothing else changed; None: no k does.
    """

    site: str
    period: int
    availability: float
    spare_units: int | None = field(default=None)


def plan_reliably(case: Case, solve: Solve) -> Plan:
    """Return a plan whose every site meets the availability asked for, if any is.

    Parameters
    ----------
    case
        Its scenario says the target and how many further plans may be made.
    solve
        Plans a case.

    Raises
    ------
    UnreliableError
        If a site cannot meet the target, or not within the rounds; says where and what to try.
    """
    plan = first = solve(case)
    target = case.scenario.reliability.availability
    if target is None:
        return plan
    for rounds in range(case.scenario.reliability.most_rounds + 1):
        short = shortfalls(plan, target)
        if not short:
            return _with_first_bound(plan, first, target, rounds) if rounds else plan
        if rounds == case.scenario.reliability.most_rounds:
            break
        case = _holding_back(plan, case, short)
        log.info("%d sites and periods are below %g: planning again", len(short), target)
        try:
            plan = solve(case)
        except InfeasibleError as error:
            raise _unreliable(case, short[0], "no plan holds back enough") from error
    rounds = case.scenario.reliability.most_rounds
    raise _unreliable(case, short[0], f"not met in {rounds} further plans")


def shortfalls(plan: Plan, target: float) -> list[Short]:
    """Return the sites and periods below the target, the worst first."""
    found = [
        Short(fleet.site, fleet.period, fleet.availability(), _spares_needed(plan, fleet, target))
        for fleet in fleets(plan.formulation, plan.dispatch)
        if fleet.availability() < target
    ]
    return sorted(found, key=lambda one: one.availability)


def _spares_needed(plan: Plan, fleet: Fleet, target: float) -> int | None:
    """Return k of N+k with which the fleet, otherwise the same, meets the target."""
    parts = _spared(plan, fleet)
    if not parts:
        return None
    largest = max(parts, key=lambda part: part.investment.unit_mw)
    unit_mw, out = largest.investment.unit_mw, outage_share(largest.figures)
    assert out is not None
    heat = float(fleet.derate[fleet.names.index(largest.name)].min())
    for more in range(1, MOST_UNITS_MORE + 1):
        if fleet.availability((Units(more, unit_mw * heat, out),)) >= target:
            return _held_back(plan, fleet, parts, unit_mw) + more
    return None


def _spared(plan: Plan, fleet: Fleet) -> list[Part]:
    """Spared products that stand at a site in a period."""
    return [
        p
        for p in plan.formulation.parts
        if p.site == fleet.site
        and p.name in fleet.names
        and POWER[type(p.figures)].SPARED
        and p.investment.unit_mw * number(p.investment.units[fleet.period]) > 0
    ]


def _held_back(plan: Plan, fleet: Fleet, parts: list[Part], unit_mw: float) -> int:
    """Return the k that the plan has: asked for, or left over in its fullest hours."""
    run = plan.dispatch[fleet.site, fleet.period]
    over_mw = 0.0
    for part in parts:
        p = part.figures
        at = fleet.names.index(part.name)
        out = outage_share(p)
        assert out is not None
        share = fleet.derate[at] * (1 - out)
        used = run.power_mw.get(part.name, 0.0 * share) / share
        over_mw += part.investment.unit_mw * number(part.investment.units[fleet.period])
        over_mw -= float(used.max())
    asked = plan.formulation.case.spares_of(fleet.site, fleet.period)
    return max(asked, int(over_mw / unit_mw + 1e-6))


def _holding_back(plan: Plan, case: Case, short: list[Short]) -> Case:
    """Raise what is held back where the plan falls short, from then on."""
    spares = dict(case.spare_units)
    backed = set(case.backed)
    for one in short:
        later = [(one.site, t) for t in case.periods.index if t >= one.period]
        if one.spare_units is None:
            if not any(POWER[type(p.figures)].SPARED for p in case.power.values()):
                raise _unreliable(case, one, "no product in use can stand in for what fails")
            if set(later) <= case.backed or not _has_grid(plan, one):
                raise _unreliable(case, one, "more units of the kind that stands there do not help")
            backed |= set(later)
            continue
        for key in later:
            spares[key] = max(case.spares_of(*key), spares.get(key, 0), one.spare_units)
    return replace(case, spare_units=spares, backed=frozenset(backed))


def _has_grid(plan: Plan, one: Short) -> bool:
    return any(
        number(p.investment.units[one.period]) > 0 for p in plan.formulation.of(one.site, "grid")
    )


def _unreliable(case: Case, one: Short, why: str) -> UnreliableError:
    target = case.scenario.reliability.availability
    assert target is not None
    return UnreliableError(one.site, case.periods.labels[one.period], one.availability, target, why)


def _with_first_bound(plan: Plan, first: Plan, target: float, rounds: int) -> Plan:
    """Report the bound that was proven without what is held back for the target."""
    outcome = plan.outcome
    sentence = (
        f"an availability of {target:g} at every site is met by holding back more, found in "
        f"{rounds} further {'plan' if rounds == 1 else 'plans'}: the bound is that of the plan "
        "without the target, so the gap has the price of availability in it, and a cheaper way "
        "to meet it may exist within the gap"
    )
    bound = min(first.outcome.bound_kusd, outcome.objective_kusd)
    seconds = _added(first.outcome.seconds, outcome.seconds)
    return replace(
        plan,
        outcome=replace(
            outcome,
            bound_kusd=bound,
            seconds=seconds,
            approximations=(*outcome.approximations, sentence),
        ),
    )


def _added(a: Mapping[str, float], b: Mapping[str, float]) -> dict[str, float]:
    return {phase: a.get(phase, 0.0) + b.get(phase, 0.0) for phase in {**a, **b}}
