"""Which vendors sell, and the reasons why others do not, on cases small enough to know them."""

import pandas as pd
import pytest

from planner.plan.products import BOUGHT, NOT_ASKED, NOT_BOUGHT, SOLD_OUT, TOO_LATE
from planner.run import plan_case
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

CHEAP, DEAR, LATE = "wartsila_18v50sg", "cat_g3520k", "ge_7ha02"


def products(**change: dict[str, float]) -> pd.DataFrame:
    """The table of a plan that chooses among three products; two can be had at once."""
    at_once = {CHEAP: AT_ONCE, DEAR: AT_ONCE}
    figures = {name: {**at_once.get(name, {}), **change.get(name, {})} for name in (CHEAP, DEAR)}
    scenario = hand_scenario(
        power={
            "use": [CHEAP, DEAR, LATE],
            "change": {**figures, "gas_lateral": AT_ONCE, LATE: {"lead_months": 60}},
        },
        demand={"workloads": {"chat": {"tokens_per_day": 1e12, "value_usd_per_mtok": 4.0}}},
    )
    return plan_case(hand_case(scenario)).tables["products"].set_index("component")


def test_the_cheap_one_is_bought_and_the_dear_one_is_not() -> None:
    table = products(cat_g3520k={"capex_usd_per_kw": 9000})

    assert table.loc[CHEAP, "state"] == BOUGHT
    assert table.loc[CHEAP, "bought_mw"] > 5
    assert table.loc[DEAR, "state"] == NOT_BOUGHT
    assert table.loc[DEAR, "reason"].startswith("cost: ")
    assert table.loc[DEAR, "usd_per_mwh"] > table.loc[CHEAP, "usd_per_mwh"]


def test_what_comes_after_the_horizon_is_late_and_the_rest_was_not_asked_for() -> None:
    table = products()

    assert table.loc[LATE, "state"] == TOO_LATE
    assert "60 months" in table.loc[LATE, "reason"]
    assert table.loc["jenbacher_j620", "state"] == NOT_ASKED
    assert table.index.is_unique


def test_slots_that_are_used_up_are_said() -> None:
    table = products(
        wartsila_18v50sg={"slots_mw_per_year": 4.0}, cat_g3520k={"capex_usd_per_kw": 2500}
    )

    assert table.loc[CHEAP, "state"] == SOLD_OUT
    assert table.loc[CHEAP, "bought_mw"] == pytest.approx(4.0)
    assert table.loc[DEAR, "state"] == BOUGHT


def test_slots_that_are_left_over_have_no_price() -> None:
    """The relaxation takes a fraction of the large machine, of which the plan buys none."""
    scenario = hand_scenario(
        power={
            "use": [CHEAP, DEAR],
            "change": {
                CHEAP: {**AT_ONCE, "unit_mw": 90.0, "slots_mw_per_year": 5.0},
                DEAR: AT_ONCE,
                "gas_lateral": AT_ONCE,
            },
        },
        demand={"workloads": {"chat": {"tokens_per_day": 1e12, "value_usd_per_mtok": 4.0}}},
        reliability={"spare_units": 1},
        solver={"whole_units_from_mw": 10.0},
    )

    tables = plan_case(hand_case(scenario)).tables

    slots = tables["shadow_prices"].set_index("limit").loc[f"slots: {CHEAP}"]
    assert slots["used"] == 0
    assert slots["price"] == 0
