"""Files of prices: two forms, every problem with its line, nothing guessed."""

from pathlib import Path

import numpy as np
import pytest

from sites.errors import PriceFileError
from sites.price_file import MOST_PROBLEMS, TABLE, read_prices
from sites.year import MONTH_OF_HOUR


def written(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "prices.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def hourly(*, but: dict[int, str] | None = None, count: int = 8760) -> list[str]:
    """Price h in hour h, the first on line 2."""
    rows = [str(h) for h in range(count)]
    for line, text in (but or {}).items():
        rows[line - 2] = text
    return ["usd_per_mwh", *rows]


def table(*, months: tuple[str, ...] = tuple(map(str, range(1, 13)))) -> list[str]:
    """Price 100 m + hour in month m."""
    rows = [
        ",".join([m, *(str(100 * i + hour) for hour in range(24))])
        for i, m in enumerate(months, start=1)
    ]
    return [",".join(TABLE), *rows]


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(PriceFileError) as found:
        read_prices(path)
    assert str(found.value).startswith(f"{path}:")
    return found.value.problems


def test_hours_are_read_in_order(tmp_path: Path) -> None:
    assert read_prices(written(tmp_path, *hourly())).tolist() == list(range(8760))


def test_a_table_gives_every_day_of_a_month_its_mean_day(tmp_path: Path) -> None:
    found = read_prices(written(tmp_path, *table()))

    wanted = 100 * (MONTH_OF_HOUR + 1) + np.arange(8760) % 24
    assert np.array_equal(found, wanted)


def test_rows_of_a_table_may_stand_in_any_order(tmp_path: Path) -> None:
    head, *rows = table()

    found = read_prices(written(tmp_path, head, *reversed(rows)))

    assert np.array_equal(found, read_prices(written(tmp_path, head, *rows)))


def test_prices_may_be_negative(tmp_path: Path) -> None:
    assert read_prices(written(tmp_path, *hourly(but={7: "-31.5"})))[5] == -31.5


def test_other_columns_a_byte_order_mark_and_lines_at_the_end_are_passed_over(
    tmp_path: Path,
) -> None:
    rows = [f"{h},{h + 1}" for h in range(8760)]
    path = written(tmp_path, "hour, usd_per_mwh", *rows, "", ",", encoding="utf-8-sig")

    assert read_prices(path)[0] == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("nan", "17: usd_per_mwh is no price, got nan"),
        ("inf", "17: usd_per_mwh is no price, got inf"),
        ("dear", "17: usd_per_mwh is no number, got dear"),
        (" ", "17: usd_per_mwh is no number, got nothing"),
        ("2e5", "17: usd_per_mwh is beyond 100,000 USD/MWh, got 200000"),
        ("1,2", "17: needs 1 cells, got 2"),
    ],
)
def test_what_is_no_price_is_told_with_its_line(tmp_path: Path, text: str, what: str) -> None:
    (problem,) = problems_of(written(tmp_path, *hourly(but={17: text})))

    assert problem.startswith(what)
    assert "; try " in problem


def test_every_problem_is_told_and_many_are_counted(tmp_path: Path) -> None:
    few = problems_of(written(tmp_path, *hourly(but={5: "a", 9: "b"})))
    many = problems_of(written(tmp_path, "usd_per_mwh", *["x"] * 8760))

    assert [p.partition(":")[0] for p in few] == ["5", "9"]
    assert len(many) == MOST_PROBLEMS + 1
    assert many[-1] == f"and {8760 - MOST_PROBLEMS} more"


@pytest.mark.parametrize("count", [0, 8759, 8784])
def test_a_year_has_8760_hours(tmp_path: Path, count: int) -> None:
    (problem,) = problems_of(written(tmp_path, *hourly(count=count)))

    assert f"needs 8760 rows, got {count}; try the hours of a year without 29 February" in problem


def test_a_table_needs_each_month_once(tmp_path: Path) -> None:
    months = ("1", "2", "2", *map(str, range(4, 13)))
    (problem,) = problems_of(written(tmp_path, *table(months=months)))
    (short,) = problems_of(written(tmp_path, *table(months=("1", "2"))))

    assert "needs the months 1 to 12, each once, got 1, 2, 2, 4" in problem
    assert "got 1, 2;" in short


def test_columns_that_say_nothing_are_told(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "price,hour", "1,2"))
    (twice,) = problems_of(written(tmp_path, "usd_per_mwh,usd_per_mwh", "1,2"))
    (empty,) = problems_of(written(tmp_path))

    assert "no prices here, got the columns price, hour; try a column usd_per_mwh" in problem
    assert "usd_per_mwh stands twice" in twice
    assert "no prices here" in empty


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    (problem,) = problems_of(path)

    assert "no CSV in UTF-8" in problem
