"""The folder of a robust plan: a run folder for every scenario, and what they share."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from planner import cli
from planner.errors import RunExistsError
from planner.known import read_scenario
from planner.report.page import write_report
from planner.run import Run, run
from planner.scenario import load
from tests.planner.robust.test_branches import HEAD

TEXT = (
    HEAD
    + """\
solver: {gap: 1.0e-4, threads: 1, cone_store: cones}
scenarios:
  usual: {weight: 0.5}
  dear: {weight: 0.5, set: {power.gas_usd_per_mmbtu: 30.0}}
"""
)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("scenario") / "a.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def done(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("runs") / "one"
    command = ["gigaplan", "run", "a.yaml"]
    return run(read_scenario(scenario), place, command=command, page=False)


def _json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_scenario_has_a_run_folder_of_its_own(done: Run) -> None:
    files = {"summary.json", "scenario.yaml", "manifest.json", "log.txt", "usual", "dear"}
    files |= {"first_stage.csv", "first_stage.parquet"}
    assert {path.name for path in done.folder.iterdir()} == files
    for name in ("usual", "dear"):
        inside = {path.name for path in (done.folder / name).iterdir()}
        assert {"summary.json", "manifest.json", "builds.parquet", "log.txt"} <= inside
        summary = _json(done.folder / name / "summary.json")
        assert summary["title"] == f"small: {name}"
        assert any("the same in all 2 scenarios" in each for each in summary["approximations"])
        again = load(done.folder / name / "scenario.yaml").scenario
        assert again.power.gas_usd_per_mmbtu.at(2028) == (4.0 if name == "usual" else 30.0)


def test_the_summary_adds_up(done: Run) -> None:
    summary = _json(done.folder / "summary.json")
    robust = summary["robust"]
    scenarios = robust["scenarios"]
    expected = sum(each["weight"] * each["objective_usd"] for each in scenarios.values())
    alone = sum(each["weight"] * each["alone_usd"]["plan"] for each in scenarios.values())

    assert summary == done.summary
    assert summary["objective_usd"] == pytest.approx(expected, rel=1e-9)
    assert robust["ws_usd"]["plan"] == pytest.approx(alone, rel=1e-9)
    for difference in (robust["evpi_usd"], robust["vss_usd"]):
        assert 0 <= difference["low"] <= difference["plan"] <= difference["high"]
    for name, each in scenarios.items():
        own = _json(done.folder / name / "summary.json")["objective_usd"]
        assert own == pytest.approx(each["objective_usd"], rel=1e-9)
    assert robust["shared_periods"] == ["2028"]
    assert (summary["cones"], summary["cones_apart"]) == (1, 2)


def test_what_is_shared_is_in_every_scenario(done: Run) -> None:
    shared = pd.read_parquet(done.folder / "first_stage.parquet")
    keys = ["site", "period", "family", "component"]

    assert set(shared["period"]) == {"2028"}
    assert not shared.empty
    for name in ("usual", "dear"):
        builds = pd.read_parquet(done.folder / name / "builds.parquet")
        first = builds[builds["period"] == "2028"].set_index(keys)[["units", "mw"]]
        pd.testing.assert_frame_equal(first, shared.set_index(keys), rtol=1e-6)


def test_a_scenario_has_a_report_like_any_run(done: Run) -> None:
    text = write_report(done.folder / "dear").read_text(encoding="utf-8")

    assert "small: dear" in text
    assert "the same in all 2 scenarios" in text


def test_a_run_that_is_there_is_kept(scenario: Path, done: Run) -> None:
    with pytest.raises(RunExistsError):
        run(read_scenario(scenario), done.folder, command=[])


@pytest.mark.slow
def test_the_command_line_tells_costs_and_both_values(scenario: Path, tmp_path: Path) -> None:
    arguments = ["run", str(scenario), "-o", str(tmp_path / "run"), "--no-report"]
    found = CliRunner().invoke(cli.app, [*arguments, "--set", "horizon.periods=1"])

    assert found.exit_code == 0, found.output
    assert "expected value of perfect information" in found.output
    assert "value of the stochastic solution" in found.output
    assert "dear" in found.output


def test_check_reads_every_scenario(scenario: Path) -> None:
    arguments = ["check", str(scenario), "--set", "scenarios.dear.set={power.gas: 3}"]
    found = CliRunner().invoke(cli.app, arguments)

    assert found.exit_code == 2
    assert "power.gas" in found.output
