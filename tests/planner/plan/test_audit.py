"""The audit finds what is off: each table is bent a little, and must be refused."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from planner.errors import BalanceError
from planner.plan.audit import audit
from planner.plan.plan import Plan
from planner.run import plan_case
from tests.planner.hand import hand_case, hand_scenario

POWER = ["wartsila_18v50sg", "firm_grid"]


@pytest.fixture(scope="module")
def plan() -> Plan:
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0}
    change = {name: {"lead_months": 0} for name in [*POWER, "gas_lateral"]}
    power = {"use": POWER, "gas_usd_per_mmbtu": 6.0, "change": change}
    change["firm_grid"] = {"lead_months": 0, "slots_mw_per_year": 5}
    return plan_case(hand_case(hand_scenario(demand={"workloads": {"chat": chat}}, power=power)))


def _times(column: str, factor: float) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda table: table.assign(**{column: table[column] * factor})


BENT = {
    "tokens": _times("tokens_per_s", 1.00001),
    "costs": _times("discounted_usd", 1.00001),
    "supply": _times("used", 1e6),
    "racks": _times("running", 1.00001),
    "capacity": _times("usable_mw", 0.9999),
    "builds": _times("units", 1.0001),
    "rack_use": _times("racks", 0.99999),
    "elements": _times("usd", 1.00001),
}


def test_a_sound_plan_passes(plan: Plan) -> None:
    assert max(balance.relative for balance in audit(plan)) <= 1e-6


@pytest.mark.parametrize("table", BENT)
def test_a_bent_table_is_refused(plan: Plan, table: str) -> None:
    tables = {**plan.tables, table: BENT[table](plan.tables[table])}

    with pytest.raises(BalanceError):
        audit(replace(plan, tables=tables))


@pytest.mark.parametrize("factor", [0.99999, 1.00001])
def test_tokens_of_another_recipe_than_said_are_refused(plan: Plan, factor: float) -> None:
    """The sum of tokens is right, but racks are held for more or less than is served."""
    tokens = plan.tables["tokens"]
    served = tokens["kind"] == "served"
    moved = (1 - factor) * tokens.loc[served, "tokens_per_s"].sum()
    bent = tokens["tokens_per_s"].where(~served, factor * tokens["tokens_per_s"])
    bent += (~served) * moved / (~served).sum()
    tables = {**plan.tables, "tokens": tokens.assign(tokens_per_s=bent)}

    with pytest.raises(BalanceError, match="gb200_nvl72 racks held in 2028"):
        audit(replace(plan, tables=tables))


@pytest.mark.parametrize("component", ["wartsila_18v50sg", "firm_grid", "load"])
def test_an_hour_that_does_not_balance_is_refused(plan: Plan, component: str) -> None:
    """One MW for one hour, in one component."""
    key, run = next(iter(plan.outcome.dispatch.items()))
    power = {name: mw.copy() for name, mw in run.power_mw.items()}
    power[component][7] -= 1e-3
    dispatch = {**plan.outcome.dispatch, key: replace(run, power_mw=power)}

    with pytest.raises(BalanceError, match=r"(energy of|load of|products of \w+ at) abilene_tx"):
        audit(replace(plan, outcome=replace(plan.outcome, dispatch=dispatch)))
