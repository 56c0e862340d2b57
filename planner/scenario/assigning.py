"""Assignments from the command line, ``--set a.b.2028=value``, laid over a scenario."""

from collections.abc import Iterable
from dataclasses import replace

from planner.errors import Problem
from planner.scenario.base import Loc
from planner.scenario.places import COMMAND_LINE, Located
from planner.scenario.reading import parse
from planner.scenario.scalars import resolve_key
from planner.scenario.yearly import lay


def assign(root: Located, sets: Iterable[str]) -> tuple[Located, tuple[Problem, ...]]:
    """Lay assignments over a scenario, in order; each replaces all that stood at its key.

    A year of a figure is laid over the figure's other years, see `planner.scenario.yearly.lay`.

    Parameters
    ----------
    root
        The scenario.
    sets
        Texts ``key=value``: a dotted key and a YAML value on one line, such as
        ``grid.share_limit={2026: 0.05, 2030: 0.12}``; no value means null.

    Returns
    -------
    Located
        The scenario with those assignments that could be read.
    tuple of Problem
        What is wrong with the others.
    """
    pairs, problems = assignments(sets)
    for loc, value in pairs:
        root = lay(root, loc, value)
    return root, problems


def assignments(
    sets: Iterable[str],
) -> tuple[tuple[tuple[Loc, Located], ...], tuple[Problem, ...]]:
    """Return the keys and values of those assignments that can be read, and what is wrong else."""
    problems: list[Problem] = []
    pairs: list[tuple[Loc, Located]] = []
    for text in sets:
        key, equals, value = text.partition("=")
        if complaint := _complaint(key, equals):
            problems.append(Problem(COMMAND_LINE, 0, 0, key, complaint, text, "a.b.c=value"))
            continue
        document = parse(value, COMMAND_LINE, lines=False)
        problems += (_named(problem, key) for problem in document.problems)
        if document.root is not None:
            pairs.append((loc_of(key), document.root))
    return tuple(pairs), tuple(problems)


def _complaint(key: str, equals: str) -> str:
    if not equals:
        return "must be key=value"
    if not all(part.strip() for part in key.split(".")):
        return "must have a key with no empty part"
    return "is for files only" if key.strip() == "extends" else ""


def loc_of(key: str) -> Loc:
    """Return the parts of a dotted key; those of digits are whole numbers."""
    return tuple(resolve_key(part.strip()) for part in key.split("."))


def _named(problem: Problem, key: str) -> Problem:
    inner = f".{problem.key}".removesuffix(".").replace(".[", "[")
    return replace(problem, key=key + inner)
