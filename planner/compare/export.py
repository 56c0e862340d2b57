"""Tables as Excel and CSV files in which no text of a scenario can become a formula."""

import csv
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from planner.compare.units import unit_of
from planner.errors import PlannerError

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters from which spreadsheet programs make a formula of text
(OWASP, CSV injection)."""

PACKAGE = "openpyxl"

MOST_ROWS = 1_048_576 - 2
"""Rows of a sheet, less its two heads (Excel specifications and limits)."""

MOST_NAME = 31
"""Letters of a sheet's name (the same)."""

MOST_TEXT = 32_767
"""Letters of a cell (the same)."""


class ExportError(PlannerError):
    """A table cannot be written as asked.

    Parameters
    ----------
    place
        The file, folder or package.
    what, try_
        What is wrong, and what to do.
    """

    exit_code = 2

    def __init__(self, place: Path | str, what: str, try_: str) -> None:
        super().__init__(place, what, try_)
        self.place, self.what, self.try_ = place, what, try_

    def __str__(self) -> str:
        """Return ``place: what, try X``."""
        return f"{self.place}: {self.what}, try {self.try_}"


def write_csv(path: Path, table: pd.DataFrame) -> Path:
    """Write a table as CSV, whole or not at all; text that would be a formula gets a quote.

    Parameters
    ----------
    path
        The file; one that is there is replaced.
    table
        Numbers and text.
    """
    safe = table.rename(columns={c: harmless(str(c)) for c in table.columns})
    text = [c for c in safe.columns if not pd.api.types.is_numeric_dtype(safe[c].dtype)]
    safe = safe.assign(**{str(c): safe[c].map(_harmless_cell) for c in text})
    with _whole(path) as temporary:
        # All text is quoted: a carriage return within it would else begin a cell of its own.
        safe.to_csv(temporary, index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return path


def write_excel(path: Path, tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write tables as sheets of one workbook, whole or not at all.

    The first row of a sheet has the names of its columns, the second their units. Text is kept as
    it is, in cells of text.

    Parameters
    ----------
    path
        The file, ``.xlsx``; one that is there is replaced.
    tables : sheet to table
        At least one.

    Raises
    ------
    ExportError
        If openpyxl is absent, the name is not one of a workbook, or a table has more rows than a
        sheet.
    """
    if path.suffix.lower() != ".xlsx":
        raise ExportError(path, "is no name of an Excel workbook", f"{path.stem}.xlsx")
    for name, table in tables.items():
        if len(table) > MOST_ROWS:
            what = f"{name} has {len(table):,} rows, a sheet of Excel has {MOST_ROWS:,}"
            raise ExportError(path, what, "--csv DIR, which has no such limit")
    book = _workbook()
    for name, table in tables.items():
        sheet = book.create_sheet(name[:MOST_NAME])
        sheet.freeze_panes = "A3"
        for row in _rows(table):
            sheet.append([_cell(sheet, value) for value in row])
    with _whole(path) as temporary:
        book.save(temporary)
    return path


def harmless(text: str) -> str:
    """Put a quote before text that a spreadsheet program would take for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("chat")
    ("'=1+1", 'chat')
    """
    return f"'{text}" if text.startswith(RISKY) else text


def _harmless_cell(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value


def _rows(table: pd.DataFrame) -> Iterator[list[Any]]:
    yield [str(column) for column in table.columns]
    yield [unit_of(str(column)) for column in table.columns]
    for row in table.itertuples(index=False, name=None):
        yield list(row)


def _cell(sheet: Any, value: Any) -> Any:
    """Return what a sheet takes: nothing for no number, text that stays text."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:MOST_TEXT])
        cell.data_type = "s"  # openpyxl would take what begins with = for a formula
        return cell
    if value is None or pd.isna(value) or value in (float("inf"), float("-inf")):
        return None
    return value.item() if hasattr(value, "item") else value


def _workbook() -> Any:
    try:
        from openpyxl import Workbook
    except ImportError as error:
        what, hint = "is not installed", "pip install 'gigaplan[excel]', or --csv DIR"
        raise ExportError(PACKAGE, what, hint) from error
    return Workbook(write_only=True)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a temporary name beside a file that becomes the file if all goes well."""
    if path.is_dir():
        raise ExportError(path, "is a folder", "the name of a file")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
