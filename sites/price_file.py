"""A user's prices of power: a CSV file of 8,760 hours, or of a mean day for each month."""

import csv
import io
from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path

import numpy as np

from sites.errors import PriceFileError
from sites.year import HOURS, MONTH_OF_DAY, Floats

HOURLY = "usd_per_mwh"
"""Name of the column of hourly prices."""

TABLE = ("month", *(f"h{hour:02d}" for hour in range(24)))
"""Columns of the table form: h00 is the hour after midnight."""

HIGHEST_USD_PER_MWH = 1e5
"""Beyond it, either way, a price is taken for a slip [USD/MWh]."""

MOST_PROBLEMS = 20
"""More are counted and not listed."""

Lines = Sequence[tuple[int, list[str]]]
"""Each row with its line in the file."""


def read_prices(path: Path) -> Floats:
    """Read what power costs in every hour of the year, in local standard time.

    Two forms. *Hourly*: a column ``usd_per_mwh`` of 8,760 rows from New Year on, without 29
    February; other columns are passed over. *Table*: columns ``month`` (1 to 12) and ``h00`` to
    ``h23``, 12 rows; every day of a month is the same. Prices may be negative. Nothing is filled
    or guessed.

    Parameters
    ----------
    path
        The file: CSV in UTF-8, with a header.

    Returns
    -------
    array, shape (8760,)
        Price [USD/MWh].

    Raises
    ------
    PriceFileError
        With every problem, each with its line, what was found and what to try.
    OSError
        If the file cannot be read.
    """
    lines = _lines(path)
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise _refused(path, [f"1: column {twice[0]} stands twice; try one of them"])
    if HOURLY in header:
        return _hourly(path, header, lines[1:])
    if set(TABLE) <= set(header):
        return _table(path, header, lines[1:])
    what = f"1: no prices here, got the columns {', '.join(header) or 'of an empty file'}"
    tip = f"a column {HOURLY}, or {TABLE[0]}, {TABLE[1]} to {TABLE[-1]}"
    raise _refused(path, [f"{what}; try {tip}"])


def _lines(path: Path) -> Lines:
    try:
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused(path, [f"1: no CSV in UTF-8 ({error}); try saving it anew"]) from error
    while rows and not any(cell.strip() for cell in rows[-1][1]):
        rows.pop()
    return rows


def _hourly(path: Path, header: list[str], lines: Lines) -> Floats:
    values, problems = _numbers(header, lines, (HOURLY,))
    if len(lines) != HOURS:
        tip = "the hours of a year without 29 February, from New Year on"
        last = lines[-1][0] if lines else 1
        problems.insert(0, f"{last}: needs {HOURS} rows, got {len(lines)}; try {tip}")
    if problems:
        raise _refused(path, problems)
    return values.ravel()


def _table(path: Path, header: list[str], lines: Lines) -> Floats:
    values, problems = _numbers(header, lines, TABLE)
    months = values[:, 0].tolist()
    if not problems and sorted(months) != list(range(1, 13)):
        got = ", ".join(f"{month:g}" for month in months)
        problems.append(f"1: needs the months 1 to 12, each once, got {got}; try adding them")
    if problems:
        raise _refused(path, problems)
    by_month = values[np.argsort(values[:, 0]), 1:]
    return np.asarray(by_month[MONTH_OF_DAY].ravel(), dtype=np.float64)


def _numbers(header: list[str], lines: Lines, columns: Sequence[str]) -> tuple[Floats, list[str]]:
    """Return the columns as numbers, NaN where there is none, and what is wrong."""
    at = [header.index(name) for name in columns]
    values = np.full((len(lines), len(columns)), np.nan)
    problems: list[str] = []
    for i, (line, row) in enumerate(lines):
        if len(row) != len(header):
            what = f"{line}: needs {len(header)} cells, got {len(row)}"
            problems.append(f"{what}; try one for each column")
            continue
        for j, (name, position) in enumerate(zip(columns, at, strict=True)):
            found = list(_number_problems(row[position]))
            problems += [f"{line}: {name} {each}" for each in found]
            values[i, j] = float(row[position]) if not found else np.nan
    return values, problems


def _number_problems(text: str) -> Iterator[str]:
    try:
        value = float(text)
    except ValueError:
        yield f"is no number, got {text.strip() or 'nothing'}; try USD/MWh"
        return
    if not isfinite(value):
        yield f"is no price, got {text.strip()}; try USD/MWh in every hour"
    elif abs(value) > HIGHEST_USD_PER_MWH:
        yield f"is beyond {HIGHEST_USD_PER_MWH:,.0f} USD/MWh, got {value:g}; try USD/MWh"


def _refused(path: Path, problems: list[str]) -> PriceFileError:
    more = len(problems) - MOST_PROBLEMS
    shown = problems[:MOST_PROBLEMS]
    return PriceFileError(str(path), [*shown, f"and {more} more"] if more > 0 else shown)
