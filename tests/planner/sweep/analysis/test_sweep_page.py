"""The page of a sweep shows what its design allows, escapes, and fetches nothing."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.report.folder import RunFolderError
from planner.report.plain import render
from planner.sweep.analysis.page import sweep_page, write_sweep_report
from planner.sweep.analysis.studied import read_studied
from tests.planner.report.test_page import HOSTILE, Page
from tests.planner.sweep.analysis.made import asked, studied, write_sweep

GRID = {
    "share": {"key": "grid.share_limit.2028", "values": [0.06, 0.07, 0.08]},
    "gas": {"key": "power.gas_usd_per_mmbtu", "values": [2, 4]},
}


def figures(share: float, gas: float = 3.0) -> dict[str, Any]:
    if share == 0.06 and gas == 2:
        return {"status": "infeasible", "reason": f"too little {HOSTILE}"}
    usd = 1e9 * (10 - 20 * share + 0.1 * gas)
    return {
        "objective_usd": usd, "bound_usd": usd, "gap": 0.001, "it_mw.2028": 500.0,
        "usd_per_mtok.all.2028": usd / 1e10, "unmet_share.2028": 0.0, "co2_t.2028": 1e6 * gas,
        "sites_open": 2, "mw.gas.2028": 100 * gas, "mw.grid.2028": 1e4 * share,
        "grid_share_limit.2028": share, "price.grid_share.2028": 1.0, "binding": HOSTILE,
    }  # fmt: skip


def test_a_grid_has_curves_maps_a_tornado_prices_and_checks(tmp_path: Path) -> None:
    folder = write_sweep(tmp_path / "s", asked(GRID, title=HOSTILE), figures)
    page = Page(write_sweep_report(folder).read_text(encoding="utf-8"))
    ids = {section.get("id") for section in page.all("section")}

    assert {"along-share", "along-gas", "maps", "sensitivity", "price-0", "checks"} <= ids
    assert "5 have a plan, 1 infeasible" in page.text
    assert "too little </title><script>" in page.text
    assert len([s for s in page.scripts if "type" not in s[0]]) == 1
    assert not page.all("img")
    assert not {a.get("src") for tag, a in page.elements} - {None}


def test_figures_that_do_not_move_are_not_drawn() -> None:
    page = Page(render(sweep_page(studied(asked(GRID), figures), "s")))
    drawn = {figure["id"] for figure in page.all("figure")}

    assert "figure-share-objective-usd" in drawn
    assert not [name for name in drawn if "unmet" in name or "sites-open" in name]


def test_a_single_axis_shows_power_by_source() -> None:
    axes = {"share": GRID["share"]}
    page = Page(render(sweep_page(studied(asked(axes), figures), "s")))

    assert "figure-share-mw" in {figure["id"] for figure in page.all("figure")}


@pytest.mark.parametrize(
    ("design", "figure"),
    [
        ({"morris": {"trajectories": 4}}, "figure-morris-objective-usd"),
        ({"sobol": 8}, "figure-sobol-objective-usd"),
        ({"lhs": 12}, "figure-tornado-objective-usd"),
    ],
)
def test_a_drawn_design_shows_what_matters(design: dict[str, Any], figure: str) -> None:
    axes = {
        "share": {"key": "grid.share_limit.2028",
                  "distribution": {"uniform": {"from": 0.07, "to": 0.1}}},
        "gas": {"key": "power.gas_usd_per_mmbtu",
                "distribution": {"uniform": {"from": 2, "to": 8}}},
    }  # fmt: skip
    page = Page(render(sweep_page(studied(asked(axes, design=design), figures), "s")))

    assert figure in {each["id"] for each in page.all("figure")}
    assert "along-share" not in {section["id"] for section in page.all("section")}


def test_a_sweep_without_any_plan_says_so() -> None:
    made = studied(asked(GRID), lambda **_: {"status": "infeasible", "reason": "no site"})
    page = Page(render(sweep_page(made, "s")))

    assert "No point has a plan" in page.text
    assert page.all("figure") == []


def test_a_sweep_whose_file_is_gone_is_shown_by_its_columns(tmp_path: Path) -> None:
    folder = write_sweep(tmp_path / "s", asked(GRID), figures)
    (tmp_path / "base.yaml").unlink()
    found = read_studied(folder)

    assert found.sweep is None
    assert found.axes == ("share", "gas")
    assert "What was asked is not known here" in Page(render(sweep_page(found, "s"))).text


def test_the_command_writes_the_page_of_a_sweep_again(tmp_path: Path) -> None:
    folder = write_sweep(tmp_path / "s", asked(GRID), figures)

    assert CliRunner().invoke(app, ["report", str(folder)]).exit_code == 0
    assert (folder / "sweep.html").is_file()
    with pytest.raises(RunFolderError, match="has no points"):
        read_studied(tmp_path)
