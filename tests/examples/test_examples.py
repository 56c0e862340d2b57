"""Every example is run, in a small variant."""

from pathlib import Path

import pytest

from planner.known import read_scenario
from planner.plan.redispatch import class_difference_table
from planner.robust.run import plan_loaded
from planner.robust.summary import first_stage_table
from planner.run import plan_scenario

FOLDER = Path(__file__).parents[2] / "examples"
ROBUST = FOLDER / "robust.yaml"
EXAMPLES = sorted(set(FOLDER.glob("*.yaml")) - {ROBUST})
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


def test_whoever_reckons_with_a_moratorium_opens_a_second_site_early(tmp_path: Path) -> None:
    """As the file says: both sites open in 2028, one of which is not needed until later."""
    sets = ["horizon.weeks=1", "solver.gap=0.01", "solver.threads=1"]
    loaded = read_scenario(ROBUST, [*sets, f"solver.cone_store={tmp_path}"])

    found, _ = plan_loaded(loaded)

    shared = first_stage_table(found)
    opened = set(shared.loc[shared["component"] == "site_works", "site"])
    assert opened == {"abilene_tx", "ashburn_va"}
    assert found.worth.vss is not None
    assert found.worth.vss.low_kusd > 0.01 * found.rp.plan_kusd
    assert found.evpi.low_kusd > 0.01 * found.rp.plan_kusd
    assert (found.joint.cones, found.joint.cones_apart) == (2, 8)


def test_there_are_examples() -> None:
    assert {"one_site", "two_sites", "us_2028", "off_grid_texas", "speed_to_power"} <= {
        path.stem for path in EXAMPLES
    }
