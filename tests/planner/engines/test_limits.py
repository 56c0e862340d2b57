"""Ends that are not a proven plan: a limit of time, and requirements that conflict."""

import re
from contextlib import suppress
from pathlib import Path
from time import perf_counter

import pytest

from planner.case import Case
from planner.errors import InfeasibleError, StoppedError
from tests.planner.engines.both import by_cuts, example
from tests.planner.engines.drawn import drawn_case

WEEK = {"start": "2028-01", "periods": 1, "step": "year", "hours": "weeks", "weeks": 1}
GAS = {"power": ["wartsila_18v50sg"], "racks": ["gb200_nvl72"], "blocks": ["vertiv_onecore"]}
LIMITS = {
    "tokens_per_day": 8.64e11,
    "grid_gwh": None,
    "co2_t": None,
    "budget": None,
    "slots_mw": 1e5,
    "must_serve": True,
    "must_open": False,
    "spare_units": 0,
    "whole_units_from_mw": 10.0,
    "gas_usd_per_mmbtu": 3.0,
}


def _gas_case(**limits) -> Case:
    return drawn_case(WEEK, ["abilene_tx"], GAS, {**LIMITS, **limits})


@pytest.fixture(scope="module")
def two_sites() -> Case:
    return example("two_sites", "horizon.hours=weeks", "horizon.weeks=2")


@pytest.mark.parametrize("time_limit_s", [1.0, 2.0])
def test_out_of_time_with_a_plan_whose_gap_is_proven(
    tmp_path: Path, two_sites: Case, time_limit_s: float
) -> None:
    """No gap is small enough; what is found by then adds up and says how far it may be off."""
    proven = by_cuts(two_sites, tmp_path / "proven", gap=0.01).outcome
    began = perf_counter()

    found = by_cuts(two_sites, tmp_path / "hasty", gap=0.0, time_limit_s=time_limit_s).outcome

    assert (found.status == "stopped") == (found.gap > 0.0)
    assert perf_counter() - began < 60.0
    assert 0.0 <= found.gap < 1.0
    assert found.bound_kusd <= proven.objective_kusd * (1 + 1e-9)
    assert proven.bound_kusd <= found.objective_kusd * (1 + 1e-9)


def test_no_time_at_all_ends_soon_and_in_order(tmp_path: Path, two_sites: Case) -> None:
    began = perf_counter()

    with suppress(StoppedError):
        plan = by_cuts(two_sites, tmp_path, gap=0.0, time_limit_s=0.01)
        assert plan.outcome.status == "stopped"
        assert plan.outcome.bound_kusd <= plan.outcome.objective_kusd

    assert perf_counter() - began < 60.0


def _conflict(case: Case, store: Path) -> str:
    with pytest.raises(InfeasibleError) as caught:
        by_cuts(case, store)
    said = str(caught.value)
    assert "demand.workloads.chat: every token of 2028 has to be served" in said
    assert "supply: slots of wartsila_18v50sg in 2028" in said
    return said


def test_too_little_power_for_what_must_be_served(tmp_path: Path) -> None:
    """Even parts of an engine would not do."""
    said = _conflict(_gas_case(slots_mw=10.0), tmp_path)

    assert "power: what the load at abilene_tx in 2028" in said
    assert not re.search(r"\w\[\w+", said), "a row of the model in place of the scenario's words"


def test_whole_engines_are_too_little_where_parts_would_do(tmp_path: Path) -> None:
    """One engine of 18.8 MW is allowed, and 0.96 of it; none of them fits into the slots."""
    assert by_cuts(_gas_case(slots_mw=18.0, whole_units_from_mw=1e5), tmp_path).outcome.gap <= 1e-3

    _conflict(_gas_case(slots_mw=18.0), tmp_path)


def test_no_way_to_serve_is_found_before_any_hour(tmp_path: Path) -> None:
    """Nothing may be spent: that needs no operation to be seen."""
    with pytest.raises(InfeasibleError, match=r"policy\.budget_usd_per_year"):
        by_cuts(_gas_case(budget=1e3), tmp_path)


def test_where_nothing_can_be_there_in_time_all_is_unmet(tmp_path: Path) -> None:
    """Ordered with the first day of the only period: no rack, no block, nothing to operate."""
    case = example("one_site", "horizon.orders_from=2028-01")

    plan = by_cuts(case, tmp_path)

    tokens = plan.tables["tokens"]
    assert set(tokens["kind"]) == {"unmet"}
    assert not plan.tables["sites"]["open"].any()
