r"""Craft labour by region: local crews, and crews that travel there for more money.

For a region m and a period t, with S the sites of m, rho what hours per MW still are after
learning, and a block's or rack's hours h,

.. math::

    \rho_t \sum_{s \in S} \sum_x h_x n_{s,x,t} - w_{m,t} \le \mathrm{local}_{m,t}, \qquad
    0 \le w_{m,t} \le \mathrm{share} \cdot \mathrm{local}_{m,t}

The hours w of crews from elsewhere cost a premium, paid for like the blocks that they build. As
w is a number like any other, local crews work first, and the price of a local hour is at most the
premium until crews from elsewhere run out too.
"""

import pyomo.environ as pyo

from components.base import Expr
from components.facility.block import Block
from components.facility.retrofit import Retrofit
from components.finance import annual_charges
from components.taxes import BUILDING_YEARS
from planner.case import Case, LabourCase
from planner.formulate.formulation import Limit, Part
from planner.formulate.parts import setting_of

LIFE_YEARS = 20.0
"""Over which the premium of crews from elsewhere is paid: the life of the blocks [a]."""


def limit_labour(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> list[Limit]:
    """Keep the craft hours of each region within what local and travelling crews give.

    Writes ``travelling_h[region, t]`` and the rows ``local_crews[region, t]`` and
    ``travelling_crews[region, t]``. Nothing, where the scenario has no ``supply.labour``.
    """
    labour = case.labour
    if labour is None:
        return []
    regions = [(m, t) for m in labour.local_h for t in _index(case)]
    drawn = {(m, t): _drawn(case, labour, parts, m, t) for m, t in regions}
    keys = [key for key, used in drawn.items() if _is_variable(used)]
    model.travelling_h = pyo.Var(keys, domain=pyo.NonNegativeReals)
    model.local_crews = pyo.Constraint(keys)
    model.travelling_crews = pyo.Constraint(keys)
    limits = []
    for m, t in keys:
        local = float(labour.local_h[m][t])
        there, most = model.travelling_h[m, t], labour.most_travelling_share * local
        model.local_crews[m, t] = drawn[m, t] - there <= local
        model.travelling_crews[m, t] = there <= most
        row, more = model.local_crews[m, t], model.travelling_crews[m, t]
        used = drawn[m, t] - there
        limits.append(Limit("labour", f"local crews {m}", "", t, "h", used, local, row, True))
        limits.append(Limit("labour", f"travelling crews {m}", "", t, "h", there, most, more, True))
    return limits


def travelling_usd(model: pyo.ConcreteModel, case: Case) -> dict[str, tuple[Expr, ...]]:
    """Return what crews from elsewhere cost in each period, by region, undiscounted [USD]."""
    labour = case.labour
    if labour is None:
        return {}
    setting = setting_of(case, next(iter(case.sites.values())))
    found = {}
    for m in labour.local_h:
        overnight = [
            labour.premium_usd_per_h * model.travelling_h[m, t]
            if (m, t) in model.travelling_h
            else 0.0
            for t in _index(case)
        ]
        yearly = annual_charges(overnight, LIFE_YEARS, setting, recovery_years=BUILDING_YEARS)
        length = case.periods.length_years
        found[m] = tuple(float(length[t]) * yearly[t] for t in _index(case))
    return found


def craft_h(labour: LabourCase | None, block: Block | Retrofit, mw: float, t: int) -> float:
    """Return the craft hours of MW of a block added in a period, after learning [h]."""
    ratio = 1.0 if labour is None else float(labour.hours_ratio[t])
    return ratio * block.craft_hours_per_mw * mw


def _drawn(case: Case, labour: LabourCase, parts: tuple[Part, ...], m: str, t: int) -> Expr:
    here = [part for part in parts if labour.region.get(part.site) == m]  # none in orbit
    halls = [p for p in here if p.family in ("block", "retrofit")]
    blocks = sum(p.investment.draws["craft_hours"][t] for p in halls)
    racks = sum(
        labour.rack_install_h.get(p.name, 0.0) * p.investment.units_added[t]
        for p in here
        if p.family == "rack" and p.name in labour.rack_install_h
    )
    return float(labour.hours_ratio[t]) * blocks + racks


def _index(case: Case) -> range:
    return case.periods.index


def _is_variable(used: Expr) -> bool:
    return not isinstance(used, int | float) and bool(used.is_potentially_variable())
