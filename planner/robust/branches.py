"""The scenarios of a file, each read and checked like a file of its own; and their mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from planner.errors import Problem, ScenarioError
from planner.known import read_scenario
from planner.scenario import ByYear, Loaded, Located
from planner.scenario.assigning import loc_of
from planner.scenario.base import Loc
from planner.scenario.describing import of_scenarios
from planner.scenario.extending import Chain
from planner.scenario.places import put, without
from planner.scenario.scenario import Scenario

LONGEST_TITLE = 200

Value = float | dict[int, float]
"""What can be averaged: a number, or numbers by year."""


def branches_of(loaded: Loaded) -> dict[str, Loaded]:
    """Return every scenario of a file by name, checked against all that is known.

    Raises
    ------
    ScenarioError
        With every problem of every scenario, where it stands in the file.
    """
    found: dict[str, Loaded] = {}
    problems: list[Problem] = []
    for name in loaded.scenario.scenarios:
        try:
            found[name] = read_scenario(_alone(loaded), laid=_laid(loaded, name))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return found


def _alone(loaded: Loaded) -> Chain:
    """Return the file without its scenarios."""
    root = without(without(loaded.places, "scenarios"), "shared_until")
    return Chain(root, loaded.files, ())


def _laid(loaded: Loaded, name: str) -> Iterator[tuple[Loc, Located]]:
    """Yield what a scenario lays over the file, and its title."""
    branch = loaded.places.get(("scenarios", name))
    assert branch is not None
    title = f"{loaded.scenario.title}: {name}"[:LONGEST_TITLE]
    yield ("title",), Located(title, branch.place, branch.key_place)
    sets = branch.child("set")
    if sets is not None and isinstance(sets.value, Mapping):
        for key, value in sets.value.items():
            yield loc_of(str(key)), value


@dataclass(frozen=True, slots=True, eq=False)
class Mean:
    """The scenario that somebody would plan for who knows of only one.

    Attributes
    ----------
    loaded
        The scenario.
    sentence
        What it is.
    """

    loaded: Loaded
    sentence: str


def mean_of(loaded: Loaded, branches: Mapping[str, Loaded]) -> Mean:
    """Return the scenario of the weighted means, or the likeliest where there are none.

    Means are taken if every figure that differs is a number, or numbers by year, in every
    scenario; else the likeliest scenario, the first of equals, stands for all.
    """
    weights = {name: b.weight for name, b in loaded.scenario.scenarios.items()}
    likeliest = max(weights, key=lambda name: weights[name])
    try:
        root = branches[likeliest].places
        place = root.place
        for loc in _differing(loaded):
            value = _mean(loc, branches, weights)
            if value is not None:
                root = put(root, loc, _located(value, Located(0, place, place)))
        found = read_scenario(Chain(root, loaded.files, ()))
    except (NoMeanError, ScenarioError) as error:
        why = str(error).partition("\n")[0]
        sentence = f"the likeliest scenario, {likeliest}, as no mean can be planned for: {why}"
        return Mean(branches[likeliest], sentence)
    return Mean(found, "the scenario in which every figure that differs is its weighted mean")


class NoMeanError(Exception):
    """A figure that differs is no number in some scenario."""

    def __init__(self, loc: Loc) -> None:
        self.loc = loc
        super().__init__(loc)

    def __str__(self) -> str:
        """Name the figure."""
        return f"{'.'.join(map(str, self.loc))} is not a number in every scenario"


def _differing(loaded: Loaded) -> list[Loc]:
    """Return the figures that some scenario sets; of a year of a figure, the whole figure."""
    keys = [loc_of(key) for branch in loaded.scenario.scenarios.values() for key in branch.set]
    guide = of_scenarios()
    whole = [
        loc[:-1] if isinstance(loc[-1], int) and guide.is_by_year(loc[:-1]) else loc for loc in keys
    ]
    return list(dict.fromkeys(whole))


def _mean(loc: Loc, branches: Mapping[str, Loaded], weights: Mapping[str, float]) -> Value | None:
    """Return the mean of a figure; None if it is the same everywhere."""
    found = {name: _value(branch.scenario, loc) for name, branch in branches.items()}
    first = next(iter(found.values()))
    if all(value == first for value in found.values()):
        return None
    if not all(_is_figure(value) for value in found.values()):
        raise NoMeanError(loc)
    figures = {name: ByYear.of(cast(Value, value)) for name, value in found.items()}
    if not any(figure.years for figure in figures.values()):
        return sum(weights[name] * figure.values[0] for name, figure in figures.items())
    years = next(iter(branches.values())).scenario.horizon.years()
    if not all(figure.covers(years[0], years[-1]) for figure in figures.values()):
        raise NoMeanError(loc)
    return {y: sum(weights[n] * figure.at(y) for n, figure in figures.items()) for y in years}


def _value(scenario: Scenario, loc: Loc) -> object:
    """Return what stands at a key, defaults included; None if nothing does."""
    here: object = scenario.model_dump()
    for part in loc:
        if isinstance(here, Mapping):
            here = here.get(part)
        elif isinstance(here, tuple | list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            return None
    return here


def _is_figure(value: object) -> bool:
    if isinstance(value, Mapping):
        return bool(value) and all(isinstance(y, int) and _is_figure(v) for y, v in value.items())
    return isinstance(value, int | float) and not isinstance(value, bool)


def _located(value: Value, here: Located) -> Located:
    if not isinstance(value, dict):
        return Located(value, here.place, here.key_place)
    items: dict[str | int, Located] = {
        year: Located(number, here.place, here.key_place) for year, number in value.items()
    }
    return Located(items, here.place, here.key_place)
