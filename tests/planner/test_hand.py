"""Answers worked out on paper: one site that runs on gas alone, and the limits around it."""

import pytest

from planner.run import plan_case
from tests.planner.hand import hand_case, hand_scenario

TOKENS_PER_DAY = 8.64e11
"""1e7 tokens/s, that is 10,000 thousand tokens/s."""


def _scenario(**more):
    chat = {"tokens_per_day": TOKENS_PER_DAY, "value_usd_per_mtok": 4.0, "peak_to_mean": 1.3}
    return hand_scenario(demand={"workloads": {"chat": chat}}, **more)


def test_a_site_on_gas_alone_costs_what_paper_says() -> None:
    """Every number from the catalog, no cost of money, one year, 15 degC, sea level.

    racks     1e7 tokens/s x 1.3 / 0.8 headroom / 0.97 in order / 165,000 tokens/s = 101.53 racks
    IT        101.53 x 0.132 MW = 13.402 MW of blocks; mean draw 0.9 of it = 12.062 MW
    PUE       liquid at 15 degC: from the same function as the model (its own tests are elsewhere)
    gas       12.062 MW x PUE / availability 0.96 x (1 - 250/8760); no derate at 15 degC
    cost      racks 3.5 M USD / 5 a + 530 USD/kW; blocks and cooling / 20 a + 170 USD/kW;
              engine 1,700 USD/kW / 25 a + 20 USD/kW; fuel 7.53 x 1.03 MMBtu/MWh x 3 USD, 6 USD/MWh;
              site 60 M USD + 500 acres x 10,000 USD over 30 a and 2 %; lateral likewise
    """
    case = hand_case(_scenario())
    import numpy as np

    from components.cooling.pue import pue

    factor = float(pue(case.cooling["liquid_dry"], np.array([15.0]), np.array([10.0]))[0])
    racks = 1e7 * 1.3 / 0.8 / 0.97 / 165_000
    it_kw = racks * 132
    mean_mw = 0.9 * it_kw / 1000 * factor
    engine_kw = 1000 * mean_mw / (0.96 * (1 - 250 / 8760))
    block = case.blocks["vertiv_onecore"].figures
    cooling = case.cooling["liquid_dry"]
    works, lateral = case.works, case.laterals["gas_lateral"]
    site_usd = works.works_usd + works.land_acres * 10_000
    lateral_usd = lateral.tap_usd + 5 * lateral.usd_per_mile
    cost = (
        it_kw * (26_515.2 / 5 + 530)
        + it_kw * ((block.capex_usd_per_kw + cooling.capex_usd_per_kw) / 20 + 170)
        + engine_kw * (1_700 / 25 + 20)
        + 8760 * mean_mw * (7.53 * 1.03 * 3 + 6)
        + site_usd * (1 / works.life_years + works.fixed_om_share)
        + lateral_usd * (1 / lateral.life_years + lateral.fixed_om_share)
    )

    plan = plan_case(case)

    assert plan.outcome.objective_kusd * 1000 == pytest.approx(cost, rel=1e-6)
    built = plan.tables["builds"].set_index("component")["units"]
    assert built["gb200_nvl72"] == pytest.approx(racks, rel=1e-6)
    assert built["wartsila_18v50sg"] * 18.8e3 == pytest.approx(engine_kw, rel=1e-6)


def test_nothing_is_built_where_tokens_are_worth_less_than_racks() -> None:
    """At 0.05 USD/Mtok racks alone cost 0.36: all unmet, at 0.05 x 8.64e11 x 365 / 1e6 USD."""
    chat = {"tokens_per_day": TOKENS_PER_DAY, "value_usd_per_mtok": 0.05}
    plan = plan_case(hand_case(hand_scenario(demand={"workloads": {"chat": chat}})))

    assert plan.tables["builds"].empty
    assert plan.outcome.objective_kusd == pytest.approx(0.05 * 8.64e11 * 365 / 1e6 / 1000)


def test_a_lead_time_longer_than_the_wait_keeps_the_engine_out() -> None:
    """Engines that take 12 months are not there in a first period ordered at its start."""
    change = {"wartsila_18v50sg": {"lead_months": 12}, "gas_lateral": {"lead_months": 0}}
    power = {"use": ["wartsila_18v50sg"], "gas_usd_per_mmbtu": 3.0, "change": change}
    plan = plan_case(hand_case(_scenario(power=power)))

    assert plan.tables["builds"].empty


def test_a_spare_unit_is_the_largest_one() -> None:
    """N+1 with whole 18.8 MW engines: one engine carries 12.7 MW, a second is held back."""
    case = hand_case(
        _scenario(reliability={"spare_units": 1}, solver={"whole_units_from_mw": 15, "gap": 1e-6})
    )
    plan = plan_case(case)
    engines = plan.tables["capacity"].set_index("component").loc["wartsila_18v50sg"]

    assert engines["units"] == pytest.approx(2)
    assert engines["usable_mw"] <= 18.8 + 1e-6


def test_chips_that_bind_leave_tokens_unmet_and_have_a_price() -> None:
    """4.6 wafers a rack and 230 wafers: 50 racks, of 101.5 that the demand needs."""
    supply = {"chips": {"cowos": 230.0}}
    plan = plan_case(hand_case(_scenario(supply=supply)))
    racks = plan.tables["racks"]["racks"].sum()
    prices = plan.tables["shadow_prices"].set_index("limit")["price"]

    assert racks == pytest.approx(50)
    # One wafer more is 1/4.6 rack: what it serves, less what it and its power and block cost.
    assert prices["chips: cowos"] > 1e5


def test_the_grid_share_counts_what_comes_from_the_grid_only() -> None:
    """With 10 GWh left of the share and no gas, grid energy is 10 GWh; the rest is unmet."""
    grid = {
        "share_limit": 0.1,
        "us_twh": 1000.0,
        "other_data_centres_twh": 99.99,
        "price_growth_per_year": 0.0,
    }
    power = {"use": ["firm_grid"], "change": {"firm_grid": {"lead_months": 0}}}
    plan = plan_case(hand_case(_scenario(grid=grid, power=power)))
    used = plan.tables["supply"].set_index("kind").loc["grid share", "used"]

    assert used == pytest.approx(10.0, rel=1e-6)


@pytest.mark.parametrize("kind", ["state", "site"])
def test_a_moratorium_keeps_a_site_closed(kind: str) -> None:
    """No site opens in Texas from 2028."""
    region = {"state": "TX", "site": "abilene_tx"}[kind]
    plan = plan_case(hand_case(_scenario(policy={"moratoria": {region: "2028-01"}})))

    assert not plan.tables["sites"]["open"].any()


def test_nox_potential_to_emit_bounds_the_engines() -> None:
    """10 short tons/a at 0.183 lb/MWh and 8,760 h: 12.476 MW of engines, no more."""
    plan = plan_case(hand_case(_scenario(policy={"nox_limit_t_per_site": 10.0})))
    engines = plan.tables["capacity"].set_index("component").loc["wartsila_18v50sg", "mw"]

    assert engines == pytest.approx(10 * 2000 / 8760 / 0.183, rel=1e-5)


def test_a_budget_bounds_what_is_invested() -> None:
    """200 million USD buy a part of what 400 would."""
    plan = plan_case(hand_case(_scenario(policy={"budget_usd_per_year": 2.0e8})))

    assert plan.tables["builds"]["capex_usd"].sum() == pytest.approx(2.0e8, rel=1e-6)


def test_a_site_that_must_open_opens() -> None:
    """Even where nothing is worth building."""
    chat = {"tokens_per_day": TOKENS_PER_DAY, "value_usd_per_mtok": 0.05}
    scenario = hand_scenario(
        demand={"workloads": {"chat": chat}}, policy={"must_open": ["abilene_tx"]}
    )

    assert plan_case(hand_case(scenario)).tables["sites"]["open"].all()


def test_co2_has_a_price_and_a_cap() -> None:
    """A dollar per tonne costs one dollar for each tonne; half the tonnes halve the fuel."""
    free = plan_case(hand_case(_scenario()))
    priced = plan_case(hand_case(_scenario(policy={"co2_usd_per_t": 1.0})))
    tonnes = 1000 * sum(v.value for k, v in free.formulation.model.use.items() if k[1] == "co2_kt")
    more = 1000 * (priced.outcome.objective_kusd - free.outcome.objective_kusd)
    assert more == pytest.approx(tonnes, rel=1e-6)

    capped = plan_case(hand_case(_scenario(policy={"co2_limit_t": tonnes / 2})))
    used = capped.tables["supply"].set_index("kind").loc["CO2", "used"]
    assert 1000 * used == pytest.approx(tonnes / 2, rel=1e-6)
