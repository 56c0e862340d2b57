"""Campuses that stand, and halls that are retrofitted: worked out on paper.

One site without cost of money. The demand needs 101.53 racks, that is W = 13.402 MW of blocks:

    new block with cold plates   8,900 + 2,450 USD/kW over 20 years, upkeep 170 USD/(kW a)
    hall of air that stands      upkeep 170 USD/(kW a), and a retrofit at R USD/kW over 15 years

The upkeep of what stands is paid either way, so that a retrofit wins while R / 15 is below
11,350 / 20 + 170 = 737.5 USD/(kW a), that is R below 11,062.5 USD/kW.
"""

from typing import Any

import pyomo.environ as pyo
import pytest

from planner.engines.decomposed import solve_decomposed
from planner.errors import BalanceError, ScenarioError
from planner.formulate.build import build
from planner.formulate.retrofits import joined_mw, left_mw
from planner.plan.audit import audit
from planner.plan.plan import Plan, read_plan
from planner.plan.retrofits import converted_mw
from planner.plan.summary import summarise
from planner.run import plan_case, quiet
from planner.scenario import Scenario
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

W_MW = 1e7 * 1.3 / 0.8 / 0.97 / 165_000 * 0.132
BLOCK = "vertiv_onecore"
SITE = "abilene_tx"
RETROFIT = {"lead_months": 0, "life_years": 15, "fixed_om_usd_per_kw_year": 0}
SWITCH_USD_PER_KW = ((8900 + 2450) / 20 + 170) * 15


def _hall(mw: float, cooling: str, until: int | None = None) -> dict[str, Any]:
    return {"block": BLOCK, "cooling": cooling, "mw": mw, "until": until}


def _scenario(existing: dict[str, Any] | None, usd_per_kw: float = 2000.0, **more: Any) -> Scenario:
    chat = {
        "tokens_per_day": 8.64e11,
        "value_usd_per_mtok": 4.0,
        "peak_to_mean": 1.3,
        "must_serve": True,
    }
    change = {
        BLOCK: {"lead_months": 0, "capex_usd_per_kw": 8900, "life_years": 20},
        "greenfield": AT_ONCE,
        "direct_liquid": {**RETROFIT, "capex_usd_per_kw": usd_per_kw},
    }
    blocks = {"use": [BLOCK], "change": change, "retrofits": "all", "regional_costs": False}
    sites = {"include": [SITE], "existing": {SITE: existing} if existing else {}}
    usual: dict[str, Any] = {
        "demand": {"workloads": {"chat": chat}},
        "blocks": blocks,
        "cooling": {"use": ["air_chiller", "liquid_dry"]},
        "sites": sites,
    }
    return hand_scenario(**{**usual, **more})


def _plan(existing: dict[str, Any] | None, usd_per_kw: float = 2000.0, **more: Any) -> Plan:
    return plan_case(hand_case(_scenario(existing, usd_per_kw, **more)))


def _built(plan: Plan, kind: str) -> float:
    builds = plan.tables["builds"]
    return float(builds.loc[builds["kind"] == kind, "mw"].sum())


def _usd(plan: Plan, component: str, item: str) -> float:
    costs = plan.tables["costs"]
    rows = costs[(costs["component"] == component) & (costs["item"] == item)]
    return float(rows["usd"].sum())


def test_a_hall_that_stands_is_used_and_costs_its_upkeep_alone() -> None:
    new, there = _plan(None), _plan({"blocks": [_hall(20, "liquid_dry")]})

    assert _built(new, "block") == pytest.approx(W_MW, rel=1e-6)
    assert _built(there, "block") == pytest.approx(0, abs=1e-6)
    assert not (there.tables["builds"]["kind"] == "site_works").any()
    assert _usd(there, BLOCK, "capital") == pytest.approx(0, abs=1)
    assert _usd(there, BLOCK, "fixed_om") == pytest.approx(20_000 * 170, rel=1e-6)
    stock = there.tables["capacity"].query("kind == 'block'")
    assert stock[["mw", "existing_mw"]].to_numpy().tolist() == [[20.0, 20.0]]


def test_more_than_what_stands_is_built_beside_it() -> None:
    plan = _plan({"blocks": [_hall(10, "liquid_dry")]})

    assert _built(plan, "block") == pytest.approx(W_MW - 10, rel=1e-6)


def test_a_connection_that_stands_waits_for_nothing() -> None:
    wait = {"firm_grid": {"lead_months": 500}}
    power = {"use": ["firm_grid"], "change": wait}
    existing = {"blocks": [_hall(20, "liquid_dry")], "power": [{"product": "firm_grid", "mw": 30}]}
    plan = _plan(existing, power=power)

    assert _built(plan, "grid") == pytest.approx(0, abs=1e-9)
    assert plan.tables["sites"]["peak_facility_mw"].max() > W_MW * 0.9


def test_a_connection_that_stands_counts_in_its_area_and_needs_no_upgrade() -> None:
    """The area takes 10 MW more than stand there; the network behind those has been paid for."""
    power = {"use": ["firm_grid"], "change": {"firm_grid": AT_ONCE}}
    existing = {"blocks": [_hall(20, "liquid_dry")], "power": [{"product": "firm_grid", "mw": 8}]}
    grid = {
        "share_limit": None,
        "area_limit_mw": {"ERCO-WEST": 18.0},
        "upgrades": [{"to_mw": None, "usd_per_kw": 500}],
    }
    chat = {"chat": {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 400.0}}
    plan = _plan(existing, power=power, grid=grid, demand={"workloads": chat})
    builds = plan.tables["builds"].groupby("kind")[["mw", "capex_usd"]].sum()

    new_mw = builds.loc["grid", "mw"]
    assert 5 < new_mw <= 10
    assert builds.loc["network_upgrade", "capex_usd"] == pytest.approx(500e3 * new_mw, rel=1e-6)
    area = plan.tables["supply"].query("kind == 'grid area'")
    assert area["used"].iloc[0] == pytest.approx(8 + new_mw, rel=1e-6)


def test_after_its_last_year_a_hall_is_built_anew() -> None:
    horizon = {"start": "2028-01", "periods": 2, "hours": "weeks", "weeks": 1}
    plan = _plan({"blocks": [_hall(20, "liquid_dry", until=2028)]}, horizon=horizon)
    blocks = plan.tables["builds"].query("kind == 'block'").set_index("period")["mw"]

    assert blocks.to_dict() == pytest.approx({"2029": W_MW}, rel=1e-6)


@pytest.mark.parametrize(("since", "stands"), [(2008, False), (2009, True)])
def test_a_hall_stands_for_the_life_of_its_kind(since: int, stands: bool) -> None:
    """Twenty years: from 2008 until 2027, from 2009 until 2028."""
    hall = {"block": BLOCK, "cooling": "liquid_dry", "mw": 20, "since": since}
    case = hand_case(_scenario({"blocks": [hall]}))

    assert case.sites[SITE].existing_mw[BLOCK, "liquid_dry"].tolist() == [20.0 * stands]


@pytest.mark.parametrize("over", [0.99, 1.01])
def test_a_retrofit_wins_below_the_price_of_the_paper(over: float) -> None:
    plan = _plan({"blocks": [_hall(50, "air_chiller")]}, over * SWITCH_USD_PER_KW)

    won = over < 1
    assert _built(plan, "retrofit") == pytest.approx(W_MW if won else 0, abs=1e-5)
    assert _built(plan, "block") == pytest.approx(0 if won else W_MW, abs=1e-5)
    builds = plan.tables["builds"].query("kind == 'retrofit'")
    if won:
        assert list(builds["component"]) == ["direct_liquid_from_air_chiller"]
        cost = 1000 * W_MW * over * SWITCH_USD_PER_KW
        assert builds["capex_usd"].sum() == pytest.approx(cost, rel=1e-6)


def test_no_more_is_retrofitted_than_stands() -> None:
    plan = _plan({"blocks": [_hall(8, "air_chiller")]})

    assert _built(plan, "retrofit") == pytest.approx(8, rel=1e-6)
    assert _built(plan, "block") == pytest.approx(W_MW - 8, rel=1e-6)


def test_racks_on_the_old_cooling_keep_their_room() -> None:
    """Of 10 MW of air 6 MW are taken."""
    racks = [{"rack": "hgx_b200_air", "cooling": "air_chiller", "mw": 6}]
    existing = {"blocks": [_hall(10, "air_chiller")], "racks": racks}
    change = {"gb200_nvl72": AT_ONCE, "hgx_b200_air": {"lead_months": 99}}
    plan = _plan(existing, racks={"use": list(change), "change": change})

    assert _built(plan, "retrofit") == pytest.approx(4, rel=1e-6)


def test_a_hall_that_ends_within_the_horizon_is_not_retrofitted() -> None:
    horizon = {"start": "2028-01", "periods": 2, "hours": "weeks", "weeks": 1}
    plan = _plan({"blocks": [_hall(50, "air_chiller", until=2028)]}, horizon=horizon)

    assert _built(plan, "retrofit") == pytest.approx(0, abs=1e-6)


def test_a_retrofit_is_paid_while_the_hall_stands() -> None:
    """Three years from 2028 to 2030, and not the fifteen of its life."""
    plan = _plan({"blocks": [_hall(50, "air_chiller", until=2030)]}, 900.0)

    paid = _usd(plan, "direct_liquid_from_air_chiller", "capital")
    assert paid == pytest.approx(1000 * W_MW * 900 / 3, rel=1e-6)


def test_a_hall_whose_retrofit_has_worn_out_holds_nothing() -> None:
    """One year of liquid in 2028; in 2029 new is built, and the air plant is not there again."""
    scenario = _scenario(
        {"blocks": [_hall(W_MW, "air_chiller")]},
        600.0,
        horizon={"start": "2028-01", "periods": 2, "hours": "weeks", "weeks": 1},
    )
    change = {**scenario.blocks.change}
    change["direct_liquid"] = {**change["direct_liquid"], "life_years": 1}
    blocks = scenario.blocks.model_copy(update={"change": change})
    plan = plan_case(hand_case(scenario.model_copy(update={"blocks": blocks})))
    built = plan.tables["builds"].set_index(["kind", "period"])["mw"]
    parts = list(plan.formulation.parts)

    assert built["retrofit", "2028"] == pytest.approx(W_MW, rel=1e-6)
    assert built["block", "2029"] == pytest.approx(W_MW, rel=1e-6)
    assert pyo.value(left_mw(parts, "air_chiller", 1)) == pytest.approx(W_MW, rel=1e-6)
    assert pyo.value(joined_mw(parts, "liquid_dry", 1)) == pytest.approx(0, abs=1e-9)
    halls = converted_mw(plan.formulation.case, plan.tables["builds"])
    assert halls[SITE, "2029", "air_chiller"] == pytest.approx(-W_MW, rel=1e-6)
    assert (SITE, "2029", "liquid_dry") not in halls.index


def test_a_hall_may_hold_less_after_its_retrofit() -> None:
    """8 MW of air at 0.75 are 6 MW of liquid."""
    scenario = _scenario({"blocks": [_hall(8, "air_chiller")]})
    change = {**scenario.blocks.change}
    change["direct_liquid"] = {**change["direct_liquid"], "kept_share": 0.75}
    blocks = scenario.blocks.model_copy(update={"change": change})
    plan = plan_case(hand_case(scenario.model_copy(update={"blocks": blocks})))

    assert _built(plan, "retrofit") == pytest.approx(6, rel=1e-6)
    assert _built(plan, "block") == pytest.approx(W_MW - 6, rel=1e-6)


def test_retrofits_draw_on_the_crews() -> None:
    """4,000 h/MW, of the hours that there are."""
    labour = {"craft_h_per_year": {"TX": 4000 * 5.0}, "most_travelling_share": 0.0}
    plan = _plan(
        {"blocks": [_hall(50, "air_chiller")]},
        demand={"workloads": {"chat": {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0}}},
        supply={"labour": {**labour, "craft_learning_per_year": 0.0, "rack_install_h": {}}},
    )

    assert _built(plan, "retrofit") == pytest.approx(5.0, rel=1e-4)


def test_retrofits_are_offered_only_when_asked_for() -> None:
    scenario = _scenario({"blocks": [_hall(50, "air_chiller")]})
    blocks = scenario.blocks.model_copy(update={"retrofits": ()})
    plan = plan_case(hand_case(scenario.model_copy(update={"blocks": blocks})))

    assert _built(plan, "block") == pytest.approx(W_MW, rel=1e-6)


def test_by_cuts_the_same_is_found() -> None:
    case = hand_case(_scenario({"blocks": [_hall(8, "air_chiller")]}))
    formulation = build(case)
    outcome = solve_decomposed(formulation, None, quiet)
    plan = read_plan(formulation, outcome)
    audit(plan)

    assert outcome.objective_kusd == pytest.approx(plan_case(case).outcome.objective_kusd, rel=1e-6)


def test_the_audit_sees_racks_in_halls_that_were_not_converted() -> None:
    plan = _plan({"blocks": [_hall(50, "air_chiller")]})
    builds = plan.tables["builds"]
    builds.loc[builds["kind"] == "retrofit", "mw"] *= 0.5

    with pytest.raises(BalanceError):
        audit(plan)


@pytest.mark.parametrize(
    ("existing", "key"),
    [
        (
            {"blocks": [{"block": "crusoe_spark", "cooling": "liquid_dry", "mw": 1}]},
            "blocks.0.block",
        ),
        ({"blocks": [_hall(1, "immersion")]}, "blocks.0.cooling"),
        ({"power": [{"product": "ge_7ha02", "mw": 1}]}, "power.0.product"),
        ({"blocks": [_hall(99_999, "liquid_dry")]}, "blocks"),
        ({"gas_lateral": "a hose"}, "gas_lateral"),
    ],
)
def test_what_cannot_be_operated_is_refused_with_its_place(existing: Any, key: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        hand_case(_scenario(existing))

    assert [p.key for p in refused.value.problems] == [f"sites.existing.{SITE}.{key}"]


def test_what_stands_is_told_in_the_summary() -> None:
    plan = _plan({"blocks": [_hall(20, "liquid_dry")]})

    assert summarise(plan, 0.0)["existing_mw"] == {SITE: {BLOCK: 20.0}}


def test_since_and_until_say_the_same() -> None:
    hall = {"block": BLOCK, "cooling": "liquid_dry", "mw": 1, "since": 2020, "until": 2030}
    with pytest.raises(ValueError, match="says the same as until"):
        _scenario({"blocks": [hall]})


def test_racks_need_room_in_the_halls_that_stand() -> None:
    racks = [{"rack": "gb200_nvl72", "cooling": "liquid_dry", "mw": 5}]
    with pytest.raises(ValueError, match="leaves no room"):
        _scenario({"blocks": [_hall(4, "liquid_dry")], "racks": racks})


def test_racks_that_stand_serve_and_draw_no_chips() -> None:
    racks = [{"rack": "gb200_nvl72", "cooling": "liquid_dry", "mw": 20}]
    plan = _plan({"blocks": [_hall(20, "liquid_dry")], "racks": racks})

    assert _built(plan, "rack") == pytest.approx(0, abs=1e-6)
    assert plan.tables["racks"]["it_mw"].sum() == pytest.approx(20, rel=1e-6)


def test_racks_that_stand_serve_though_newer_ones_take_less_of_everything() -> None:
    """Those of yesterday cannot be ordered in time, and nobody would."""
    change = {"gb200_nvl72": {"lead_months": 500}, "gb300_nvl72": AT_ONCE}
    racks = {"use": list(change), "change": change}
    standing = [{"rack": "gb200_nvl72", "cooling": "liquid_dry", "mw": 20}]
    existing = {"blocks": [_hall(20, "liquid_dry")], "racks": standing}
    output = {"gb200_nvl72": {"chat": 165_000.0}, "gb300_nvl72": {"chat": 1e6}}
    plan = _plan(existing, racks=racks, serving={"tokens_per_s_per_rack": output})

    assert _built(plan, "rack") == pytest.approx(0, abs=1e-6)
    assert set(plan.tables["tokens"].query("kind == 'served'")["rack"]) == {"gb200_nvl72"}
