"""Synthetic years against one measured year that always is at hand, of no station of ours.

Greensboro, North Carolina: the TMY3 file that pvlib ships. What the method has to go by are its
monthly normals, computed here; it was not among the 67 stations that the method was fitted to.
All of those are compared in `test_validation.py`, whose limits on dark spells and hot hours are
wider: they hold for the oddest of 67 places.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pvlib
import pytest

from sites import synthetic
from sites.readers import read_weather
from sites.site import Site
from sites.weather import Weather
from tests.sites.quality import (
    CAPACITY_FACTOR,
    DAILY_SPREAD,
    Figures,
    figures,
    normals_of,
)

FILE = Path(pvlib.__file__).parent / "data" / "723170TYA.CSV"
SEEDS = range(5)


@pytest.fixture(scope="module")
def measured() -> Weather:
    return read_weather(FILE)


@pytest.fixture(scope="module")
def drawn(measured: Weather, abilene: Site) -> Mapping[int, Figures]:
    """Figures by seed of years made from the normals of Greensboro."""
    frame, _ = pvlib.iotools.read_tmy3(FILE, map_variables=True)
    months = normals_of(measured, frame["temp_dew"].to_numpy(float))
    site = abilene.model_copy(
        update={
            "id": "greensboro_nc",
            "station": "723170",
            "latitude_deg": measured.latitude_deg,
            "longitude_deg": measured.longitude_deg,
            "elevation_m": measured.elevation_m,
            "utc_offset_h": measured.utc_offset_h,
        }
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(synthetic, "normals", lambda station: months)
        return {seed: figures(synthetic.synthetic_weather(site, seed)) for seed in SEEDS}


def test_yearly_output_and_its_daily_spread(
    measured: Weather, drawn: Mapping[int, Figures]
) -> None:
    truth = figures(measured)
    for here in drawn.values():
        assert here["cf"] == pytest.approx(truth["cf"], rel=CAPACITY_FACTOR)
        assert here["daily_sd"] == pytest.approx(truth["daily_sd"], rel=DAILY_SPREAD)


def test_dark_spells_are_as_dark(measured: Weather, drawn: Mapping[int, Figures]) -> None:
    """Their depth is chance: each seed has another."""
    truth = figures(measured)["worst_3_days"]
    found = [here["worst_3_days"] for here in drawn.values()]

    assert found == pytest.approx([truth] * len(found), abs=0.02)
    assert np.ptp(found) > 0.001


def test_hot_hours_are_as_hot(measured: Weather, drawn: Mapping[int, Figures]) -> None:
    truth = figures(measured)
    for here in drawn.values():
        assert here["drybulb_p996"] == pytest.approx(truth["drybulb_p996"], abs=1.0)
        assert here["wetbulb_p996"] == pytest.approx(truth["wetbulb_p996"], abs=1.7)
        assert here["wetbulb_mean"] == pytest.approx(truth["wetbulb_mean"], abs=0.4)
