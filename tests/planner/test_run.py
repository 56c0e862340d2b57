"""A run folder holds all it promises, is the same twice, and comes whole or not at all."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from planner import run as running
from planner.errors import BalanceError, InfeasibleError
from planner.known import read_scenario
from planner.plan.plan import Plan
from planner.run import Run, plan_case, run
from tests.planner.hand import hand_case, hand_scenario

TEXT = """\
title: small
horizon: {start: 2028-01, orders_from: 2025-01, periods: 1, hours: weeks, weeks: 1}
demand:
  workloads:
    chat: {tokens_per_day: 1.0e+12, value_usd_per_mtok: 4.0}
    coding_agent: {tokens_per_day: 1.0e+10, value_usd_per_mtok: 20.0}
sites:
  include: [abilene_tx]
  limit_it_mw: 100
power: {use: [wartsila_18v50sg, firm_grid, pv_tracker, li_ion_4h]}
"""
COLUMNS = {
    "sites": "site name state latitude_deg longitude_deg grid_area period open it_mw limit_it_mw "
    "peak_facility_mw load_mwh",
    "builds": "site period family component units mw capex_usd",
    "elements": "site period element number part mw usd share lead_weeks",
    "capacity": "site period family component units mw mwh usable_mw",
    "power_by_season": "site period season component mwh",
    "dispatch": "site period hour weight load curtailed",
    "tokens": "period workload site rack kind tokens_per_s tokens",
    "racks": "site period rack cooling racks it_mw added",
    "cooling": "site period cooling racks rack_mw it_mw mean_pue peak_pue water_m3 "
    "water_l_per_kwh hot_drybulb_c hot_wetbulb_c water_stress",
    "rack_use": "period site rack workload mode racks",
    "recipes": "recipe workload mode rack kw_per_ktoken_s output_tokens_per_s_per_gpu "
    "tokens_per_s_per_user first_token_s batch layout bound_by measured left_out",
    "supply": "period kind name unit used limit",
    "reliability": "site period units spare_mw worst_lolp lole_h_per_year eue_mwh_per_year "
    "availability outage_h survival_mean survival_least",
    "costs": "site period family component item usd discounted_usd",
    "shadow_prices": "limit site period price unit used bound meaning",
    "products": "family component vendor product technology unit_mw lead_months first_period "
    "open_mw bought_mw usd_per_mwh state reason",
}
EMPTY = {
    "moves": "site period kind component what units mw",
    "colocation": "site component source at period miles plant_capacity_factor "
    "arriving_capacity_factor loss_share plant_usd_per_mwh line_usd_per_mwh loss_usd_per_mwh "
    "arriving_usd_per_mwh fence_capacity_factor fence_usd_per_mwh saved_usd_per_mwh",
}
"""Tables in which nothing stands here: no plant may leave, and none is beyond the fence."""

SUMMARY = (
    "status objective_usd bound_usd gap unmet_share sites_opened it_mw grid_mwh grid_share "
    "grid_share_limit usd_per_mtok usd_per_mwh co2_t power_water_m3 product_dispatch binding "
    "seconds peak_memory_mb engine cuts version approximations"
)
COMMAND = ["gigaplan", "run", "a.yaml"]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario in two files: one extends the other."""
    folder = tmp_path_factory.mktemp("scenario")
    (folder / "base.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "a.yaml").write_text("extends: base.yaml\ntitle: extended\n", encoding="utf-8")
    return folder / "a.yaml"


@pytest.fixture(scope="module")
def done(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("runs") / "one"
    return run(read_scenario(scenario), place, command=COMMAND)


def _table(done: Run, name: str) -> pd.DataFrame:
    return pd.read_parquet(done.folder / f"{name}.parquet")


def test_the_folder_holds_what_is_promised_and_nothing_else(done: Run) -> None:
    files = {"summary.json", "scenario.yaml", "manifest.json", "log.txt", "report.html"}
    files |= {f"{n}.{kind}" for n in (*COLUMNS, *EMPTY) for kind in ("parquet", "csv")}
    assert {path.name for path in done.folder.iterdir()} == files
    assert all((done.folder / name).stat().st_size for name in files)
    assert [path.name for path in done.folder.parent.iterdir()] == ["one"]


@pytest.mark.parametrize("name", COLUMNS)
def test_each_table_has_its_columns_and_a_twin_with_equal_numbers(done: Run, name: str) -> None:
    table = _table(done, name)
    assert set(COLUMNS[name].split()) <= set(table.columns)
    assert len(table)
    twin = pd.read_csv(done.folder / f"{name}.csv", dtype=str, keep_default_na=False)
    assert list(twin.columns) == list(table.columns)
    assert len(twin) == len(table)
    for column in table:
        if pd.api.types.is_bool_dtype(table[column]):
            assert twin[column].tolist() == [str(value) for value in table[column]]
        elif pd.api.types.is_numeric_dtype(table[column]):
            assert [float(text or "nan") for text in twin[column]] == pytest.approx(
                table[column].tolist(), rel=0, abs=0, nan_ok=True
            )
        else:
            assert twin[column].tolist() == table[column].fillna("").astype(str).tolist()


@pytest.mark.parametrize("name", EMPTY)
def test_a_table_in_which_nothing_stands_has_its_columns(done: Run, name: str) -> None:
    table = _table(done, name)
    assert list(table.columns) == EMPTY[name].split()
    assert table.empty


def test_the_summary_says_all_that_is_promised(done: Run) -> None:
    summary = json.loads((done.folder / "summary.json").read_text(encoding="utf-8"))
    assert [key for key in SUMMARY.split() if key not in summary] == []
    assert summary == done.summary
    assert (summary["title"], summary["status"]) == ("extended", "solved")
    assert summary["engine"] == "decomposed"
    assert summary["cuts"] > 0
    assert summary["sites_opened"] == ["abilene_tx"]
    assert 0 <= summary["gap"] <= 0.005
    assert summary["bound_usd"] <= summary["objective_usd"]
    assert set(summary["usd_per_mtok"]) == {"all", "chat", "coding_agent"}
    assert {"sites", "build", "training", "master", "operation", "audit"} <= set(summary["seconds"])
    assert summary["peak_memory_mb"] > 10
    assert any("sampled: 1 of 52 weeks" in sentence for sentence in summary["approximations"])


def test_the_summary_adds_up_with_the_tables(done: Run) -> None:
    """What a reader would add up by hand, with a calculator and the CSV files."""
    summary = done.summary
    costs = _table(done, "costs")
    assert costs["discounted_usd"].sum() == pytest.approx(summary["objective_usd"], rel=1e-6)
    assert _table(done, "sites")["it_mw"].sum() == pytest.approx(summary["it_mw"]["2028"])
    power = _table(done, "power_by_season").groupby("component")["mwh"].sum()
    assert power.get("firm_grid", 0.0) == pytest.approx(summary["grid_mwh"]["2028"], abs=1e-6)
    tokens = _table(done, "tokens").set_index("kind")["tokens"]
    assert tokens.sum() == pytest.approx(365 * 1.01e12, rel=1e-9)
    unmet = tokens[tokens.index == "unmet"].sum() / tokens.sum()
    assert unmet == pytest.approx(summary["unmet_share"]["2028"], abs=1e-9)


def test_the_scenario_reloads_as_it_was(done: Run, scenario: Path) -> None:
    again = read_scenario(done.folder / "scenario.yaml")
    assert again.scenario == read_scenario(scenario).scenario
    assert again.files == (done.folder / "scenario.yaml",), "it stands without what it extended"


def test_the_manifest_has_the_hash_of_every_input(done: Run, scenario: Path) -> None:
    found = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
    inputs = {Path(each["path"]).name: each["sha256"] for each in found["inputs"].values()}
    assert inputs == {
        name: hashlib.sha256((scenario.parent / name).read_bytes()).hexdigest()
        for name in ("a.yaml", "base.yaml")
    }
    assert (found["command"], found["seed"]) == (COMMAND, 0)


def test_the_log_is_the_solver_s_and_the_report_is_a_page(done: Run) -> None:
    assert "relaxation 1: bound" in (done.folder / "log.txt").read_text(encoding="utf-8")
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "extended" in page


def test_the_same_scenario_gives_the_same_tables(done: Run, scenario: Path, tmp_path: Path) -> None:
    again = run(read_scenario(scenario), tmp_path / "two", command=COMMAND, page=False)
    for name in COLUMNS:
        assert (again.folder / f"{name}.csv").read_bytes() == (
            done.folder / f"{name}.csv"
        ).read_bytes()
    changing = {"seconds", "peak_memory_mb", "bound_usd", "gap", "cuts"}  # more is known now
    assert {k: v for k, v in again.summary.items() if k not in changing} == {
        k: v for k, v in done.summary.items() if k not in changing
    }
    assert not (again.folder / "report.html").exists()


@pytest.mark.parametrize(
    "stop", [KeyboardInterrupt, MemoryError, BalanceError("energy of abilene_tx", 1.0)]
)
def test_a_run_that_is_killed_leaves_nothing(
    scenario: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stop: BaseException | type[BaseException],
) -> None:
    seen: list[str] = []

    def audit(plan: Plan) -> None:
        seen.extend(path.name for path in tmp_path.iterdir())
        raise stop

    monkeypatch.setattr(running, "audit", audit)
    kind = stop if isinstance(stop, type) else type(stop)
    with pytest.raises(kind):
        run(read_scenario(scenario), tmp_path / "runs/one", command=COMMAND)
    assert seen == ["runs"], "it was under way"
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_fails_costs_no_plan(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page comes last, of a run that is whole."""

    def write_report(folder: Path) -> None:
        assert (folder / "summary.json").is_file()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planner.report.page.write_report", write_report)
    with pytest.raises(OSError, match="No space left"):
        run(read_scenario(scenario), tmp_path / "one", command=COMMAND)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert not (tmp_path / "one" / "report.html").exists()


def test_phases_are_told_in_their_order() -> None:
    told: list[str] = []
    plan_case(hand_case(hand_scenario()), report=lambda phase, _: told.append(phase))
    once = list(dict.fromkeys(told))
    assert once == ["build", "hours", "compile", "relaxation", "whole numbers", "audit"]


def test_conflicts_carry_the_words_of_the_scenario() -> None:
    """1e12 tokens/d need over 100 racks, 13 MW; the limit is one of them."""
    chat = {"tokens_per_day": 1e12, "value_usd_per_mtok": 4.0, "must_serve": True}
    scenario = hand_scenario(demand={"workloads": {"chat": chat}}, sites={"limit_it_mw": 1.0})
    with pytest.raises(InfeasibleError) as caught:
        plan_case(hand_case(scenario))
    assert "demand.workloads.chat: every token of 2028 has to be served" in caught.value.conflicts
    assert "sites.limit_it_mw: IT power at abilene_tx in 2028" in caught.value.conflicts
