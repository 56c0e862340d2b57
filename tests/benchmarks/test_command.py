"""The command of the benchmark, without measuring anything."""

import sys

import pytest
from typer.testing import CliRunner

from tests.benchmarks.__main__ import app
from tests.benchmarks.measure import Task, measure
from tests.benchmarks.rows import ONE_SITE, ROWS


def test_help_needs_no_pypsa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypsa", None)

    found = CliRunner().invoke(app, ["--help"])

    assert found.exit_code == 0
    assert all(row in found.output for row in ROWS)


def test_a_row_that_does_not_exist_is_refused() -> None:
    pytest.importorskip("tabulate")

    found = CliRunner().invoke(app, ["five-sites"])

    assert found.exit_code == 2


def test_a_run_that_fails_becomes_part_of_the_results() -> None:
    found = measure(Task("row", "broken", ONE_SITE, ("solver.gap=2",)))

    assert found.status == "failed"
    assert "solver.gap" in found.note
    assert not found.has_plan


def test_a_run_is_measured_in_its_own_process() -> None:
    sets = ("solver.engine=monolithic", "horizon.hours=weeks", "horizon.weeks=1")

    found = measure(Task("row", "a week", ONE_SITE, sets))

    assert found.status == "solved"
    assert found.gap is not None
    assert found.gap <= 0.001
    assert found.peak_memory_mb is not None
    assert found.peak_memory_mb > 10
    assert found.objective_kusd == pytest.approx(found.power_kusd)


def test_a_run_that_takes_too_long_is_ended() -> None:
    found = measure(Task("row", "a year", ONE_SITE, ("solver.engine=monolithic",), most_s=0.5))

    assert found.status == "no plan"
    assert found.note.startswith("ended after")
