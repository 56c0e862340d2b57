"""The command line answers every mistake with a place, a reason and an exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from components.catalog.loader import load_family
from planner import run as running
from planner.cli import app
from planner.scenario import Loaded, schema

ROOT = Path(__file__).parents[2]
TEXT = """\
title: small
horizon: {start: 2028-01, orders_from: 2025-01, periods: 1, hours: weeks, weeks: 1}
sites:
  include: [abilene_tx]
  limit_it_mw: 100
demand:
  workloads:
    chat: {tokens_per_day: 1.0e+12, value_usd_per_mtok: 4.0}
"""

TWO_SITES = (
    "  include: [abilene_tx]\n",
    "  include: [abilene_tx, ashburn_va]\n  change: {abilene_tx: {line_345kv_miles: 9}}\n",
)
FAST = (
    "horizon:",
    "grid: {firm_wait_months: {abilene_tx: 12}}\npower: {use: [firm_grid]}\nhorizon:",
)
"""A grid connection at Abilene after a year, and nothing else."""

Ask = Callable[..., Result]
Write = Callable[..., str]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Call the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the small scenario with texts replaced, and return its name."""

    def _write(*swaps: tuple[str, str], name: str = "a.yaml") -> str:
        text = TEXT
        for old, new in swaps:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return _write


def _tree(folder: Path) -> dict[str, bytes]:
    """Everything below a folder: names, and what files hold."""
    found = sorted(folder.rglob("*"))
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in found}


def _one_line(text: str) -> str:
    return " ".join(text.split())


# check


def test_check_says_what_is_fine(ask: Ask, write: Write) -> None:
    found = ask("check", write())
    assert (found.exit_code, found.stdout) == (0, "a.yaml: fine: small (2028 to 2028)\n")


WRONG = {
    "a number out of range": (
        ("limit_it_mw: 100", "limit_it_mw: -1"),
        "a.yaml:5:16: sites.limit_it_mw: must be over 0, got -1",
    ),
    "a key that is misspelt": (
        ("limit_it_mw: 100", "limit_mw: 100"),
        "a.yaml:5:3: sites.limit_mw: unknown key, got limit_mw, try limit_it_mw",
    ),
    "a site that is unknown": (
        ("[abilene_tx]", "[abilene]"),
        "a.yaml:4:13: sites.include[0]: is no site that is known, got abilene, try abilene_tx",
    ),
    "a product that is unknown": (
        ("sites:", "power: {use: [wartsila_18v50]}\nsites:"),
        "a.yaml:3:15: power.use[0]: is no product that is known, got wartsila_18v50, "
        "try wartsila_18v50sg",
    ),
    "a figure that the product does not have": (
        ("sites:", "power: {change: {wartsila_18v50sg: {capex_usd_kw: 1}}}\nsites:"),
        "a.yaml:3:37: power.change.wartsila_18v50sg.capex_usd_kw: is no figure of "
        "wartsila_18v50sg that is known, got capex_usd_kw, try capex_usd_per_kw",
    ),
    "a figure of a product out of range": (
        ("sites:", "power:\n  change:\n    wartsila_18v50sg:\n      life_years: -25\nsites:"),
        "a.yaml:6:19: power.change.wartsila_18v50sg.life_years: ",
    ),
    "a figure of a site out of range": (
        ("  limit_it_mw: 100", "  change:\n    abilene_tx:\n      elevation_m: 99999"),
        "a.yaml:7:20: sites.change.abilene_tx.elevation_m: ",
    ),
    "a site's own limit that is none": (
        ("  limit_it_mw: 100", "  change: {abilene_tx: {limit_it_mw: 0}}"),
        "a.yaml:5:38: sites.change.abilene_tx.limit_it_mw: must be above 0, got 0",
    ),
    "a year by year figure that does not reach": (
        ("sites:", "grid:\n  us_twh: {2025: 4200, 2027: 4300}\nsites:"),
        "a.yaml:4:11: grid.us_twh: must cover the years of the horizon, 2028 to 2028, "
        "got 2025 to 2027",
    ),
}


@pytest.mark.parametrize(("swap", "said"), WRONG.values(), ids=WRONG.keys())
def test_check_names_file_line_and_column(
    ask: Ask, write: Write, swap: tuple[str, str], said: str
) -> None:
    found = ask("check", write(swap))
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.startswith(said)
    assert found.stderr.count("\n") == 1


def test_check_finds_every_problem_in_the_order_of_the_lines(ask: Ask, write: Write) -> None:
    swaps = ("[abilene_tx]", "[abilene]"), ("chat:", "chatt:"), ("2028-01, ", "2028-02, ")
    found = ask("check", write(*swaps[:2]))
    lines = [line.split(":")[1] for line in found.stderr.splitlines()]
    assert found.exit_code == 2
    assert lines[0] == "4"
    assert lines == sorted(lines, key=int)
    assert ask("check", write(swaps[2])).stderr.startswith("a.yaml:2:18: horizon.start: ")


def test_check_of_no_file(ask: Ask) -> None:
    found = ask("check", "nowhere.yaml")
    assert found.exit_code == 2
    assert found.stderr.startswith("nowhere.yaml: cannot be read: no such file")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("solver", "--set: solver: must be key=value"),
        ("solver.gp=0.1", "--set: solver.gp: unknown key, got gp, try gap"),
        ("solver.gap=2", "--set: solver.gap: must be under 1, got 2"),
        ("sites.include=[abilene]", "--set: sites.include[0]: is no site that is known"),
    ],
)
def test_a_wrong_assignment_is_named(ask: Ask, write: Write, given: str, said: str) -> None:
    found = ask("check", write(), "--set", given)
    assert found.exit_code == 2
    assert found.stderr.startswith(said)


def test_an_assignment_counts(ask: Ask, write: Write) -> None:
    found = ask("check", write(), "--set", "title=other", "--set", "horizon.periods=2")
    assert found.stdout == "a.yaml: fine: other (2028 to 2029)\n"


# run


def test_a_run_stands_where_it_was_asked_and_is_replaced_only_if_told(
    ask: Ask, write: Write, tmp_path: Path
) -> None:
    first = ask("run", write(), "-o", "out", "--no-report")
    assert first.exit_code == 0
    assert first.stdout.startswith("solved: ")
    assert first.stdout.endswith("run folder: out\n")
    assert not (tmp_path / "out/report.html").exists()
    before = _tree(tmp_path)

    second = ask("run", "a.yaml", "-o", "out", "--no-report")
    assert second.exit_code == 2
    assert second.stderr == (
        "out: there is a run here already, try another folder or --overwrite\n"
    )
    assert _tree(tmp_path) == before

    words = "run", "a.yaml", "-o", "out", "--no-report", "--overwrite", "--set", "title=second"
    assert ask(*words).exit_code == 0
    assert json.loads((tmp_path / "out/summary.json").read_text())["title"] == "second"
    assert sorted(_tree(tmp_path)) == sorted(before)


def test_a_run_goes_below_runs_by_default(ask: Ask, write: Write, tmp_path: Path) -> None:
    found = ask("run", write(name="b.yaml"), "--no-report")
    assert found.exit_code == 0
    assert (tmp_path / "runs/b/summary.json").is_file()


@pytest.mark.parametrize(("words", "cold"), [((), False), (("--cold",), True)])
def test_a_cold_start_is_asked_of_the_solver(
    ask: Ask, write: Write, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], cold: bool
) -> None:
    asked: list[bool] = []

    def note(loaded: Loaded, *_: object, **__: object) -> None:
        asked.append(loaded.scenario.solver.cold)
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "run", note)
    assert ask("run", write(), *words).exit_code == 130
    assert asked == [cold]


@pytest.mark.parametrize("output", ["taken", "taken/below"])
def test_a_file_in_the_way_is_never_replaced(
    ask: Ask, write: Write, tmp_path: Path, output: str
) -> None:
    write()
    (tmp_path / "taken").write_text("mine")
    before = _tree(tmp_path)
    found = ask("run", "a.yaml", "-o", output, "--overwrite")
    assert found.exit_code == 2
    assert found.stderr == "taken: something that is no run is in the way, try another folder\n"
    assert _tree(tmp_path) == before


def test_a_weather_file_that_is_none(ask: Ask, write: Write, tmp_path: Path) -> None:
    files = "  weather: {files: {abilene_tx: rain.txt}}"
    write(("  limit_it_mw: 100", files))
    (tmp_path / "rain.txt").write_text("it rained\nall day\n")
    before = _tree(tmp_path)
    found = ask("run", "a.yaml", "-o", "deep/out")
    assert found.exit_code == 2
    said = found.stderr.partition("a.yaml:5:33: sites.weather.files.abilene_tx: ")[2]
    assert "rain.txt" in said
    assert "no column for ghi_w_per_m2" in said
    assert _tree(tmp_path) == before


def test_requirements_that_conflict_are_named(ask: Ask, write: Write, tmp_path: Path) -> None:
    more = "value_usd_per_mtok: 4.0", "value_usd_per_mtok: 4.0, must_serve: true"
    write(more, ("limit_it_mw: 100", "limit_it_mw: 0.01"))
    found = ask("run", "a.yaml", "-o", "out")
    assert found.exit_code == 3
    lines = [line.strip() for line in found.stderr.splitlines()]
    assert "demand.workloads.chat: every token of 2028 has to be served" in lines
    assert "sites.limit_it_mw: IT power at abilene_tx in 2028" in lines
    assert "no plan meets every requirement; these conflict, try relaxing one:" in lines
    assert not [line for line in lines if "capacity_in_service" in line or "[" in line]
    assert not (tmp_path / "out").exists()


def test_a_time_limit_that_is_too_short(ask: Ask, write: Write, tmp_path: Path) -> None:
    late = ["--time-limit", "0.001", "--engine", "monolithic"]
    found = ask("run", write(("weeks: 1}", "weeks: 8}")), "-o", "out", *late)
    assert found.exit_code == 4
    assert "stopped without a plan: " in found.stderr
    assert "time limit" in found.stderr
    assert sorted(_tree(tmp_path)) == ["a.yaml"]


def test_a_solver_that_nobody_knows(ask: Ask, write: Write, tmp_path: Path) -> None:
    found = ask("run", write(), "-o", "out", "--set", "solver.name=abacus")
    assert found.exit_code == 2
    assert "--set: solver.name: " in found.stderr
    assert "got abacus, try highs" in _one_line(found.stderr)
    assert sorted(_tree(tmp_path)) == ["a.yaml"]


def test_what_no_one_foresaw_is_called_a_defect(
    ask: Ask, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        msg = "the sky fell"
        raise ZeroDivisionError(msg)

    monkeypatch.setattr(running, "plan_scenario", fail)
    found = ask("run", write(), "-o", "out")
    assert found.exit_code == 1
    assert "ZeroDivisionError: the sky fell" in found.stderr
    assert "this is a defect of gigaplan" in found.stderr
    assert sorted(_tree(tmp_path)) == ["a.yaml"]


# new, schema, site, catalog, report


def test_what_new_writes_is_fine(ask: Ask, tmp_path: Path) -> None:
    assert ask("new", "mine.yaml").stdout == ("mine.yaml: written; next: gigaplan run mine.yaml\n")
    assert ask("check", "mine.yaml").exit_code == 0
    before = _tree(tmp_path)

    again = ask("new", "mine.yaml")
    assert (again.exit_code, again.stderr) == (
        2,
        "mine.yaml: is there already, try another name\n",
    )
    nowhere = ask("new", "nowhere/mine.yaml")
    assert nowhere.exit_code == 2
    assert nowhere.stderr.startswith("nowhere/mine.yaml: there is no folder nowhere")
    assert _tree(tmp_path) == before


def test_the_schema_is_the_one_of_the_package(ask: Ask) -> None:
    printed = json.loads(ask("schema").stdout)
    assert printed == schema()
    assert printed == json.loads((ROOT / "planner/scenario/schema.json").read_text())


def test_a_site_is_described_with_sources(ask: Ask) -> None:
    table = ask("site", "abilene_tx")
    assert table.exit_code == 0
    facts = {f["label"]: f for f in json.loads(ask("site", "abilene_tx", "--json").stdout)}
    assert "Abilene" in table.stdout
    assert len(facts) > 20
    assert all(f["source"] and f["confidence"] for f in facts.values())
    assert all(label.split()[0] in table.stdout for label in facts)


def test_a_site_is_described_as_a_scenario_has_it(ask: Ask, write: Write) -> None:
    """Changed figures and the load of its grid area."""
    asked = ("site", "abilene_tx", "--json", "--scenario", write(TWO_SITES))
    facts = {f["label"]: f for f in json.loads(ask(*asked).stdout)}
    line = facts["Distance to a line of 345 kV or more"]
    assert (line["value"], line["source"]) == (9, "given by the user")
    assert facts["Load of the grid area, energy 2024"]["value"] == 11.857


def test_sites_are_ranked(ask: Ask, write: Write, tmp_path: Path) -> None:
    asked = ("site", "--rank", "--scenario", write(TWO_SITES, FAST), "--within", "12")
    rows = json.loads(ask(*asked, "--json", "--csv", "rank.csv").stdout)
    assert [(row["site"], row["rank"]) for row in rows] == [("abilene_tx", 1), ("ashburn_va", None)]
    assert (tmp_path / "rank.csv").read_text().startswith("rank,site,name,")
    table = ask(*asked)
    assert table.exit_code == 0
    assert "Sites for 100 MW of IT, with power within 12 months" in table.stdout
    assert "ashburn_va" in table.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("site",), "no site is named: try gigaplan site abilene_tx, or gigaplan site --rank"),
        (("site", "abilene_tx", "--rank"), "--rank is of all sites: try it without a site"),
    ],
)
def test_one_site_or_all(ask: Ask, words: tuple[str, ...], said: str) -> None:
    found = ask(*words)
    assert found.exit_code == 2
    assert said in found.stderr


def test_what_cooling_takes_at_a_site(ask: Ask) -> None:
    """A row for the year and one for each month; months weigh by their days."""
    rows = json.loads(ask("site", "abilene_tx", "--cooling", "air_tower", "--json").stdout)
    year, months = rows[0], rows[1:]
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    assert [row["months"] for row in rows][:3] == ["year", "Jan", "Feb"]
    for column in ("pue_mean", "water_l_per_kwh"):
        mean = sum(day * row[column] for day, row in zip(days, months, strict=True)) / 365
        assert mean == pytest.approx(year[column], abs=2e-4)
    assert year["pue_peak"] == max(row["pue_peak"] for row in months)
    types = json.loads(ask("site", "abilene_tx", "--cooling", "all", "--json").stdout)
    assert {row["cooling"] for row in types} == set(load_family("cooling"))
    assert "liquid_tower" in ask("site", "abilene_tx", "--cooling", "all").stdout


def test_a_cooling_type_that_is_not_there(ask: Ask) -> None:
    found = ask("site", "abilene_tx", "--cooling", "air_towr")
    assert found.exit_code == 2
    assert "is no cooling type that is known, got air_towr, try air_tower" in found.stderr


def test_a_site_or_weather_file_that_is_not_there(ask: Ask, tmp_path: Path) -> None:
    found = ask("site", "abilene")
    assert found.exit_code == 2
    assert found.stderr == "site: abilene: is no site that is known, try abilene_tx\n"
    (tmp_path / "rain.txt").write_text("it rained\n")
    assert ask("site", "abilene_tx", "--weather", "rain.txt").exit_code == 2
    gone = ask("site", "abilene_tx", "--weather", "gone.csv")
    assert gone.exit_code == 2
    assert gone.stderr.startswith("gone.csv: weather: ")


def test_the_catalog_from_families_to_one_figure(ask: Ask) -> None:
    families = ask("catalog").stdout
    assert all(name in families for name in ("gas", "rack", "chip_supply", "wartsila_18v50sg"))
    gas = ask("catalog", "gas").stdout
    assert all(name in gas for name in ("wartsila_18v50sg", "ge_7ha02", "capex_usd_per_kw"))
    one = ask("catalog", "gas", "wartsila_18v50sg").stdout.splitlines()
    assert any("capex_usd_per_kw" in line and "1,700" in line for line in one)
    assert any("confidence" in line for line in one)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("coal",), "catalog: coal: the catalog has no such family, try gas, "),
        (("gas", "steam"), "catalog: steam: the catalog has no such gas, try ge_7ha02, "),
    ],
)
def test_what_the_catalog_does_not_have(ask: Ask, words: tuple[str, ...], said: str) -> None:
    found = ask("catalog", *words)
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.startswith(said)


def test_a_report_needs_a_run(ask: Ask, tmp_path: Path) -> None:
    found = ask("report", ".")
    assert (found.exit_code, found.stderr) == (
        2,
        ".: is no run folder, there is no summary.json in it\n",
    )
    (tmp_path / "summary.json").write_text("{}")
    assert ask("report", ".").exit_code == 2
    assert not (tmp_path / "report.html").exists()


# the program itself


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check", "examples/one_site.yaml"), 0),
        (("check", "examples/nowhere.yaml"), 2),
        (("check", "examples/one_site.yaml", "--no-such-option"), 2),
    ],
)
def test_exit_codes_reach_the_shell(words: tuple[str, ...], code: int) -> None:
    call = [sys.executable, "-c", "from planner.cli import main; main()", *words]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stdout if code == 0 else done.stderr


def test_an_interrupted_run_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TEXT)
    script = (
        "import planner.run\n"
        "from planner.cli import main\n"
        "def stop(*_, **__): raise KeyboardInterrupt\n"
        "planner.run.plan_case = stop\n"
        "main()\n"
    )
    call = [sys.executable, "-c", script, "run", "a.yaml", "-o", "out"]
    place = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        call, cwd=tmp_path, env=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 130
    assert done.stderr.endswith("interrupted; nothing half done is left behind\n")
    assert sorted(_tree(tmp_path)) == ["a.yaml"]
