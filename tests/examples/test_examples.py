"""Every example is run, in a small variant."""

from pathlib import Path

import pytest

from planner.known import read_scenario
from planner.plan.redispatch import class_difference_table
from planner.run import plan_scenario

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
SMALLER = {
    "us_2028": ["horizon.periods=3", "sites.include=[abilene_tx, ashburn_va]"],
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_makes_a_plan_that_adds_up(path: Path, tmp_path: Path) -> None:
    """The audit is part of planning: a plan that does not add up raises."""
    sets = ["horizon.hours=weeks", "horizon.weeks=1", "solver.gap=0.05", "solver.threads=1"]
    sets.append(f"solver.cone_store={tmp_path}")
    loaded = read_scenario(path, [*sets, *SMALLER.get(path.stem, [])])

    plan = plan_scenario(loaded.scenario)

    assert plan.outcome.status == "solved"
    assert plan.outcome.gap <= 0.05
    assert plan.tables["sites"]["open"].any()
    by_product = class_difference_table(plan.formulation, plan.dispatch)["discounted_usd"].sum()
    assert abs(by_product) < 0.005 * 1000 * plan.outcome.objective_kusd


def test_there_are_examples() -> None:
    assert {"one_site", "two_sites", "us_2028", "off_grid_texas", "speed_to_power"} <= {
        path.stem for path in EXAMPLES
    }
