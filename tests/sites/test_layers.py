"""Distances to map layers: true lengths, and what is refused."""

import json
import re
from pathlib import Path
from typing import Any

import geopandas
import pytest
from pyproj import Geod
from shapely.geometry import LineString, MultiLineString, Point, box

from sites.errors import LayerError
from sites.layers import REACH_MILES, Kind, layer_figures
from sites.site import Site
from sites.table import builtin_sites

GEOD = Geod(ellps="WGS84")
METRES = 1609.344


def meridian(longitude: float) -> LineString:
    return LineString([(longitude, 25.0), (longitude, 49.0)])


def written(file: Path, *shapes: Any, crs: object = 4326, **fields: list[Any]) -> Path:
    geopandas.GeoDataFrame(fields, geometry=list(shapes), crs=crs).to_file(file)
    return file


def miles(site: Site, kind: Kind, file: Path) -> dict[str, float]:
    return layer_figures([site], {kind: file})[site.id]


def refusal(kind: Kind, file: Path) -> str:
    with pytest.raises(LayerError) as caught:
        layer_figures(builtin_sites().values(), {kind: file})
    return str(caught.value)


@pytest.mark.parametrize("suffix", ["geojson", "gpkg"])
def test_a_distance_is_that_of_the_geodesic(tmp_path: Path, abilene: Site, suffix: str) -> None:
    """To a point of a short line, against pyproj's geodesic on the ellipsoid."""
    end = (-99.2, 33.1)
    file = written(tmp_path / f"gas.{suffix}", LineString([end, (-98.9, 33.4)]))
    metres = GEOD.inv(abilene.longitude_deg, abilene.latitude_deg, *end)[2]

    found = miles(abilene, "pipelines", file)

    assert found == {"gas_pipeline_miles": pytest.approx(metres / METRES, abs=0.006)}


@pytest.mark.parametrize("site", ["quincy_wa", "medina_tx", "ashburn_va"])
def test_a_distance_to_a_meridian_holds_at_every_corner_of_the_country(
    tmp_path: Path, site: str
) -> None:
    """The nearest point lies between the ends, within half a degree of the parallel."""
    here = builtin_sites()[site]
    x, y = here.longitude_deg, here.latitude_deg
    file = written(tmp_path / "fibre.gpkg", meridian(x + 0.5))
    metres = min(GEOD.inv(x, y, x + 0.5, y + 0.001 * k)[2] for k in range(-500, 501))

    found = miles(here, "fibre", file)

    assert found["fibre_miles"] == pytest.approx(metres / METRES, abs=0.01)


def test_the_nearest_of_several_counts_in_any_reference_system(
    tmp_path: Path, abilene: Site
) -> None:
    x, y = abilene.longitude_deg, abilene.latitude_deg
    near, far = [LineString([(x + d, y - 0.1), (x + d, y + 0.1)]) for d in (0.05, 0.4)]
    shapes = geopandas.GeoSeries([MultiLineString([far, near])], crs=4326).to_crs(3857)
    file = written(tmp_path / "gas.gpkg", *shapes, crs=3857)
    metres = GEOD.inv(x, y, x + 0.05, y)[2]

    assert miles(abilene, "pipelines", file)["gas_pipeline_miles"] == pytest.approx(
        metres / METRES, abs=0.01
    )


@pytest.mark.parametrize("field", ["voltage_kv", "VOLTAGE"])
def test_lines_count_from_their_voltage_on(tmp_path: Path, abilene: Site, field: str) -> None:
    """138 kV is nearest and counts for nothing; unknown voltages neither."""
    x, y = abilene.longitude_deg, abilene.latitude_deg
    shifts = {0.01: 138.0, 0.02: -999999.0, 0.1: 230.0, 0.2: 345.0, 0.3: 500.0}
    shapes = [LineString([(x + d, y - 0.5), (x + d, y + 0.5)]) for d in shifts]
    file = written(tmp_path / "lines.gpkg", *shapes, **{field: list(shifts.values())})
    degree = GEOD.inv(x, y, x + 0.1, y)[2] / METRES

    assert miles(abilene, "lines", file) == {
        "line_230kv_miles": pytest.approx(degree, rel=0.01),
        "line_345kv_miles": pytest.approx(2 * degree, rel=0.01),
        "line_500kv_miles": pytest.approx(3 * degree, rel=0.01),
    }


def test_a_layer_from_345_kv_on_says_nothing_of_230(tmp_path: Path, abilene: Site) -> None:
    file = written(tmp_path / "lines.gpkg", meridian(-99.9), voltage_kv=[345])

    assert list(miles(abilene, "lines", file)) == ["line_345kv_miles"]


def test_a_layer_says_nothing_of_places_beyond_its_reach(tmp_path: Path) -> None:
    """A pipe through Abilene is 150 miles from Dallas's south, a thousand from Virginia."""
    file = written(tmp_path / "gas.geojson", LineString([(-99.8, 32.0), (-99.8, 33.0)]))
    sites = builtin_sites()
    names = ("abilene_tx", "redoak_tx", "ashburn_va")

    found = layer_figures([sites[name] for name in names], {"pipelines": file})

    assert found["abilene_tx"]["gas_pipeline_miles"] < 1
    assert found["redoak_tx"] == found["ashburn_va"] == {}
    assert GEOD.inv(-99.8, 32.52, -96.8, 32.52)[2] / METRES > REACH_MILES


def test_what_is_wrong_with_a_layer_names_file_layer_and_next_step(tmp_path: Path) -> None:
    line = LineString([(-99.8, 32.0), (-99.8, 33.0)])
    empty = tmp_path / "empty.geojson"
    empty.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    (tmp_path / "text.geojson").write_text("no map")
    with pytest.warns(UserWarning, match="crs"):
        geopandas.GeoDataFrame({"a": [1]}, geometry=[line]).to_file(tmp_path / "bare.shp")
    cases = {
        "none.gpkg": "no such file",
        "text.geojson": "cannot be read as a map layer",
        "empty.geojson": "is empty|no geometry",
        "bare.shp": "no reference system; try saving the layer in EPSG:4326",
        written(tmp_path / "points.gpkg", Point(-99, 32)).name: "type Point, where lines",
        written(tmp_path / "areas.gpkg", box(-99, 32, -98, 33)).name: "type Polygon, where lines",
        written(tmp_path / "germany.gpkg", LineString([(8, 50), (9, 51)])).name: (
            "far from the United States"
        ),
        written(tmp_path / "swapped.gpkg", LineString([(32, -99), (33, -99)])).name: (
            "not in degrees; try declaring"
        ),
    }
    for name, what in cases.items():
        said = refusal("pipelines", tmp_path / name)
        assert said.startswith(f"{tmp_path / name}: layer of pipelines: "), said
        assert re.search(what, said), said
        assert "; try " in said, said


def test_lines_need_a_voltage_in_kilovolt(tmp_path: Path) -> None:
    line = LineString([(-99.8, 32.0), (-99.8, 33.0)])
    bare = written(tmp_path / "bare.gpkg", line, owner=["x"])
    volts = written(tmp_path / "volts.gpkg", line, voltage_kv=[345_000])
    low = written(tmp_path / "low.gpkg", line, VOLTAGE=[138])

    assert "the fields are: owner; try naming it voltage_kv" in refusal("lines", bare)
    assert "reaches 345000, which is not in kV; try dividing" in refusal("lines", volts)
    assert "no line of 345 kV or more, the highest is 138 kV" in refusal("lines", low)


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path / "gas.gpkg", LineString([(-99.8, 32.0), (-99.8, 33.0)]))
    monkeypatch.setattr("sites.layers.LARGEST_MB", 0.001)

    assert "at most 0 are read; try the part around the sites" in refusal("pipelines", file)
