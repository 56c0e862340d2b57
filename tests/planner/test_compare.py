"""Runs beside each other: what differs is told in numbers, and what does not compare is said."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.compare.command import compare
from planner.compare.export import ExportError, harmless, write_csv, write_excel
from planner.compare.folders import export, tables_of
from planner.compare.page import comparison
from planner.compare.runs import read_runs
from planner.report.folder import RunFolderError
from planner.report.plain import render
from tests.planner.report.fake import write_run
from tests.planner.report.fake_plan import PLACES, Fake
from tests.planner.report.test_page import HOSTILE, Page

SHORT = Fake(periods=("2028", "2029"), opened=2, places=PLACES[:3], hours="weeks")
ONE = Fake(periods=("2028", "2029"), opened=1, places=PLACES[:3], hours="weeks")
LATE = Fake(periods=("2029", "2030"), opened=2, places=PLACES[:3], hours="weeks")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs")
    for name, fake in {"base": SHORT, "one": ONE, "late": LATE}.items():
        write_run(place / name, fake)
    return place


def _value(figures: pd.DataFrame, topic: str, what: str, period: str, column: str) -> float:
    rows = figures[
        (figures["topic"] == topic) & (figures["what"] == what) & (figures["period"] == period)
    ]
    assert len(rows) == 1
    return float(rows[column].iloc[0])


def test_figures_are_those_of_the_runs_and_differ_by_their_difference(runs: Path) -> None:
    found = compare([runs / "base", runs / "one"]).figures
    objective = {
        name: json.loads((runs / name / "summary.json").read_text())["objective_usd"]
        for name in ("base", "one")
    }
    said = ("plan", "present value of all costs", "")

    assert _value(found, *said, "one") == objective["one"]
    assert _value(found, *said, "one - base") == objective["one"] - objective["base"]
    capacity = pd.read_parquet(runs / "base" / "capacity.parquet")
    solar = capacity[(capacity["kind"] == "solar") & (capacity["period"] == "2029")]["mw"].sum()
    assert _value(found, "power by source", "Solar", "2029", "base") == pytest.approx(solar)


def test_a_site_that_a_run_does_not_open_has_nothing_and_a_missing_period_no_number(
    runs: Path,
) -> None:
    found = compare([runs / "base", runs / "one", runs / "late"]).figures
    there = _value(found, "IT power by site", "Holly Ridge, LA", "2029", "base")

    assert there > 0
    assert _value(found, "IT power by site", "Holly Ridge, LA", "2029", "one") == 0
    assert _value(found, "IT power by site", "Holly Ridge, LA", "2029", "one - base") == -there
    assert pd.isna(_value(found, "plan", "IT load", "2028", "late"))


def test_what_does_not_compare_is_said(runs: Path, tmp_path: Path) -> None:
    other = write_run(tmp_path / "other", SHORT)
    said = json.loads((other / "summary.json").read_text())
    (other / "summary.json").write_text(json.dumps(said | {"version": "0.0.9"}))
    notes = " ".join(compare([runs / "base", runs / "late", other]).notes)

    assert "late has the periods 2029 and 2030" in notes
    assert "only 2029 in common" in notes
    assert "other was made by version 0.0.9" in notes


@pytest.mark.parametrize(("factor", "is_said"), [(1.001, True), (1.01, False), (0.99, False)])
def test_costs_within_the_gaps_are_not_called_proven(
    runs: Path, tmp_path: Path, factor: float, is_said: bool
) -> None:
    other = write_run(tmp_path / "other", SHORT)  # gap 0.38 %
    said = json.loads((other / "summary.json").read_text())
    scaled = {k: factor * said[k] for k in ("objective_usd", "bound_usd")}
    (other / "summary.json").write_text(json.dumps(said | scaled))

    notes = " ".join(compare([runs / "base", other]).notes)

    assert ("not proven" in notes) is is_said


def test_folders_that_are_no_runs_are_refused_with_what_to_try(runs: Path, tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"is no run folder.*try"):
        read_runs([runs / "base", tmp_path / "nowhere"])
    broken = write_run(tmp_path / "broken", SHORT)
    (broken / "costs.parquet").unlink()
    with pytest.raises(RunFolderError, match=r"costs.* is missing"):
        read_runs([runs / "base", broken])
    sweep = tmp_path / "sweep"
    (sweep / "plans" / "0003").mkdir(parents=True)
    (sweep / "points.parquet").touch()
    with pytest.raises(RunFolderError, match=r"plans/0003"):
        read_runs([runs / "base", sweep])


def test_runs_of_one_name_are_told_apart(tmp_path: Path) -> None:
    folders = [write_run(tmp_path / a / "run", ONE) for a in ("x", "y")]
    folders.append(write_run(tmp_path / "topic", ONE))

    found = compare(folders)

    assert len(set(found.compared.names)) == 3
    assert "topic" not in found.compared.names


def test_the_page_is_whole_escaped_and_fetches_nothing(runs: Path, tmp_path: Path) -> None:
    hostile = write_run(tmp_path / "h&<b>", SHORT)
    said = json.loads((hostile / "summary.json").read_text())
    said["binding"] = [
        {"limit": f"slots: {HOSTILE}", "site": "", "period": "2029", "price": 2.5,
         "unit": "USD/MW", "meaning": HOSTILE}
    ]  # fmt: skip
    (hostile / "summary.json").write_text(json.dumps(said))
    found = compare([runs / "base", hostile, runs / "late"])
    page = Page(render(comparison(found.compared, found.figures)))

    assert len([s for s in page.scripts if "type" not in s[0]]) == 1
    assert not page.all("img")
    assert not page.all("b")
    assert len(page.all("figure")) == 5
    assert "2029" in page.text
    assert "What binds" in page.text


def test_runs_without_a_common_period_still_make_a_page(runs: Path, tmp_path: Path) -> None:
    early = write_run(
        tmp_path / "early", Fake(periods=("2026",), opened=1, places=PLACES[:1], hours="weeks")
    )
    found = compare([runs / "late", early])
    page = Page(render(comparison(found.compared, found.figures)))

    assert "no period in common" in page.text
    assert [f["id"] for f in page.all("figure")] == ["figure-present-value"]


def test_the_command_prints_tables_json_and_files(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["compare", str(runs / "base"), str(runs / "one")]
    files = ["--csv", "c.csv", "--excel", "c.xlsx", "--html", "sub/c.html"]
    printed = CliRunner().invoke(app, [*asked, *files])
    machine = CliRunner().invoke(app, [*asked, "--json"])

    assert printed.exit_code == 0, printed.output
    assert "Power in service by source" in printed.output
    with Path("c.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["what"] == "present value of all costs"
    assert json.loads(machine.stdout)["figures"][0]["base"] == pytest.approx(float(rows[0]["base"]))
    sheet = load_workbook("c.xlsx")["comparison"]
    assert sheet.cell(3, 5).value == pytest.approx(float(rows[0]["base"]))
    assert Path("sub/c.html").stat().st_size > 100_000
    assert CliRunner().invoke(app, asked[:2]).exit_code == 2


# export


def test_every_table_of_a_run_has_a_sheet_with_units_and_a_file(runs: Path, tmp_path: Path) -> None:
    export(runs / "one", tmp_path / "a.xlsx", tmp_path / "csv")
    book = load_workbook(tmp_path / "a.xlsx")

    assert set(book.sheetnames) == set(tables_of(runs / "one"))
    costs = pd.read_parquet(runs / "one" / "costs.parquet")
    head, units, *rows = book["costs"].iter_rows(values_only=True)
    assert head == tuple(costs.columns)
    assert dict(zip(head, units, strict=True))["discounted_usd"] == "USD"
    assert len(rows) == len(costs)
    assert sum(row[head.index("usd")] for row in rows) == pytest.approx(costs["usd"].sum())
    assert len(pd.read_csv(tmp_path / "csv" / "costs.csv")) == len(costs)


FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1")


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula(tmp_path: Path, text: str) -> None:
    table = pd.DataFrame({"name": [text], "mw": [-2.5]})
    write_csv(tmp_path / "a.csv", table)
    write_excel(tmp_path / "a.xlsx", {"a": table})
    with (tmp_path / "a.csv").open(newline="") as file:
        _, (name, mw) = csv.reader(file)

    assert name == f"'{text}" == harmless(text)
    assert float(mw) == -2.5
    cell = load_workbook(tmp_path / "a.xlsx")["a"]["A3"]
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()


def test_what_excel_cannot_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"a": [1, 2, 3]})
    with pytest.raises(ExportError, match=r"try a\.xlsx"):
        write_excel(tmp_path / "a.csv", {"a": table})
    monkeypatch.setattr("planner.compare.export.MOST_ROWS", 2)
    with pytest.raises(ExportError, match="3 rows"):
        write_excel(tmp_path / "a.xlsx", {"a": table})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_neither_run_nor_sweep_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"

    assert CliRunner().invoke(app, ["export", str(tmp_path), "--csv", str(out)]).exit_code == 2
    assert not out.exists()
    with pytest.raises(ExportError, match="nothing to write"):
        export(write_run(tmp_path / "run", ONE), None, None)
