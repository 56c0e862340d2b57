"""Connections to the grid in a plan: which comes first, what is cut, limited, backed and paid."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from planner.case import Case
from planner.plan.plan import Plan
from planner.run import plan_case
from sites.table import builtin_sites
from tests.planner.hand import AT_ONCE, FLAT, flat_place, hand_case, hand_scenario

SITE = "abilene_tx"
CHAT = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0, "peak_to_mean": 1.3}
"""At about 13.4 MW of racks, see `test_hand`."""

PEAKS = np.roll(np.arange(8760.0), 4320)
"""The peak hours of the year begin at hour 4,320, within the one week that is sampled."""

ENGINE, FIRM, FLEXIBLE = "wartsila_18v50sg", "firm_grid", "flexible_grid"


def grid_case(
    *products: str,
    figures: Mapping[str, float] | None = None,
    horizon: Mapping[str, Any] | None = None,
    **sections: Any,
) -> Case:
    """A site with the given products, which are there at once; power from the grid costs 40."""
    names = (*products, "gas_lateral")
    change = {name: dict(AT_ONCE) for name in names}
    power = {"use": list(products), "change": change, **sections.pop("power", {})}
    demand = {"workloads": {"chat": CHAT | {"must_serve": False}}}
    week = {"start": "2028-01", "periods": 1, "hours": "weeks", "weeks": 1, **(horizon or {})}
    grid = {"share_limit": None, "price_growth_per_year": 0.0, **sections.pop("grid", {})}
    scenario = hand_scenario(power=power, demand=demand, horizon=week, grid=grid, **sections)
    profiles = {"grid_stress_rank": PEAKS}
    place = flat_place(scenario, builtin_sites()[SITE], profiles=profiles)
    return hand_case(
        scenario, **{SITE: replace(place, figures={**place.figures, **(figures or {})})}
    )


def mw_of(plan: Plan, component: str) -> float:
    capacity = plan.tables["capacity"].query("component == @component")
    return float(capacity["mw"].sum())


def test_a_flexible_connection_comes_first_where_a_firm_one_takes_long() -> None:
    """Orders from July 2024: 30 months later is January 2027, 84 months July 2031, too late.

    Gas, at 9 USD/MMBtu, is dear: it runs alone in 2026, and later in the peaks only.
    """
    case = grid_case(
        ENGINE,
        FIRM,
        FLEXIBLE,
        figures={"grid_wait_months": 84, "flexible_wait_months": 30},
        horizon={"start": "2026-01", "periods": 5, "orders_from": "2024-07"},
        power={"gas_usd_per_mmbtu": 9.0},
    )
    plan = plan_case(case)
    mwh = plan.tables["power_by_season"].query("direction == 'out'")
    mwh = mwh.groupby(["period", "component"])["mwh"].sum().unstack(fill_value=0.0)
    first = plan.tables["builds"].groupby("component")["period"].min()

    assert mwh.loc["2026", ENGINE] > 1000
    assert mwh.loc["2026", FLEXIBLE] == 0
    assert first[FLEXIBLE] == "2027"
    assert FIRM not in first
    peak = 88 / 168  # of the sampled hours
    later = mwh.loc["2027":]
    share = (later[ENGINE] / (later[ENGINE] + later[FLEXIBLE])).to_numpy()
    assert share == pytest.approx(np.full(4, peak), rel=1e-6)


def test_the_engine_carries_the_peak_hours_and_no_other() -> None:
    """88 hours of the sampled week are cut; power is flat, so the engine is as large as the load.

    88 of 168 sampled hours, each of 8760 / 168 hours: the sampled week shows the worst.
    """
    plan = plan_case(grid_case(ENGINE, FLEXIBLE))
    run = plan.outcome.dispatch[SITE, 0]
    peak = PEAKS[run.hours.of_year] < 88
    load = -run.power_mw["load"]

    assert peak.sum() == 88
    np.testing.assert_allclose(run.power_mw[FLEXIBLE][peak], 0.0, atol=1e-9)
    np.testing.assert_allclose(run.power_mw[ENGINE][peak], load[peak], rtol=1e-6)


def test_two_products_are_cut_each_in_its_own_hours() -> None:
    """One is cut in 44 hours, the other in 88: only the first is bought, at the same price."""
    shares = {FLEXIBLE: {**AT_ONCE, "unavailable_share": 0.005}, ENGINE: AT_ONCE}
    change = {**shares, "gas_lateral": AT_ONCE}
    plan = plan_case(grid_case(ENGINE, FLEXIBLE, power={"change": change}))
    run = plan.outcome.dispatch[SITE, 0]

    cut = run.power_mw[FLEXIBLE] < 1e-9
    assert set(PEAKS[run.hours.of_year][cut]) >= set(range(44))


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_flexible_connections_are_backed_on_site(share: float) -> None:
    """With no peak in the hours that are operated, engines stand there by duty alone."""
    case = grid_case(
        ENGINE, FLEXIBLE, grid={"flexible_backed_share": share}, power={"gas_usd_per_mmbtu": 30.0}
    )
    place = case.sites[SITE]
    calm = replace(place, profiles={**place.profiles, "grid_stress_rank": 8759 - FLAT})
    plan = plan_case(replace(case, sites={SITE: calm}))

    assert mw_of(plan, ENGINE) == pytest.approx(share * mw_of(plan, FLEXIBLE), rel=1e-6)
    assert mw_of(plan, FLEXIBLE) > 10


def test_a_battery_backs_what_it_can_give_through_a_peak() -> None:
    """4 h, most of it usable, over a peak of 8 h: a MW of battery backs less than half a MW."""
    grid = {"flexible_backed_share": 0.5, "peak_event_h": 8}
    case = grid_case("li_ion_4h", FLEXIBLE, grid=grid)
    place = case.sites[SITE]
    calm = replace(place, profiles={**place.profiles, "grid_stress_rank": 8759 - FLAT})
    plan = plan_case(replace(case, sites={SITE: calm}))
    p = case.power["li_ion_4h"].figures

    backs = min(1.0, p.usable_mwh_per_mw / 8)
    assert backs < 0.6
    assert backs * mw_of(plan, "li_ion_4h") == pytest.approx(0.5 * mw_of(plan, FLEXIBLE), rel=1e-6)


@pytest.mark.parametrize("limit", ["site_limit_mw", "area_limit_mw"])
def test_both_kinds_of_connection_count_for_a_limit(limit: str) -> None:
    """5 MW in all, at the site or in its area, and each MW more is worth something."""
    name = {"site_limit_mw": SITE, "area_limit_mw": "ERCO-WEST"}[limit]
    kind = {"site_limit_mw": "grid site", "area_limit_mw": "grid area"}[limit]
    name = builtin_sites()[SITE].grid_area if limit == "area_limit_mw" else name
    plan = plan_case(grid_case(FIRM, FLEXIBLE, grid={limit: {name: 5.0}}))
    supply = plan.tables["supply"].set_index("kind").loc[kind]
    prices = plan.tables["shadow_prices"]
    price = prices[prices["limit"].str.startswith(kind)]["price"]

    assert mw_of(plan, FIRM) + mw_of(plan, FLEXIBLE) == pytest.approx(5.0)
    assert supply["used"] == pytest.approx(supply["limit"])
    assert (price > 0).all()
    assert len(price) == 1


def test_upgrades_are_paid_step_by_step() -> None:
    """Steps of 5 MW at 0, to 10 MW at 1,000 and beyond at 2,000 USD/kW over 40 years, no interest.

    What the plan costs more than without steps is 5,000 kW x 1,000 / 40, and 2,000 / 40 for each
    kW above 10 MW; tokens are worth so much that the size of the plan stays.
    """
    steps = [
        {"to_mw": 5, "usd_per_kw": 0},
        {"to_mw": 10, "usd_per_kw": 1000},
        {"usd_per_kw": 2000},
    ]
    without = plan_case(grid_case(FIRM))
    plan = plan_case(grid_case(FIRM, grid={"upgrades": steps}))
    mw = mw_of(without, FIRM)
    more_usd = 5000 * 1000 / 40 + (1000 * mw - 10_000) * 2000 / 40
    paid = plan.tables["costs"].query("component == 'network_upgrades'")["usd"].sum()
    capex = plan.tables["builds"].query("component == 'network_upgrades'")["capex_usd"].sum()

    assert mw > 12
    assert mw_of(plan, FIRM) == pytest.approx(mw, rel=1e-6)
    assert paid == pytest.approx(more_usd, rel=1e-6)
    assert capex == pytest.approx(40 * more_usd, rel=1e-6)
    assert 1000 * (plan.outcome.objective_kusd - without.outcome.objective_kusd) == pytest.approx(
        more_usd, rel=1e-4
    )
    assert mw_of(plan, "network_upgrades") == 0  # no source of power


def test_firm_and_flexible_draw_on_the_same_steps() -> None:
    """The steps of the site end at 6 MW, in place of those of all sites: no more is connected."""
    grid = {
        "upgrades": [{"usd_per_kw": 100}],
        "site_upgrades": {SITE: [{"to_mw": 6, "usd_per_kw": 50}]},
    }
    plan = plan_case(grid_case(FIRM, FLEXIBLE, grid=grid))

    assert mw_of(plan, FIRM) + mw_of(plan, FLEXIBLE) == pytest.approx(6.0)


def test_connections_can_be_bought_in_whole_steps() -> None:
    """A substation of 10 MW is whole or not there; 13 MW of load need two."""
    change = {FIRM: {**AT_ONCE, "unit_mw": 10}, "gas_lateral": AT_ONCE}
    solver = {"engine": "monolithic", "gap": 1e-6, "whole_units_from_mw": 10}
    blocks = {"use": ["vertiv_onecore"], "change": {"greenfield": AT_ONCE}}
    blocks["change"]["vertiv_onecore"] = {**AT_ONCE, "unit_mw": 1.0}
    racks = {"use": ["gb200_nvl72"], "change": {"gb200_nvl72": AT_ONCE}}
    plan = plan_case(
        grid_case(FIRM, power={"change": change}, solver=solver, blocks=blocks, racks=racks)
    )

    assert mw_of(plan, FIRM) == pytest.approx(20.0)


def test_a_tariff_charges_demand_apart() -> None:
    """17 USD/(kW month) x 12 of every kW connected, and nothing of it where the price is all-in."""
    in_price = plan_case(grid_case(FIRM))
    apart = plan_case(
        grid_case(FIRM, grid={"tariff": "energy_and_demand"}, figures={"demand_charge_share": 1.0})
    )

    def charged(plan: Plan) -> float:
        return float(plan.tables["costs"].query("item == 'demand_charge'")["usd"].sum())

    assert charged(in_price) == 0
    assert charged(apart) == pytest.approx(1000 * mw_of(apart, FIRM) * 17 * 12)


def test_energy_of_both_counts_for_the_share_and_for_co2() -> None:
    """A cap of 20 GWh binds on the sum; CO2 of the grid is that of all its energy."""
    grid = {"us_twh": 1000.0, "other_data_centres_twh": 0.0, "share_limit": 2e-5}
    case = grid_case(ENGINE, FIRM, FLEXIBLE, grid={**grid, "site_limit_mw": {SITE: 50.0}})
    plan = plan_case(case)
    gwh = sum(
        float(run.hours.weight @ (run.power_mw[FIRM] + run.power_mw[FLEXIBLE])) / 1000
        for run in plan.outcome.dispatch.values()
    )
    limit = plan.tables["supply"].set_index("kind").loc["grid share"]

    assert limit["used"] == pytest.approx(gwh)
    assert gwh <= 20 * (1 + 1e-9)
