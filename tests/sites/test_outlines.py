"""Outlines are whole, small, turned as Vega wants them, and fit the sites."""

from itertools import pairwise

import pytest
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from sites.outlines import us_states
from sites.table import DATA, builtin_sites


@pytest.fixture(scope="module")
def states() -> dict[str, BaseGeometry]:
    return {f["properties"]["state"]: shape(f["geometry"]) for f in us_states()["features"]}


def test_has_the_conterminous_states_and_the_district(states: dict[str, BaseGeometry]) -> None:
    assert len(states) == 49
    assert not {"AK", "HI", "PR"} & states.keys()
    assert all(outline.is_valid for outline in states.values())
    assert (DATA / "us_states.geojson").stat().st_size < 150_000


def test_outer_rings_run_clockwise_and_close() -> None:
    """Twice the area of a ring is the sum of x1 y2 - x2 y1; negative means clockwise."""
    for feature in us_states()["features"]:
        geometry = feature["geometry"]
        single = geometry["type"] == "Polygon"
        for polygon in [geometry["coordinates"]] if single else geometry["coordinates"]:
            outer = polygon[0]
            assert outer[0] == outer[-1]
            assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(outer)) < 0


def test_every_site_lies_in_its_state(states: dict[str, BaseGeometry]) -> None:
    """Within 5 km (0.05 degrees) of the simplified border."""
    for site in builtin_sites().values():
        place = Point(site.longitude_deg, site.latitude_deg)
        assert states[site.state].distance(place) < 0.05, site.id


def test_neighbours_share_their_border(states: dict[str, BaseGeometry]) -> None:
    assert states["WY"].touches(states["CO"])
    assert states["KS"].intersection(states["NE"]).area == 0


def test_area_is_that_of_the_country(states: dict[str, BaseGeometry]) -> None:
    """Colorado is 4 by 7 degrees: 37 to 41 north, 102.05 to 109.05 west."""
    assert states["CO"].area == pytest.approx(28.0, abs=0.2)


def test_a_caller_cannot_spoil_the_next_one() -> None:
    us_states()["features"].clear()

    assert len(us_states()["features"]) == 49
