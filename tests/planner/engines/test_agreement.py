"""Both engines give the same answer, each within its proven gap."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from planner.case import Case
from planner.scenario import Scenario
from tests.planner.engines.both import assert_they_agree, case_of, example
from tests.planner.engines.drawn import QUARTERS, WEEKS, questions
from tests.planner.hand import hand_scenario

WEEKLY = settings(max_examples=40, deadline=None, derandomize=True, database=None)
HOURLY = settings(max_examples=6, deadline=None, derandomize=True, database=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store for many questions: what one has learnt must not mislead another."""
    return tmp_path_factory.mktemp("cones")


@pytest.mark.slow
@WEEKLY
@given(questions(WEEKS))
def test_small_questions_of_sampled_weeks(folder: Path, case: Case) -> None:
    assert_they_agree(case, folder)


@HOURLY
@given(questions(QUARTERS, quick=True))
def test_small_questions_of_every_hour_of_a_quarter(folder: Path, case: Case) -> None:
    assert_they_agree(case, folder)


def test_two_sites_in_sampled_weeks(tmp_path: Path) -> None:
    case = example("two_sites", "horizon.hours=weeks", "horizon.weeks=2")

    found = assert_they_agree(case, tmp_path, gap=0.01)

    assert found is not None
    plan, _ = found
    assert plan.outcome.cuts > 0
    assert plan.tables["sites"]["open"].any()


def test_one_site_in_every_hour_of_a_quarter(tmp_path: Path) -> None:
    case = example("one_site", "horizon.step=quarter", "solver.gap=1e-4")

    found = assert_they_agree(case, tmp_path)

    assert found is not None
    plan, wanted = found
    assert plan.outcome.approximations == ()
    here = plan.outcome.dispatch["abilene_tx", 0].hours
    there = wanted.dispatch["abilene_tx", 0].hours
    np.testing.assert_array_equal(here.of_year, there.of_year)
    np.testing.assert_array_equal(here.weight, there.weight)


RACKS = ("gb300_nvl72", "vr200_nvl72", "lpx_groq3", "etl256_vera", "stx_bluefield4")
POWER = ("wartsila_18v50sg", "firm_grid", "pv_tracker", "li_ion_4h")


def _agents_calls_and_batches() -> Scenario:
    """Agents fast enough for AFD, calls near to their users, work that waits; wafers are scarce."""
    calls = {"metros": {"dallas": 0.5, "boston": 0.3, "seattle": 0.2}, "latency_limit_ms": 20}
    workloads = {
        "premium_agent": {"tokens_per_day": {2028: 2e10, 2029: 6e10}, "value_usd_per_mtok": 200.0},
        "voice": {"tokens_per_day": 1e11, "value_usd_per_mtok": 60.0, **calls},
        "batch": {"tokens_per_day": 1e12, "value_usd_per_mtok": 20.0},
    }
    change = {name: {"lead_months": 0} for name in (*POWER, "gas_lateral")}
    at_once = {"lead_months": 0, "release": "2026-03"}
    return hand_scenario(
        horizon={"periods": 2, "weeks": 2},
        finance={"discount_rate": 0.08, "cost_of_capital": 0.08},
        demand={"workloads": workloads},
        racks={"use": list(RACKS), "change": dict.fromkeys(RACKS, at_once)},
        power={"use": list(POWER), "change": change},
        serving={"tokens_per_s_per_rack": {}},
        supply={"chips": {"cowos": 800.0}},
        sites={"include": ["abilene_tx", "ashburn_va"], "limit_it_mw": 60},
    )


@pytest.mark.slow
def test_modes_tiers_users_and_work_that_waits_in_sampled_weeks(tmp_path: Path) -> None:
    case = case_of(_agents_calls_and_batches())

    found = assert_they_agree(case, tmp_path, gap=1e-3)

    assert found is not None
    tokens = found[0].tables["tokens"].query("tokens_per_s > 1")
    served = tokens[tokens["kind"] == "served"].groupby("workload")
    assert {w for w, modes in served["mode"] if modes.str.contains("kv_tier").any()} == {
        "premium_agent",
        "voice",
    }
    assert set(served.get_group("premium_agent")["mode"]) == {"afd+kv_tier"}
    assert set(served.get_group("voice")["site"]) == {"abilene_tx", "ashburn_va"}
    unmet = tokens[tokens["kind"] == "unmet"].groupby("workload")["tokens_per_s"].sum()
    # Within the gap: what is not worth a rack of its own may be left.
    assert unmet.to_dict() == pytest.approx({"voice": 2 * 0.2 * 1e11 / 86_400}, rel=2e-3)
    assert any(
        np.ptp(mw) > 1 for run in found[1].dispatch.values() for mw in run.shifted_mw.values()
    )


@pytest.mark.slow
@pytest.mark.validation
def test_two_sites_in_every_hour_of_two_quarters(tmp_path: Path) -> None:
    """Units of any size and none to spare: with whole ones a single model takes many minutes."""
    case = example(
        "two_sites",
        "horizon.step=quarter",
        "horizon.start=2028-01",
        "horizon.periods=2",
        "solver.whole_units_from_mw=100000",
        "reliability.spare_units=0",
    )

    found = assert_they_agree(case, tmp_path, gap=2e-3)

    assert found is not None
    plan, wanted = found
    assert plan.outcome.cuts > 0
    assert set(plan.outcome.dispatch) == set(wanted.dispatch)
