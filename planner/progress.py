"""A progress line on the terminal: the phase, the time, and how close the bounds are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite

from rich.console import Console
from rich.progress import Progress as Display
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from solvers.options import Progress

SENTENCES = {
    "sites": "weather and prices of the sites",
    "build": "writing the investment model",
    "hours": "writing the hours of every site",
    "compile": "compiling to arrays",
    "relaxation": "solving the continuous relaxation",
    "whole numbers": "finding whole numbers",
    "conflict": "looking for requirements that conflict",
    "audit": "reading back and adding up",
    "write": "writing tables",
    "report": "drawing the report",
}


@contextmanager
def live(console: Console) -> Iterator[Callable[[str, Progress | None], None]]:
    """Give a function that shows phases and progress; on a pipe, one line per phase."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Display(*columns, console=console, transient=True) as display:
        task = display.add_task("starting", total=None)

        def tell(phase: str, progress: Progress | None) -> None:
            display.update(task, description=SENTENCES.get(phase, phase) + _state(progress))

        yield tell


def _lines(console: Console) -> Callable[[str, Progress | None], None]:
    seen: list[str] = []

    def tell(phase: str, progress: Progress | None) -> None:
        if progress is None and phase not in seen[-1:]:
            seen.append(phase)
            console.print(SENTENCES.get(phase, phase), markup=False)

    return tell


def _state(progress: Progress | None) -> str:
    if progress is None:
        return ""
    if isfinite(progress.objective) and isfinite(progress.bound):
        best, bound = progress.objective / 1e6, progress.bound / 1e6
        return f": {best:,.3f} against {bound:,.3f} billion USD, gap {progress.gap:.2%}"
    return f": {progress.iterations:,} iterations" if progress.iterations else ""
