"""The store of a sweep: one file for each point as it ends, and one table of all.

``DIR/points/0000.json`` is written beside its place and renamed into it, so that it is whole or
not there. ``DIR/points.parquet``, with a CSV twin, is made of those files, and can be made again
at any time. What the columns are is in ``README.md`` beside this file.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from planner.sweep.columns import AMOUNTS, POINT_COLUMNS, varies
from planner.sweep.point import Cell, Record

__all__ = ["Cell", "Record", "Wanted", "adopt", "read_points", "read_records", "steady"]

POINTS = "points"
OTHERS = "others"
"""Folder for records of points that this sweep does not ask any more; they are used again if it
does."""


def read_points(folder: Path | str) -> pd.DataFrame:
    """Return the table of a sweep, one row for each point that has ended, in order.

    It is made of the records of the points, so that it has those of a sweep that is still running
    or was killed.

    Parameters
    ----------
    folder
        Of a sweep or a batch.

    Returns
    -------
    DataFrame
        ``point`` (int), ``key``, ``status``, ``reason`` (text); a column for each axis, of numbers
        or of text; then figures in dotted names, not a number where a point has none; then those
        that vary. See ``README.md`` for all of them.

    Raises
    ------
    FileNotFoundError
        If there is no sweep.
    """
    place = Path(folder) / POINTS
    if not place.is_dir():
        msg = f"{folder}: is no sweep, there is no folder {POINTS} in it"
        raise FileNotFoundError(msg)
    return table_of(read_records(Path(folder)))


def steady(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that every run of the same sweep finds alike."""
    return table[[column for column in table.columns if not varies(str(column))]]


def table_of(records: Iterable[Record]) -> pd.DataFrame:
    """Make one table of records, in the order of their points."""
    ordered = sorted(records, key=lambda record: record.point)
    columns = dict.fromkeys(POINT_COLUMNS)
    for part in ("axes", "figures", "varying"):
        columns |= dict.fromkeys(sorted_names(name for r in ordered for name in getattr(r, part)))
    nothing: dict[str, Cell] = {c: 0.0 for c in columns if c.startswith(AMOUNTS)}
    rows = [(nothing if r.has_plan else {}) | r.row() for r in ordered]
    return pd.DataFrame(rows, columns=list(columns))


def sorted_names(names: Iterable[str]) -> list[str]:
    """Return names once each, in the order in which they first come."""
    return list(dict.fromkeys(names))


def read_records(folder: Path, place: str = POINTS) -> list[Record]:
    """Return every record that is there and whole; what is not one is passed over."""
    found = (_record(path) for path in sorted((folder / place).glob("*.json")))
    return [record for record in found if record is not None]


def write_record(folder: Path, record: Record) -> None:
    """Write the record of a point, whole or not at all."""
    write_whole(folder / POINTS / f"{record.point:04d}.json", _text(record))


def write_table(folder: Path, table: pd.DataFrame) -> None:
    """Write the table of all points as Parquet and CSV, each whole or not at all."""
    with _beside(folder / "points.parquet") as name:
        table.to_parquet(name, index=False)
    with _beside(folder / "points.csv") as name:
        table.to_csv(name, index=False, lineterminator="\n")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A point that a sweep asks: its key, its number, and where it stands."""

    key: str
    point: int
    axes: Mapping[str, Cell]


def adopt(folder: Path, wanted: Iterable[Wanted]) -> dict[int, Record]:
    """Give records that are there the numbers that a sweep gives their points.

    Parameters
    ----------
    folder
        Of the sweep.
    wanted
        Every point that the sweep asks; several may have the same key.

    Returns
    -------
    dict
        Number to record of the points that are done. Records of other points move to ``others``.
    """
    known = [*read_records(folder, OTHERS), *read_records(folder)]
    by_key = {record.key: record for record in known}
    done = {
        each.point: replace(by_key[each.key], point=each.point, axes=dict(each.axes))
        for each in wanted
        if each.key in by_key
    }
    there = {record.point: record for record in read_records(folder)}
    changed = [record for number, record in done.items() if there.get(number) != record]
    # A record is first where no point's number can overwrite it, should this be interrupted.
    asked = {record.key for record in done.values()}
    for key in {r.key for r in changed} | (set(by_key) - asked):
        write_whole(folder / OTHERS / f"{key}.json", _text(by_key[key]))
    (folder / POINTS).mkdir(parents=True, exist_ok=True)
    for record in changed:
        write_record(folder, record)
    for path in (folder / POINTS).glob("*.json"):
        if not path.stem.isdigit() or int(path.stem) not in done:
            path.unlink()
    for key in asked:
        (folder / OTHERS / f"{key}.json").unlink(missing_ok=True)
    return done


def write_whole(place: Path, text: str) -> None:
    """Write a file beside its place and rename it into it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with _beside(place) as name:
        name.write_text(text, encoding="utf-8")


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """Give a temporary name in the same folder that is renamed to the place if all goes well."""
    handle, text = tempfile.mkstemp(prefix=f".{place.name}-", dir=place.parent)
    os.close(handle)
    name = Path(text)
    try:
        yield name
        name.chmod(0o644)
        name.replace(place)
    finally:
        name.unlink(missing_ok=True)


def _text(record: Record) -> str:
    return json.dumps(asdict(record), indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def _record(path: Path) -> Record | None:
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        return Record(**data)
    except (OSError, ValueError, TypeError):
        return None
