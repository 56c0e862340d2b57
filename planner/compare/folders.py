"""Everything of a run or a sweep as tables, for export."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from planner.compare.export import MOST_ROWS, ExportError, write_csv, write_excel
from planner.plan.plan import TABLES
from planner.report.folder import RunFolderError

SUMMARY, POINTS = "summary", "points"


def tables_of(folder: Path) -> dict[str, pd.DataFrame]:
    """Return every table of a run folder, with its summary as one; or the points of a sweep.

    Raises
    ------
    RunFolderError
        If it is neither, or a file of it cannot be read.
    """
    if (folder / "summary.json").is_file():
        return {SUMMARY: _summary(folder / "summary.json"), **dict(_tables(folder))}
    if (folder / POINTS).is_dir():
        from planner.sweep.store import read_points

        return {POINTS: read_points(folder)}
    what = "is neither a run folder nor a sweep: no summary.json and no folder points in it"
    raise RunFolderError(folder, what, "the folder of a finished run or sweep")


def export(folder: Path, excel: Path | None, csv: Path | None) -> list[str]:
    """Write the tables of a run or sweep, and say what was written and what was left out.

    Parameters
    ----------
    folder
        Of a run or a sweep.
    excel
        Workbook to write; a table with more rows than a sheet has is left out of it.
    csv
        Folder to write one file for each table in.

    Raises
    ------
    ExportError
        If neither is asked for, or a file cannot be written.
    RunFolderError
        From `tables_of`.
    """
    if excel is None and csv is None:
        raise ExportError(folder, "nothing to write", "--excel FILE.xlsx or --csv DIR")
    tables = tables_of(folder)
    said: list[str] = []
    if excel is not None:
        small = {name: table for name, table in tables.items() if len(table) <= MOST_ROWS}
        said.append(f"Excel: {write_excel(excel, small)}")
        said += [
            f"note: {name} has {len(tables[name]):,} rows, more than a sheet, and is left out; "
            "--csv DIR writes it"
            for name in tables.keys() - small.keys()
        ]
    if csv is not None:
        for name, table in tables.items():
            write_csv(csv / f"{name}.csv", table)
        said.append(f"CSV: {len(tables)} tables in {csv}")
    return said


def _tables(folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    for name in TABLES:
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise RunFolderError(path, "is missing", "running the scenario again")
        yield name, pd.read_parquet(path)


def _summary(path: Path) -> pd.DataFrame:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RunFolderError(path, f"is not JSON ({error})", "running again") from error
    if not isinstance(data, dict):
        raise RunFolderError(path, "is not a mapping", "running again")
    rows = [(name, value) for name, value in _flat("", data) if value is not None]
    return pd.DataFrame(rows, columns=["figure", "value"])


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Write what is nested with dots, as a sweep does."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}" if name else str(key), inner)
    elif isinstance(value, list):
        yield name, "; ".join(map(_text, value))
    else:
        yield name, value


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
