"""Tables of tokens add up with those of racks; ways that are left out stand with their reason."""

import numpy as np
import pandas as pd
import pytest

from planner.plan.plan import Plan
from planner.plan.tokens import RECIPE_COLUMNS
from planner.run import plan_case
from tests.planner.hand import hand_case, hand_scenario

RACKS = ["gb300_nvl72", "vr200_nvl72", "lpx_groq3", "etl256_vera", "stx_bluefield4"]


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Two years at two sites: agents by computed recipes, calls near to their users, batches."""
    worth = {"value_usd_per_mtok": 60.0}
    near = {"metros": {"dallas": 0.7, "boston": 0.3}}
    workloads = {
        "coding_agent": {"tokens_per_day": {2028: 8.64e10, 2029: 1.728e11}, **worth},
        "voice": {"tokens_per_day": 1e10, "latency_limit_ms": 20, **near, **worth},
        "batch": {"tokens_per_day": 1e10, **worth},
    }
    at_once = {"lead_months": 0, "release": "2026-03"}
    scenario = hand_scenario(
        horizon={"periods": 2},
        demand={"workloads": workloads},
        racks={"use": RACKS, "change": dict.fromkeys(RACKS, at_once)},
        serving={"tokens_per_s_per_rack": {}},
        sites={"include": ["abilene_tx", "ashburn_va"], "limit_it_mw": 40},
        solver={"gap": 1e-6},
    )
    return plan_case(hand_case(scenario))


def _mw(plan: Plan, racks: pd.Series) -> pd.Series:
    return racks.map({n: p.figures.unit_mw for n, p in plan.formulation.case.racks.items()})


@pytest.mark.parametrize("by", ["workload", "mode"])
def test_power_of_the_racks_that_serve_is_that_of_the_racks_in_use(plan: Plan, by: str) -> None:
    tokens, use = plan.tables["tokens"].query("kind == 'served'"), plan.tables["rack_use"]
    served = tokens.groupby(["period", by])["racks_mw"].sum()
    held = (use["racks"] * _mw(plan, use["rack"])).groupby([use["period"], use[by]]).sum()

    pd.testing.assert_series_equal(served, held, check_names=False, rtol=1e-9)
    assert len(served) >= 4


def test_racks_of_a_recipe_that_is_tied_are_held_where_it_serves(plan: Plan) -> None:
    """Voice is served where its users are reached: each site's racks are those of its tokens."""
    tokens = plan.tables["tokens"].query("kind == 'served' and workload == 'voice'")
    use = plan.tables["rack_use"].query("workload == 'voice'")
    shares = tokens.groupby("site")["tokens_per_s"].sum() / tokens["tokens_per_s"].sum()
    held = (use["racks"] * _mw(plan, use["rack"])).groupby(use["site"]).sum()

    assert shares.to_dict() == pytest.approx({"abilene_tx": 0.7, "ashburn_va": 0.3}, rel=1e-6)
    assert (tokens.groupby("site")["racks_mw"].sum() / held).to_numpy() == pytest.approx(1)


def test_tokens_of_a_period_are_those_of_its_seconds(plan: Plan) -> None:
    tokens = plan.tables["tokens"]

    np.testing.assert_allclose(tokens["tokens"], tokens["tokens_per_s"] * 31_536_000)
    asked = tokens.groupby(["period", "workload"])["tokens_per_s"].sum()
    assert asked["2029", "coding_agent"] == pytest.approx(2e6)


def test_no_more_racks_are_held_than_are_in_order(plan: Plan) -> None:
    keys = ["period", "site", "rack"]
    held = plan.tables["rack_use"].groupby(keys)["racks"].sum()
    there = 0.97 * plan.tables["racks"].groupby(keys)["running"].sum()

    assert (held <= there.reindex(held.index).fillna(0) + 1e-6).all()


def test_recipes_in_use_are_in_the_table_and_others_have_a_reason(plan: Plan) -> None:
    table, case = plan.tables["recipes"], plan.formulation.case
    used = set(plan.tables["tokens"].query("kind == 'served'")["recipe"])
    kept, out = table[table["left_out"] == ""], table[table["left_out"] != ""]

    assert list(table.columns) == RECIPE_COLUMNS
    assert used <= set(kept["recipe"]) == set(case.recipes)
    assert (kept["kw_per_ktoken_s"] > 0).all()
    assert len(out) == len(case.left_out) > 0
    assert (out["recipe"] == "").all()


def test_power_of_a_recipe_is_that_of_its_racks_in_its_last_period(plan: Plan) -> None:
    """No peak, no headroom: racks in order at work for 1,000 tokens/s."""
    table = plan.tables["recipes"].set_index("recipe")["kw_per_ktoken_s"]
    for name, recipe in plan.formulation.case.recipes.items():
        racks = pd.Series({r: amount[-1] for r, amount in recipe.racks.items()})
        kw = 1000 * (racks * _mw(plan, pd.Series(racks.index, racks.index))).sum()
        assert table[name] == pytest.approx(kw), name


def test_tokens_stand_by_period_and_workload_in_the_scenario_s_order(plan: Plan) -> None:
    tokens = plan.tables["tokens"]

    assert tokens["period"].is_monotonic_increasing
    for _, rows in tokens.groupby("period"):
        assert list(rows["workload"].unique()) == ["coding_agent", "voice", "batch"]
