"""From a file to a scenario: read, extend, assign, check; every problem at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from planner.errors import Problem, ScenarioError
from planner.scenario.assigning import assign
from planner.scenario.base import Loc
from planner.scenario.explaining import explain
from planner.scenario.extending import Chain, read_chain
from planner.scenario.names import Known, check_names
from planner.scenario.places import Located, Plain, put
from planner.scenario.scenario import Scenario
from planner.scenario.yearly import lay

FOLDER: Loc = ("solver", "cone_store")
"""The one key that names a folder, which is made if it is not there."""

MAPS_OF_FILES: tuple[Loc, ...] = (
    ("sites", "weather", "files"),
    ("sites", "layers"),
    ("grid", "price_files"),
)
"""Keys that hold names of things, each with a file."""

LIST_WITH_FILES: Loc = ("serving", "curves")
"""The one key that holds a list whose every item has a ``file``."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario and where it came from.

    Attributes
    ----------
    scenario
        What is asked.
    resolved
        The same as plain data, as the files and assignments say it: without defaults, with paths
        from the root of the file system.
    places
        The same with the place of every key and value.
    files
        Every scenario file read, the extending before the extended.
    """

    scenario: Scenario
    resolved: dict[str | int, Plain]
    places: Located
    files: tuple[Path, ...]


def load(
    path: Path | str | Chain,
    sets: Iterable[str] = (),
    known: Known | None = None,
    laid: Iterable[tuple[Loc, Located]] = (),
) -> Loaded:
    """Read and check a scenario.

    Parameters
    ----------
    path
        A YAML file, or one that was read before.
    sets
        Assignments ``key=value`` that are laid over it.
    known
        The names that exist; None: names are not checked (see `check_names`).
    laid
        Keys and values that are laid over all that, in order, as the points of a sweep are.

    Raises
    ------
    ScenarioError
        With every problem found, each with file, line and column.
    """
    chain = path if isinstance(path, Chain) else read_chain(Path(path))
    if chain.root is None:
        raise ScenarioError(chain.problems)
    root, unassigned = assign(chain.root, sets)
    for loc, value in laid:
        root = lay(root, loc, value)
    root, no_files = _with_paths(root)
    scenario, invalid = _validated(root)
    sound = scenario or _sound(root)
    unknown = check_names(sound, root, known) if sound is not None and known else ()
    misread = (*chain.problems, *unassigned)
    problems = (*misread, *_not_at(misread, (*invalid, *no_files, *unknown)))
    resolved = root.plain()
    if problems or scenario is None or not isinstance(resolved, dict):
        raise ScenarioError(_in_order(problems, chain.files))
    return Loaded(scenario, resolved, root, chain.files)


def _validated(root: Located) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """Return the scenario if it is valid, and all that is wrong with it."""
    try:
        return Scenario.model_validate(root.plain()), ()
    except ValidationError as error:
        return None, (*explain(error, root), *_between_sound_sections(error, root))


def _between_sound_sections(error: ValidationError, root: Located) -> tuple[Problem, ...]:
    """Find what contradicts each other among the sections that are each without error."""
    unsound = {item["loc"][0] for item in error.errors() if item["loc"]}
    data = root.plain()
    if not unsound or "horizon" in unsound or not isinstance(data, dict):
        return ()
    sound = {key: value for key, value in data.items() if key not in unsound}
    try:
        Scenario.model_validate({"title": "the sound sections"} | sound)
    except ValidationError as found:
        return explain(found, root)
    return ()


def _sound(root: Located) -> Scenario | None:
    """Return a scenario of the sections that are each without error, if there is one."""
    data = root.plain()
    if not isinstance(data, dict):
        return None
    try:
        Scenario.model_validate(data)
    except ValidationError as error:
        unsound = {item["loc"][0] for item in error.errors() if item["loc"]}
        kept = {key: value for key, value in data.items() if key not in unsound}
        try:
            return Scenario.model_validate({"title": "the sound sections"} | kept)
        except ValidationError:
            return None
    return None


def _with_paths(root: Located) -> tuple[Located, tuple[Problem, ...]]:
    """Make the paths of files absolute, each from the folder of the file that names it."""
    problems = []
    for loc in (*_locs_of_files(root), FOLDER):
        named = root.get(loc)
        if named is None or not isinstance(named.value, str) or not named.value:
            continue
        path = (named.place.folder / named.value).absolute()
        if what := _not_a_folder(path) if loc == FOLDER else _not_a_file(path):
            hint = f"a path from {named.place.folder.absolute()}"
            problems.append(root.problem(loc, what, str(path), hint))
        root = put(root, loc, replace(named, value=str(path)))
    return root, tuple(problems)


def _not_a_file(path: Path) -> str:
    return "" if path.is_file() else "names no file"


def _not_a_folder(path: Path) -> str:
    """Say if a folder neither is there nor could be made, for a file is in the way."""
    there = next((p for p in (path, *path.parents) if p.exists()), path)
    return "" if there.is_dir() else "names a file where a folder has to be"


def _locs_of_files(root: Located) -> Iterator[Loc]:
    yield ("sites", "file")
    for of_files in MAPS_OF_FILES:
        files = root.get(of_files)
        if files is not None and isinstance(files.value, Mapping):
            yield from (loc for name in files.value for loc in _each(root, (*of_files, name)))
    listed = root.get(LIST_WITH_FILES)
    if listed is not None and isinstance(listed.value, tuple):
        yield from ((*LIST_WITH_FILES, position, "file") for position in range(len(listed.value)))


def _each(root: Located, loc: Loc) -> Iterator[Loc]:
    """Yield the places of the files of a key: its own, or those of its list."""
    named = root.get(loc)
    if named is not None and isinstance(named.value, tuple):
        yield from ((*loc, position) for position in range(len(named.value)))
    else:
        yield loc


def _in_order(problems: Iterable[Problem], files: tuple[Path, ...]) -> list[Problem]:
    """Sort by file, line and column, each problem once; the command line comes last."""
    order = {str(file): position for position, file in enumerate(files)}
    once = dict.fromkeys(problems)
    return sorted(once, key=lambda p: (order.get(p.path, len(order)), p.line, p.column))


def _not_at(misread: Iterable[Problem], problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out problems with values that were misread in the first place."""
    places = {(p.path, p.line, p.column, p.key) for p in misread}
    return (p for p in problems if (p.path, p.line, p.column, p.key) not in places)
