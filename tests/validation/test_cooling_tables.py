"""PUE and WUE of a year of measured weather, against tables that were computed apart from this."""

import os
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib
import pytest

from components.base import Floats
from components.catalog.loader import load_family
from components.cooling.parameters import Cooling
from components.cooling.pue import pue
from components.cooling.water import water_l_per_kwh
from sites.readers import read_weather

TMY3 = Path(
    os.environ.get(
        "GIGAPLAN_TMY3",
        Path(__file__).parents[3] / "shared/data/weather/tmy3_us67_hourly.parquet",
    )
)
"""Hourly TMY3 of 67 stations (NREL), with wet bulbs by bisection at the station's pressure."""

ROWS = ("air_chiller", "air_tower", "liquid_pads")

TABLE = {
    "724030": ("Ashburn, VA", (1.164, 1.320), (1.140, 1.219), 1.43, (1.104, 1.146)),
    "724280": ("New Albany, OH", (1.156, 1.297), (1.136, 1.209), 1.39, (1.102, 1.134)),
    "722660": ("Abilene, TX", (1.189, 1.339), (1.142, 1.197), 1.53, (1.110, 1.150)),
    "725640": ("Cheyenne, WY", (1.145, 1.299), (1.127, 1.137), 1.30, (1.100, 1.134)),
    "725460": ("West Des Moines, IA", (1.164, 1.316), (1.139, 1.235), 1.39, (1.104, 1.145)),
    "722190": ("Fayetteville, GA", (1.180, 1.320), (1.145, 1.210), 1.53, (1.107, 1.146)),
}
"""Station to place, PUE of `ROWS` as mean and 99.6th percentile, and WUE of the tower [L/kWh]."""

GREENSBORO = {
    "air_chiller": (1.1700, 1.3155, 0.0),
    "air_tower": (1.1426, 1.2262, 1.4749),
    "liquid_dry": (1.1021, 1.1299, 0.0),
    "liquid_dry_45": (1.0957, 1.1084, 0.0),
    "air_evaporative": (1.1285, 1.2046, 0.1883),
    "rear_door": (1.1576, 1.2961, 0.0),
    "liquid_30": (1.1079, 1.2260, 0.0),
    "liquid_pads": (1.1053, 1.1451, 0.0004),
    "liquid_tower": (1.0942, 1.1057, 1.4508),
    "immersion": (1.0959, 1.1221, 0.0),
}
"""PUE as mean and 99.6th percentile, and mean WUE, stored on 2026-11-24."""


def figures(name: str) -> Cooling:
    found = load_family("cooling")[name].parameters
    assert isinstance(found, Cooling)
    return found


@cache
def greensboro() -> tuple[Floats, Floats]:
    """Dry and wet bulb of Greensboro, NC: the TMY3 file that pvlib ships."""
    frame = read_weather(Path(pvlib.__file__).parent / "data/723170TYA.CSV").frame
    return frame["drybulb_c"].to_numpy(float), frame["wetbulb_c"].to_numpy(float)


@pytest.mark.validation
@pytest.mark.skipif(not TMY3.is_file(), reason="the TMY3 year of 67 stations is not there")
@pytest.mark.parametrize("station", TABLE)
def test_tables_of_six_sites(station: str) -> None:
    _, *published = TABLE[station]
    year = pd.read_parquet(TMY3, filters=[("station", "==", station)])
    dry, wet = year["drybulb_c"].to_numpy(float), year["wetbulb_c"].to_numpy(float)

    assert len(dry) == 8760
    chiller, tower, litres, pads = published
    for name, (mean, high) in zip(ROWS, (chiller, tower, pads), strict=True):
        found = pue(figures(name), dry, wet)
        assert found.mean() == pytest.approx(mean, abs=0.001)
        assert np.quantile(found, 0.996) == pytest.approx(high, abs=0.001)
    assert water_l_per_kwh(figures("air_tower"), dry, wet).mean() == pytest.approx(litres, abs=5e-3)
    assert water_l_per_kwh(figures("liquid_pads"), dry, wet).mean() <= 0.06


@pytest.mark.parametrize("name", load_family("cooling"))
def test_greensboro_as_stored(name: str) -> None:
    mean, high, litres = GREENSBORO[name]

    found = pue(figures(name), *greensboro())

    assert found.mean() == pytest.approx(mean, abs=1e-4)
    assert np.quantile(found, 0.996) == pytest.approx(high, abs=1e-4)
    water = water_l_per_kwh(figures(name), *greensboro())
    assert water.mean() == pytest.approx(litres, abs=1e-4)


def test_greensboro_by_formulas_written_out() -> None:
    """The three columns of the table in their own words, hour by hour, without our functions."""
    dry, wet = greensboro()

    def chilled(source_c: Floats, supply_c: float, condenser_k: float, share: float) -> Floats:
        free = np.clip((supply_c + 12 - source_c - 6) / 12, 0, 1)
        lift_k = np.maximum(source_c + condenser_k - (supply_c - 2), 6)
        return np.asarray((1 - free) / np.clip(share * (supply_c + 271.15) / lift_k, 2.5, 16))

    tower = chilled(wet, 20, 9, 0.55)
    litres = (1 + tower) * np.clip(0.60 + 0.013 * dry, 0.55, 0.98) * 3.6 / 2.45 * 1.25
    fans = np.where(dry + 7 > 40, 0.030, 0.012 + 0.010 * np.clip((dry - 5) / 30, 0, 1))
    written = {
        "air_chiller": 1.065 + chilled(dry, 20, 12, 0.50) + 0.018 + 0.045,
        "air_tower": 1.065 + tower + 0.022 + 0.040,
        "liquid_pads": 1.065 + 0.8 * (0.012 + fans) + 0.2 * (chilled(dry, 22, 12, 0.50) + 0.060),
    }

    for name, expected in written.items():
        # Slowest fans are 0.0121 here and 0.012 there.
        np.testing.assert_allclose(pue(figures(name), dry, wet), expected, atol=1e-4)
    np.testing.assert_allclose(water_l_per_kwh(figures("air_tower"), dry, wet), litres, rtol=1e-12)
    np.testing.assert_allclose(
        water_l_per_kwh(figures("liquid_pads"), dry, wet),
        0.8 * np.clip((dry - 33) / 12, 0, 1),
        atol=1e-12,
    )
