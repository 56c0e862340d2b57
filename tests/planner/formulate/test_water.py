"""Water of cooling: a sum over the hours, a limit with a price, and a cost."""

from typing import Any

import pytest

from planner.case import Case
from planner.errors import BalanceError
from planner.plan.audit import audit
from planner.plan.plan import Plan
from planner.plan.summary import summarise
from planner.run import plan_case
from tests.planner.hand import hand_case, hand_scenario

LITRES = 3.6 / 2.45 * 1.25 * (0.60 + 0.013 * 15)
"""A tower at 15 degC dry and 10 wet, where nothing needs a compressor: 1.4602 [L/kWh]."""

IT_MW = 0.9 * 0.132 * 1e7 * 1.3 / 0.8 / 0.97 / 165_000
"""Mean draw of the racks that serve 1e7 tokens/s: 12.062 [MW]."""


def tower(
    cooling: tuple[str, ...] = ("liquid_tower",), engine: str = "monolithic", **policy: Any
) -> Case:
    """Return a site on gas whose racks a tower cools."""
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0, "peak_to_mean": 1.3}
    scenario = hand_scenario(
        demand={"workloads": {"chat": chat}},
        cooling={"use": cooling},
        policy=policy,
        solver={"engine": engine, "gap": 1e-6},
    )
    return hand_case(scenario)


def water_m3(plan: Plan) -> float:
    return float(plan.tables["sites"]["water_m3"].sum())


def test_water_is_wue_times_it_energy() -> None:
    """12.062 MW over 8,760 h at 1.4602 L/kWh: 154,291 m3; it is in the table and the summary."""
    plan = plan_case(tower())

    assert water_m3(plan) == pytest.approx(8760 * IT_MW * LITRES, rel=1e-6)
    assert summarise(plan, 0.0)["cooling_water_m3"]["2028"] == pytest.approx(water_m3(plan))
    assert any(b.what.startswith("water of") for b in audit(plan))


def test_the_audit_finds_water_that_is_not_there() -> None:
    plan = plan_case(tower())
    plan.tables["sites"]["water_m3"] *= 1.001

    with pytest.raises(BalanceError, match="water of abilene_tx in 2028"):
        audit(plan)


def test_water_costs_what_it_costs() -> None:
    """2 USD/m3 on 154,291 m3, and nothing else changes."""
    free, priced = plan_case(tower()), plan_case(tower(water_usd_per_m3=2.0))
    more = 1000 * (priced.outcome.objective_kusd - free.outcome.objective_kusd)

    assert more == pytest.approx(2 * 8760 * IT_MW * LITRES, rel=1e-6)
    costs = priced.tables["costs"].set_index("item")
    assert costs.loc["water", "usd"] == pytest.approx(more, rel=1e-6)


@pytest.mark.parametrize(
    "limit",
    [
        50_000.0,
        {"abilene_tx": 50_000.0},
        {"high": 50_000.0, "extreme": 0.0},
        {"high": 0.0, "abilene_tx": 50_000.0},
    ],
)
def test_a_limit_of_water_bounds_what_a_tower_can_cool(limit: object) -> None:
    """50,000 m3 are a third: a third of the racks, and a price of what they would have earned."""
    plan = plan_case(tower(water_limit_m3_per_site=limit))

    assert water_m3(plan) == pytest.approx(50_000, rel=1e-6)
    row = plan.tables["shadow_prices"].set_index("limit").loc["water: of cooling"]
    assert (row["used"], row["bound"]) == pytest.approx((50.0, 50.0))
    assert row["price"] > 1000
    used = plan.tables["sites"]["it_mw"].sum()
    assert used == pytest.approx(50_000 / 8760 / LITRES, rel=1e-6)


def test_where_water_is_short_dry_coolers_take_over() -> None:
    """The tower is cheaper; with 50,000 m3 dry coolers have the other two thirds of the racks."""
    plan = plan_case(
        tower(cooling=("liquid_tower", "liquid_dry"), water_limit_m3_per_site=50_000.0)
    )
    mw = plan.tables["racks"].set_index("cooling")["it_mw"]

    wet = 50_000 / 8760 / LITRES / 0.9
    assert mw.loc["liquid_tower"] == pytest.approx(wet, rel=1e-5)
    assert mw.loc["liquid_dry"] == pytest.approx(IT_MW / 0.9 - wet, rel=1e-5)


@pytest.mark.parametrize("limit", [{"pecos_tx": 1.0}, {"extreme": 0.0}])
def test_a_limit_of_another_site_binds_nothing(limit: dict[str, float]) -> None:
    assert water_m3(plan_case(tower(water_limit_m3_per_site=limit))) > 100_000


def test_without_water_a_tower_cools_nothing() -> None:
    assert water_m3(plan_case(tower(water_limit_m3_per_site={"high": 0.0}))) == 0


def test_dry_coolers_have_no_water_and_no_row() -> None:
    plan = plan_case(tower(cooling=("liquid_dry",), water_limit_m3_per_site=1.0))

    assert water_m3(plan) == 0
    assert "water" not in set(plan.tables["supply"]["kind"])


def test_peak_and_mean_pue_stand_in_the_table_of_sites() -> None:
    """Flat weather: peak and mean are one, and the load over the IT power."""
    sites = plan_case(tower()).tables["sites"].iloc[0]

    assert sites["peak_pue"] == pytest.approx(sites["mean_pue"])
    assert sites["peak_pue"] == pytest.approx(sites["peak_facility_mw"] / sites["it_mw"])


def test_both_engines_know_limit_and_price() -> None:
    asked: dict[str, Any] = {"water_limit_m3_per_site": 50_000.0, "water_usd_per_m3": 3.0}
    whole = plan_case(tower(("liquid_tower", "liquid_dry"), **asked))
    by_cuts = plan_case(tower(("liquid_tower", "liquid_dry"), engine="decomposed", **asked))

    assert by_cuts.outcome.objective_kusd == pytest.approx(whole.outcome.objective_kusd, rel=1e-5)
    assert water_m3(by_cuts) == pytest.approx(50_000, rel=1e-4)
