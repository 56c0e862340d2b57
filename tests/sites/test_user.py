"""Sites of a user: every format, every problem at once."""

import json
from pathlib import Path

import geopandas
import pytest
from shapely.geometry import Point, box

from sites.errors import SiteFileError
from sites.site import Site
from sites.synthetic import synthetic_weather
from sites.table import builtin_sites
from sites.user import merge, read_sites

PLACE = {"id": "odessa_tx", "name": "Odessa", "like": "pecos_tx"}


def layer(**values: object) -> geopandas.GeoDataFrame:
    rows = [PLACE | {"grid_price_usd_per_mwh": 55.5} | values]
    return geopandas.GeoDataFrame(rows, geometry=[Point(-102.37, 31.85)], crs=4326)


def problems(file: Path, **options: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SiteFileError) as caught:
        read_sites(file, **options)
    return caught.value.problems


def csv_file(folder: Path, text: str) -> Path:
    file = folder / "sites.csv"
    file.write_text(text)
    return file


def test_a_full_csv_is_read_as_it_stands(tmp_path: Path, abilene: Site) -> None:
    cells = {name: value for name, value in abilene.model_dump().items() if value not in ("", None)}
    header = ",".join(cells)
    row = ",".join(f'"{value}"' for value in cells.values())

    assert read_sites(csv_file(tmp_path, f"{header}\n{row}\n")) == {"abilene_tx": abilene}


@pytest.mark.parametrize("suffix", ["geojson", "gpkg"])
def test_a_layer_gives_the_place(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"sites.{suffix}"
    layer().to_file(file)

    site = read_sites(file)["odessa_tx"]

    assert (site.latitude_deg, site.longitude_deg) == pytest.approx((31.85, -102.37))
    assert site.grid_price_usd_per_mwh == 55.5
    assert site.gas_hub == builtin_sites()["pecos_tx"].gas_hub


def test_any_reference_system_is_brought_to_degrees(tmp_path: Path) -> None:
    file = tmp_path / "sites.gpkg"
    layer().to_crs(3857).to_file(file)

    site = read_sites(file)["odessa_tx"]

    assert (site.latitude_deg, site.longitude_deg) == pytest.approx((31.85, -102.37))


def test_a_parcel_becomes_a_point_inside_it(tmp_path: Path) -> None:
    file = tmp_path / "sites.gpkg"
    layer().set_geometry([box(-102.4, 31.8, -102.3, 31.9)], crs=4326).to_file(file)

    site = read_sites(file)["odessa_tx"]

    assert (site.latitude_deg, site.longitude_deg) == pytest.approx((31.85, -102.35))


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    file = csv_file(tmp_path, "id,name,like,Y,X\nodessa_tx,Odessa,pecos_tx,31.85,-102.37\n")

    site = read_sites(file, {"latitude_deg": "Y", "longitude_deg": "X"})["odessa_tx"]

    assert site.latitude_deg == 31.85


def test_like_never_lends_a_station(tmp_path: Path) -> None:
    """Odessa is by Midland (722650), Pecos uses it too; Boise is far from both."""
    file = csv_file(
        tmp_path,
        "id,name,like,latitude_deg,longitude_deg\nodessa_tx,Odessa,kuna_id,31.85,-102.37\n",
    )

    site = read_sites(file)["odessa_tx"]

    assert site.station == ""
    assert "station 722650" in synthetic_weather(site).source


def test_missing_columns_are_all_told(tmp_path: Path) -> None:
    found = problems(csv_file(tmp_path, "id,name\nhere_tx,Here\n"))

    required = [name for name, field in Site.model_fields.items() if field.is_required()]
    for name in set(required) - {"id", "name"}:
        assert any(f"no column {name!r}" in problem for problem in found), name
    assert "like" in found[0]


def test_unknown_column_is_told_with_the_nearest(tmp_path: Path) -> None:
    text = "id,name,like,latitude_deg,longitude_deg,grid_price\na_tx,A,pecos_tx,31.8,-102.3,50\n"

    [problem] = problems(csv_file(tmp_path, text))

    assert "unknown column 'grid_price'" in problem
    assert "or grid_price_usd_per_mwh" in problem


def test_every_bad_cell_is_told_with_line_and_column(tmp_path: Path) -> None:
    text = (
        "id,name,like,latitude_deg,longitude_deg,grid_price_usd_per_mwh,wage_class\n"
        "a_tx,A,pecos_tx,31.8,-102.3,cheap,A\n"
        "b_tx,B,pecos_tx,31.8,102.3,50,A\n"
        "c_tx,C,nowhere,31.8,-102.3,50,A\n"
        ",D,pecos_tx,31.8,-102.3,50,Z\n"
        "e_tx,E,pecos_tx,31.8,-102.3,50,A\n"
        "e_tx,E,pecos_tx,31.8,-102.3,50,A\n"
    )
    file = csv_file(tmp_path, text)

    found = problems(file)

    expected = [
        f"{file}:2: grid_price_usd_per_mwh: ",
        f"{file}:3: utc_offset_h -6 does not fit longitude_deg 102.3",
        f"{file}:4: like: no built-in site 'nowhere'",
        f"{file}:5: id: is empty",
        f"{file}:5: wage_class: ",
        f"{file}:7: id: 'e_tx' occurs twice",
    ]
    assert len(found) == len(expected)
    for problem, start in zip(found, expected, strict=True):
        assert problem.startswith(start)
        assert "; try " in problem


def test_wait_that_is_wrong_gives_one_problem_not_two(tmp_path: Path) -> None:
    """The flexible wait is made from it and cannot be made either."""
    text = (
        "id,name,like,latitude_deg,longitude_deg,grid_wait_months\n"
        "a_tx,A,pecos_tx,31.8,-102.3,soon\n"
    )

    assert len(problems(csv_file(tmp_path, text))) == 1


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("none.csv", None, "no such file"),
        ("empty.csv", "id,name\n", "no sites"),
        ("latin.csv", b"id,name\na,Do\xf1a Ana\n", "UTF-8"),
        ("beyond.csv", "id,name\na,b,c\n", "unknown column ''"),
        ("broken.geojson", "{", "cannot be read as a map layer"),
    ],
)
def test_useless_file_is_told(
    tmp_path: Path, name: str, text: str | bytes | None, what: str
) -> None:
    file = tmp_path / name
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    found = "\n".join(problems(file))

    assert what in found
    assert name in found
    assert "try" in found


def test_layer_without_reference_system_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sites.gpkg"
    with pytest.warns(UserWarning, match="crs"):
        layer().set_crs(None, allow_override=True).to_file(file)

    assert "no reference system; try saving" in problems(file)[0]


def test_layer_without_a_place_is_refused(tmp_path: Path) -> None:
    features = [{"type": "Feature", "geometry": None, "properties": PLACE}]
    file = tmp_path / "sites.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))

    assert "no geometry" in problems(file)[0]


def test_metres_declared_as_degrees_are_refused(tmp_path: Path) -> None:
    shape = {"type": "Point", "coordinates": [-11395000, 3742000]}
    features = [{"type": "Feature", "geometry": shape, "properties": PLACE}]
    file = tmp_path / "sites.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))

    assert "is not in degrees" in problems(file)[0]


def test_name_to_map_must_be_a_field_and_be_there(tmp_path: Path) -> None:
    text = "id,name,like,latitude_deg,longitude_deg\na_tx,A,pecos_tx,31.8,-102.3\n"

    found = problems(csv_file(tmp_path, text), columns={"tax": "Steuer", "prize": "id"})

    assert any("cannot map 'prize'" in problem for problem in found)
    assert any("maps 'tax' to 'Steuer'" in problem for problem in found)


def test_merge_joins_or_replaces_but_never_chooses(abilene: Site) -> None:
    own = {"mine_tx": abilene.model_copy(update={"id": "mine_tx"})}

    assert list(merge(builtin_sites(), own, replace=False)) == [*builtin_sites(), "mine_tx"]
    assert merge(builtin_sites(), own, replace=True) == own
    with pytest.raises(SiteFileError, match="'abilene_tx' is already built in"):
        merge(builtin_sites(), {"abilene_tx": abilene}, replace=False)
