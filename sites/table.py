"""The built-in table of candidate sites. Needs the standard library and pydantic only."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from sites.errors import SiteFileError
from sites.site import Site

DATA = Path(__file__).with_name("data")
Confidence = Literal["H", "M", "L"]


@dataclass(frozen=True, slots=True)
class ColumnFact:
    """What is known about a column of the site table.

    Attributes
    ----------
    unit
        Unit of the figures; empty for names and classes.
    confidence
        ``H`` computed from or read in a named public source, ``M`` known from named public
        sources but not read again, ``L`` judgement: use it with a range.
    source
        Where the figures come from.
    """

    unit: str
    confidence: Confidence
    source: str


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line number and the filled cells of every row of a CSV file.

    Parameters
    ----------
    path
        A CSV file with a header, in UTF-8 (a byte-order mark is allowed).

    Yields
    ------
    tuple of int and dict
        Line of the file, and column name to stripped text; empty cells are left out. Text
        beyond the last named column stands under the name ``""``.

    Raises
    ------
    SiteFileError
        If two columns have one name.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restkey="")
        header = Counter(name.strip() for name in reader.fieldnames or ())
        if twice := [name for name, count in header.items() if name and count > 1]:
            advice = "try removing one"
            raise SiteFileError([f"{path}:1: column {n!r} occurs twice; {advice}" for n in twice])
        for row in reader:
            cells = {(key or "").strip(): _text(value) for key, value in row.items()}
            yield reader.line_num, {key: text for key, text in cells.items() if text}


def _text(value: str | list[str] | None) -> str:
    return ",".join(value) if isinstance(value, list) else (value or "").strip()


@cache
def builtin_sites() -> Mapping[str, Site]:
    """Return the 55 candidate sites of the conterminous United States, by id.

    Returns
    -------
    mapping of str to Site
        In the order of the table; cannot be changed.

    Examples
    --------
    >>> builtin_sites()["abilene_tx"].grid_area
    'ERCO-WEST'
    """
    sites = (Site.model_validate(row) for _, row in read_rows(DATA / "sites_us.csv"))
    return MappingProxyType({site.id: site for site in sites})


@cache
def column_facts() -> Mapping[str, ColumnFact]:
    """Return unit, confidence and source of every column of the built-in table.

    Returns
    -------
    mapping of str to ColumnFact
        One entry for each field of `sites.site.Site`.

    Examples
    --------
    >>> column_facts()["grid_price_usd_per_mwh"].unit
    'USD/MWh'
    """
    return read_facts(DATA / "columns.csv")


def read_facts(path: Path) -> Mapping[str, ColumnFact]:
    """Return what a file says about the columns of a table.

    Parameters
    ----------
    path
        A CSV file with the columns ``column``, ``unit``, ``confidence`` and ``source``.
    """
    facts = {
        row["column"]: ColumnFact(row.get("unit", ""), _confidence(row, path), row["source"])
        for _, row in read_rows(path)
    }
    return MappingProxyType(facts)


def _confidence(row: Mapping[str, str], path: Path) -> Confidence:
    match row["confidence"]:
        case "H" | "M" | "L" as mark:
            return mark
        case other:
            msg = f"{path.name}: {row['column']}: confidence must be H, M or L, got {other!r}"
            raise ValueError(msg)
