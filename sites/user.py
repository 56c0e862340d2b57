"""Sites of a user: CSV, GeoJSON or GeoPackage, checked to the last cell."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sites.errors import SiteFileError
from sites.site import Site
from sites.spatial import read_features
from sites.table import builtin_sites, read_rows

__all__ = ["SiteFileError", "merge", "read_sites"]

_LIKE = "like"
_OWN = {"id", "name", "county", "fips", "latitude_deg", "longitude_deg", "station", "evidence"}
"""What a site never takes over from the site it is like."""


@dataclass(frozen=True, slots=True)
class _Row:
    where: str
    cells: dict[str, str]


def read_sites(path: Path | str, columns: Mapping[str, str] | None = None) -> dict[str, Site]:
    """Read candidate sites from a table or a map layer.

    Parameters
    ----------
    path
        A ``.csv`` with columns ``latitude_deg`` and ``longitude_deg`` (WGS 84), or any layer that
        geopandas reads (``.geojson``, ``.gpkg``, ...). A layer is brought to WGS 84; the place of
        an area is a point inside it.
    columns
        From a field of `sites.site.Site` to the file's name for it, where the two differ.

    Returns
    -------
    dict of str to Site
        By id, in the order of the file.

    Raises
    ------
    SiteFileError
        With every problem of the file: columns that are unknown or missing, cells that are empty
        or wrong, an id that occurs twice.

    Notes
    -----
    A column ``like`` may name a built-in site: what the row leaves empty is then taken from it,
    except what tells the place: id, name, county, fips, latitude, longitude, station, evidence.
    """
    file = Path(path)
    names = {theirs: field for field, theirs in (columns or {}).items()}
    rows = [
        _Row(row.where, {names.get(key, key): text for key, text in row.cells.items()})
        for row in _rows(file)
    ]
    problems = _column_problems(file, rows, columns or {})
    if problems:
        raise SiteFileError(problems)
    sites: dict[str, Site] = {}
    for row in rows:
        try:
            site = Site.model_validate(_filled(row))
        except ValidationError as error:
            problems += [_tell(row, detail) for detail in _roots(error)]
        except KeyError as error:
            problems.append(f"{row.where}: {_LIKE}: {error.args[0]}")
        else:
            if site.id in sites:
                problems.append(f"{row.where}: id: {site.id!r} occurs twice; try another id")
            sites[site.id] = site
    if problems:
        raise SiteFileError(problems)
    return sites


def merge(
    builtin: Mapping[str, Site], user: Mapping[str, Site], *, replace: bool
) -> dict[str, Site]:
    """Join built-in sites and a user's.

    Parameters
    ----------
    builtin, user
        Sites by id.
    replace
        True to keep only the user's.

    Returns
    -------
    dict of str to Site
        Built-in sites first.

    Raises
    ------
    SiteFileError
        If both have a site of one id: which one is meant would be a guess.
    """
    if replace:
        return dict(user)
    both = sorted(builtin.keys() & user.keys())
    if both:
        advice = "try another id, or replace the built-in sites"
        raise SiteFileError([f"id {name!r} is already built in; {advice}" for name in both])
    return {**builtin, **user}


def _rows(file: Path) -> Iterator[_Row]:
    if not file.is_file():
        raise SiteFileError([f"{file}: no such file; try the path"])
    if file.suffix.lower() == ".csv":
        try:
            yield from (_Row(f"{file}:{line}", cells) for line, cells in read_rows(file))
        except (UnicodeDecodeError, csv.Error) as error:
            what = f"{file}: cannot be read as CSV ({error}); try saving it as CSV in UTF-8"
            raise SiteFileError([what]) from error
        return
    for number, cells in enumerate(read_features(file), start=1):
        yield _Row(f"{file}: feature {number}", cells)


def _column_problems(file: Path, rows: list[_Row], columns: Mapping[str, str]) -> list[str]:
    if not rows:
        return [f"{file}: no sites; try a header line and one row for each site"]
    fields = Site.model_fields
    problems = [
        f"{file}: cannot map {field!r}, which is no field of a site; {_near(field)}"
        for field in columns
        if field not in fields
    ]
    found = dict.fromkeys(key for row in rows for key in row.cells)
    problems += [
        f"{file}: columns maps {field!r} to {theirs!r}, which the file has not or has empty"
        for field, theirs in columns.items()
        if field in fields and field not in found
    ]
    problems += [
        f"{file}: unknown column {key!r}; {_near(key)}, or removing it"
        for key in found
        if key not in fields and key != _LIKE
    ]
    if _LIKE not in found:
        problems += [
            f"{file}: no column {name!r}: {field.description}; try adding it, or a column "
            f"'{_LIKE}' that names a built-in site to take it from"
            for name, field in fields.items()
            if field.is_required() and name not in found
        ]
    return problems


def _near(name: str) -> str:
    near = get_close_matches(name, [*Site.model_fields, _LIKE], n=2, cutoff=0.4)
    return f"try {' or '.join(near)}" if near else "try the fields of a site"


def _filled(row: _Row) -> dict[str, object]:
    cells: dict[str, object] = dict(row.cells)
    like = cells.pop(_LIKE, None)
    if like is None:
        return cells
    model = builtin_sites().get(str(like))
    if model is None:
        near = get_close_matches(str(like), builtin_sites(), n=3, cutoff=0.3)
        msg = f"no built-in site {like!r}; try {', '.join(near) or 'abilene_tx'}"
        raise KeyError(msg)
    return {**model.model_dump(exclude=_OWN), **cells}


def _roots(error: ValidationError) -> list[ErrorDetails]:
    # A default made from another field cannot be made when any field is wrong: no news.
    return [d for d in error.errors() if d["type"] != "default_factory_not_called"]


def _tell(row: _Row, detail: ErrorDetails) -> str:
    field = ".".join(str(part) for part in detail["loc"])
    where = f"{row.where}: {field}" if field else row.where
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "missing":
        described = Site.model_fields[field].description
        return f"{where}: is empty: {described}; try filling it, or a column '{_LIKE}'"
    if not field:
        return f"{where}: {message}"
    described = Site.model_fields[field].description
    return f"{where}: {message}, got {detail['input']!r}; try {described}"
