"""The points of a sweep or batch: each a checked scenario with a hash of all that it asks."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.errors import Problem, ScenarioError
from planner.known import read_scenario
from planner.plan.folder import digest
from planner.run import input_files
from planner.scenario import Located, Scenario
from planner.scenario.assigning import loc_of
from planner.scenario.base import Loc
from planner.scenario.places import Place
from planner.sweep.designs import Level, coordinates, label_of, levels_of, path
from planner.sweep.point import Cell, Point
from planner.sweep.reading import SweepFile
from planner.version import installed

WITHOUT_EFFECT = ("cone_store", "cone_store_mb", "threads", "cold")
"""Keys of ``solver`` that say how fast an answer comes, not which."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """All points, and the order in which to plan them.

    Attributes
    ----------
    points
        By number.
    order
        Numbers, such that neighbours follow each other.
    """

    points: tuple[Point, ...]
    order: tuple[int, ...]


def points_of(file: SweepFile) -> Points:
    """Return the points of a sweep, each checked against all that is known.

    Raises
    ------
    ScenarioError
        With every problem of every point, each once.
    """
    levels = levels_of(file.sweep)
    digests: dict[Path, str] = {}
    points: list[Point] = []
    problems: list[Problem] = []
    for number, at in enumerate(levels):
        try:
            loaded = read_scenario(file.base, (), (*file.fixed, *laid(file, at)))
        except ScenarioError as error:
            problems += error.problems
            continue
        axes = {name: cell(label_of(file.sweep.axes[name], at[name])) for name in at}
        values = {name: value for name, (value, _) in at.items()}
        key = key_of(loaded.scenario, digests)
        points.append(Point(number, key, axes, values, loaded))
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return Points(tuple(points), tuple(path(coordinates(levels))))


def points_of_batch(files: Sequence[Path], sets: Iterable[str]) -> Points:
    """Return a point for each scenario file; its axis ``scenario`` is the file's name.

    Raises
    ------
    ScenarioError
        With every problem of every scenario.
    """
    sets = tuple(sets)
    names = _names(files)
    points: list[Point] = []
    problems: list[Problem] = []
    digests: dict[Path, str] = {}
    for number, file in enumerate(files):
        try:
            loaded = read_scenario(file, sets)
        except ScenarioError as error:
            problems += error.problems
            continue
        axes = {"scenario": names[number]}
        points.append(Point(number, key_of(loaded.scenario, digests), axes, axes, loaded))
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return Points(tuple(points), tuple(range(len(points))))


def laid(file: SweepFile, at: Mapping[str, Level]) -> list[tuple[Loc, Located]]:
    """Return the keys and values that a point lays over the base, placed in the sweep's file."""
    found = []
    for name, (value, position) in at.items():
        axis, place = file.sweep.axes[name], file.places.get(("axes", name))
        assert place is not None
        item = _item(place, position)
        for i, (key, each) in enumerate(axis.at_keys(value).items()):
            inner = item.child(i) if item is not None and len(axis.all_keys()) > 1 else None
            stands = inner or item
            at_place = stands.place if stands is not None else _how(place).place
            found.append((loc_of(key), located(each, at_place)))
    return found


def key_of(scenario: Scenario, digests: dict[Path, str]) -> str:
    """Return the hash of all that a plan of a scenario depends on.

    The scenario with its defaults, without its title and what does not change the answer; the
    files it reads; the version of the program.

    Parameters
    ----------
    scenario
        A scenario whose paths are absolute.
    digests
        Of files that were read before; more are added.
    """
    bare = scenario.model_dump(mode="json") | {"title": ""}
    bare["solver"] = {k: v for k, v in bare["solver"].items() if k not in WITHOUT_EFFECT}
    files = input_files(scenario)
    for file in files.values():
        if file not in digests:
            digests[file] = digest(file)
    asked = [installed(), bare, {name: digests[file] for name, file in files.items()}]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:32]


def cell(value: Any) -> Cell:
    """Return a value as a table shows it: numbers and texts as they are, all else as JSON."""
    return value if isinstance(value, int | float | str) else json.dumps(value, ensure_ascii=False)


def located(value: Any, place: Place) -> Located:
    """Give plain data a place, the same for all of it."""
    if isinstance(value, Mapping):
        value = {key: located(item, place) for key, item in value.items()}
    elif isinstance(value, list | tuple):
        value = tuple(located(item, place) for item in value)
    return Located(value, place, place)


def _item(axis: Located, position: int | None) -> Located | None:
    """Return where a value of an axis stands, if it stands there one by one."""
    values = axis.child("values")
    return None if values is None or position is None else values.child(position)


def _how(axis: Located) -> Located:
    return axis.child("range") or axis.child("distribution") or axis


def _names(files: Sequence[Path]) -> list[str]:
    """Return a name for each file: its stem, with its folder where two have the same."""
    stems = [file.stem for file in files]
    return [
        stem if stems.count(stem) == 1 else str(file.with_suffix(""))
        for stem, file in zip(stems, files, strict=True)
    ]
