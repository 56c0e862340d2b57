"""The catalog as rows of text, for the command line."""

from typing import TypeAlias

from components.catalog.loader import Entry, families, load_family
from planner.errors import Problem, ScenarioError

MOST_FIGURES = 6
"""Figures in the table of a family: more do not fit a terminal."""

Rows: TypeAlias = tuple[str, tuple[str, ...], list[list[str]]]


def catalog_rows(family: str | None, name: str | None) -> Rows:
    """Return title, columns and rows of what was asked for.

    Parameters
    ----------
    family
        None for the list of families.
    name
        None for the products of the family.

    Raises
    ------
    ScenarioError
        If there is no such family or product.
    """
    if family is None:
        rows = [[f, str(len(load_family(f))), ", ".join(load_family(f))] for f in families()]
        return "families of the catalog", ("family", "entries", "names"), rows
    if family not in families():
        raise _no_such(kind="family", got=family, known=families())
    entries = load_family(family)
    if name is None:
        return _family(family, list(entries.values()))
    if name not in entries:
        raise _no_such(family, name, tuple(entries))
    return _product(entries[name])


def _no_such(kind: str, got: str, known: tuple[str, ...]) -> ScenarioError:
    what = f"the catalog has no such {kind}"
    return ScenarioError([Problem("catalog", 0, 0, got, what, "", ", ".join(known))])


def _family(family: str, entries: list[Entry]) -> Rows:
    figures = [
        name
        for name, field in type(entries[0].parameters).model_fields.items()
        if any(getattr(e.parameters, name) != field.default for e in entries)
    ][:MOST_FIGURES]
    columns = ("name", *figures, "default", "confidence", "as of", "source")
    rows = [
        [
            entry.name,
            *(_text(getattr(entry.parameters, figure)) for figure in figures),
            "yes" if entry.default else "no",
            entry.confidence,
            entry.as_of.isoformat(),
            entry.source,
        ]
        for entry in entries
    ]
    title = f"{family}: {len(rows)} entries; all figures of one: gigaplan catalog {family} NAME"
    return title, columns, rows


def _product(entry: Entry) -> Rows:
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
    return f"{entry.family}: {entry.name}", ("figure", "value", "meaning"), rows


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "-" if value is None else str(value)
