"""`examples/one_site.yaml` on gas alone, where the answer can be added up on paper."""

from pathlib import Path

import numpy as np
import pytest

from components.catalog.loader import load_family
from components.cooling.pue import pue
from components.finance import annuity
from components.power.dispatchable import availability
from planner.known import read_scenario
from planner.run import plan_scenario

ONE_SITE = Path(__file__).parents[2] / "examples" / "one_site.yaml"
SETS = (
    "demand.workloads.chat.tokens_per_day=4.0e13",
    "demand.workloads.coding_agent.tokens_per_day=3.0e12",
    "demand.workloads.reasoning={tokens_per_day: 0, value_usd_per_mtok: 6}",
    "demand.workloads.batch={tokens_per_day: 0, value_usd_per_mtok: 2, defer_h: 0}",
    "solver.engine=monolithic",
    "power.use=[wartsila_18v50sg]",
    "power.change.wartsila_18v50sg.slots_mw_per_year=10000",
    "power.curtailed_load_usd_per_mwh=1000000",
    "racks.use=[vr200_nvl72]",
    "racks.network_share=0",
    "racks.storage_share=0",
    "serving.tokens_per_s_per_rack.vr200_nvl72={chat: 441000, coding_agent: 26000}",
    "blocks.use=[stick_built_hall]",
    "cooling.use=[liquid_dry]",
    "reliability.spare_units=0",
    "supply.craft_hours_per_site_year=1.0e9",
    "solver.whole_units_from_mw=100000",
    "solver.gap=1.0e-9",
)


def test_one_site_on_gas_costs_what_paper_says() -> None:
    """8,760 hours: engines for the worst hour, fuel for all, racks and halls for the tokens.

    racks    chat 4e13/day x 1.3 / 0.8 / 441,000 + agents 3e12/day x 1.15 / 0.8 / 26,000 tokens/s,
             over 0.97 in order; each 210 kW, drawing 0.9 of it on average
    engines  largest of load / what an engine gives at that hour's temperature
    halls    and their cooling plant, built on site, cost what they cost in Texas
    fuel     7.53 x 1.03 MMBtu/MWh at Henry Hub + basis + transport; 6 USD/MWh
    """
    loaded = read_scenario(ONE_SITE, SETS)

    plan = plan_scenario(loaded.scenario)

    here = plan.formulation.case.sites["abilene_tx"]
    profiles = here.profiles
    racks = (4e13 / 86400 * 1.3 / 441_000 + 3e12 / 86400 * 1.15 / 26_000) / 0.8 / 0.97
    it_kw = 210 * racks
    cooling = load_family("cooling")["liquid_dry"].parameters
    engine = load_family("gas")["wartsila_18v50sg"].parameters
    load_mw = 0.9 * it_kw / 1000 * pue(cooling, profiles["drybulb_c"], profiles["wetbulb_c"])
    able = availability(engine, profiles["drybulb_c"], here.site.elevation_m)
    engine_kw = 1000 * np.max(load_mw / able)
    hall, rack = (
        load_family("block")["stick_built_hall"].parameters,
        load_family("rack")["vr200_nvl72"].parameters,
    )
    hub = loaded.scenario.power.gas_usd_per_mmbtu.at(2028)
    gas = hub + here.site.gas_basis_usd_per_mmbtu + here.site.gas_transport_usd_per_mmbtu
    works = load_family("site_works")["greenfield"].parameters
    lateral = load_family("gas_lateral")["gas_lateral"].parameters
    land = works.land_acres * here.site.land_usd_per_acre
    pipe = lateral.usd_per_mile * here.site.gas_pipeline_miles

    in_texas = load_family("labour_market")["labour_tx"].parameters.construction_cost_factor

    def yearly(p, capex):
        return capex * annuity(0.08, p.life_years) + p.fixed_om_usd_per_kw_year

    def once(p, usd):
        return usd * (annuity(0.08, p.life_years) + p.fixed_om_share)

    cost = (
        it_kw * yearly(rack, rack.capex_usd_per_kw)
        + it_kw * yearly(hall, in_texas * (hall.capex_usd_per_kw + cooling.capex_usd_per_kw))
        + engine_kw * yearly(engine, 1700)
        + load_mw.sum() * (7.53 * 1.03 * gas + 6)
        + once(works, works.works_usd + land)
        + once(lateral, lateral.tap_usd + pipe)
    ) * 1.08**-0.5

    assert 1000 * plan.outcome.objective_kusd == pytest.approx(cost, rel=1e-6)
