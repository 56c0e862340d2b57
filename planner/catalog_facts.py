"""The catalog as rows of text, for the command line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic.fields import FieldInfo

from components.catalog.loader import Entry, families, load_family
from planner.errors import Problem, ScenarioError

WIDE = 160
"""Columns of a terminal from which more figures fit."""

FIGURES_NARROW, FIGURES_WIDE = 6, 9
"""Figures in the table of a family."""

FIRST = (
    "technology",
    "vendor",
    "unit_mw",
    "heat_rate_mmbtu_per_mwh",
    "capex_usd_per_kw",
    "lead_months",
    "slots_mw_per_year",
)
"""Figures that are shown first where a family has them; the others come in their own order."""

SAID_BY_NAME = ("product",)
"""What the name of an entry says already."""


BETWEEN_SOURCES = re.compile(r"; (?![^()]*\))")
"""What parts the sources of an entry: semicolons, but not those in parentheses."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows of text to print.

    Attributes
    ----------
    title
        What they are of.
    columns, rows
        Heads and cells.
    sources
        Lines to stand below, each with its number, which the rows name in their last column.
    """

    title: str
    columns: tuple[str, ...]
    rows: list[list[str]]
    sources: tuple[str, ...] = ()


def catalog_rows(family: str | None, name: str | None, width: int = WIDE) -> Facts:
    """Return what was asked for.

    Parameters
    ----------
    family
        None for the list of families.
    name
        None for the products of the family.
    width
        Columns of the terminal.

    Raises
    ------
    ScenarioError
        If there is no such family or product.
    """
    if family is None:
        rows = [[f, str(len(load_family(f))), ", ".join(load_family(f))] for f in families()]
        return Facts("families of the catalog", ("family", "entries", "names"), rows)
    if family not in families():
        raise _no_such(kind="family", got=family, known=families())
    entries = load_family(family)
    if name is None:
        return _family(family, list(entries.values()), width)
    if name not in entries:
        raise _no_such(family, name, tuple(entries))
    return _product(entries[name])


def _no_such(kind: str, got: str, known: tuple[str, ...]) -> ScenarioError:
    what = f"the catalog has no such {kind}"
    return ScenarioError([Problem("catalog", 0, 0, got, what, "", ", ".join(known))])


def _family(family: str, entries: list[Entry], width: int) -> Facts:
    figures = _figures(entries)[: FIGURES_WIDE if width >= WIDE else FIGURES_NARROW]
    numbers: dict[str, int] = {}
    days = {entry.as_of.isoformat() for entry in entries}
    same_day = len(days) == 1
    rows = [
        [
            entry.name,
            *(_text(getattr(entry.parameters, figure)) for figure in figures),
            "yes" if entry.default else "no",
            entry.confidence,
            *([] if same_day else [entry.as_of.isoformat()]),
            " ".join(str(numbers.setdefault(s, len(numbers) + 1)) for s in _sources(entry)),
        ]
        for entry in entries
    ]
    held = f" as of {min(days)}" if same_day else ""
    title = f"{family}: {len(rows)} entries{held}; all of one: gigaplan catalog {family} NAME"
    columns = (
        "name",
        *figures,
        "default",
        "confidence",
        *([] if same_day else ["as of"]),
        "source",
    )
    return Facts(title, columns, rows, tuple(f"{n}. {text}" for text, n in numbers.items()))


def _figures(entries: list[Entry]) -> list[str]:
    """Return the figures in which entries differ from the family's defaults, foremost first."""
    found = [
        name
        for name, field in type(entries[0].parameters).model_fields.items()
        if name not in SAID_BY_NAME
        and any(getattr(e.parameters, name) != _default(field) for e in entries)
    ]
    return sorted(found, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))


def _default(field: FieldInfo) -> object:
    return field.get_default(call_default_factory=True, validated_data={})


def _sources(entry: Entry) -> list[str]:
    """Return the sources of an entry one by one, so that each is told once for all entries."""
    fields = type(entry.parameters).model_fields
    parts = BETWEEN_SOURCES.split(entry.source)
    heads = [part.partition(": ") for part in parts]
    said = [
        rest if head in fields else part for part, (head, _, rest) in zip(parts, heads, strict=True)
    ]
    return list(dict.fromkeys(said))


def _product(entry: Entry) -> Facts:
    rows = [
        [name, _text(getattr(entry.parameters, name)), field.description or ""]
        for name, field in type(entry.parameters).model_fields.items()
    ]
    rows += [
        ["source", entry.source, ""],
        ["as of", entry.as_of.isoformat(), ""],
        ["confidence", entry.confidence, "H, M or L"],
        ["note", entry.note, ""],
    ]
    return Facts(f"{entry.family}: {entry.name}", ("figure", "value", "meaning"), rows)


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_text(each)}" for key, each in value.items()) or "-"
    return "-" if value is None else str(value)
