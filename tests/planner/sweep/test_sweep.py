"""Whole sweeps of a small scenario: the same data set however it came about."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.sweep.points import points_of
from planner.sweep.reading import read_sweep
from planner.sweep.store import read_points, steady
from planner.sweep.sweeping import Means, sweep_points
from tests.planner.sweep.toys import TINY, write_tiny

ONE = Means(workers=1)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("sweep"))


@pytest.fixture(scope="module")
def whole(file: Path) -> pd.DataFrame:
    """What an unbroken run in one process gives."""
    return sweep_points(points_of(read_sweep(file)), file.parent / "whole", means=ONE)


def _assert_same(found: pd.DataFrame, whole: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(steady(found), steady(whole), rtol=1e-6, check_like=True)


def test_failed_points_are_kept_with_their_reason_and_stop_nothing(whole: pd.DataFrame) -> None:
    assert whole["status"].tolist() == ["solved"] * 5 + ["wrong_input"]
    last = whole.iloc[5]
    assert "grid.share_limit" in last["reason"]
    assert pd.isna(last["objective_usd"])
    assert (whole["reason"][:5] == "").all()


def test_cost_falls_as_the_grid_may_give_more_and_its_price_with_it(whole: pd.DataFrame) -> None:
    """Less of a limit is never better; and the first MWh of a scarce thing are worth the most."""
    solved = whole[whole["status"] == "solved"].sort_values("share")
    cost, price = solved["objective_usd"].tolist(), solved["price.grid_share.2028"].tolist()
    assert all(a >= b * (1 - 1e-6) for a, b in pairwise(cost))
    assert cost[0] > cost[-1] * 1.001
    assert all(a >= b - 1e-3 for a, b in pairwise(price))
    assert price[0] > 0 == price[-1]
    assert solved["mw.gas"].iloc[0] > solved.get("mw.gas").iloc[-1]
    assert (solved["grid_share.2028"] <= solved["share"] + 1e-9).all()


def test_requirements_that_conflict_are_the_reason(file: Path, tmp_path: Path) -> None:
    text = (
        f"base: {file.parent / 'tiny.yaml'}\n"
        "set: {demand.workloads.chat.must_serve: true}\n"
        "axes: {b: {key: policy.budget_usd_per_year, values: [1.0e+7]}}\n"
    )
    sweep = tmp_path / "sweep.yaml"
    sweep.write_text(text)
    arguments = ["sweep", str(sweep), "-o", str(tmp_path / "s"), "--workers", "1"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 3, done.output
    (row,) = read_points(tmp_path / "s").to_dict(orient="records")
    assert row["status"] == "infeasible"
    assert "policy.budget_usd_per_year: investment in 2028" in row["reason"]


def test_figures_are_those_of_the_run_folder(whole: pd.DataFrame, file: Path) -> None:
    sets = ["grid.share_limit.2028=0.1001"]
    folder = file.parent / "run"
    arguments = ["run", str(file.parent / "tiny.yaml"), "-o", str(folder), "--no-report"]
    done = CliRunner().invoke(app, [*arguments, "--set", *sets])
    assert done.exit_code == 0
    summary = json.loads((folder / "summary.json").read_text())
    row = whole[whole["share"] == 0.1001].iloc[0]
    for name in ("objective_usd", "grid_share", "usd_per_mwh", "co2_t", "it_mw"):
        found = summary[name]["2028"] if isinstance(summary[name], dict) else summary[name]
        column = name if name == "objective_usd" else f"{name}.2028"
        assert row[column] == pytest.approx(found, rel=1e-6), name
    capacity = pd.read_parquet(folder / "capacity.parquet")
    gas = capacity.loc[capacity["kind"] == "gas", "mw"].sum()
    assert row["mw.gas"] == pytest.approx(gas, rel=1e-6)
    assert row["sites_opened"] == "abilene_tx"
    racks = pd.read_parquet(folder / "racks.parquet")["racks"].sum()
    assert row["racks.gb300_nvl72"] == pytest.approx(racks, rel=1e-6)


def test_what_is_done_is_not_done_again(whole: pd.DataFrame, file: Path) -> None:
    folder = file.parent / "whole"
    stamps = {path: path.stat().st_mtime_ns for path in (folder / "points").iterdir()}
    again = sweep_points(points_of(read_sweep(file)), folder, means=ONE)
    _assert_same(again, whole)
    assert {path: path.stat().st_mtime_ns for path in (folder / "points").iterdir()} == stamps


def test_another_sweep_takes_over_the_points_that_it_shares(
    whole: pd.DataFrame, file: Path, tmp_path: Path
) -> None:
    text = file.read_text().replace("[0.1, 0.1001,", "[0.1003, 0.1] #")
    narrower = write_tiny(tmp_path, text.replace("values: [0.1003, 0.1]", "values: [0.1003, 0.1]}"))
    folder = file.parent / "whole"
    copied = tmp_path / "store"
    (copied / "points").mkdir(parents=True)
    for path in (folder / "points").iterdir():
        (copied / "points" / path.name).write_bytes(path.read_bytes())
    table = sweep_points(points_of(read_sweep(narrower)), copied, means=ONE)
    assert table["share"].tolist() == [0.1003, 0.1]
    assert table["seconds"].tolist() == whole["seconds"][[3, 0]].tolist(), "nothing was planned"
    assert len(list((copied / "others").iterdir())) == 4


@pytest.mark.slow
def test_killed_twice_and_gone_on_with_gives_the_same_data_set(
    file: Path, whole: pd.DataFrame, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    command = [sys.executable, "-c", "from planner.cli import main; main()", "sweep", str(file)]
    command += ["-o", str(folder), "--workers", "1"]
    stamps: dict[str, int] = {}
    for least in (1, 3):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait_for(folder, least, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        there = _stamps(folder)
        assert least <= len(there) < 6, "it was under way"
        assert stamps.items() <= there.items(), "what was finished stays as it was"
        stamps = there
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert stamps.items() <= _stamps(folder).items()
    _assert_same(pd.read_parquet(folder / "points.parquet"), whole)


def _stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (folder / "points").glob("[0-9]*.json")}


def _wait_for(folder: Path, least: int, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + 120
    while len(_stamps(folder)) < least:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.fixture
def cluster() -> Iterator[str]:
    """A Dask cluster of two workers on loopback, in processes of their own."""
    from distributed import LocalCluster

    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with LocalCluster(host="127.0.0.1", dashboard_address=None, **settings) as here:
        yield here.scheduler_address


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cluster_gives_the_same_data_set(
    file: Path, whole: pd.DataFrame, cluster: str, tmp_path: Path
) -> None:
    points = points_of(read_sweep(file))
    found = sweep_points(points, tmp_path / "store", means=Means(scheduler=cluster))
    _assert_same(found, whole)


def test_a_cluster_that_is_not_there_is_said(file: Path, tmp_path: Path) -> None:
    arguments = ["sweep", str(file), "-o", str(tmp_path / "s"), "--scheduler", "nonsense"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert "no cluster with workers answers" in done.output


def test_a_batch_of_a_folder_keeps_its_plans(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, used in (("a", "firm_grid"), ("b", "wartsila_18v50sg, firm_grid")):
        text = TINY.replace("wartsila_18v50sg, firm_grid", used)
        (tmp_path / "in" / f"{name}.yaml").write_text(text)
    folder = tmp_path / "out"
    arguments = ["batch", str(tmp_path / "in"), "-o", str(folder), "--plans", "--workers", "1"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    table = read_points(folder)
    assert table["scenario"].tolist() == ["a", "b"]
    for number, row in table.iterrows():
        kept = json.loads((folder / "plans" / f"{number:04d}" / "summary.json").read_text())
        assert kept["objective_usd"] == pytest.approx(row["objective_usd"], rel=1e-9)


def test_what_is_no_sweep_is_not_written_into(file: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = CliRunner().invoke(app, ["sweep", str(file), "-o", str(tmp_path)])
    assert done.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
