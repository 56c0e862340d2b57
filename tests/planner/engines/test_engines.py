"""The monolithic engine: another solver gives the same, and what is rounded is proven."""

import pytest

from planner.errors import ScenarioError
from planner.run import plan_case
from tests.planner.hand import hand_case, hand_scenario


def _scenario(**solver):
    chat = {"tokens_per_day": 8.64e12, "value_usd_per_mtok": 4.0}
    return hand_scenario(demand={"workloads": {"chat": chat}}, solver=solver)


def test_another_solver_gives_the_same_plan() -> None:
    """Pyomo's own interface to HiGHS, against ours."""
    ours = plan_case(hand_case(_scenario(gap=1e-6, whole_units_from_mw=10)))
    asked = {"gap": 1e-6, "whole_units_from_mw": 10, "name": "appsi_highs"}
    theirs = plan_case(hand_case(_scenario(**asked)))

    assert theirs.outcome.objective_kusd == pytest.approx(ours.outcome.objective_kusd, rel=1e-5)


def test_a_solver_that_is_not_there_is_refused() -> None:
    with pytest.raises(ScenarioError, match="gurobi"):
        plan_case(hand_case(_scenario(name="gurobi")))


@pytest.mark.parametrize("gap", [0.2, 1e-6])
def test_the_gap_asked_for_is_proven(gap: float) -> None:
    """Whole engines and blocks: within the gap, and the bound is below the best plan."""
    best = plan_case(hand_case(_scenario(gap=1e-6, whole_units_from_mw=10))).outcome
    found = plan_case(hand_case(_scenario(gap=gap, whole_units_from_mw=10))).outcome

    assert found.status == "solved"
    assert found.gap <= gap
    assert found.bound_kusd <= best.objective_kusd * (1 + 1e-6)
    assert found.objective_kusd >= best.bound_kusd * (1 - 1e-6)
