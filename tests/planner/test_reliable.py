"""Reliability of a plan, and plans that are as available as asked for: one site by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from components.power.reliability import Units, capacity_distribution
from planner.errors import UnreliableError
from planner.plan.plan import Plan
from planner.plan.reliability import COLUMNS, failure_of, fleets
from planner.plan.summary import summarise
from planner.run import plan_case
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

CHAT = {
    "tokens_per_day": 8.64e11,
    "value_usd_per_mtok": 4.0,
    "peak_to_mean": 1.3,
    "must_serve": True,
}
"""About 12.7 MW at the site: one 18.8 MW engine carries it."""

OUT = 1 - 0.96 * (1 - 250 / 8760)
"""Mean share of time in which the engine is out, planned or not."""


BOTH = ("firm_grid", "wartsila_18v50sg")


def _plan(use=("wartsila_18v50sg",), engine="monolithic", gas=3.0, **reliability) -> Plan:
    scenario = hand_scenario(
        demand={"workloads": {"chat": CHAT}},
        power={
            "use": list(use),
            "gas_usd_per_mmbtu": gas,
            "change": dict.fromkeys((*use, "gas_lateral"), AT_ONCE),
        },
        reliability={"spare_units": 0, **reliability},
        solver={"engine": engine, "gap": 1e-4, "whole_units_from_mw": 1.5},
    )
    return plan_case(hand_case(scenario))


def _engines(plan: Plan) -> float:
    return float(plan.tables["capacity"].set_index("component")["units"]["wartsila_18v50sg"])


def _row(plan: Plan) -> dict:
    (row,) = plan.tables["reliability"].to_dict("records")
    return row


def test_one_engine_is_as_available_as_the_engine() -> None:
    """Flat load of one engine: lost 6.7 % of the hours, and all of the load each time."""
    plan = _plan()
    row = _row(plan)
    load_mwh = float(plan.tables["sites"]["load_mwh"].iloc[0])

    assert _engines(plan) == 1
    assert row["availability"] == pytest.approx(1 - OUT)
    assert row["worst_lolp"] == pytest.approx(OUT)
    assert row["lole_h_per_year"] == pytest.approx(8760 * OUT)
    assert row["eue_mwh_per_year"] == pytest.approx(OUT * load_mwh)
    assert row["units"] == 1
    assert row["spare_mw"] == pytest.approx(18.8 - load_mwh / 8760)


def test_survival_of_one_engine_is_that_it_is_in_order_and_runs_on() -> None:
    """Without a connection it runs already, so nothing has to start."""
    row = _row(_plan(outage_h=10))
    mttf = failure_of("MSR").mean_time_to_failure_h

    assert row["outage_h"] == 10
    assert row["survival_mean"] == pytest.approx((1 - OUT) * (1 - 1 / mttf) ** 10)
    assert row["survival_least"] == pytest.approx(row["survival_mean"])


def test_fuel_on_site_ends_it() -> None:
    assert _row(_plan(outage_h=10, fuel_on_site_h=9.5))["survival_mean"] == 0
    assert _row(_plan(outage_h=10, fuel_on_site_h=10.5))["survival_mean"] > 0.9


@pytest.mark.parametrize("engine", ["monolithic", "decomposed"])
def test_a_target_brings_the_fewest_engines_that_meet_it(engine: str) -> None:
    """Two have 1 - 0.067^2 = 0.9955, three 0.9997: for 0.999 three."""
    free, held = _plan(engine=engine), _plan(engine=engine, availability=0.999)

    assert (_engines(free), _engines(held)) == (1, 3)
    assert _row(held)["availability"] == pytest.approx(1 - OUT**3)
    assert held.outcome.objective_kusd > free.outcome.objective_kusd
    assert held.outcome.bound_kusd == pytest.approx(free.outcome.bound_kusd, rel=1e-4)
    assert held.outcome.gap > 1e-3
    assert any("availability of 0.999" in sentence for sentence in held.outcome.approximations)


def test_a_target_already_met_changes_nothing() -> None:
    free, held = _plan(), _plan(availability=0.9)

    assert held.outcome.objective_kusd == pytest.approx(free.outcome.objective_kusd)
    assert held.outcome.approximations == free.outcome.approximations
    assert held.outcome.gap <= 1e-4


def test_a_grid_alone_cannot_be_more_available_than_it_is() -> None:
    with pytest.raises(UnreliableError, match=r"abilene_tx in 2028.*0\.99977.*0\.9999.*power\.use"):
        _plan(use=("firm_grid",), availability=0.9999)


def test_engines_stand_in_for_a_grid_that_is_too_weak() -> None:
    plan = _plan(use=BOTH, gas=20.0, availability=0.9999)
    row = _row(plan)

    assert row["availability"] >= 0.9999
    assert _engines(plan) >= 1
    units = plan.tables["capacity"].set_index("component")["mw"]
    load = float(plan.tables["sites"]["peak_facility_mw"].iloc[0])
    both = capacity_distribution(
        [Units(1, float(units["firm_grid"]), 0.00023), Units(int(_engines(plan)), 18.8, OUT)]
    )
    assert row["worst_lolp"] == pytest.approx(float(both.lolp(load)), rel=1e-6)


def test_too_few_rounds_say_so() -> None:
    with pytest.raises(UnreliableError, match="not met in 1 further plans"):
        _plan(use=BOTH, gas=20.0, availability=0.99999999, most_rounds=1)


def test_the_summary_names_the_worst_and_is_null_where_nothing_stands() -> None:
    said = summarise(_plan(), 1.0)["reliability"]

    assert (said["site"], said["period"]) == ("abilene_tx", "2028")
    assert said["availability"] == pytest.approx(1 - OUT)
    assert said["availability_asked"] is None
    assert said["eue_mwh"]["2028"] > 0

    worthless = {"chat": {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 0.05}}
    nothing = plan_case(hand_case(hand_scenario(demand={"workloads": worthless})))
    assert summarise(nothing, 1.0)["reliability"] is None
    assert list(nothing.tables["reliability"].columns) == list(COLUMNS)


def test_what_the_fleet_gives_is_what_the_plan_gives() -> None:
    plan = _plan(use=BOTH, spare_units=1)
    (fleet,) = fleets(plan.formulation, plan.dispatch)

    assert fleet.net_load_mw == pytest.approx(fleet.load_mw, rel=1e-6)
    assert fleet.weight.sum() == pytest.approx(8760)
    assert (fleet.derate <= 1).all()
    assert fleet.availability((Units(50, 18.8, OUT),)) >= fleet.availability()
    alone = binom.cdf(0, 1, 1 - OUT)
    assert alone == pytest.approx(OUT)
    assert np.isfinite(fleet.derate).all()


def test_an_open_site_without_load_is_available() -> None:
    worthless = {"chat": {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 0.05}}
    scenario = hand_scenario(
        demand={"workloads": worthless}, policy={"must_open": ["abilene_tx"]},
        reliability={"availability": 0.9999},
    )  # fmt: skip
    row = _row(plan_case(hand_case(scenario)))

    assert (row["availability"], row["lole_h_per_year"], row["eue_mwh_per_year"]) == (1.0, 0.0, 0.0)
    assert row["survival_least"] == 1


def test_units_too_small_to_be_spared_are_held_back_for_a_target() -> None:
    """Fuel cells of 0.325 MW hold nothing back of their own, and lose load half of the time."""
    free = _plan(use=("bloom_energy_server",))
    held = _plan(use=("bloom_energy_server",), availability=0.999)

    assert _row(free)["availability"] < 0.9
    assert _row(held)["availability"] >= 0.999
    assert 2 < _row(held)["units"] - _row(free)["units"] < 12


def test_more_is_held_back_from_the_year_on_in_which_it_is_missing() -> None:
    """Load doubles in the second year, and the target binds in both: later years keep the k."""
    chat = {**CHAT, "tokens_per_day": {2028: 8.64e11, 2029: 1.7e12}}
    scenario = hand_scenario(
        demand={"workloads": {"chat": chat}},
        horizon={"periods": 2},
        reliability={"spare_units": 0, "availability": 0.999},
        solver={"engine": "monolithic", "gap": 1e-4, "whole_units_from_mw": 10},
    )
    plan = plan_case(hand_case(scenario))
    spares = plan.formulation.case.spare_units

    assert (plan.tables["reliability"]["availability"] >= 0.999).all()
    assert spares["abilene_tx", 1] >= spares["abilene_tx", 0] >= 2


@pytest.mark.parametrize(("k", "others"), [(0, 0), (1, 0), (3, 2)])
def test_a_backed_connection_is_one_of_the_k_that_may_be_out(k: int, others: int) -> None:
    """N+k: the larger of k engines, and the connection with k - 1 engines."""
    scenario = hand_scenario(
        demand={"workloads": {"chat": CHAT}},
        power={
            "use": list(BOTH),
            "gas_usd_per_mmbtu": 20.0,
            "change": dict.fromkeys((*BOTH, "gas_lateral"), AT_ONCE),
        },
        reliability={"spare_units": k},
    )
    plan = plan_case(replace(hand_case(scenario), backed=frozenset({("abilene_tx", 0)})))
    capacity = plan.tables["capacity"].set_index("component")
    engine, grid = capacity.loc["wartsila_18v50sg"], capacity.loc["firm_grid"]

    held_back = engine["mw"] - engine["usable_mw"]
    assert held_back == pytest.approx(max(18.8 * k, 18.8 * others + grid["usable_mw"]), rel=1e-6)


def test_sites_and_periods_are_backed_together() -> None:
    """A grid that is too weak in every year is backed in every year, and the target is met."""
    scenario = hand_scenario(
        demand={"workloads": {"chat": CHAT}},
        horizon={"periods": 2},
        power={
            "use": list(BOTH),
            "gas_usd_per_mmbtu": 20.0,
            "change": dict.fromkeys((*BOTH, "gas_lateral"), AT_ONCE),
        },
        reliability={"spare_units": 1, "availability": 0.9999},
        solver={"engine": "monolithic", "gap": 1e-4, "whole_units_from_mw": 10},
    )
    plan = plan_case(hand_case(scenario))

    assert (plan.tables["reliability"]["availability"] >= 0.9999).all()
    assert plan.formulation.case.backed == {("abilene_tx", 0), ("abilene_tx", 1)}
