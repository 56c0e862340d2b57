"""The command line as a newcomer uses it, with wrong input too."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import planner.run
from planner.cli import app
from planner.errors import BalanceError
from planner.known import read_scenario
from planner.plan.plan import TABLES

RUNNER = CliRunner()
SMALL = """\
title: small
horizon: {orders_from: 2025-01, start: 2028-01, periods: 1, hours: weeks, weeks: 1}
demand: {workloads: {chat: {tokens_per_day: 1.0e12, value_usd_per_mtok: 4.0}}}
sites: {include: [abilene_tx], limit_it_mw: 500}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def _call(*words: object):
    return RUNNER.invoke(app, [str(word) for word in words])


def _scenario(folder: Path, text: str) -> Path:
    path = folder / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_run_folder_is_whole(small: Path, tmp_path: Path) -> None:
    """All files; tables in Parquet and CSV say the same; the scenario reloads."""
    folder = tmp_path / "run"
    found = _call("run", small, "-o", folder)

    assert found.exit_code == 0, found.output
    files = {path.name for path in folder.iterdir()}
    assert {"summary.json", "scenario.yaml", "manifest.json", "log.txt", "report.html"} <= files
    for name in TABLES:
        parquet, csv = (
            pd.read_parquet(folder / f"{name}.parquet"),
            pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""]),
        )
        assert list(parquet.columns) == list(csv.columns)
        assert len(parquet) == len(csv)
    summary = json.loads((folder / "summary.json").read_text())
    wanted = (
        "status objective_usd bound_usd gap unmet_share sites_opened it_mw grid_mwh grid_share "
        "grid_share_limit usd_per_mtok usd_per_mwh co2_t binding seconds peak_memory_mb engine "
        "cuts version"
    )
    assert set(wanted.split()) <= set(summary)
    assert summary["status"] == "solved"
    assert summary["gap"] <= 0.005
    assert summary["approximations"]
    assert read_scenario(folder / "scenario.yaml").scenario == read_scenario(small).scenario
    manifest = json.loads((folder / "manifest.json").read_text())
    assert len(manifest["inputs"]["scenario 0"]["sha256"]) == 64


def test_the_same_scenario_gives_the_same_plan(small: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert _call("run", small, "-o", tmp_path / name, "--no-report").exit_code == 0

    for table in TABLES:
        first, second = ((tmp_path / n / f"{table}.csv").read_text() for n in ("one", "two"))
        assert first == second


def test_a_run_is_never_overwritten_unless_asked(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert _call("run", small, "-o", folder, "--no-report").exit_code == 0
    before = (folder / "manifest.json").stat().st_mtime_ns

    refused = _call("run", small, "-o", folder, "--no-report")

    assert refused.exit_code == 2
    assert "--overwrite" in refused.output
    assert (folder / "manifest.json").stat().st_mtime_ns == before
    assert _call("run", small, "-o", folder, "--no-report", "--overwrite").exit_code == 0


def test_a_folder_that_is_no_run_is_never_replaced(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "letter.txt").write_text("keep me")

    assert _call("run", small, "-o", folder, "--overwrite").exit_code == 2
    assert (folder / "letter.txt").read_text() == "keep me"


def test_a_run_that_fails_leaves_nothing(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def off(plan: object) -> None:
        what = "energy"
        raise BalanceError(what, 1.0)

    monkeypatch.setattr(planner.run, "audit", off)
    found = _call("run", small, "-o", tmp_path / "run")

    assert found.exit_code == 1
    assert "does not balance" in found.output
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


def test_a_defect_says_so(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(case: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(planner.run, "build", broken)
    found = _call("run", small, "-o", tmp_path / "run")

    assert found.exit_code == 1
    assert "defect of gigaplan" in found.output


def test_requirements_that_conflict_are_named(tmp_path: Path) -> None:
    """Every token served by a site of 10 MW: three, and which."""
    text = SMALL.replace("1.0e12", "1.0e14").replace("value_", "must_serve: true, value_")
    path = _scenario(tmp_path, text.replace("limit_it_mw: 500", "limit_it_mw: 10"))
    found = _call("run", path, "-o", tmp_path / "run")

    assert found.exit_code == 3
    assert "sites.limit_it_mw: IT power at abilene_tx in 2028" in found.output
    assert "demand.workloads.chat: every token of 2028 has to be served" in found.output
    assert not (tmp_path / "run").exists()


def test_too_little_time_is_said(small: Path, tmp_path: Path) -> None:
    found = _call("run", small, "-o", tmp_path / "run", "--time-limit", "0.0001")

    assert found.exit_code == 4
    assert "time limit" in found.output
    assert not (tmp_path / "run").exists()


WRONG = {
    "unknown product": (
        "title: x\npower: {use: [pv_trackr]}\n",
        ":2:15: power.use[0]: is no product that is known, got pv_trackr, try pv_tracker",
    ),
    "unknown figure": (
        "title: x\npower: {change: {pv_tracker: {capex_usd: 1}}}\n",
        ":2:31: power.change.pv_tracker.capex_usd",
    ),
    "figure out of range": (
        "title: x\npower: {change: {pv_tracker: {capex_usd_per_kw: -4}}}\n",
        ":2:49: power.change.pv_tracker.capex_usd_per_kw: Input should be greater",
    ),
    "unknown site": ("title: x\nsites: {include: [abilene]}\n", "try abilene_tx"),
    "site figure out of range": (
        "title: x\nsites: {change: {abilene_tx: {land_usd_per_acre: -1}}}\n",
        ":2:50: sites.change.abilene_tx.land_usd_per_acre",
    ),
    "two things at once": (
        "title: x\nhorizn: {}\nracks: {use: [gb20_nvl72]}\n",
        "try gb200_nvl72",
    ),
    "years outside": (
        "title: x\ngrid: {us_twh: {2026: 4000, 2028: 4100}}\n",
        "must cover the years of the horizon",
    ),
    "no such engine": ("title: x\nsolver: {engine: decomposed}\n", "is not built yet"),
    "workload nothing serves": (
        "title: x\ndemand: {workloads: {poems: {tokens_per_day: 1, value_usd_per_mtok: 1}}}\n",
        "poems",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_placed_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    text, said = WRONG[name]
    path = _scenario(tmp_path, text)
    found = _call("run", path, "-o", tmp_path / "run")

    assert found.exit_code == 2, found.output
    assert said in found.output.replace("\n", " ") or said in found.output
    assert [each.name for each in tmp_path.iterdir()] == ["wrong.yaml"]


def test_a_wrong_weather_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "weather.csv").write_text("hello\n1\n")
    text = SMALL + "  \n"
    text = text.replace("limit_it_mw: 500", "weather: {files: {abilene_tx: weather.csv}}")
    found = _call("run", _scenario(tmp_path, text), "-o", tmp_path / "run")

    assert found.exit_code == 2
    assert "sites.weather.files.abilene_tx" in found.output
    assert not (tmp_path / "run").exists()


def test_check_new_schema_site_and_catalog(small: Path, tmp_path: Path) -> None:
    fine = _call("check", small)
    assert (fine.exit_code, "fine" in fine.output) == (0, True)

    made = tmp_path / "new.yaml"
    assert _call("new", made).exit_code == 0
    assert _call("check", made).exit_code == 0
    assert _call("new", made).exit_code == 2

    stored = Path(planner.run.__file__).parent / "scenario" / "schema.json"
    assert json.loads(_call("schema").output) == json.loads(stored.read_text())

    facts = json.loads(_call("site", "abilene_tx", "--json").output)
    assert all(fact["source"] and fact["confidence"] for fact in facts)
    assert _call("site", "abilene_t").exit_code == 2
    assert "wartsila_18v50sg" in _call("catalog", "gas").output
    assert "18.8" in _call("catalog", "gas", "wartsila_18v50sg").output
    assert _call("catalog", "gasoline").exit_code == 2
    assert _call("report", tmp_path).exit_code == 2
    assert _call("check", tmp_path / "none.yaml").exit_code == 2


def test_another_solver_gives_the_same_plan(small: Path) -> None:
    """Pyomo's own interface to HiGHS, against ours."""
    ours = planner.run.plan_scenario(read_scenario(small, ["solver.gap=1e-6"]).scenario)
    sets = ["solver.gap=1e-6", "solver.name=appsi_highs"]
    theirs = planner.run.plan_scenario(read_scenario(small, sets).scenario)

    assert theirs.outcome.objective_kusd == pytest.approx(ours.outcome.objective_kusd, rel=1e-5)
