"""Every example of a sweep is checked at all its points, and planned at two in a small variant."""

from pathlib import Path

import pytest

from planner.sweep.evaluate import Planner
from planner.sweep.points import points_of
from planner.sweep.reading import read_sweep

SWEEPS = sorted((Path(__file__).parents[2] / "examples" / "sweeps").glob("*.yaml"))
POINTS = {"grid_share_2028": 13, "gas_price_and_chips": 12, "morris_all": 110}
SMALL = (
    "sites.include=[loslunas_nm]",
    "sites.limit_it_mw=6000",
    "horizon.periods=3",
    "horizon.hours=weeks",
    "horizon.weeks=1",
    "racks.use=[gb300_nvl72]",
    "serving.modes=[split]",
    "serving.kv_tier=false",
    "power.use=[wartsila_18v50sg, pv_tracker, li_ion_4h, firm_grid, flexible_grid]",
    "solver.gap=0.02",
    "solver.threads=1",
    "solver.whole_units_from_mw=100000",
)


def test_the_sweeps_are_those() -> None:
    assert {path.stem for path in SWEEPS} == set(POINTS)


@pytest.mark.parametrize("path", SWEEPS, ids=lambda path: path.stem)
def test_every_point_of_the_example_is_a_scenario(path: Path) -> None:
    points = points_of(read_sweep(path)).points
    assert len(points) == POINTS[path.stem]
    assert len({point.key for point in points}) > 0.9 * len(points)


@pytest.mark.parametrize("path", SWEEPS, ids=lambda path: path.stem)
def test_the_first_and_last_point_have_a_plan_in_a_small_variant(
    path: Path, tmp_path: Path
) -> None:
    sets = (*SMALL, f"solver.cone_store={tmp_path}")
    points = points_of(read_sweep(path, sets)).points
    first, last = (Planner()(points[i]) for i in (0, -1))
    assert (first.status, first.reason) == (last.status, last.reason) == ("solved", "")
    assert first.figures["objective_usd"] != last.figures["objective_usd"]
