"""Air permits: what a site's units may emit before it is a major source, and after."""

from collections.abc import Callable

import pyomo.environ as pyo

from components.base import Expr
from components.power.air_permit import AirPermit
from components.power.dispatchable import DispatchableParameters
from components.power.permits import (
    OZONE_MAJOR_TONS,
    PSD_TONS,
    SIGNIFICANT_NOX_TONS,
    potential_to_emit,
    psd_tons,
)
from planner.case import Case
from planner.formulate.facility import FIRM_MW_PER_IT_MW
from planner.formulate.formulation import Limit, Part
from planner.scenario.policy import AirPermits


def permit_emissions(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> list[Limit]:
    """Keep each site's potential to emit NOx below a major source, until it holds that permit.

    ``nox_within_permit[s, t]``: potential to emit of all units <= ceiling + what a major source's
    permit allows; the ceiling is nothing before a minor source's permit can be there. Where a
    site may have combined cycles, ``listed_nox_within_permit`` holds their part alone to the
    ceiling of listed categories: a listed plant within a source that is not counts on its own [1]_.

    What stands from before has its permits. What is new is held to the ceiling by itself where that
    is a minor source, and to what makes a change significant where it is a major one [2]_.

    References
    ----------
    .. [1] 40 CFR 52.21(b)(1)(i); EPA, "New Source Review Workshop Manual", draft, October 1990,
       p. A.23, on sources nested within others.
    .. [2] 40 CFR 52.21(b)(1)(i)(c), (b)(2)(i) and (b)(23)(i).
    """
    asked, permit = case.scenario.policy.air_permits, case.air_permit
    if asked is None or permit is None:
        return []
    limits = _within(model, "nox_within_permit", case, parts, permit, _all, ceiling_t, asked)
    return limits + _within(
        model, "listed_nox_within_permit", case, parts, permit, _listed, listed_ceiling_t, asked
    )


def ceiling_t(asked: AirPermits, site: str) -> float:
    """Return the NOx at which a site is a major source [short ton/a]."""
    if site in asked.site_ceiling_t:
        return asked.site_ceiling_t[site]
    area = asked.ozone_areas.get(site)
    return asked.ceiling_t if area is None else min(asked.ceiling_t, OZONE_MAJOR_TONS[area])


def listed_ceiling_t(asked: AirPermits, site: str) -> float:
    """Return the same for a site's plant of a listed category [short ton/a]."""
    return min(asked.listed_ceiling_t, ceiling_t(asked, site))


def _all(p: DispatchableParameters) -> bool:
    return True


def _listed(p: DispatchableParameters) -> bool:
    heat_input = p.unit_mw * p.heat_rate_mmbtu_per_mwh
    return psd_tons(getattr(p, "technology", ""), heat_input) < PSD_TONS


def _within(
    model: pyo.ConcreteModel,
    row: str,
    case: Case,
    parts: tuple[Part, ...],
    permit: AirPermit,
    counts: Callable[[DispatchableParameters], bool],
    ceiling: Callable[[AirPermits, str], float],
    asked: AirPermits,
) -> list[Limit]:
    rows = pyo.Constraint([(s, t) for s in case.sites for t in case.periods.index])
    model.add_component(row, rows)
    limits = []
    for s, here in case.sites.items():
        emitters = [
            (p, p.figures.nox_lb_per_mwh)
            for p in parts
            if p.site == s and isinstance(p.figures, DispatchableParameters) and counts(p.figures)
        ]
        worst = max((rate for _, rate in emitters), default=0.0)
        most = potential_to_emit(FIRM_MW_PER_IT_MW * here.limit_it_mw, worst)
        for t in case.periods.index if emitters else ():
            standing = sum(_standing_tons(p, rate, t) for p, rate in emitters)
            used = sum(_tons(p, rate, t) for p, rate in emitters) - standing
            minor = case.periods.arrived(t, permit.minor_lead_months)
            free = _free_tons(ceiling(asked, s), standing)
            bound = min(free, most) if minor else 0.0
            major = model.site[s].air_permit.built[t]
            rows[s, t] = used <= bound + (most - bound) * major
            name = "minor source" if counts is _all else "minor source, combined cycle"
            limits.append(
                # With the major permit in hand the ceiling no longer counts: nothing of it is used.
                Limit(
                    "air permit", name, s, t, "short ton/a", used * (1 - major), bound, rows[s, t],
                    True,
                )
            )  # fmt: skip
    return limits


def _tons(part: Part, lb_per_mwh: float, t: int) -> Expr:
    found = part.investment
    return potential_to_emit(found.unit_mw, lb_per_mwh) * found.units[t]


def _standing_tons(part: Part, lb_per_mwh: float, t: int) -> float:
    found = part.investment
    return potential_to_emit(found.unit_mw, lb_per_mwh) * found.existing[t] if found.existing else 0


def _free_tons(ceiling: float, standing: float) -> float:
    """Return what may be added without a major source's permit [short ton/a].

    >>> _free_tons(250.0, 0.0), _free_tons(250.0, 200.0), _free_tons(250.0, 300.0)
    (250.0, 250.0, 40.0)
    """
    return ceiling if standing < ceiling else min(ceiling, SIGNIFICANT_NOX_TONS)
