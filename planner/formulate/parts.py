"""Every component at every site joins the model: variables, costs and draws."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

import pyomo.environ as pyo

from components.base import Setting
from components.compute import rack
from components.compute.rack import Rack
from components.facility import block as facility_block
from components.facility import retrofit, site_works
from components.facility.block import Block
from components.facility.retrofit import Retrofit
from components.power import air_permit, gas_lateral
from components.registry import POWER
from planner.case import Case, SiteCase
from planner.formulate.bridging import terms_of
from planner.formulate.dispatch import with_difference
from planner.formulate.formulation import Part
from planner.formulate.gas import laterals_at, reserve_transport
from planner.formulate.retrofits import MARK, hall_years, retrofit_pairs
from planner.formulate.standing import check_standing


def add_parts(model: pyo.ConcreteModel, case: Case) -> tuple[Part, ...]:
    """Let every component add its investment to ``model.site[s]``.

    Raises
    ------
    ScenarioError
        If something stands at a site that cannot be operated there.
    """
    model.site = pyo.Block(list(case.sites))
    parts = tuple(
        part
        for name, here in case.sites.items()
        for part in _site_parts(model.site[name], case, here)
    )
    check_standing(case, parts)
    return parts


def _site_parts(block: pyo.Block, case: Case, here: SiteCase) -> Iterator[Part]:
    setting = setting_of(case, here)
    site = here.site.id

    block.works = pyo.Block()
    found = site_works.invest(block.works, case.works, replace(setting, stands=here.stands))
    yield Part(site, "site_works", "site_works", "", case.works, found)

    laterals = laterals_at(case, here)
    block.lateral = pyo.Block(list(laterals))
    for name, size in laterals.items():
        there = replace(setting, stands=name == here.existing_lateral)
        found = gas_lateral.invest(block.lateral[name], size, there)
        yield Part(site, "gas_lateral", name, "", size, found)

    if case.air_permit is not None:
        block.air_permit = pyo.Block()
        found = air_permit.invest(block.air_permit, case.air_permit, setting)
        yield Part(site, "air_permit", "air_permit", "", case.air_permit, found)

    block.power = pyo.Block(list(case.power))
    for name, product in case.power.items():
        invest = POWER[type(product.figures)].invest
        own = _with_existing(setting_of(case, here, terms_of(case, product)), here, name, "")
        found = invest(block.power[name], product.figures, own)
        found = reserve_transport(case, here, product.figures, found)
        found = with_difference(case, here, name, found)
        yield Part(site, product.family, name, "", product.figures, found)

    yield from _blocks(block, case, here)
    yield from _racks(block, case, here)
    yield from _retrofits(block, case, here)


def _blocks(block: pyo.Block, case: Case, here: SiteCase) -> Iterator[Part]:
    block.block = pyo.Block(list(block_pairs(case)))
    for name, cooling in block_pairs(case):
        product = case.blocks[name]
        cost = {"cooling_usd_per_kw": case.cooling[cooling].capex_usd_per_kw}
        setting = setting_of(case, here, cost)
        figures = cast(Block, product.figures)
        own = _with_existing(setting, here, name, cooling)
        found = facility_block.invest(block.block[name, cooling], figures, own)
        yield Part(here.site.id, "block", name, cooling, product.figures, found)


def _racks(block: pyo.Block, case: Case, here: SiteCase) -> Iterator[Part]:
    block.rack = pyo.Block(list(rack_pairs(case)))
    setting = setting_of(case, here)
    for name, cooling in rack_pairs(case):
        product = case.racks[name]
        figures = cast(Rack, product.figures)
        own = _with_existing(setting, here, name, cooling)
        found = rack.invest(block.rack[name, cooling], figures, own)
        yield Part(here.site.id, "rack", name, cooling, product.figures, found)


def _retrofits(block: pyo.Block, case: Case, here: SiteCase) -> Iterator[Part]:
    block.retrofit = pyo.Block(retrofit_pairs(case))
    for name, before, after in retrofit_pairs(case):
        figures = cast(Retrofit, case.retrofits[name].figures)
        own = block.retrofit[name, before, after]
        left = hall_years(case, here, before)
        found = retrofit.invest(own, figures, setting_of(case, here), left)
        yield Part(here.site.id, "retrofit", f"{name}{MARK}{before}", after, figures, found)


def _with_existing(setting: Setting, here: SiteCase, name: str, cooling: str) -> Setting:
    return replace(setting, existing_mw=here.existing_mw.get((name, cooling)))


def block_pairs(case: Case) -> Iterator[tuple[str, str]]:
    """Return each block with each cooling type in use that it can be had with."""
    for name, product in case.blocks.items():
        if isinstance(product.figures, Block):
            yield from ((name, c) for c in product.figures.cooling if c in case.cooling)


def rack_pairs(case: Case) -> Iterator[tuple[str, str]]:
    """Return each rack with each cooling type in use that it runs on and that can carry it."""
    for name, product in case.racks.items():
        p = product.figures
        if not isinstance(p, Rack):
            continue
        for cooling in p.cooling:
            carried = case.cooling.get(cooling)
            if carried and 1000 * p.unit_mw / p.cabinets <= carried.density_limit_kw_per_rack:
                yield name, cooling


def setting_of(case: Case, here: SiteCase, more: Mapping[str, float] | None = None) -> Setting:
    """Return what a component may know when deciding at a site."""
    after_tax = case.scenario.finance.after_tax
    return Setting(
        periods=case.periods,
        cost_of_capital=case.scenario.finance.cost_of_capital,
        whole_units_from_mw=case.scenario.solver.whole_units_from_mw,
        figures={**here.figures, **(more or {})},
        taxes=after_tax.taxes() if after_tax else None,
    )
