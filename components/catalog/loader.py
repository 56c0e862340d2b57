"""The catalog: entries of each family, checked by the family's parameters.

The only file of the components that reads files. An entry that does not say its source, date and
confidence, or whose figures lack a unit, is refused where it stands.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from components.base import Parameters
from components.catalog.reading import About, CatalogError, Row, problem, read_rows
from components.registry import FAMILIES

FOLDER = Path(__file__).parent
NAME = re.compile(r"[a-z][a-z0-9_]*(:[a-z0-9_]+)?")
SHORTEST_SOURCE = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the catalog.

    Attributes
    ----------
    name, family
        Unique within the family; ``rack:workload`` and ``ingredient:year`` where a row is of two.
    parameters
        Its figures, checked.
    source
        Where they can be looked up; for a single thing ``figure: source`` of each.
    as_of
        The day they held; of several, the oldest.
    confidence
        H, M or L; of several, the lowest.
    note
        What else should be known: how a figure was derived, what it leaves out.
    default
        Whether it is used where a scenario names no choice.
    """

    name: str
    family: str
    parameters: Parameters
    source: str
    as_of: date
    confidence: str
    note: str
    default: bool


def families() -> tuple[str, ...]:
    """Return the names of all families of the catalog."""
    return tuple(FAMILIES)


@cache
def load_family(family: str) -> Mapping[str, Entry]:
    """Return every entry of one family, by name, in the order of its file.

    Raises
    ------
    CatalogError
        If there is no such family, or a row of its file is refused.

    Examples
    --------
    >>> load_family("gas")["wartsila_18v50sg"].parameters.unit_mw
    18.8
    """
    if family not in FAMILIES:
        known = ", ".join(FAMILIES)
        raise CatalogError([f"the catalog has no family {family!r}; try one of {known}"])
    paths = [FOLDER / f"{family}{suffix}" for suffix in (".csv", ".yaml")]
    found = [path for path in paths if path.exists()]
    if len(found) != 1:
        names = " or ".join(path.name for path in paths)
        raise CatalogError([f"{FOLDER}: {family} needs one file, got {len(found)}; try {names}"])
    return MappingProxyType({entry.name: entry for entry in read_family(found[0], family)})


def read_family(path: Path, family: str) -> tuple[Entry, ...]:
    """Read and check one file of a family.

    Raises
    ------
    CatalogError
        With ``file:line: what, got, try`` of every problem, not just the first.
    """
    rows = read_rows(path, FAMILIES[family])
    problems = [each for row in rows for each in _row_problems(path, row)]
    first: dict[str, int] = {}
    for row in rows:
        if row.name in first:
            advice = f"another name; the first is on line {first[row.name]}"
            problems.append(problem(path, row.line, "name stands twice", row.name, advice))
        first.setdefault(row.name, row.line)
    checked = [_check(path, row, FAMILIES[family], problems) for row in rows]
    if problems:
        raise CatalogError(problems)
    return tuple(
        _entry(row, family, parameters)
        for row, parameters in zip(rows, checked, strict=True)
        if parameters is not None
    )


def changed(entry: Entry, changes: Mapping[str, object]) -> Entry:
    """Return an entry with some figures replaced, checked again.

    The note then says which figures are no longer those of the source.

    Raises
    ------
    pydantic.ValidationError
        If a figure is unknown or out of bounds; ``loc`` names it.

    Examples
    --------
    >>> engine = load_family("gas")["wartsila_18v50sg"]
    >>> changed(engine, {"lead_months": 24}).parameters.lead_months
    24.0
    """
    if not changes:
        return entry
    figures = {**entry.parameters.model_dump(), **changes}
    parameters = type(entry.parameters).model_validate(figures)
    words = f"Not of the source: {', '.join(changes)}."
    return replace(entry, parameters=parameters, note=f"{entry.note} {words}".strip())


def _row_problems(path: Path, row: Row) -> Iterator[str]:
    if not NAME.fullmatch(row.name):
        yield problem(path, row.line, "bad name", row.name, "lower case, digits and _")
    if row.default not in ("yes", "no"):
        yield problem(path, row.line, f"{row.name}: default", row.default, "yes or no")
    for figure, about in row.about.items():
        where = f"{row.name}.{figure}" if figure else row.name
        yield from _about_problems(path, where, about)


def _about_problems(path: Path, where: str, about: About) -> Iterator[str]:
    if len(about.source) < SHORTEST_SOURCE:
        advice = "a title or address that can be looked up"
        yield problem(path, about.line, f"{where} has no source", about.source, advice)
    if not _is_day(about.as_of):
        advice = "a day such as 2026-01-31"
        yield problem(path, about.line, f"{where} has no date in as_of", about.as_of, advice)
    if about.confidence not in ("H", "M", "L"):
        advice = "H, M or L"
        yield problem(path, about.line, f"{where}: confidence", about.confidence, advice)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check(
    path: Path, row: Row, family: type[Parameters], problems: list[str]
) -> Parameters | None:
    try:
        return family.model_validate(row.values)
    except ValidationError as error:
        for each in error.errors():
            figure = str(each["loc"][0]) if each["loc"] else "row"
            line = row.lines.get(figure, row.line)
            got = None if each["type"] == "missing" else each["input"]
            what = f"{row.name}.{'.'.join(map(str, each['loc']))}: {each['msg']}"
            problems.append(problem(path, line, what, got, _advice(family, figure)))
        return None


def _advice(family: type[Parameters], figure: str) -> str:
    field = family.model_fields.get(figure)
    return f"{figure}: {field.description}" if field else ", ".join(family.model_fields)


def _entry(row: Row, family: str, parameters: Parameters) -> Entry:
    abouts = row.about.values()
    return Entry(
        name=row.name,
        family=family,
        parameters=parameters,
        source="; ".join(f"{k}: {v.source}" if k else v.source for k, v in row.about.items()),
        as_of=min(date.fromisoformat(about.as_of) for about in abouts),
        confidence=max((about.confidence for about in abouts), key="HML".index),
        note=row.note,
        default=row.default == "yes",
    )
