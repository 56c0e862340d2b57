"""Stations and their months."""

import dataclasses

import numpy as np
import pytest

from sites.errors import SitesError, UnknownNameError
from sites.normals import Normals, distance_km, nearest_station, normals, stations
from sites.year import DAYS_IN_MONTH


def test_every_station_has_twelve_months_within_bounds() -> None:
    assert len(stations()) == 67
    for name in stations():
        months = normals(name)
        for field in dataclasses.fields(Normals):
            values = getattr(months, field.name)
            assert values.shape == (12,)
            assert np.isfinite(values).all()
        assert (months.clearness > 0.2).all()
        assert (months.clearness < 0.8).all()
        assert (np.abs(months.dewpoint_correlation) <= 1).all()
        assert (months.dewpoint_c < months.drybulb_c).all()
        assert (months.dewpoint_max_c <= months.wetbulb_p999_c + 3).all()


def test_known_months_of_abilene() -> None:
    """NREL TMY3, station 722660: January 3.16 kWh/m2 and 2.6 degC, July 7.11 and 28.2."""
    months = normals("722660")

    assert months.ghi_kwh_per_m2_day[[0, 6]] == pytest.approx([3.16, 7.11], abs=0.006)
    assert months.drybulb_c[[0, 6]] == pytest.approx([2.6, 28.2], abs=0.06)
    assert np.average(months.ghi_kwh_per_m2_day, weights=DAYS_IN_MONTH) == pytest.approx(
        5.12, abs=0.005
    )


def test_unknown_station_is_told_with_its_neighbours() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown weather station '72266'; try 722660"):
        normals("72266")


def test_nearest_station_of_downtown_phoenix() -> None:
    assert nearest_station(33.45, -112.07).station == "722780"


def test_no_station_in_alaska() -> None:
    with pytest.raises(SitesError, match=r"no weather station within 250 km .* try a weather file"):
        nearest_station(64.84, -147.72)


def test_distance_of_two_cities() -> None:
    """New York (40.71, -74.01) to Los Angeles (34.05, -118.24): 3,936 km."""
    assert distance_km(40.71, -74.01, 34.05, -118.24) == pytest.approx(3936, abs=5)
