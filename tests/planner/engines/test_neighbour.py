"""A point that starts from its neighbour finds the same answer with less work."""

import logging
import re
from pathlib import Path

import pytest

from planner.engines.neighbour import Neighbour, chained
from planner.known import read_scenario
from planner.plan.plan import Plan
from planner.run import plan_scenario
from tests.planner.sweep.toys import TINY

WHOLE = "solver.whole_units_from_mw=5"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    file = tmp_path / "a.yaml"
    file.write_text(TINY)
    return file


def _plan(base: Path, share: float) -> Plan:
    sets = [f"grid.share_limit.2028={share}", WHOLE, f"solver.cone_store={base.parent}/cones"]
    return plan_scenario(read_scenario(base, sets).scenario)


def _first_pivots(caplog: pytest.LogCaptureFixture) -> int:
    said = [r.getMessage() for r in caplog.records if r.name == "solvers.master"]
    found = [int(m[1]) for text in said if (m := re.match(r"master: (\d+) iterations", text))]
    return found[0]


def test_a_neighbour_is_a_start_and_not_another_answer(
    base: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept: dict[str, Neighbour] = {}
    caplog.set_level(logging.INFO, "solvers.master")
    _plan(base, 0.1001)
    caplog.clear()
    alone = _plan(base, 0.1)
    without = _first_pivots(caplog)
    with chained(kept):
        _plan(base, 0.10005)
        assert len(kept) == 1
        caplog.clear()
        started = _plan(base, 0.1)
    assert _first_pivots(caplog) < without / 2
    assert len(kept) == 1, "only the last is kept"
    found, known = started.outcome.objective_kusd, alone.outcome.objective_kusd
    assert found == pytest.approx(known, rel=2e-6)
    assert started.outcome.gap <= 1e-6


def test_nothing_is_kept_unasked_and_another_shape_is_no_neighbour(base: Path) -> None:
    kept: dict[str, Neighbour] = {}
    with chained(kept):
        _plan(base, 0.1)
        (shape,) = kept
        plan_scenario(read_scenario(base, ["power.use=[firm_grid]"]).scenario)
    assert shape not in kept
    before = dict(kept)
    _plan(base, 0.1)
    assert kept == before


def test_a_neighbour_whose_plan_is_impossible_here_does_no_harm(base: Path) -> None:
    """All from the grid, and then hardly any grid: its whole numbers cannot be held."""
    alone = _plan(base, 0.09985)
    with chained({}):
        _plan(base, 0.2)
        started = _plan(base, 0.09985)
    found, known = started.outcome.objective_kusd, alone.outcome.objective_kusd
    assert found == pytest.approx(known, rel=2e-6)
