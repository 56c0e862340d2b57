"""From points to a store: what is done already, who does the rest, and the table at the end."""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import RunExistsError
from planner.plan.folder import manifest, write_json
from planner.scenario.writing import dump_plain
from planner.sweep.columns import TRIED_AGAIN
from planner.sweep.crew import SHARE_OF_MEMORY, Crew, DaskCrew, LocalCrew, memory_mb
from planner.sweep.evaluate import Planner
from planner.sweep.point import Point, Record
from planner.sweep.points import Points
from planner.sweep.reading import SweepFile
from planner.sweep.runner import Evaluate, Watcher, run_points
from planner.sweep.store import (
    POINTS,
    Wanted,
    adopt,
    read_points,
    write_record,
    write_table,
    write_whole,
)

PLANS = "plans"
WORKER_MB = 4096.0
"""What a worker should have at least if nobody says how many to start [MB]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """With what points are planned.

    Attributes
    ----------
    workers
        Processes of this machine; None: as many as it has processors and memory for.
    memory_mb
        Most memory of each; None: an equal share of the machine's [MB].
    scheduler
        Address of a Dask cluster, in place of processes of this machine.
    """

    workers: int | None = None
    memory_mb: float | None = None
    scheduler: str | None = None

    def lanes(self, points: int) -> int:
        """Return how many processes of this machine there are to be."""
        processors = os.cpu_count() or 1
        by_memory = max(1, int(SHARE_OF_MEMORY * memory_mb() / WORKER_MB))
        return min(self.workers or min(processors, by_memory), max(points, 1))

    def threads(self, points: int) -> int:
        """Return the threads of each point; 0: as its scenario says."""
        lanes = self.lanes(points)
        if self.scheduler is None and lanes == 1:
            return 0
        # A worker of a cluster may start no processes of its own.
        return 1 if self.scheduler else max(1, (os.cpu_count() or 1) // lanes)

    def crew(self, points: int) -> Crew:
        """Call the workers together."""
        if self.scheduler is not None:
            return DaskCrew(self.scheduler)
        lanes = self.lanes(points)
        return LocalCrew(lanes, self.memory_mb or SHARE_OF_MEMORY * memory_mb() / lanes)


def silent(_: int) -> AbstractContextManager[Watcher]:
    """Show nothing of points as they end."""
    return nullcontext(lambda _: None)


def sweep_points(
    points: Points,
    folder: Path,
    *,
    means: Means,
    evaluate: Evaluate | None = None,
    keep_plans: bool = False,
    display: Callable[[int], AbstractContextManager[Watcher]] | None = None,
) -> pd.DataFrame:
    """Plan all points that are not in the store yet, and return the table of all.

    Parameters
    ----------
    points
        All of them.
    folder
        The store; made if it is not there, gone on with if it is.
    means
        With what.
    evaluate
        What is done with a point; by default it is planned.
    keep_plans
        Whether run folders are kept.
    display
        Given how many points are planned, gives what is told of each as it ends.

    Raises
    ------
    RunExistsError
        If something that is no sweep is in the way.
    CrewError
        If no workers can be had.
    """
    refuse_if_other(folder)
    done = adopt(folder, [Wanted(p.key, p.number, p.axes) for p in points.points])
    answered = {n for n, record in done.items() if record.status not in TRIED_AGAIN}
    if keep_plans:
        answered &= {n for n in answered if not done[n].has_plan or _plan(folder, n).is_dir()}
    twins: dict[str, list[Point]] = defaultdict(list)
    for each in (points.points[n] for n in points.order if n not in answered):
        twins[each.key].append(each)
    todo = [same[0] for same in twins.values()]
    if todo:
        plan = Planner(folder.absolute() / PLANS if keep_plans else None, means.threads(len(todo)))
        with (display or silent)(len(todo)) as tell:

            def on_record(record: Record) -> None:
                for twin in twins[record.key]:
                    write_record(folder, replace(record, point=twin.number, axes=twin.axes))
                tell(record)

            warm = any(record.has_plan for record in done.values())
            crew = means.crew(len(todo))
            try:
                run_points(todo, evaluate or plan, crew, on_record, first_alone=not warm)
            finally:
                write_table(folder, read_points(folder))
    table = read_points(folder)
    write_table(folder, table)
    return table


def _plan(folder: Path, number: int) -> Path:
    return folder / PLANS / f"{number:04d}"


def refuse_if_other(folder: Path) -> None:
    """Raise `RunExistsError` unless a place is free, empty, or holds a sweep or batch."""
    if folder.exists() and not folder.is_dir():
        raise RunExistsError(folder, is_run=False)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / POINTS).is_dir():
        raise RunExistsError(folder, is_run=False)


def write_about(
    folder: Path, files: Sequence[Path], command: Sequence[str], file: SweepFile | None = None
) -> None:
    """Write what the store is of: the sweep as resolved, and a manifest."""
    inputs = {f"file {position}": path for position, path in enumerate(files)}
    seed = 0 if file is None else file.sweep.seed
    about: dict[str, Any] = manifest(inputs, list(command), seed)
    (folder / POINTS).mkdir(parents=True, exist_ok=True)
    write_json(folder / "manifest.json", about)
    if file is not None:
        write_whole(folder / "sweep.yaml", dump_plain(file.resolved()))
