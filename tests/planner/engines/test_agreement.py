"""Both engines give the same answer, each within its proven gap."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from planner.case import Case
from tests.planner.engines.both import assert_they_agree, example
from tests.planner.engines.drawn import QUARTERS, WEEKS, questions

WEEKLY = settings(max_examples=40, deadline=None, derandomize=True, database=None)
HOURLY = settings(max_examples=6, deadline=None, derandomize=True, database=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store for many questions: what one has learnt must not mislead another."""
    return tmp_path_factory.mktemp("cones")


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
