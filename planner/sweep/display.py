"""What a terminal shows of a sweep as it goes on: how many points are done, how, and time left."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from planner.sweep.point import Record
from planner.sweep.runner import Watcher

LONGEST = 90
"""Characters of a reason on the screen; the store has all of it."""


@contextmanager
def points_live(console: Console, total: int) -> Iterator[Watcher]:
    """Give a function that shows each point as it ends; on a pipe, a line for each.

    Parameters
    ----------
    console
        Where to.
    total
        Points that are to be planned.
    """
    pace = Pace(total)
    if not console.is_terminal:

        def say(record: Record) -> None:
            pace.count(record)
            line = f"{pace.done} of {total}: {line_of(record)}; {pace.left()}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)

        yield say
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("points", total=total, left="")

        def show(record: Record) -> None:
            pace.count(record)
            progress.console.print(line_of(record), markup=False, highlight=False)
            progress.update(task, advance=1, description=pace.said(), left=pace.left())

        yield show


class Pace:
    """How many points are done, how they ended, and how long the rest will take.

    Parameters
    ----------
    total
        Points that are to be planned.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.ended: Counter[str] = Counter()
        self._began = perf_counter()

    @property
    def done(self) -> int:
        """Points that have ended."""
        return self.ended.total()

    def count(self, record: Record) -> None:
        """Count a point that has ended."""
        self.ended[record.status] += 1

    def said(self) -> str:
        """Say how points ended, such as ``11 solved, 1 infeasible``."""
        return ", ".join(f"{count} {status}" for status, count in self.ended.most_common())

    def left(self) -> str:
        """Say how long the rest will take if it goes on like this."""
        seconds = (perf_counter() - self._began) / max(self.done, 1) * (self.total - self.done)
        if seconds < 90:
            return f"{seconds:.0f} s left"
        return f"{seconds / 60:.0f} min left" if seconds < 5400 else f"{seconds / 3600:.1f} h left"


def line_of(record: Record) -> str:
    """Say on a line where a point stands and how it ended."""
    at = ", ".join(f"{name} {value}" for name, value in record.axes.items())
    seconds = record.varying.get("seconds")
    took = f" in {seconds:,.1f} s" if isinstance(seconds, int | float) else ""
    usd = record.figures.get("objective_usd")
    cost = f", {usd / 1e9:,.3f} billion USD" if isinstance(usd, int | float) else ""
    lines = record.reason.strip().splitlines()
    reason = f": {' '.join(line.strip() for line in lines)}" if lines else ""
    short = reason if len(reason) <= LONGEST else f"{reason[:LONGEST]}..."
    return f"point {record.point} ({at}): {record.status}{took}{cost}{short}"
