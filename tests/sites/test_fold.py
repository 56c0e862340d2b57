"""Rows become a year by counting, never by guessing."""

import numpy as np
import pandas as pd
import pytest

from sites.fold import fold, fold_problems


def rows(start: str, periods: int, freq: str) -> pd.DataFrame:
    index = pd.date_range(start, periods=periods, freq=freq)
    return pd.DataFrame({"x": np.arange(periods, dtype=float)}, index=index)


def test_a_whole_year_passes_as_it_is() -> None:
    frame = rows("2013-01-01 00:30", 8760, "h")

    assert fold_problems(frame) == []
    assert fold(frame, 0)["x"].tolist() == list(range(8760))


def test_half_hours_are_averaged() -> None:
    """Hour h holds steps 2h and 2h + 1, whose mean is 2h + 0.5."""
    frame = rows("2013-01-01", 17520, "30min")

    assert fold_problems(frame) == []
    assert fold(frame, 0)["x"].tolist() == [2 * hour + 0.5 for hour in range(8760)]


def test_29_february_is_dropped() -> None:
    """Its hours are 1,416 to 1,439 of a leap year."""
    frame = rows("2012-01-01", 8784, "h")

    year = fold(frame, 0)["x"]

    assert fold_problems(frame) == []
    assert (year[1415], year[1416], year[8759]) == (1415, 1440, 8783)


@pytest.mark.parametrize("shift", [-8, -5, 1])
def test_the_clock_is_moved_by_rolling(shift: int) -> None:
    """Six in the evening UTC is noon at UTC-6: row 18 becomes row 12."""
    year = fold(rows("2013-01-01", 8760, "h"), shift)["x"]

    assert year[(18 + shift) % 8760] == 18
    assert sorted(year) == list(range(8760))


def test_rows_out_of_order_are_put_in_order() -> None:
    frame = rows("2013-01-01", 8760, "h").sample(frac=1, random_state=0)

    assert fold(frame, 0)["x"].tolist() == list(range(8760))


def test_hole_makes_its_hour_a_hole() -> None:
    frame = rows("2013-01-01", 17520, "30min")
    frame.iloc[10] = np.nan

    assert np.flatnonzero(fold(frame, 0)["x"].isna()).tolist() == [5]


@pytest.mark.parametrize(
    ("frame", "what"),
    [
        (rows("2013-01-01", 8759, "h"), "1 of 8760 hours are missing, first 12-31 23:00"),
        (rows("2013-01-03 05:00", 8707, "h"), "53 of 8760 hours are missing, first 01-01 00:00"),
        (rows("2013-01-01", 2 * 8760, "h"), r"several rows for one hour \(years 2013 to 2014\)"),
        (rows("2013-01-01", 2920, "3h"), "5840 of 8760 hours are missing"),
        (
            pd.concat([rows("2013-01-01", 8760, "h"), rows("2013-05-01 00:30", 24, "h")]),
            "1 to 2 rows an hour; try even steps",
        ),
        (rows("2013-01-01", 8784, "h").reset_index(drop=True), "8784 rows without stamps"),
    ],
    ids=["end", "start", "two years", "coarse", "uneven", "no stamps"],
)
def test_what_is_not_a_year_is_told(frame: pd.DataFrame, what: str) -> None:
    [problem] = fold_problems(frame)

    assert pd.Series([problem]).str.contains(what).all()
    assert "; try " in problem
