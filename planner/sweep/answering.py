"""What a sweep file asks beyond its points: a break-even, a front, alternatives."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from planner.alternatives.command import write_alternatives
from planner.known import read_scenario
from planner.scenario.assigning import loc_of
from planner.scenario.places import Place
from planner.sweep.analysis.finding import BreakEven, find_break_even
from planner.sweep.analysis.front import epsilon_constraint, front, limited
from planner.sweep.analysis.studied import period_facts
from planner.sweep.evaluate import Planner
from planner.sweep.point import Point
from planner.sweep.points import key_of, located
from planner.sweep.reading import SweepFile
from planner.sweep.store import Record, read_records, table_of, write_record, write_whole

FIND, PARETO, ALTERNATIVES = "find", "pareto", "alternatives"
"""Folders in that of the sweep, each with records of its own."""

COMMAND = ("gigaplan", "sweep")


class OneKey:
    """Plans the base with one key moved; what was planned before is not planned again.

    Parameters
    ----------
    file
        The sweep: its base, with what it lays over it at every point.
    folder
        Of the records.
    key
        That is moved.
    known
        Folders of further records that may serve.
    plan
        What is done with a point.
    """

    def __init__(
        self,
        file: SweepFile,
        folder: Path,
        key: str,
        known: tuple[Path, ...] = (),
        plan: Callable[[Point], Record] | None = None,
    ) -> None:
        self._file, self._folder, self._key = file, folder, key
        self._plan = plan or Planner()
        self._own = {record.key: record for record in read_records(folder)}
        self._known = {r.key: r for other in known for r in read_records(other)} | self._own
        self._digests: dict[Path, str] = {}

    def __call__(self, value: float | None) -> Mapping[str, Any]:
        """Return the row of the point with a value at the key; None leaves the base as it is."""
        place = Place(str(self._file.path), 0, 0)
        moved = () if value is None else ((loc_of(self._key), located(value, place)),)
        loaded = read_scenario(self._file.base, (), (*self._file.fixed, *moved))
        key = key_of(loaded.scenario, self._digests)
        axes = {self._key: value}
        record = self._known.get(key)
        if record is None:
            record = self._plan(Point(len(self._own), key, axes, axes, loaded))
        if key not in self._own:
            record = Record(
                len(self._own), key, axes, record.status, record.reason, record.figures,
                record.varying,
            )  # fmt: skip
            write_record(self._folder, record)
        self._own[key] = self._known[key] = record
        return record.row()

    def table(self) -> pd.DataFrame:
        """Return every point so far."""
        return table_of(self._own.values())


def answer(file: SweepFile, folder: Path, say: Callable[[str], None]) -> None:
    """Do what a sweep file asks beyond its points, and write it into the sweep's folder.

    ``find/`` and ``pareto/`` hold records as a sweep does; ``find.json`` the break-even,
    ``pareto.csv`` the front; ``alternatives/`` run folders. Each goes on where it ended.

    Raises
    ------
    PlannerError
        If one of them has no answer.
    """
    sweep = file.sweep
    if sweep.find is not None:
        say(str(find(file, folder)))
    if sweep.pareto is not None:
        found = pareto(file, folder)
        say(f"front: {len(found)} points in {folder / 'pareto.csv'}")
    if sweep.alternatives is not None and not (folder / ALTERNATIVES / "best").is_dir():
        loaded = read_scenario(file.base, (), file.fixed)
        asked = sweep.alternatives
        write_alternatives(
            loaded, folder / ALTERNATIVES, asked.slack, asked.n, command=COMMAND, say=say
        )


def find(file: SweepFile, folder: Path, plan: Callable[[Point], Record] | None = None) -> BreakEven:
    """Look for the break-even of a sweep, and write it to ``find.json``."""
    asked = file.sweep.find
    assert asked is not None
    evaluate = OneKey(file, folder / FIND, asked.key, (folder,), plan)
    found = find_break_even(asked, evaluate)
    text = json.dumps(found.as_data(), indent=2, ensure_ascii=False)
    write_whole(folder / "find.json", text + "\n")
    return found


def pareto(
    file: SweepFile, folder: Path, plan: Callable[[Point], Record] | None = None
) -> pd.DataFrame:
    """Trace the front of a sweep, and write it to ``pareto.csv``; return its points."""
    asked = file.sweep.pareto
    assert asked is not None
    base = read_scenario(file.base, (), file.fixed).scenario
    how = limited(asked.figure, period_facts(base))
    evaluate = OneKey(file, folder / PARETO, how.key, (folder,), plan)
    epsilon_constraint(evaluate, how, asked.n)
    found = front(evaluate.table(), asked.figure)
    found.to_csv(folder / "pareto.csv", index=False, lineterminator="\n")
    return found
