"""``sweep.html``: what a sweep says, on one page that holds all it needs."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from planner.report.answer import Tile
from planner.report.parts import Section
from planner.report.plain import Page, write_page
from planner.report.tables import Table
from planner.report.words import NOTHING, counted, joined, name_of, share
from planner.sweep.analysis.naming import named, named_axis, where
from planner.sweep.analysis.sections import main_figures, sections
from planner.sweep.analysis.studied import OBJECTIVE, Studied, read_studied

NAME = "sweep.html"

MOST_ROWS = 60
"""Points that are shown at once; the others on demand."""


def write_sweep_report(folder: Path) -> Path:
    """Write ``sweep.html`` into the folder of a sweep or batch, from its points.

    Raises
    ------
    RunFolderError
        If there are no points in it.
    """
    return write_page(folder / NAME, sweep_page(read_studied(folder), folder.resolve().name))


def sweep_page(studied: Studied, name: str) -> Page:
    """Return the page of a sweep; ``name`` is its title if it has none of its own."""
    title = studied.sweep.title if studied.sweep is not None and studied.sweep.title else name
    count = len(studied.table)
    return Page(
        title=title,
        kicker=f"Sweep of {counted(count, 'point')}",
        first="The answer",
        lead=tuple(_lead(studied)),
        tiles=tuple(_tiles(studied)),
        sections=(*sections(studied), Section("points", "Points", tables=tuple(_tables(studied)))),
        notes=tuple(_notes(studied)),
    )


def _lead(studied: Studied) -> Iterator[str]:
    planned, failed = studied.planned, studied.failed
    moving = [named_axis(studied, a).name for a in studied.moving]
    if moving:
        yield f"{counted(len(studied.table), 'point')} over {joined(moving)}."
    if planned.empty:
        yield "No point has a plan; the table says why."
        return
    if len(failed):
        counts = Counter(failed["status"])
        said = joined([f"{n} {name_of(str(status)).lower()}" for status, n in counts.items()])
        yield f"{len(planned)} have a plan, {said}."
    for what in main_figures(studied)[:2]:
        yield _range(studied, what.column)


def _range(studied: Studied, column: str) -> str:
    what, known = named(studied, column), studied.planned.dropna(subset=[column])
    low, high = (known.iloc[int(i)] for i in (known[column].argmin(), known[column].argmax()))
    at = [where(studied, {a: row[a] for a in studied.moving}) for row in (low, high)]
    ends = [what.shown(float(row[column])) for row in (low, high)]
    return f"{what.name}: from {ends[0]} ({at[0]}) to {ends[1]} ({at[1]})."


def _tiles(studied: Studied) -> Iterator[Tile]:
    planned = studied.planned
    yield Tile(f"{len(planned)} of {len(studied.table)}", "points have a plan")
    if planned.empty:
        return
    what = named(studied, OBJECTIVE)
    yield Tile(what.shown(float(planned[OBJECTIVE].min())), "least cost of a point")
    yield Tile(what.shown(float(planned[OBJECTIVE].max())), "highest cost of a point")
    if "gap" in planned:
        yield Tile(share(float(planned["gap"].max())), "largest gap")


def _tables(studied: Studied) -> Iterator[Table]:
    if len(studied.failed):
        yield _failed(studied)
    if len(studied.planned):
        yield _points(studied)


def _failed(studied: Studied) -> Table:
    axes = studied.axes
    rows = tuple(
        (str(row["point"]), *(_cell(row[a]) for a in axes), str(row["status"]), str(row["reason"]))
        for _, row in studied.failed.iterrows()
    )
    head = ("Point", *(named_axis(studied, a).name for a in axes), "Status", "Why")
    text = frozenset({len(axes) + 1, len(axes) + 2})
    return Table("failed", "Points without a plan", head, rows[:MOST_ROWS], text, rows[MOST_ROWS:])


def _points(studied: Studied) -> Table:
    axes, shown = studied.axes, main_figures(studied)
    rows = tuple(
        (
            str(row["point"]),
            *(_cell(row[a]) for a in axes),
            *(NOTHING if pd.isna(row[f.column]) else f.number(float(row[f.column])) for f in shown),
            str(row.get("binding", "")).partition(";")[0],
        )
        for _, row in studied.planned.iterrows()
    )
    head = ("Point", *(named_axis(studied, a).name for a in axes), *(f.title for f in shown),
            "Binds first")  # fmt: skip
    text = frozenset({len(head) - 1})
    return Table("all-points", "Points with a plan", head, rows[:MOST_ROWS], text, rows[MOST_ROWS:])


def _cell(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _notes(studied: Studied) -> Iterator[str]:
    yield (
        "Money is real US dollars of the base scenario's base year; costs are in present value "
        "unless a unit says per million tokens or per MWh."
    )
    yield "Every column of every point is in points.parquet and points.csv, and gigaplan export."
    if studied.sweep is None:
        yield (
            "What was asked is not known here (no sweep.yaml that can be read): axes go by their "
            "columns, and analyses that need their keys are left out."
        )
