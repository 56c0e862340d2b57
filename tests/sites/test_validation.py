"""Synthetic weather, trackers and price shapes against 67 measured years and measured prices.

The reference data are larger than the program; they are looked for in the folder that the
variable GIGAPLAN_REFERENCE_DATA names. Without them these tests are skipped.
"""

import os
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sites.grid import price_shape
from sites.normals import Station, normals, stations
from sites.readers import read_weather
from sites.site import Site
from sites.solar import tracker_capacity_factor
from sites.synthetic import synthetic_weather
from sites.weather import COLUMNS, Weather
from sites.year import MONTH_OF_DAY
from tests.sites.quality import (
    CAPACITY_FACTOR,
    DAILY_SPREAD,
    HOT_HOURS_K,
    WORST_3_DAYS,
    figures,
    normals_of,
)

DATA = Path(os.environ.get("GIGAPLAN_REFERENCE_DATA", "/work/shared/data"))
SEEDS = (0, 1, 2)
pytestmark = [
    pytest.mark.validation,
    pytest.mark.skipif(not (DATA / "weather").is_dir(), reason=f"no reference data in {DATA}"),
]


@pytest.fixture(scope="module")
def hourly() -> dict[str, dict[str, np.ndarray]]:
    """NREL TMY3, hourly, by station."""
    with np.load(DATA / "weather" / "tmy3_us67_hourly.npz") as packed:
        arrays = {name: packed[name] for name in packed.files}
    names = arrays.pop("station").tolist()
    return {n: {key: a[i].astype(float) for key, a in arrays.items()} for i, n in enumerate(names)}


def measured(station: Station, row: dict[str, np.ndarray]) -> Weather:
    values = (
        row["ghi"],
        row["dni"],
        row["dhi"],
        row["drybulb_c_x10"] / 10,
        row["wetbulb_c_x10"] / 10,
        row["wspd_ms_x10"] / 10,
        row["pressure_hpa"] * 100,
    )
    frame = pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))
    place = (station.latitude_deg, station.longitude_deg, station.elevation_m)
    return Weather(frame, *place, station.utc_offset_h, f"TMY3 {station.station}", synthetic=False)


@pytest.fixture(scope="module")
def compared(hourly: dict[str, dict[str, np.ndarray]], abilene: Site) -> pd.DataFrame:
    """Measured (m_) and synthetic figures, one row for each station and seed."""
    rows = []
    for name, station in stations().items():
        truth = figures(measured(station, hourly[name]))
        site = abilene.model_copy(
            update={
                "id": f"station_{name}",
                "station": name,
                "latitude_deg": station.latitude_deg,
                "longitude_deg": station.longitude_deg,
                "elevation_m": station.elevation_m,
                "utc_offset_h": station.utc_offset_h,
            }
        )
        for seed in SEEDS:
            drawn = figures(synthetic_weather(site, seed))
            rows.append({"station": name} | drawn | {f"m_{k}": v for k, v in truth.items()})
    return pd.DataFrame(rows)


def test_trackers_give_the_figures_of_the_station_table(
    hourly: dict[str, dict[str, np.ndarray]],
) -> None:
    """Computed independently with pvlib 0.16.1 from the same years, rounded to 1e-4."""
    for name, station in stations().items():
        output = tracker_capacity_factor(measured(station, hourly[name]))

        np.testing.assert_allclose(output, hourly[name]["pv_track_cf_x1e4"] / 1e4, atol=6e-5)
        assert output.mean() == pytest.approx(station.tracker_capacity_factor, abs=6e-5)


@pytest.mark.parametrize("name", ["722660", "724030"])
def test_normals_are_those_of_the_table(
    hourly: dict[str, dict[str, np.ndarray]], name: str
) -> None:
    """What `test_quality.py` makes of a year is the table, rounded there; the sun within 1 %."""
    row = hourly[name]
    made = normals_of(measured(stations()[name], row), row["dewpoint_c_x10"] / 10)
    shipped = normals(name)

    within = {"clearness": 0.006, "clearness_sd": 0.006, "wetbulb_p999_c": 0.3}
    for field in fields(shipped):
        wanted, error = getattr(shipped, field.name), within.get(field.name, 0.06)
        np.testing.assert_allclose(getattr(made, field.name), wanted, atol=error)


def test_yearly_output_lies_within_four_percent(compared: pd.DataFrame) -> None:
    error = compared["cf"] / compared["m_cf"] - 1

    assert error.abs().max() < CAPACITY_FACTOR
    assert abs(error.mean()) < 0.01


def test_spread_of_daily_output_lies_within_ten_percent(compared: pd.DataFrame) -> None:
    error = compared["daily_sd"] / compared["m_daily_sd"] - 1

    assert error.abs().max() < DAILY_SPREAD
    assert abs(error.mean()) < 0.02


def test_beam_lies_within_one_percent(compared: pd.DataFrame) -> None:
    assert (compared["dni"] / compared["m_dni"] - 1).abs().max() < 0.01


def test_dark_spells_are_as_dark(compared: pd.DataFrame) -> None:
    error = compared["worst_3_days"] - compared["m_worst_3_days"]

    assert abs(error.mean()) < 0.01
    assert error.abs().max() < WORST_3_DAYS


def test_hot_hours_are_as_hot(compared: pd.DataFrame) -> None:
    error = compared["drybulb_p996"] - compared["m_drybulb_p996"]

    assert abs(error.mean()) < 0.4
    assert error.std() < 1.0
    assert error.abs().max() < HOT_HOURS_K
    hours = compared["hours_above_35"] - compared["m_hours_above_35"]
    assert abs(hours.mean()) < 5


def test_humid_hours_are_as_humid(compared: pd.DataFrame) -> None:
    error = compared["wetbulb_p996"] - compared["m_wetbulb_p996"]

    assert abs(error.mean()) < 0.4
    assert error.abs().max() < 1.7
    assert (compared["wetbulb_mean"] - compared["m_wetbulb_mean"]).abs().max() < 0.4


@pytest.mark.parametrize(
    ("name", "capacity_factor"),
    [
        ("TX-Abilene_722660.tmy3.csv.gz", 0.2787),
        ("VA-Dulles_724030.tmy3.csv.gz", 0.2163),
        ("nsrdb_goes_v4_32.33_-100.18_2013_utc.csv.gz", 0.303),
        ("nsrdb_goes_v4_amarillo_2013_utc.csv.gz", 0.308),
    ],
)
def test_files_as_published_are_read(name: str, capacity_factor: float) -> None:
    """Capacity factors computed independently; the NSRDB files are in UTC."""
    weather = read_weather(DATA / "samples" / name)

    assert tracker_capacity_factor(weather).mean() == pytest.approx(capacity_factor, abs=6e-4)


def test_an_epw_as_published_is_read_to_the_last_hour() -> None:
    """Field 7 is the dry bulb, 14 the global irradiance (EnergyPlus weather data format)."""
    path = DATA / "samples" / "USA_PA_Pittsburgh-Allegheny.County.AP.725205_TMY3.epw.gz"

    weather = read_weather(path)

    table = pd.read_csv(path, skiprows=8, header=None)
    assert weather.values("drybulb_c").tolist() == table[6].tolist()
    assert weather.values("ghi_w_per_m2").tolist() == table[13].tolist()


def merit_order_shape(load_mw: pd.Series, utc_offset_h: int) -> np.ndarray:
    """Mean day of each month by the method of `price_shape`, shape (12, 24)."""
    load = load_mw.astype(float)
    load.index = load.index + pd.Timedelta(hours=utc_offset_h - 1)  # stamps close their hour
    step = np.arange(len(load))
    load = load / np.polyval(np.polyfit(step, load.to_numpy(), 1), step)
    leap = (load.index.month == 2) & (load.index.day == 29)
    load = load[~leap & (load.index.year >= 2020) & (load.index.year <= 2024)]
    quantile = load.groupby(load.index.year).rank(pct=True)
    heat_rate = np.interp(quantile, [0, 0.5, 0.9, 0.98, 1], [6.5, 7.5, 9.5, 13, 13])
    price = pd.Series(3 * heat_rate + 3 + np.where(quantile > 0.995, 60, 0), index=load.index)
    price = price / price.groupby(price.index.year).transform("mean")
    return price.groupby([price.index.month, price.index.hour]).mean().unstack().to_numpy()


@pytest.mark.parametrize(("area", "offset"), [("PJM-DOM", -5), ("AZPS", -7), ("GCPD", -8)])
def test_price_shapes_follow_from_demand(area: str, offset: int) -> None:
    demand = pd.read_parquet(
        DATA / "load" / "eia930_hourly_demand_2020_2024.parquet", columns=[area]
    )

    made = merit_order_shape(demand[area], offset)

    shape = price_shape(area).reshape(365, 24)
    shipped = np.array([shape[month == MONTH_OF_DAY][0] for month in range(12)])
    np.testing.assert_allclose(shipped, made, atol=0.002)


def test_price_shape_of_texas_correlates_with_prices_paid() -> None:
    """ERCOT day-ahead hub average, 2020 and 2022-2024 (2021 is storm Uri)."""
    table = pd.read_parquet(
        DATA / "prices" / "ercot_da_hub_lmp_hourly_2020_2024.parquet", columns=["hub_average"]
    )
    price = table["hub_average"].dropna().astype(float)
    price.index = price.index - pd.Timedelta(hours=7)
    price = price[price.index.year.isin([2020, 2022, 2023, 2024])]
    price = price / price.groupby(price.index.year).transform("mean")
    paid = price.groupby([price.index.month, price.index.hour]).mean().unstack().to_numpy()

    shape = price_shape("ERCO-WEST").reshape(365, 24)
    ours = np.array([shape[month == MONTH_OF_DAY][0] for month in range(12)])
    assert np.corrcoef(paid.ravel(), ours.ravel())[0, 1] == pytest.approx(0.80, abs=0.03)
