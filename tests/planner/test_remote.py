"""Plants beyond the fence in whole plans: answers on paper, and tables that add up."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from planner.case import Case
from planner.plan.colocation import colocation_table
from planner.plan.plan import Plan
from planner.run import plan_case
from planner.scenario import Scenario
from sites.table import builtin_sites
from tests.planner.hand import AT_ONCE, FLAT, flat_place, hand_case, hand_scenario

FIELD = {
    **AT_ONCE,
    "capex_usd_per_kw": 1200,
    "capex_2030_usd_per_kw": None,
    "fixed_om_usd_per_kw_year": 20,
    "life_years": 30,
    "degradation_per_year": 0.0,
    "credit_share": 0.0,
}
"""60,000 USD a year for a MW: 1.2 million over 30 a without interest, and 20,000."""

LINE = {**AT_ONCE, "usd_per_mw_mile": 3000, "ends_usd_per_kw": 100}
"""345 kV, 900 MW, 0.055 ohm/mile; a 40th and a hundredth of its cost each year."""

AT_HOME, AFAR = 0.2, 0.5
"""Capacity factors, the same in every hour."""

SOURCE = {"source": "pv_tracker", "at": "pecos_tx"}


def _scenario(remote: dict[str, Any], use: list[str], **more: Any) -> Scenario:
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0, "peak_to_mean": 1.3}
    change = {
        "pv_tracker": FIELD,
        "ac_345kv": LINE,
        "wartsila_18v50sg": AT_ONCE,
        "gas_lateral": AT_ONCE,
    }
    power = {"use": use, "gas_usd_per_mmbtu": 3.0, "change": change, "remote": {"far": remote}}
    return hand_scenario(demand={"workloads": {"chat": chat}}, power=power, **more)


def _case(miles: float, cost_ratio: float = 1.0, **remote: Any) -> Case:
    """One site with a poor sun; a field at a place with a good one, so many miles away."""
    use = remote.pop("use", ["pv_tracker"])
    scenario = _scenario(SOURCE | remote | {"miles": miles}, use)
    sun = {
        "solar_capacity_factor": AT_HOME * FLAT,
        "solar_capacity_factor@pecos_tx": AFAR * FLAT,
    }
    here = flat_place(scenario, builtin_sites()["abilene_tx"], profiles=sun)
    figures = {
        **here.figures,
        "elevation_m@pecos_tx": 0.0,
        "remote_miles@far": miles,
        "line_cost_ratio": cost_ratio,
    }
    return hand_case(scenario, abilene_tx=replace(here, figures=figures))


def arriving(miles: float) -> float:
    """Of a MW of field half a MW is sent, which loads its line by half: 1/4 of the full loss."""
    full = 900 * 0.055 * miles / (345 * 0.98) ** 2
    return AFAR - AFAR**2 * full


def line_usd(miles: float, cost_ratio: float = 1.0) -> float:
    """What the line costs in a year, for each MW."""
    return (3000 * miles * cost_ratio + 100_000) * (1 / 40 + 0.01)


def usd_per_mwh_afar(miles: float, cost_ratio: float = 1.0) -> float:
    return (60_000 + line_usd(miles, cost_ratio)) / (8760 * arriving(miles))


USD_PER_MWH_AT_HOME = 60_000 / (8760 * AT_HOME)


@pytest.mark.parametrize("cost_ratio", [1.0, 2.5])
def test_the_far_field_loses_to_the_near_one_at_the_mile_found_on_paper(cost_ratio: float) -> None:
    """Where (60,000 + line) / arriving = 60,000 / 0.2, losses of the line counted."""
    switch = brentq(lambda m: usd_per_mwh_afar(m, cost_ratio) - USD_PER_MWH_AT_HOME, 1, 2000)

    for miles, wanted, other in ((0.99, "far", "pv_tracker"), (1.01, "pv_tracker", "far")):
        built = _built(plan_case(_case(miles * switch, cost_ratio)))
        assert built.get(wanted, 0) > 10, miles
        assert built.get(other, 0) == pytest.approx(0, abs=1e-4), miles


def _built(plan: Plan) -> dict[str, float]:
    return dict(plan.tables["builds"].groupby("component")["mw"].sum())


def test_a_far_field_costs_what_paper_says_and_its_losses_are_shown() -> None:
    """The load over what arrives of a MW; line and plant each in their own item."""
    miles = 150.0
    plan = plan_case(_case(miles))
    mw = _built(plan)["far"]
    load = plan.tables["sites"]["load_mwh"].sum()
    costs = plan.tables["costs"].query("component == 'far'").set_index("item")["usd"]
    energy = plan.tables["power_by_season"].query("component == 'far'")

    assert mw == pytest.approx(load / 8760 / arriving(miles), rel=1e-6)
    assert costs["line"] == pytest.approx(mw * line_usd(miles), rel=1e-6)
    assert costs["capital"] + costs["fixed_om"] == pytest.approx(mw * 60_000, rel=1e-6)
    assert energy["mwh"].sum() == pytest.approx(load, rel=1e-6)
    sent = energy["mwh"].sum() + energy["line_loss_mwh"].sum()
    assert sent == pytest.approx(8760 * AFAR * mw, rel=1e-5)


def test_fuel_of_a_far_engine_is_that_of_what_it_generates() -> None:
    """On 50 miles the load and its losses are burnt for; the audit of the plan says the same."""
    case = _case(50.0, source="wartsila_18v50sg", use=["li_ion_4h"], at=None)
    plan = plan_case(case)
    energy = plan.tables["power_by_season"].query("component == 'far'").sum(numeric_only=True)
    fuel = plan.tables["costs"].query("item == 'fuel'")["usd"].sum()
    load = plan.tables["sites"]["load_mwh"].sum()
    mw = _built(plan)["far"]
    able = 0.96 * (1 - 250 / 8760)

    assert fuel == pytest.approx(
        3.0 * 7.53 * 1.03 * (energy["mwh"] + energy["line_loss_mwh"]), rel=1e-6
    )
    # Pieces of a quarter of the line: 3/4 x (3/4 of the full loss), and the last piece's chord.
    full = 900 * 0.055 * 50 / (345 * 0.98) ** 2
    sent = able - (full * 0.75**2 + full * (0.75 + 1) * (able - 0.75))
    assert mw == pytest.approx(load / 8760 / sent, rel=1e-6)
    assert energy["mwh"] == pytest.approx(load, rel=1e-6)
    assert "gas_lateral" not in plan.tables["builds"]["kind"].to_list()


def test_a_site_that_may_not_use_a_plant_does_not() -> None:
    case = _case(10.0)
    here = case.sites["abilene_tx"]
    figures = {k: v for k, v in here.figures.items() if k != "remote_miles@far"}
    plan = plan_case(replace(case, sites={"abilene_tx": replace(here, figures=figures)}))

    assert set(_built(plan)) >= {"pv_tracker"}
    assert "far" not in _built(plan)


def test_whole_circuits_come_whole() -> None:
    """The load takes some tens of MW; a circuit brings 900."""
    case = _case(1.0, whole_circuits=True, use=["wartsila_18v50sg"])
    solver = case.scenario.solver.model_copy(update={"whole_units_from_mw": 500.0})
    scenario = case.scenario.model_copy(update={"solver": solver})
    built = _built(plan_case(replace(case, scenario=scenario)))

    assert built.get("far", 0) in (0, 900)
    assert case.power["far"].figures.unit_mw == 900


def test_a_far_plant_draws_on_the_slots_of_its_vendor() -> None:
    case = _case(10.0, source="wartsila_18v50sg", at=None, use=["wartsila_18v50sg"])
    supply = plan_case(case).tables["supply"].query("kind == 'slots'")
    engines = _built(plan_case(case))
    made = engines.get("far", 0) + engines.get("wartsila_18v50sg", 0)

    assert "far" not in supply["name"].to_list()
    assert supply.set_index("name").loc["wartsila_18v50sg", "used"] == pytest.approx(made)


@pytest.mark.parametrize("miles", [20.0, 200.0])
def test_what_co_location_saves_is_what_paper_says(miles: float) -> None:
    (row,) = colocation_table(_case(miles, 2.0)).to_dict("records")
    afar = 60_000 / (8760 * AFAR)

    assert row["plant_usd_per_mwh"] == pytest.approx(afar)
    assert row["line_usd_per_mwh"] == pytest.approx(line_usd(miles, 2.0) / 8760 / arriving(miles))
    assert row["loss_usd_per_mwh"] == pytest.approx(afar * (AFAR / arriving(miles) - 1))
    assert row["loss_share"] == pytest.approx(1 - arriving(miles) / AFAR)
    assert row["arriving_usd_per_mwh"] == pytest.approx(usd_per_mwh_afar(miles, 2.0))
    assert row["fence_usd_per_mwh"] == pytest.approx(USD_PER_MWH_AT_HOME)
    assert row["saved_usd_per_mwh"] == pytest.approx(
        usd_per_mwh_afar(miles, 2.0) - USD_PER_MWH_AT_HOME
    )


def test_a_gas_plant_at_the_fence_saves_its_line_and_its_losses() -> None:
    """Same weather, same fuel: what is saved is the line and what is lost on it."""
    case = _case(100.0, source="wartsila_18v50sg", at=None)
    (row,) = colocation_table(case).to_dict("records")

    assert row["plant_usd_per_mwh"] == pytest.approx(row["fence_usd_per_mwh"])
    assert row["saved_usd_per_mwh"] == pytest.approx(
        row["line_usd_per_mwh"] + row["loss_usd_per_mwh"]
    )
    running = 7.53 * 1.03 * 3.0 + 6.0
    fixed = (1_700_000 / 25 + 20_000) / (8760 * row["plant_capacity_factor"])
    assert row["plant_usd_per_mwh"] == pytest.approx(running + fixed)
    assert np.isfinite(row["line_usd_per_mwh"])


def test_far_engines_are_spared_as_those_on_the_site() -> None:
    """N+1 with whole 18.8 MW engines: one carries the load, a second is held back."""
    case = _case(20.0, source="wartsila_18v50sg", use=["li_ion_4h"], at=None)
    reliability = case.scenario.reliability.model_copy(update={"spare_units": 1})
    solver = case.scenario.solver.model_copy(update={"whole_units_from_mw": 15.0, "gap": 1e-6})
    scenario = case.scenario.model_copy(update={"reliability": reliability, "solver": solver})
    plan = plan_case(replace(case, scenario=scenario))
    far = plan.tables["capacity"].set_index("component").loc["far"]

    assert far["units"] == pytest.approx(2)
    assert far["usable_mw"] <= 18.8 + 1e-6


def test_far_engines_fail_like_those_on_the_site() -> None:
    """Without a spare the site is short whenever an engine is out; its line is taken to hold."""
    case = _case(20.0, source="wartsila_18v50sg", use=["li_ion_4h"], at=None)
    plan = plan_case(case)
    (row,) = plan.tables["reliability"].to_dict("records")

    assert row["units"] > 0
    assert 0.5 < row["availability"] < 0.999
