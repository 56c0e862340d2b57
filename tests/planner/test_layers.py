"""Map layers of a scenario reach line, lateral and plan; what is changed by hand comes first."""

import hashlib
import json
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
from shapely.geometry import LineString

from components.catalog.loader import load_family
from planner.errors import ScenarioError
from planner.gather import make_periods
from planner.known import read_scenario
from planner.layers import with_layers
from planner.places import choose_sites
from planner.run import run
from sites.table import builtin_sites
from tests.planner.hand import hand_scenario

SITE = "abilene_tx"
X, Y = builtin_sites()[SITE].longitude_deg, builtin_sites()[SITE].latitude_deg

TEXT = """\
title: maps
horizon: {start: 2028-01, orders_from: 2025-01, periods: 1, hours: weeks, weeks: 1}
demand: {workloads: {chat: {tokens_per_day: 1.0e+12, value_usd_per_mtok: 4.0}}}
sites: {include: [abilene_tx], limit_it_mw: 100, layers: {lines: lines.gpkg, pipelines: gas.gpkg}}
grid: {firm_wait_months: {abilene_tx: 0}}
power: {use: [firm_grid]}
solver: {engine: monolithic}
"""


def put(file: Path, degrees_east: float, **fields: Any) -> str:
    line = LineString([(X + degrees_east, Y - 1), (X + degrees_east, Y + 1)])
    geopandas.GeoDataFrame(fields or {"a": [1]}, geometry=[line], crs=4326).to_file(file)
    return str(file)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "lines.gpkg", 0.2, voltage_kv=[500])
    put(tmp_path / "gas.gpkg", 0.3)
    (tmp_path / "maps.yaml").write_text(TEXT)
    return tmp_path


def measured(**sites: Any) -> tuple[Any, dict[str, str]]:
    scenario = hand_scenario(sites={"include": [SITE, "ashburn_va"], **sites})
    return with_layers(scenario, builtin_sites())


def test_without_layers_the_table_stands() -> None:
    sites, said = measured()

    assert sites == dict(builtin_sites())
    assert said[SITE] == "line: site table, pipeline: site table"


def test_a_layer_counts_within_its_reach(tmp_path: Path) -> None:
    file = put(tmp_path / "fibre.geojson", 0.2)
    sites, said = measured(layers={"fibre": file, "pipelines": file})
    table = builtin_sites()["ashburn_va"]

    assert (
        sites[SITE].fibre_miles == sites[SITE].gas_pipeline_miles == pytest.approx(11.66, abs=0.1)
    )
    assert said[SITE] == "line: site table, pipeline: fibre.geojson, fibre: fibre.geojson"
    assert sites["ashburn_va"] == table
    assert said["ashburn_va"] == "line: site table, pipeline: site table"


def test_what_is_changed_by_hand_comes_first(tmp_path: Path) -> None:
    """A distance that is given stays; a place that is moved is measured where it is moved to."""
    file = put(tmp_path / "gas.gpkg", 0.2)
    moved = {"longitude_deg": X + 0.1, "line_345kv_miles": 7.0}
    change = {SITE: moved, "ashburn_va": {"gas_pipeline_miles": 3.0}}
    scenario = hand_scenario(
        sites={"include": [SITE], "change": change, "layers": {"pipelines": file}}
    )
    place = choose_sites(scenario, builtin_sites(), make_periods(scenario))[SITE]

    assert place.figures["line_miles"] == 7.0
    assert place.figures["gas_pipeline_miles"] == pytest.approx(11.66 / 2, abs=0.1)
    assert place.distances == "line: sites.change, pipeline: gas.gpkg"


def test_a_run_pays_for_the_measured_line_and_hashes_the_layers(folder: Path) -> None:
    """Overnight cost of a kW is that of the substation and of the layer's miles of line."""
    loaded = read_scenario(folder / "maps.yaml")
    done = run(loaded, folder / "run", command=[], page=False)

    sites = json.loads((folder / "run" / "manifest.json").read_text())["inputs"]
    found = {name: each["sha256"] for name, each in sites.items() if name.startswith("layer")}
    assert found == {
        f"layer {kind}": hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for kind, file in (("lines", "lines.gpkg"), ("pipelines", "gas.gpkg"))
    }
    table = pd.read_csv(done.folder / "sites.csv").iloc[0]
    assert table["line_miles"] == pytest.approx(11.66, abs=0.1)
    assert table["gas_pipeline_miles"] == pytest.approx(1.5 * 11.66, abs=0.1)
    assert table["distances"] == "line: lines.gpkg, pipeline: gas.gpkg"
    builds = pd.read_csv(done.folder / "builds.csv").set_index("component")
    grid = builds.loc["firm_grid"]
    p = load_family("grid")["firm_grid"].parameters.model_dump()
    line = p["line_usd_per_mw_mile"] * table["line_miles"] / 1000
    assert grid["capex_usd"] / grid["mw"] / 1000 == pytest.approx(p["capex_usd_per_kw"] + line)


def test_a_layer_that_cannot_be_used_is_told_with_its_place(folder: Path) -> None:
    put(folder / "lines.gpkg", 0.2, owner=["x"])
    loaded = read_scenario(folder / "maps.yaml")

    with pytest.raises(ScenarioError) as caught:
        run(loaded, folder / "run", command=[], page=False)

    said = str(caught.value)
    assert said.startswith(f"{folder / 'maps.yaml'}:4:")
    assert "sites.layers.lines: " in said
    assert "no field of the voltage, the fields are: owner; try naming it voltage_kv" in said


def test_a_layer_that_is_not_there_is_found_at_once(folder: Path) -> None:
    (folder / "gas.gpkg").unlink()

    with pytest.raises(ScenarioError, match=r"maps.yaml:4:.*sites.layers.pipelines: names no file"):
        read_scenario(folder / "maps.yaml")
