"""The built-in table is whole, sourced, and quick to start."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sites.errors import SiteFileError
from sites.grid import grid_areas
from sites.normals import distance_km, stations
from sites.site import Site
from sites.table import DATA, builtin_sites, column_facts, read_rows


def test_has_55_sites_in_25_or_more_states() -> None:
    sites = builtin_sites()

    assert len(sites) == 55
    assert len({site.state for site in sites.values()}) >= 25
    assert all(site_id == site.id for site_id, site in sites.items())
    assert all(site_id.endswith(f"_{site.state.lower()}") for site_id, site in sites.items())


def test_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        builtin_sites()["new"] = builtin_sites()["abilene_tx"]  # type: ignore[index]


def test_every_field_has_a_fact_and_the_units_agree() -> None:
    assert list(column_facts()) == list(Site.model_fields)
    for name, fact in column_facts().items():
        found = re.search(r" \[(.+)\]$", Site.model_fields[name].description or "")
        assert (found[1] if found else "") == fact.unit, name
        assert len(fact.source) > 8, name


@pytest.mark.parametrize(
    ("suffix", "unit"),
    [
        ("_usd_per_mwh", "USD/MWh"),
        ("_usd_per_mmbtu", "USD/MMBtu"),
        ("_miles", "mi"),
        ("_months", "months"),
        ("_ms", "ms"),
        ("_deg", "deg"),
        ("_t_per_mwh", "t/MWh"),
        ("_m", "m"),
        ("_h", "h"),
    ],
)
def test_names_carry_their_unit(suffix: str, unit: str) -> None:
    named = {name for name in Site.model_fields if name.endswith(suffix)}

    assert named
    assert named == {name for name, fact in column_facts().items() if fact.unit == unit}


def test_every_number_has_a_unit() -> None:
    for name, field in Site.model_fields.items():
        if field.annotation in (int, float, float | None):
            assert column_facts()[name].unit, name


def test_every_site_has_a_station_near_and_a_price_shape() -> None:
    """Delta, Utah, is farthest from its station: 189 km."""
    far = {}
    for site in builtin_sites().values():
        station = stations()[site.station]
        far[site.id] = distance_km(
            site.latitude_deg, site.longitude_deg, station.latitude_deg, station.longitude_deg
        )
        assert site.grid_area in grid_areas()

    assert max(far, key=lambda site_id: far[site_id]) == "delta_ut"
    assert far["delta_ut"] == pytest.approx(189, abs=1)


def test_alabama_keeps_central_time_though_its_station_does_not() -> None:
    site = builtin_sites()["stevenson_al"]

    assert site.utc_offset_h == -6
    assert stations()[site.station].utc_offset_h == -5


def test_known_figures() -> None:
    """EIA industrial price Texas 2023 6.60 c/kWh; eGRID2022 ERCT 350 kg/MWh."""
    site = builtin_sites()["abilene_tx"]

    assert site.grid_price_usd_per_mwh == 66.0
    assert site.co2_grid_t_per_mwh == 0.350
    assert (site.gas_hub, site.gas_basis_usd_per_mmbtu) == ("Waha", -1.2)
    assert site.fips == "48441"


def test_transport_of_gas_grows_with_distance() -> None:
    """0.15 + (0.60 - 0.15) x 40 / 40 = 0.60 at Ellendale, 40 miles from the pipe."""
    assert builtin_sites()["ellendale_nd"].gas_transport_usd_per_mmbtu == 0.60
    assert builtin_sites()["tric_nv"].gas_transport_usd_per_mmbtu == pytest.approx(0.18)


def test_needs_no_pandas() -> None:
    code = (
        "import sys; from sites.table import builtin_sites; builtin_sites(); import sites.user; "
        "print([m for m in ('pandas', 'geopandas', 'pvlib', 'numpy') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_data_is_small() -> None:
    assert sum(file.stat().st_size for file in DATA.iterdir()) < 400_000


def test_column_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "twice.csv"
    file.write_text("id,name,id\na,b,c\n")

    with pytest.raises(SiteFileError, match=r"twice.csv:1: column 'id' occurs twice; try"):
        list(read_rows(file))
