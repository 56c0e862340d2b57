"""What a sweep asks beyond its points is looked for through the same points, and kept."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.scenario.by_year import ByYear
from planner.sweep.answering import answer, find, pareto
from planner.sweep.point import Point, Record
from planner.sweep.reading import SweepFile, read_sweep
from tests.planner.sweep.analysis.made import BASE

SWEEP = """\
base: base.yaml
axes: {gas: {key: power.gas_usd_per_mmbtu, values: [2, 4]}}
"""


def written(folder: Path, more: str) -> SweepFile:
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    (folder / "sweep.yaml").write_text(SWEEP + more, encoding="utf-8")
    return read_sweep(folder / "sweep.yaml")


class Counted:
    """Makes records by rule, and counts them."""

    def __init__(self) -> None:
        self.points: list[Point] = []

    def __call__(self, point: Point) -> Record:
        self.points.append(point)
        assert point.loaded is not None
        scenario = point.loaded.scenario
        price = ByYear.of(scenario.power.gas_usd_per_mmbtu).at(2028)
        cap = scenario.policy.co2_limit_t
        co2 = 1000.0 if cap is None else min(ByYear.of(cap).at(2028), 1000.0)
        figures: dict[str, Any] = {
            "mw.gas": 100.0 if price < 5.3 else 0.0,
            "co2_t.2028": co2,
            "objective_usd": 1e9 + 1e5 * (1000 - co2),
        }
        return Record(point.number, point.key, point.axes, "solved", "", figures, {})


def test_a_break_even_is_found_written_and_not_planned_again(tmp_path: Path) -> None:
    asked = 'find: {key: power.gas_usd_per_mmbtu, from: 2, to: 10, where: "mw.gas > 0"}\n'
    file, plan = written(tmp_path, asked), Counted()
    found = find(file, tmp_path / "out", plan)
    again = find(file, tmp_path / "out", plan)

    assert found.holds_at < 5.3 <= found.fails_at
    assert found.width <= 0.08
    assert again == found
    assert len(plan.points) == len(found.tried)
    assert json.loads((tmp_path / "out" / "find.json").read_text())["holds_at"] == found.holds_at


def test_a_front_is_traced_by_limits_and_written(tmp_path: Path) -> None:
    plan = Counted()
    found = pareto(
        written(tmp_path, "pareto: {figure: co2_t.2028, n: 5}\n"), tmp_path / "out", plan
    )

    assert sorted(found["co2_t.2028"]) == pytest.approx([0, 250, 500, 750, 1000])
    assert len(pd.read_csv(tmp_path / "out" / "pareto.csv")) == len(plan.points) == 5
    assert plan.points[0].loaded is not None
    assert plan.points[0].loaded.scenario.policy.co2_limit_t is None


def test_a_sweep_that_asks_nothing_more_is_left_alone(tmp_path: Path) -> None:
    answer(written(tmp_path, ""), tmp_path / "out", pytest.fail)

    assert not (tmp_path / "out").exists()
