"""Sites, blocks and racks: nothing without an open site, no rack without a block."""

import pyomo.environ as pyo

from planner.case import Case
from planner.formulate.formulation import Limit, Part
from planner.formulate.retrofits import joined_mw, left_mw

FIRM_MW_PER_IT_MW = 3.0
"""Most firm power over a site's IT limit: peak PUE, hot derate and spare units stay below it."""

VARIABLE_MW_PER_IT_MW = 15.0
"""Most wind and solar, and most storage, over a site's IT limit: what an off-grid site needs."""

POWER_GROUPS = {
    "firm power": (
        ("gas", "fuel_cell", "rental", "nuclear", "geothermal", "grid"),
        FIRM_MW_PER_IT_MW,
    ),
    "wind and solar": (("wind", "solar"), VARIABLE_MW_PER_IT_MW),
    "storage": (("battery",), VARIABLE_MW_PER_IT_MW),
    "remote power": (("remote",), VARIABLE_MW_PER_IT_MW),
}
"""Name to the families it bounds, and their most MW over a site's IT limit [1]."""


def _mw(parts: list[Part], t: int) -> pyo.Expression:
    return sum(p.investment.unit_mw * p.investment.units[t] for p in parts)


def open_sites(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> list[Limit]:
    """Bound all that stands at a site by its limits, and to zero while it is not open."""
    keys = [(s, t) for s in case.sites for t in case.periods.index]
    model.open_site_for_blocks = pyo.Constraint(keys)
    model.open_site_for_power = pyo.Constraint([(g, s, t) for g in POWER_GROUPS for s, t in keys])
    limits = []
    for s, t in keys:
        here = [p for p in parts if p.site == s]
        is_open = model.site[s].works.built[t]
        it_limit = case.sites[s].limit_it_mw
        blocks_mw = _mw([p for p in here if p.family == "block"], t)
        model.open_site_for_blocks[s, t] = blocks_mw <= it_limit * is_open
        row = model.open_site_for_blocks[s, t]
        limits.append(Limit("site", "IT power", s, t, "MW", blocks_mw, it_limit, row, True))
        for group, (families, ratio) in POWER_GROUPS.items():
            mw = _mw([p for p in here if p.family in families], t)
            if isinstance(mw, int):
                continue
            bound = ratio * it_limit
            model.open_site_for_power[group, s, t] = mw <= bound * is_open
            row = model.open_site_for_power[group, s, t]
            limits.append(Limit("site", group, s, t, "MW", mw, bound, row, True))
    return limits


def house_racks(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Give every rack a place in a block of its cooling type: racks' MW <= blocks' MW.

    Retrofits have taken some of the blocks' MW, and brought others.
    """
    keys = [(s, c, t) for s in case.sites for c in case.cooling for t in case.periods.index]
    model.racks_within_blocks = pyo.Constraint(keys)
    for s, c, t in keys:
        at_site = [p for p in parts if p.site == s]
        here = [p for p in at_site if p.cooling == c]
        racks_mw = _mw([p for p in here if p.family == "rack"], t)
        blocks_mw = _mw([p for p in here if p.family == "block"], t)
        blocks_mw += joined_mw(at_site, c, t) - left_mw(at_site, c, t)
        if not isinstance(racks_mw, int):
            model.racks_within_blocks[s, c, t] = racks_mw <= blocks_mw


def draw_load(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Define ``model.it_mw[s, c, t]``: draw of the racks that run, by cooling type.

    Without what can be shifted in time, which is ``model.shift_mw``.
    """
    keys = [(s, c, t) for s in case.sites for c in case.cooling for t in case.periods.index]
    model.it_mw = pyo.Var(keys, domain=pyo.NonNegativeReals)
    draw = case.scenario.serving.draw_share
    racks = [p for p in parts if p.family == "rack"]

    @model.Constraint(keys)
    def racks_draw(m, s, c, t):  # type: ignore[no-untyped-def]
        running = [p.investment.links["mw"][t] for p in racks if (p.site, p.cooling) == (s, c)]
        shifted = 0 if case.defer_h is None else m.shift_mw[s, c, t]
        return m.it_mw[s, c, t] == draw * sum(running) - shifted
