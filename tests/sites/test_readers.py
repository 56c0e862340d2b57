"""Every format gives the same year; every wrong file says what is wrong and what to try."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib
import pytest

from sites.errors import WeatherError
from sites.readers import read_weather
from sites.weather import Weather

Writers = dict[str, Callable[[Weather, Path], Path]]
PLACE = {"latitude_deg": 32.5, "longitude_deg": -99.79, "elevation_m": 525.0, "utc_offset_h": -6}
KINDS = ["tmy3", "epw", "nsrdb", "pvgis_json", "pvgis_csv", "csv"]


def refused(path: Path, **options: object) -> str:
    """What the error says, having checked that it names the file and gives advice."""
    with pytest.raises(WeatherError) as caught:
        read_weather(path, **options)  # type: ignore[arg-type]
    assert caught.value.source == str(path)
    assert all("try " in problem for problem in caught.value.problems)
    return str(caught.value)


def plain(write: Writers, weather: Weather, folder: Path) -> tuple[Path, pd.DataFrame]:
    path = write["csv"](weather, folder / "plain.csv")
    return path, pd.read_csv(path)


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_gives_the_year_that_was_written(
    kind: str, write: Writers, weather: Weather, tmp_path: Path
) -> None:
    path = write[kind](weather, tmp_path / f"year.{kind}")

    read = read_weather(path, **PLACE)  # type: ignore[arg-type]

    assert (read.utc_offset_h, read.source, read.synthetic) == (-6, str(path), False)
    assert (read.latitude_deg, read.longitude_deg) == pytest.approx((32.5, -99.79))
    for column in read.frame.columns.drop("wetbulb_c"):
        np.testing.assert_allclose(read.values(column), weather.values(column), rtol=1e-9)
    # The cap of synthetic wet bulbs can ask for less than dry air.
    apart = np.abs(read.values("wetbulb_c") - weather.values("wetbulb_c"))
    assert np.quantile(apart, 0.99) < 0.01


def test_packed_file_is_read(write: Writers, weather: Weather, tmp_path: Path) -> None:
    file = write["epw"](weather, tmp_path / "year.epw")
    packed = tmp_path / "year.epw.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))

    assert read_weather(packed).utc_offset_h == -6


def test_wanted_standard_time_wins_over_the_files(
    write: Writers, weather: Weather, tmp_path: Path
) -> None:
    """A station in one zone may serve a site in the next: its noon is an hour later there."""
    file = write["tmy3"](weather, tmp_path / "year.csv")

    east = read_weather(file, utc_offset_h=-5)

    assert east.utc_offset_h == -5
    drybulb = weather.values("drybulb_c")
    np.testing.assert_allclose(east.values("drybulb_c"), np.roll(drybulb, 1), rtol=1e-9)


def test_leap_day_is_dropped_and_half_hours_are_averaged(
    write: Writers, weather: Weather, tmp_path: Path
) -> None:
    """A leap year in half hours, each hour's value twice."""
    _, table = plain(write, weather, tmp_path)
    feb28 = 24 * 59
    leap = pd.concat([table.iloc[:feb28], table.iloc[feb28 - 24 : feb28], table.iloc[feb28:]])
    halves = leap.iloc[np.repeat(np.arange(8784), 2)]
    time = pd.date_range("2012-01-01", periods=2 * 8784, freq="30min").strftime("%Y-%m-%dT%H:%M")
    file = tmp_path / "halves.csv"
    halves.assign(time=time).to_csv(file, index=False)

    read = read_weather(file, **PLACE)  # type: ignore[arg-type]

    np.testing.assert_allclose(read.values("drybulb_c"), weather.values("drybulb_c"), rtol=1e-9)


def test_stamps_with_a_zone_are_converted(write: Writers, weather: Weather, tmp_path: Path) -> None:
    _, table = plain(write, weather, tmp_path)
    time = pd.date_range("2013-01-01", periods=8760, freq="h").strftime("%Y-%m-%dT%H:%M:%S-06:00")
    file = tmp_path / "zone.csv"
    table.assign(time=time).to_csv(file, index=False)

    read = read_weather(file, **PLACE)  # type: ignore[arg-type]

    np.testing.assert_allclose(read.values("drybulb_c"), weather.values("drybulb_c"), rtol=1e-9)


def test_columns_may_have_other_names(write: Writers, weather: Weather, tmp_path: Path) -> None:
    path, table = plain(write, weather, tmp_path)
    table.rename(columns={"ghi_w_per_m2": "Global", "drybulb_c": "T"}).to_csv(path, index=False)

    read = read_weather(path, columns={"ghi_w_per_m2": "Global", "drybulb_c": "T"}, **PLACE)  # type: ignore[arg-type]

    np.testing.assert_allclose(read.values("drybulb_c"), weather.values("drybulb_c"), rtol=1e-9)


def test_dew_point_serves_as_humidity_and_height_as_pressure(
    write: Writers, weather: Weather, tmp_path: Path
) -> None:
    path, table = plain(write, weather, tmp_path)
    dewpoint = table["drybulb_c"] - 5.0
    table = table.drop(columns=["relative_humidity_percent", "pressure_pa"])
    table.assign(dewpoint_c=dewpoint).to_csv(path, index=False)

    read = read_weather(path, **PLACE)  # type: ignore[arg-type]

    wetbulb = read.values("wetbulb_c")
    assert (wetbulb < read.values("drybulb_c")).all()
    assert (wetbulb > read.values("drybulb_c") - 5.0).all()
    assert read.values("pressure_pa")[0] == pytest.approx(95175, abs=1)


@pytest.mark.parametrize(("name", "offset"), [("723170TYA.CSV", -5), ("703165TY.csv", -9)])
def test_true_tmy3_files_are_read(name: str, offset: int) -> None:
    """Greensboro, North Carolina, and Sand Point, Alaska, as NREL ships them."""
    path = Path(pvlib.__file__).parent / "data" / name

    read = read_weather(path)

    table = pd.read_csv(path, skiprows=1)
    assert read.values("ghi_w_per_m2").tolist() == table["GHI (W/m^2)"].tolist()
    assert read.values("drybulb_c").tolist() == table["Dry-bulb (C)"].tolist()
    assert read.utc_offset_h == offset


class TestWrongFiles:
    @pytest.mark.parametrize("kind", KINDS)
    def test_too_few_rows(
        self, kind: str, write: Writers, weather: Weather, tmp_path: Path
    ) -> None:
        path = write[kind](weather, tmp_path / "year")
        if kind == "pvgis_json":
            content = json.loads(path.read_text())
            del content["outputs"]["tmy_hourly"][5000:]
            path.write_text(json.dumps(content))
        else:
            path.write_text("".join(path.read_text().splitlines(keepends=True)[:5000]))

        said = refused(path, **PLACE)

        assert "missing" in said or "rows" in said or "cannot be read as pvgis_csv" in said

    def test_gap(self, write: Writers, weather: Weather, tmp_path: Path) -> None:
        path, table = plain(write, weather, tmp_path)
        table.loc[99, "drybulb_c"] = np.nan
        table.to_csv(path, index=False)

        assert "drybulb_c is missing in 1 rows, first in row 99" in refused(path, **PLACE)

    def test_fahrenheit(self, write: Writers, weather: Weather, tmp_path: Path) -> None:
        path, table = plain(write, weather, tmp_path)
        table["drybulb_c"] = table["drybulb_c"] * 1.8 + 32
        table.to_csv(path, index=False)

        assert "try converting from degrees Fahrenheit" in refused(path, **PLACE)

    def test_utc_instead_of_local(self, write: Writers, weather: Weather, tmp_path: Path) -> None:
        path, table = plain(write, weather, tmp_path)
        table.apply(lambda column: np.roll(column, 6)).to_csv(path, index=False)

        said = refused(path, **PLACE)

        assert "the sun runs 6 h late" in said
        assert "try local standard time (not UTC" in said

    def test_too_much_sun(self, write: Writers, weather: Weather, tmp_path: Path) -> None:
        path, table = plain(write, weather, tmp_path)
        table["ghi_w_per_m2"] *= 3.6
        table.to_csv(path, index=False)

        assert "outside 0 to 1400; try W/m2 as the unit" in refused(path, **PLACE)

    def test_missing_columns(self, write: Writers, weather: Weather, tmp_path: Path) -> None:
        path, table = plain(write, weather, tmp_path)
        table = table.drop(columns=["dni_w_per_m2", "relative_humidity_percent"])
        table.to_csv(path, index=False)

        said = refused(path, **PLACE)

        assert "no column for dni_w_per_m2; try columns={'dni_w_per_m2': " in said
        assert "no humidity; try a column for one of wetbulb_c" in said

    def test_text(self, write: Writers, weather: Weather, tmp_path: Path) -> None:
        path, table = plain(write, weather, tmp_path)
        table.assign(drybulb_c="warm").to_csv(path, index=False)

        assert "text instead of numbers in drybulb_c" in refused(path, **PLACE)

    def test_humidity_as_a_share(self, write: Writers, weather: Weather, tmp_path: Path) -> None:
        path, table = plain(write, weather, tmp_path)
        table["relative_humidity_percent"] /= 100
        table.to_csv(path, index=False)

        assert "try per cent, not shares" in refused(path, **PLACE)

    def test_dew_point_in_fahrenheit(
        self, write: Writers, weather: Weather, tmp_path: Path
    ) -> None:
        path, table = plain(write, weather, tmp_path)
        table = table.drop(columns="relative_humidity_percent")
        table.assign(dewpoint_c=table["drybulb_c"] * 1.8 + 20).to_csv(path, index=False)

        assert "dewpoint_c is missing, or above drybulb_c" in refused(path, **PLACE)

    @pytest.mark.parametrize(("column", "code"), [(6, 99.9), (13, 9999.0), (8, 999.0)])
    def test_code_for_missing_in_epw(
        self, column: int, code: float, write: Writers, weather: Weather, tmp_path: Path
    ) -> None:
        path = write["epw"](weather, tmp_path / "year.epw")
        lines = path.read_text().splitlines()
        cells = lines[8 + 50].split(",")
        cells[column] = str(code)
        lines[8 + 50] = ",".join(cells)
        path.write_text("\n".join(lines))

        said = refused(path)

        assert "missing" in said
        assert "Fahrenheit" not in said

    def test_code_for_missing_in_tmy3(
        self, write: Writers, weather: Weather, tmp_path: Path
    ) -> None:
        path = write["tmy3"](weather, tmp_path / "year.csv")
        head, table = path.read_text().partition("\n")[0], pd.read_csv(path, skiprows=1)
        table.loc[7, "Pressure (mbar)"] = -9900
        path.write_text(f"{head}\n{table.to_csv(index=False)}")

        assert "pressure_pa is missing in 1 rows, first in row 7" in refused(path)

    def test_file_of_another_place(self, write: Writers, weather: Weather, tmp_path: Path) -> None:
        """Abilene to Ashburn, Virginia, is 2,135 km by the haversine formula."""
        path = write["epw"](weather, tmp_path / "year.epw")

        said = refused(path, latitude_deg=39.02, longitude_deg=-77.46)

        assert "the file is of 32.50, -99.79, 2135 km from the site" in said

    @pytest.mark.parametrize("kind", ["csv", "pvgis_csv"])
    def test_file_that_tells_no_clock(
        self, kind: str, write: Writers, weather: Weather, tmp_path: Path
    ) -> None:
        path = write[kind](weather, tmp_path / "year.csv")

        assert "does not tell its place or its standard time" in refused(path)

    def test_two_columns_for_one(self, write: Writers, weather: Weather, tmp_path: Path) -> None:
        path, table = plain(write, weather, tmp_path)
        table.assign(T=20.0).to_csv(path, index=False)

        said = refused(path, columns={"drybulb_c": "T"}, **PLACE)

        assert "two columns for drybulb_c" in said

    def test_name_to_map_must_be_ours(self, tmp_path: Path) -> None:
        path = tmp_path / "any.csv"
        path.write_text("a\n1\n")

        assert "cannot map temperature; try the names" in refused(
            path, columns={"temperature": "T"}
        )

    @pytest.mark.parametrize(
        ("name", "content", "what"),
        [
            ("gone.csv", None, "cannot be opened"),
            ("bad.csv.gz", b"no gzip", "cannot be opened"),
            ("bad.epw", b"LOCATION,x\n", "cannot be read as epw"),
            ("bad.json", b'{"outputs": {}}', "cannot be read as pvgis_json"),
            ("bad.csv", b"Source,x\n1\n", "cannot be read as nsrdb"),
            ("empty.csv", b"", "cannot be read as csv"),
            ("pic.csv", b"\x89PNG\r\n", "does not tell its place"),
        ],
    )
    def test_no_weather_file_at_all(
        self, name: str, content: bytes | None, what: str, tmp_path: Path
    ) -> None:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)

        assert what in refused(path)

    def test_zone_that_is_not_whole(self, write: Writers, weather: Weather, tmp_path: Path) -> None:
        path = write["tmy3"](weather, tmp_path / "year.csv")
        path.write_text(path.read_text().replace(",-6.0,", ",-3.5,", 1))

        assert "time zone -3.5 is not a whole number of hours" in refused(path)

    def test_unknown_kind(self, tmp_path: Path) -> None:
        assert "unknown kind 'tmy4'; try tmy3" in refused(tmp_path / "x", kind="tmy4")
