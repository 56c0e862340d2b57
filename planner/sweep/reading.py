"""From a sweep file to a checked sweep: the same door, places and words as for scenarios."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from planner.errors import Problem, ScenarioError
from planner.scenario import Located
from planner.scenario.assigning import assignments, loc_of
from planner.scenario.base import Loc
from planner.scenario.describing import Guide, of_scenarios, schema_of
from planner.scenario.explaining import explain, nearest
from planner.scenario.extending import Chain, read_chain
from planner.scenario.reading import read_document
from planner.sweep.model import Sweep


@dataclass(frozen=True, slots=True, eq=False)
class SweepFile:
    """A sweep and where it came from.

    Attributes
    ----------
    path
        The file.
    sweep
        What it asks.
    places
        The same with the place of every key and value.
    base
        The scenario that is varied, as its files have it.
    fixed
        Keys and values that are laid over the base at every point: ``set``, then the command line.
    """

    path: Path
    sweep: Sweep
    places: Located
    base: Chain
    fixed: tuple[tuple[Loc, Located], ...]

    def resolved(self) -> dict[str, object]:
        """Return it as plain data without relative paths, with what the command line laid over."""
        data = self.sweep.model_dump(mode="json", by_alias=True, exclude_none=True)
        kept = {".".join(map(str, loc)): value.plain() for loc, value in self.fixed}
        data["base"] = str(self.base.files[0].absolute())
        return data | {"set": kept}


@cache
def of_sweeps() -> Guide:
    """Return the guide to the keys of a sweep file."""
    return Guide(schema_of(Sweep))


def read_sweep(path: Path, sets: Iterable[str] = ()) -> SweepFile:
    """Read a sweep file and its base, and check every key of its axes.

    Parameters
    ----------
    path
        A YAML file.
    sets
        Assignments ``key=value`` that are laid over the base at every point.

    Raises
    ------
    ScenarioError
        With every problem found, each with file, line and column.
    """
    document = read_document(path, str(path))
    root = document.root
    if root is None or document.problems:
        raise ScenarioError(document.problems)
    try:
        sweep = Sweep.model_validate(root.plain())
    except ValidationError as error:
        raise ScenarioError(explain(error, root, of_sweeps())) from error
    pairs, unread = assignments(sets)
    base = read_chain(path.parent / sweep.base)
    problems = [*_bad_keys(root, sweep), *unread, *_moved_twice(root, sweep, pairs)]
    if not (path.parent / sweep.base).is_file():
        hint = "a path from the folder of this file"
        problems.append(root.problem(("base",), "names no file", sweep.base, hint))
    else:
        problems += base.problems
    if problems or base.root is None:
        raise ScenarioError(problems)
    fixed = root.child("set")
    laid = [(loc_of(key), _value(fixed, key)) for key in sweep.set]
    return SweepFile(path, sweep, root, base, (*laid, *pairs))


def _value(fixed: Located | None, key: str) -> Located:
    found = fixed.child(key) if fixed is not None else None
    assert found is not None
    return found


def _keys(sweep: Sweep) -> Iterator[tuple[str, Loc]]:
    """Yield every key of the scenario that a sweep names, and where it names it."""
    for name, axis in sweep.axes.items():
        if axis.key is not None:
            yield axis.key, ("axes", name, "key")
        for position, key in enumerate(axis.keys or ()):
            yield key, ("axes", name, "keys", position)
    for key in sweep.set:
        yield key, ("set", key)
    if sweep.find is not None:
        yield sweep.find.key, ("find", "key")


def _bad_keys(root: Located, sweep: Sweep) -> Iterator[Problem]:
    """Find keys that no scenario has."""
    guide = of_scenarios()
    for key, loc in _keys(sweep):
        parts = loc_of(key)
        at_key = loc[0] == "set"
        known = next((n for n in range(len(parts)) if not guide.has(parts[: n + 1])), None)
        if not all(part.strip() for part in key.split(".")) or parts[0] == "extends":
            yield root.problem(loc, "is no key of a scenario", key, "a.b.c", at_key=at_key)
        elif known is not None:
            before = ".".join(map(str, parts[:known]))
            near = nearest(parts[known], guide.known_keys(parts[:known]))
            try_ = ".".join(filter(None, (before, near))) if " " not in near else near
            what = f"is no key of a scenario, which knows no {parts[known]}"
            yield root.problem(loc, what, key, try_, at_key=at_key)


def _moved_twice(
    root: Located, sweep: Sweep, pairs: Iterable[tuple[Loc, Located]]
) -> Iterator[Problem]:
    """Find keys that two axes move, or that the command line sets and an axis moves."""
    moved: dict[str, str] = {}
    for name, axis in sweep.axes.items():
        for key in axis.all_keys():
            if key in moved:
                what = f"is moved by the axis {moved[key]} too"
                yield root.problem(("axes", name), what, key, "one axis of values for both")
            moved[key] = name
    for loc, value in pairs:
        key = ".".join(map(str, loc))
        if key in moved:
            what = f"is moved by the axis {moved[key]} of the sweep"
            yield Problem(value.place.path, 0, 0, key, what, "", "leaving it out")
