"""Progress on the terminal: the phase, the time, how close the bounds are, and the last rounds."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from math import isfinite
from typing import TypeAlias

from rich.console import Console, Group
from rich.live import Live
from rich.progress import Progress as Display
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from solvers.decomposition import Round
from solvers.options import Progress

SENTENCES = {
    "sites": "weather and prices of the sites",
    "build": "writing the investment model",
    "hours": "writing the hours of every site",
    "compile": "compiling to arrays",
    "training": "learning how sites operate",
    "relaxation": "solving the continuous relaxation",
    "whole numbers": "finding whole numbers",
    "conflict": "looking for requirements that conflict",
    "audit": "reading back and adding up",
    "write": "writing tables",
    "report": "drawing the report",
}

SHOWN = 12
"""Rounds on the screen at once."""

COLUMNS = {
    "round": 5,
    "phase": 13,
    "bound bn USD": 12,
    "plan bn USD": 12,
    "gap": 8,
    "cuts": 7,
    "master s": 8,
    "sites s": 8,
    "elapsed s": 9,
}
"""Head of each column of the rounds, and how many characters a line on a pipe gives it."""

Tell: TypeAlias = Callable[[str, Progress | Round | None], None]
"""Told the name of a phase as it begins, and how the phase stands as it goes on."""


@contextmanager
def live(console: Console) -> Iterator[Tell]:
    """Give a function that shows phases and progress; on a pipe, a line per phase and round."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    phases = Display(*columns, console=console)
    task = phases.add_task("starting", total=None)
    rounds: deque[Round] = deque(maxlen=SHOWN)
    with Live(phases, console=console, transient=True, refresh_per_second=8) as screen:

        def tell(phase: str, progress: Progress | Round | None) -> None:
            phases.update(task, description=SENTENCES.get(phase, phase) + _state(progress))
            if isinstance(progress, Round):
                rounds.append(progress)
                screen.update(Group(_table(rounds), phases))

        yield tell


def _lines(console: Console) -> Tell:
    said: list[str] = []

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    def tell(phase: str, progress: Progress | Round | None) -> None:
        if isinstance(progress, Round):
            if "rounds" not in said:
                said.append("rounds")
                say(_row(COLUMNS))
            say(_row(_cells(progress)))
        elif progress is None and phase not in said[-1:]:
            said.append(phase)
            say(SENTENCES.get(phase, phase))

    return tell


def _table(rounds: Iterable[Round]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for head in COLUMNS:
        two_lines = head.replace(" ", "\n", 1)
        table.add_column(two_lines, justify="left" if head == "phase" else "right", no_wrap=True)
    for each in rounds:
        table.add_row(*_cells(each))
    return table


def _row(cells: Iterable[str]) -> str:
    padded = [
        cell.ljust(width) if head == "phase" else cell.rjust(width)
        for cell, (head, width) in zip(cells, COLUMNS.items(), strict=True)
    ]
    return "  ".join(padded).rstrip()


def _cells(each: Round) -> tuple[str, ...]:
    return (
        f"{each.iteration}",
        each.phase,
        _billion(each.bound),
        _billion(each.objective),
        f"{each.gap:.2%}" if isfinite(each.gap) else "-",
        f"{each.cuts:,}",
        f"{each.master_s:,.1f}",
        f"{each.operation_s:,.1f}",
        f"{each.seconds:,.0f}",
    )


def _billion(kusd: float) -> str:
    return f"{kusd / 1e6:,.3f}" if isfinite(kusd) else "-"


def _state(progress: Progress | Round | None) -> str:
    if progress is None:
        return ""
    if isinstance(progress, Round):  # the rest stands in the table
        gap = f", gap {progress.gap:.2%}" if isfinite(progress.gap) else ""
        return f": round {progress.iteration:,}{gap}"
    if isfinite(progress.objective) and isfinite(progress.bound):
        best, bound = _billion(progress.objective), _billion(progress.bound)
        return f": {best} against {bound} billion USD, gap {progress.gap:.2%}"
    return f": {progress.iterations:,} iterations" if progress.iterations else ""
