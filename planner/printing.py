"""What the command line prints: tables that fit the terminal, and the summary of a run."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import HEAVY_HEAD, SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from planner.perf_command import Reply

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

NARROW = 160
"""Columns of a terminal below which tables do without rules, and with heads of short lines."""

HEAD_LETTERS, HEAD_LETTERS_NARROW = 16, 7
"""Letters on a line of a head."""

WORD_LETTERS = 24
"""Longest cell that is kept on one line where its column is of single words."""


def say(line: str) -> None:
    """Print a line as it is."""
    out.print(line, markup=False, soft_wrap=True)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that is as wide as the terminal at most; no cell is cut."""
    columns_free = width()
    narrow = columns_free < NARROW
    table = Table(
        title=title,
        title_justify="left",
        box=SIMPLE_HEAD if narrow else HEAVY_HEAD,
        padding=(0, 0) if narrow else (0, 1),
    )
    letters = HEAD_LETTERS_NARROW if narrow else HEAD_LETTERS
    for position, column in enumerate(columns):
        cells = [row[position] for row in rows]
        words = all(" " not in cell and len(cell) <= WORD_LETTERS for cell in cells)
        fold = (words or "_" in column) and "\n" not in column
        head = folded(column, letters) if fold else column
        table.add_column(head, no_wrap=position == 0 or words, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, width=columns_free).print(table, markup=False)


def print_rows(title: str, rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print rows that have the same columns: a table, or JSON."""
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))  # noqa: T201 - for pipes
        return
    columns = tuple(rows[0])
    print_table(title, columns, [[str(row[c]) for c in columns] for row in rows])


def print_reply(reply: "Reply", *, as_json: bool) -> None:
    """Print what ``gigaplan perf`` answers: a table and lines below it, or JSON."""
    if as_json:
        print(reply.json)  # noqa: T201 - for pipes
        return
    say(reply.title)
    print_table("", reply.columns, reply.rows)
    for line in reply.lines:
        say(line)


def folded(name: str, letters: int) -> str:
    """Break a name into lines of so many letters, after underscores where it has some."""
    lines = [""]
    for word in re.split(r"(?<=_)", name):
        for part in (word[k : k + letters] for k in range(0, len(word), letters)):
            if lines[-1] and len(lines[-1] + part) > letters:
                lines.append("")
            lines[-1] += part
    return "\n".join(lines)


def width() -> int:
    """Return the columns of the terminal; a pipe has none of its own, a terminal keeps its."""
    columns = shutil.get_terminal_size().columns
    return out.width if out.is_terminal else max(columns, 200)


def shown(value: object) -> str:
    """Write a value in a cell."""
    if value is None:
        return "-"
    return f"{value:,.4g}" if isinstance(value, float) and abs(value) < 1e4 else str(value)


def print_run(folder: Path, summary: dict[str, Any], *, report: bool) -> None:
    """Print what a run found, and where it stands."""
    if "robust" in summary:
        from planner.robust.printing import print_robust

        print_robust(folder, summary, report=report)
        return
    print_summary(summary)
    say(f"run folder: {folder}")
    if report:
        say(f"report: {folder / 'report.html'}")


def print_summary(summary: dict[str, Any]) -> None:
    """Print what a run found, period by period."""
    gap = summary["gap"]
    out.print(
        f"{summary['status']}: {summary['objective_usd'] / 1e9:,.3f} billion USD, "
        f"within {gap:.2%} of the best possible",
        markup=False,
    )
    table = Table("period", "IT MW", "unmet", "USD/Mtok", "USD/MWh", "grid share", "limit")
    for period, mw in summary["it_mw"].items():
        table.add_row(
            period,
            f"{mw:,.0f}",
            _share(summary["unmet_share"][period]),
            _money(summary["usd_per_mtok"]["all"][period]),
            _money(summary["usd_per_mwh"][period]),
            _share(summary["grid_share"][period]),
            _share(summary["grid_share_limit"][period]),
        )
    out.print(table)
    for sentence in summary["approximations"]:
        say(f"note: {sentence}")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2%}"


def _money(value: float | None) -> str:
    return "-" if value is None else f"{value:,.2f}"
