"""Plant that bridges the time to the grid, on paper: leased, kept, sold, or moved on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.case import Case
from planner.formulate.bridging import terms_of
from planner.plan.plan import Plan
from planner.run import plan_case
from planner.scenario import Scenario
from sites.table import builtin_sites
from tests.planner.engines.both import assert_they_agree
from tests.planner.hand import AT_ONCE, flat_place, hand_case, hand_scenario

ENGINE = {
    "lead_months": 0,
    "life_years": 4,
    "capex_usd_per_kw": 1000.0,
    "fixed_om_usd_per_kw_year": 0.0,
    "variable_om_usd_per_mwh": 10.0,
    "slots_mw_per_year": None,
}
"""Power at 10 USD/MWh and fuel at 7.53 x 1.03 MMBtu; 250 USD/(kW a) without interest."""

GRID = {
    "lead_months": 0,
    "capex_usd_per_kw": 0.0,
    "line_usd_per_mw_mile": 0.0,
    "fixed_om_usd_per_kw_year": 0.0,
}
"""A connection for nothing: energy at 40 USD/MWh is all it costs."""

HARMLESS = {
    "gas_lateral": {"lead_months": 0, "usd_per_mile": 0.0, "tap_usd": 0.0},
    "gas_lateral_24in": {"lead_months": 0, "usd_per_mile": 0.0, "tap_usd": 0.0},
}
"""Pipes for nothing."""


def scenario(
    use: list[str], *, periods: int = 3, change: dict[str, Any] | None = None, **sections: Any
) -> Scenario:
    """Some years from 2028 at gas of 10 USD/MMBtu, so that grid energy is cheaper than burning."""
    power = {
        "use": use,
        "gas_usd_per_mmbtu": 10.0,
        "change": {"wartsila_18v50sg": ENGINE, "firm_grid": GRID, **HARMLESS, **(change or {})},
        **sections.pop("power", {}),
    }
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 50.0, "peak_to_mean": 1.3}
    return hand_scenario(
        horizon={"start": "2028-01", "periods": periods, "hours": "weeks", "weeks": 1},
        power=power,
        racks={"change": {"gb200_nvl72": {**AT_ONCE, "life_years": 20.0}}},
        **{"demand": {"workloads": {"chat": chat}}, **sections},
    )


def place(asked: Scenario, name: str, grid_wait_months: float) -> Any:
    here = flat_place(asked, builtin_sites()[name])
    here.figures["grid_wait_months"] = grid_wait_months
    return here


def one_site(asked: Scenario, grid_wait_months: float = 24.0) -> Case:
    return hand_case(asked, abilene_tx=place(asked, "abilene_tx", grid_wait_months))


def mw(plan: Plan, component: str, site: str = "abilene_tx") -> list[float]:
    """MW in service by period."""
    table = plan.tables["capacity"]
    rows = table[(table["component"] == component) & (table["site"] == site)]
    found = rows.set_index("period")["mw"]
    return [float(found.get(label, 0.0)) for label in plan.formulation.case.periods.labels]


def usd(plan: Plan, item: str, component: str = "wartsila_18v50sg") -> list[float]:
    """Cost of an item by period, at all sites."""
    table = plan.tables["costs"]
    rows = table[(table["component"] == component) & (table["item"] == item)]
    found = rows.groupby("period")["usd"].sum()
    return [float(found.get(label, 0.0)) for label in plan.formulation.case.periods.labels]


def test_what_was_bought_stays_as_backup_unless_it_may_leave() -> None:
    """The grid comes in 2030: engines are paid for, and idle, to the end of their life."""
    plan = plan_case(one_site(scenario(["wartsila_18v50sg", "firm_grid"])))
    first, second, third = mw(plan, "wartsila_18v50sg")

    assert first == pytest.approx(second) == pytest.approx(third)
    assert first > 12
    assert mw(plan, "firm_grid")[:2] == [0, 0]
    assert usd(plan, "capital")[2] == pytest.approx(usd(plan, "capital")[0])
    assert plan.tables["moves"].empty


@pytest.mark.parametrize("salvage", [0.5, 0.2])
def test_what_is_idle_is_sold_and_owes_the_rest(salvage: float) -> None:
    """With the grid in 2030 the engines go; what the buyer does not pay, 1 - salvage, is owed."""
    terms = {"leaving_msr": {"salvage_share": salvage, "relocation_usd_per_kw": 0.0}}
    asked = scenario(
        ["wartsila_18v50sg", "firm_grid"], change=terms, power={"early_retirement": True}
    )
    plan = plan_case(one_site(asked))
    moves = plan.tables["moves"].set_index(["period", "what"])["mw"]
    first, second, third = mw(plan, "wartsila_18v50sg")

    assert first == pytest.approx(second)
    assert third == 0
    assert moves["2030", "sold"] == pytest.approx(first, rel=1e-6)
    capital = usd(plan, "capital")
    assert capital[2] == pytest.approx((1 - salvage) * capital[0], rel=1e-6)


def test_what_nobody_buys_stays() -> None:
    """At no salvage and no upkeep, selling saves nothing; the engines may as well stay.

    With upkeep of a dollar they go: the same capital is owed, and the dollar is saved.
    """
    terms = {"leaving_msr": {"salvage_share": 0.0}}
    engine = {**ENGINE, "fixed_om_usd_per_kw_year": 1.0}
    use = ["wartsila_18v50sg", "firm_grid"]
    power = {"early_retirement": True}
    free = plan_case(one_site(scenario(use, change=terms, power=power)))
    kept_up = plan_case(
        one_site(scenario(use, change={**terms, "wartsila_18v50sg": engine}, power=power))
    )

    assert usd(free, "capital")[2] == pytest.approx(usd(free, "capital")[0])
    assert mw(kept_up, "wartsila_18v50sg")[2] == 0
    assert usd(kept_up, "fixed_om")[2] == 0


SECOND = "redoak_tx"


def two_sites(relocation_usd_per_kw: float, *, whole_mw: float | None = None) -> Case:
    """Abilene has engines in 2028 and the grid from 2029, when half of the tokens are elsewhere.

    There no grid ever comes, and gas of 2028 is out of reach. Each has room for half the tokens.
    An engine of 2028 has three of its four years left in 2029. Given ``whole_mw``, engines are of
    that size and come whole.
    """
    engine = ENGINE if whole_mw is None else {**ENGINE, "unit_mw": whole_mw}
    chat = {
        "tokens_per_day": {2028: 8.64e11, 2029: 2 * 8.64e11},
        "value_usd_per_mtok": 50.0,
        "peak_to_mean": 1.3,
    }
    asked = scenario(
        ["wartsila_18v50sg", "firm_grid"],
        periods=2,
        change={
            "wartsila_18v50sg": engine,
            "leaving_msr": {"salvage_share": 0.0, "relocation_usd_per_kw": relocation_usd_per_kw},
        },
        power={"early_retirement": True},
        solver={"whole_units_from_mw": 1e5 if whole_mw is None else whole_mw},
        sites={"include": ["abilene_tx", SECOND], "limit_it_mw": 14.0},
        demand={"workloads": {"chat": chat}},
    )
    second = replace(place(asked, SECOND, 600.0), gas_usd_per_mmbtu=np.array([1000.0, 10.0]))
    return hand_case(asked, abilene_tx=place(asked, "abilene_tx", 12.0), **{SECOND: second})


def test_engines_move_on_where_that_is_cheaper_than_buying() -> None:
    """An engine costs 250 USD/(kW a), and what it costs to move is spread over three years.

    Buying anew: 250 for the new one and 250 for the idle one. Moving: 250 + 740 / 3 = 497.
    """
    plan = plan_case(two_sites(740.0))
    moved = mw(plan, "wartsila_18v50sg", SECOND)[1]
    moves = plan.tables["moves"].set_index(["site", "what"])["mw"]
    builds = plan.tables["builds"].set_index(["component", "site", "period"])

    assert moved > 12
    assert moves["abilene_tx", "shipped"] == pytest.approx(moved)
    assert moves[SECOND, "received"] == pytest.approx(moved)
    assert usd(plan, "relocation")[1] == pytest.approx(1000 * moved * 740 / 3, rel=1e-6)
    bought = mw(plan, "wartsila_18v50sg")[0]
    assert usd(plan, "capital") == pytest.approx([250e3 * bought] * 2, rel=1e-6)
    move = builds.loc[("wartsila_18v50sg", SECOND, "2029")]
    assert (move["units"], move["capex_usd"]) == (0, pytest.approx(740e3 * moved, rel=1e-6))


def test_engines_are_bought_anew_where_moving_costs_more() -> None:
    """Buying: 500 USD/(kW a), an idle engine included. Moving: 250 + 760 / 3 = 503."""
    plan = plan_case(two_sites(760.0))
    builds = plan.tables["builds"].set_index(["component", "site", "period"])["units"]

    assert not plan.tables["moves"]["what"].isin(["shipped", "received"]).any()
    assert builds["wartsila_18v50sg", SECOND, "2029"] * 18.8 > 12
    assert usd(plan, "relocation") == [0, 0]


def test_both_engines_move_the_same(tmp_path: Path) -> None:
    found = assert_they_agree(two_sites(400.0), tmp_path, gap=1e-6)

    assert found is not None
    plan, _ = found
    assert set(plan.tables["moves"]["what"]) >= {"shipped", "received"}


def test_whole_engines_move_whole(tmp_path: Path) -> None:
    """Three engines of 5 MW carry a site; those of Abilene go on in 2029, whole."""
    found = assert_they_agree(two_sites(400.0, whole_mw=5.0), tmp_path, gap=1e-4)

    assert found is not None
    plan, _ = found
    moves = plan.tables["moves"].set_index(["site", "what"])["units"]
    assert moves["abilene_tx", "shipped"] >= 2
    assert moves[SECOND, "received"] == moves["abilene_tx", "shipped"]
    assert (moves == moves.round()).all()
    assert mw(plan, "wartsila_18v50sg", SECOND)[1] == pytest.approx(15)


LEASED = {
    "lead_months": 0,
    "life_years": 2.0,
    "lease_usd_per_kw_month": 30.0,
    "heat_rate_mmbtu_per_mwh": 7.53,
    "variable_om_usd_per_mwh": 10.0,
    "planned_outage_h_per_year": 250.0,
    "forced_outage_share": 0.04,
    "derate_per_km": 0.02,
    "slots_mw_per_year": None,
}
"""What makes a leased engine burn and stand still like a bought one: 360 USD/(kW a), two years."""


@pytest.mark.parametrize(
    ("engine_usd_per_kw", "leases"), [(1140.0, False), (1164.0, True)], ids=["buys", "leases"]
)
def test_a_lease_bridges_where_it_costs_less_than_what_a_purchase_still_owes(
    engine_usd_per_kw: float, leases: bool
) -> None:
    """The grid comes in 2030, after two of four years; salvage is 1/2 and nothing else differs.

    Bought: u/4 in 2028 and 2029, half of it in 2030: u (1/4 + 1/4 + 1/8) = 5/8 u a kW.
    Leased: 2 x 360 = 720 a kW. Equal at u = 1,152 USD/kW.
    """
    asked = scenario(
        ["wartsila_18v50sg", "voltagrid_j620", "firm_grid"],
        change={
            "wartsila_18v50sg": {**ENGINE, "capex_usd_per_kw": engine_usd_per_kw},
            "voltagrid_j620": LEASED,
            "leaving_msr": {"salvage_share": 0.5},
        },
        power={"early_retirement": True},
    )
    plan = plan_case(one_site(asked))
    leased = mw(plan, "voltagrid_j620")

    assert (leased[0] > 12) == leases
    assert (mw(plan, "wartsila_18v50sg")[0] > 12) != leases
    assert leased[2] == 0
    built = plan.tables["builds"]
    assert built.loc[built["component"] == "voltagrid_j620", "capex_usd"].sum() == 0


def test_leased_plant_does_not_leave_before_its_contract_ends() -> None:
    case = one_site(
        scenario(["voltagrid_j620", "wartsila_18v50sg"], power={"early_retirement": True})
    )

    assert terms_of(case, case.power["voltagrid_j620"]) == {}
    assert set(terms_of(case, case.power["wartsila_18v50sg"])) == {
        "salvage_share",
        "relocation_usd_per_kw",
    }
