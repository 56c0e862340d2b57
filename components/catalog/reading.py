"""From a catalog file to its rows as written, each with its line.

CSV is for products, one row each. YAML is for single things, one mapping each, in which every
figure is ``{value, unit, source, as_of, confidence}``.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import yaml

from components.base import Parameters
from components.catalog.units import is_number, unit_of

ABOUT = ("source", "as_of", "confidence")
"""What every row of a CSV file, and every figure of a YAML file, says about itself."""

COLUMNS = ("name", *ABOUT, "note", "default")
"""Columns of every CSV file, beside those of its family."""


class CatalogError(ValueError):
    """Rows of the catalog that were refused. ``problems`` says where, what, got and what to try."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class About:
    """Where a figure comes from, as written."""

    line: int
    source: str
    as_of: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One product as written: values before validation, and where they stand."""

    name: str
    line: int
    values: Mapping[str, object]
    about: Mapping[str, About]
    note: str
    default: str
    lines: Mapping[str, int] = field(default_factory=dict)


def problem(path: Path, line: int, what: str, got: object, advice: str) -> str:
    """Write a complaint as ``file:line: what, got, try``."""
    return f"{path}:{line}: {what}, got {got!r}; try {advice}"


def read_rows(path: Path, family: type[Parameters]) -> list[Row]:
    """Read the rows of one catalog file.

    Raises
    ------
    CatalogError
        If the file's form is wrong: columns, units, keys; with every problem.
    """
    text = path.read_text(encoding="utf-8-sig")
    reader = _csv_rows if path.suffix == ".csv" else _yaml_rows
    rows = list(reader(path, text, family))
    if not rows:
        raise CatalogError([problem(path, 1, "no rows", 0, "at least one")])
    return rows


def _csv_rows(path: Path, text: str, family: type[Parameters]) -> Iterator[Row]:
    lines = _csv_lines(path, text)
    _, header = next(lines, (1, []))
    if problems := list(_header_problems(path, header, family)):
        raise CatalogError(problems)
    for line, cells in lines:
        if len(cells) != len(header):
            what, advice = f"row needs {len(header)} cells", "quotes around text with commas"
            raise CatalogError([problem(path, line, what, len(cells), advice)])
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        values = {
            key: _cell(text, family.model_fields[key].annotation)
            for key, text in row.items()
            if key in family.model_fields and text
        }
        about = About(line, row["source"], row["as_of"], row["confidence"])
        yield Row(row["name"], line, values, {"": about}, row["note"], row["default"])


def _csv_lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line it starts on; a quoted cell may run over lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        advice = "closing the quotes"
        raise CatalogError([problem(path, start, "no CSV", str(error), advice)]) from error


def _header_problems(path: Path, header: list[str], family: type[Parameters]) -> Iterator[str]:
    known = (*COLUMNS, *family.model_fields)
    for column in sorted({c for c in header if header.count(c) > 1}):
        yield problem(path, 1, "column stands twice", column, "one of them")
    for column in COLUMNS:
        if column not in header:
            yield problem(path, 1, f"column {column!r} is missing", header, f"adding {column!r}")
    for column in header:
        if column not in known:
            yield problem(path, 1, "unknown column", column, f"one of {', '.join(known)}")
        elif column in family.model_fields:
            yield from _unit_problem(path, 1, family, column)


def _unit_problem(path: Path, line: int, family: type[Parameters], name: str) -> Iterator[str]:
    if is_number(family.model_fields[name].annotation) and unit_of(family, name) is None:
        advice = f"a unit in [ ] at the end of the description in {family.__name__}"
        yield problem(path, line, f"{name} has no unit", None, advice)


def _cell(text: str, annotation: Any) -> object:
    """Return a cell's value: ``a|b`` where a list is due, ``a=1|b=2`` where a mapping is."""
    origin = get_origin(annotation)
    if origin is tuple:
        return tuple(part.strip() for part in text.split("|"))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        parts = [part.partition("=") for part in text.split("|")]
        pairs = {key.strip(): value.strip() for key, _, value in parts}
        # A key that stands twice leaves text, which no mapping is made from.
        return pairs if len(pairs) == len(parts) else text
    if any(isinstance(choice, int) for choice in _choices(annotation)):
        return int(text) if text.isdigit() else text
    return text


def _choices(annotation: Any) -> tuple[object, ...]:
    """Return what a ``Literal`` allows, by itself or where there may be none."""
    parts = get_args(annotation)
    return parts if get_origin(annotation) is Literal else sum(map(_choices, parts), ())


_YES_NO = {"True": "yes", "False": "no"}


class _Marked(dict[str, Any]):
    """A mapping that knows the line of each of its keys."""

    lines: dict[str, int]


class _Loader(yaml.CSafeLoader):
    """Plain YAML, but a key that stands twice is an error and lines are kept."""


def _marked(loader: _Loader, node: yaml.MappingNode) -> _Marked:
    found = _Marked()
    found.lines = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise yaml.constructor.ConstructorError(
                problem=f"key {key!r} stands twice", problem_mark=key_node.start_mark
            )
        found[key] = loader.construct_object(value_node, deep=True)
        found.lines[key] = key_node.start_mark.line + 1
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _marked)


def _yaml_rows(path: Path, text: str, family: type[Parameters]) -> Iterator[Row]:
    try:
        things = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogError([f"{path}:{line}: {error.problem}; try correcting the YAML"]) from error
    if not isinstance(things, _Marked):
        advice = "a mapping from name to figures"
        raise CatalogError([problem(path, 1, "no things here", type(things).__name__, advice)])
    problems: list[str] = []
    rows = [_thing(path, name, things, family, problems) for name in things]
    if problems:
        raise CatalogError(problems)
    yield from rows


def _thing(
    path: Path, name: str, things: _Marked, family: type[Parameters], problems: list[str]
) -> Row:
    line, thing = things.lines[name], things[name]
    if not isinstance(thing, _Marked):
        problems.append(problem(path, line, f"{name} has no figures", thing, "figure: {value: …}"))
        return Row(str(name), line, {}, {}, "", "no")
    figures = {key: value for key, value in thing.items() if key not in ("note", "default")}
    for key, figure in figures.items():
        problems.extend(_figure_problems(path, thing.lines[key], family, key, figure))
    sound = {key: figure for key, figure in figures.items() if isinstance(figure, _Marked)}
    return Row(
        name=str(name),
        line=line,
        values={key: _plain(figure.get("value")) for key, figure in sound.items()},
        about={
            key: About(thing.lines[key], *(str(figure.get(word, "")) for word in ABOUT))
            for key, figure in sound.items()
        },
        note=str(thing.get("note", "")),
        default=_YES_NO.get(str(thing.get("default")), str(thing.get("default"))),
        lines=thing.lines,
    )


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, _Marked) else value


def _figure_problems(
    path: Path, line: int, family: type[Parameters], name: str, figure: object
) -> Iterator[str]:
    words = ("value", "unit", *ABOUT)
    if name not in family.model_fields:
        known = ", ".join(family.model_fields)
        yield problem(path, line, "unknown figure", name, f"one of {known}")
        return
    yield from _unit_problem(path, line, family, name)
    unit = unit_of(family, name)
    if not isinstance(figure, _Marked) or set(figure) != set(words):
        got = sorted(figure) if isinstance(figure, _Marked) else figure
        yield problem(path, line, f"{name} is no figure", got, f"{{{', '.join(words)}}}")
    elif isinstance(figure["value"], bool):
        yield problem(path, line, f"{name} is no number", figure["value"], "a number")
    elif figure["unit"] != unit:
        yield problem(path, line, f"{name} has the wrong unit", figure["unit"], f"in {unit}")
