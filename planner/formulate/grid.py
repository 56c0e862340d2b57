"""Connections to the grid: limits of a site, upgrades in steps, what backs flexible ones."""

import pyomo.environ as pyo

from components.base import Expr
from components.power import network_upgrade
from components.power.battery import Battery
from components.power.dispatchable import DispatchableParameters
from components.power.grid import Grid
from components.power.network_upgrade import NetworkUpgrade
from planner.case import Case
from planner.formulate.formulation import Limit, Part
from planner.formulate.parts import setting_of
from planner.scenario.grid import UpgradeStep

FAMILY, NAME = "network_upgrade", "network_upgrades"

UPGRADE_LIFE_YEARS = 40.0
"""As of the connection itself: usual economic life of substations and lines [a]."""


def connected_mw(parts: tuple[Part, ...], site: str, t: int, *kinds: str) -> Expr:
    """Return the connections in service at a site, of the given kinds or of all [MW]."""
    return sum(
        p.investment.unit_mw * p.investment.units[t]
        for p in parts
        if p.site == site and isinstance(p.figures, Grid) and (not kinds or p.figures.kind in kinds)
    )


def _existing_mw(parts: tuple[Part, ...], site: str, t: int) -> float:
    here = [p.investment for p in parts if p.site == site and isinstance(p.figures, Grid)]
    return sum(i.unit_mw * i.existing[t] for i in here if i.existing)


def upgrade_network(
    model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]
) -> tuple[Part, ...]:
    """Let connections pay for the network behind them, step by step.

    ``upgrades_carry_connections[s, t]``: firm and flexible MW in service, less what was there
    before the first period, <= MW of upgrades, where the scenario gives steps.

    Returns
    -------
    tuple of Part
        All parts, those of the upgrades last.
    """
    grid = case.scenario.grid
    steps = {s: grid.site_upgrades.get(s, grid.upgrades) for s in case.sites}
    keys = [(s, t) for s, asked in steps.items() if asked for t in case.periods.index]
    more = {s: _upgrades(model, case, s, asked) for s, asked in steps.items() if asked}
    model.upgrades_carry_connections = pyo.Constraint(keys)
    for s, t in keys:
        mw = connected_mw(parts, s, t)
        if not isinstance(mw, int):
            row = mw - _existing_mw(parts, s, t) <= more[s].investment.units[t]
            model.upgrades_carry_connections[s, t] = row
    return (*parts, *more.values())


def _upgrades(
    model: pyo.ConcreteModel, case: Case, site: str, steps: tuple[UpgradeStep, ...]
) -> Part:
    ends = [step.to_mw for step in steps]
    before = [0.0, *ends]
    figures = NetworkUpgrade(
        step_mw=tuple(
            None if end is None else end - (start or 0.0)
            for start, end in zip(before, ends, strict=False)
        ),
        usd_per_kw=tuple(step.usd_per_kw for step in steps),
        life_years=UPGRADE_LIFE_YEARS,
    )
    block = model.site[site]
    block.upgrade = pyo.Block()
    found = network_upgrade.invest(block.upgrade, figures, setting_of(case, case.sites[site]))
    return Part(site, FAMILY, NAME, "", figures, found)


def limit_connections(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> list[Limit]:
    """Keep the connections of a site, firm and flexible, within ``grid.site_limit_mw``."""
    limits = case.scenario.grid.site_limit_mw
    keys = [(s, t) for s in case.sites if s in limits for t in case.periods.index]
    model.connection_limit = pyo.Constraint(keys)
    found = []
    for s, t in keys:
        used, bound = connected_mw(parts, s, t), float(limits[s])
        if isinstance(used, int):
            continue
        model.connection_limit[s, t] = used <= bound
        row = model.connection_limit[s, t]
        found.append(Limit("grid site", "grid connections", s, t, "MW", used, bound, row, True))
    return found


def back_flexible(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Ask for on-site power beside flexible connections.

    ``flexible_is_backed[s, t]``: usable MW that can be dispatched >= share x flexible MW in
    service. A battery counts with what it can give through a peak:
    ``min(1, usable MWh per MW / event_h)``.
    """
    grid = case.scenario.grid
    if grid.flexible_backed_share == 0:
        return
    keys = [(s, t) for s in case.sites for t in case.periods.index]
    model.flexible_is_backed = pyo.Constraint(keys)
    for s, t in keys:
        flexible = connected_mw(parts, s, t, "flexible")
        if isinstance(flexible, int):
            continue
        here = [p for p in parts if p.site == s]
        backed = sum(_backing_share(p, grid.peak_event_h) * _usable_mw(p, t) for p in here)
        row = grid.flexible_backed_share * flexible - backed <= 0
        model.flexible_is_backed[s, t] = row


def _backing_share(part: Part, event_h: float) -> float:
    if isinstance(part.figures, Battery):
        return min(1.0, part.figures.usable_mwh_per_mw / event_h)
    return 1.0 if isinstance(part.figures, DispatchableParameters) else 0.0


def _usable_mw(part: Part, t: int) -> Expr:
    return part.investment.links["mw"][t] if "mw" in part.investment.links else 0.0
