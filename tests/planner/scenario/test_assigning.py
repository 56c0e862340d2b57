"""``--set``: keys, values, and problems that say so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.errors import Problem
from planner.scenario import load


@pytest.mark.parametrize(
    ("text", "loc", "value"),
    [
        ("solver.gap=0.01", ("solver", "gap"), 0.01),
        ("solver.gap = 1e-3", ("solver", "gap"), 0.001),
        ("title=a=b", ("title",), "a=b"),
        ('title="2028"', ("title",), "2028"),
        ("grid.share_limit=", ("grid", "share_limit"), None),
        ("grid.us_twh.2028=4500", ("grid", "us_twh"), {2026: 1, 2028: 4500, 2030: 2}),
        ("grid.us_twh={2026: 5, 2031: 6}", ("grid", "us_twh"), {2026: 5, 2031: 6}),
        ("racks.use=[a, b]", ("racks", "use"), ["a", "b"]),
        ("power.change.x.capex_usd_per_kw=9", ("power", "change", "x"), {"capex_usd_per_kw": 9}),
    ],
)
def test_assigns(
    write: Callable[..., Path], text: str, loc: tuple[str, ...], value: object
) -> None:
    path = write("title: x\ngrid: {us_twh: {2026: 1, 2030: 2}}\n")

    places = load(path, [text]).places

    found = places.get(loc)
    assert found is not None
    assert found.plain() == value


def test_the_last_assignment_holds(write: Callable[..., Path]) -> None:
    loaded = load(write("title: x\n"), ["solver.gap=0.1", "solver.gap=0.2"])

    assert loaded.scenario.solver.gap == 0.2


def test_an_assignment_replaces_a_wrong_value(write: Callable[..., Path]) -> None:
    loaded = load(write("title: x\nsolver: {gap: 7}\n"), ["solver.gap=0.2"])

    assert loaded.scenario.solver.gap == 0.2


@pytest.mark.parametrize(
    ("text", "key", "what", "try_"),
    [
        ("solver.gab=1", "solver.gab", "unknown key, got gab", "gap"),
        ("solvr.gap=1", "solvr", "unknown key, got solvr", "solver"),
        ("solver.gap=2", "solver.gap", "must be under 1, got 2", "[1]"),
        ("solver.gap=two", "solver.gap", 'must be a number, got "two"', "[1]"),
        ("racks.use.0=a", "racks.use", "got a mapping", "default or all or a list"),
        ("solver", "solver", "must be key=value, got solver", "a.b.c=value"),
        ("solver..gap=1", "solver..gap", "no empty part", "a.b.c=value"),
        ("=1", "", "no empty part", "a.b.c=value"),
        ("extends=b.yaml", "extends", "is for files only", "a.b.c=value"),
        ("racks.use=[a", "racks.use", "is not YAML", ""),
        ("racks.use=[a, !t b]", "racks.use[1]", "has a tag, got !t", "quotes"),
        ("grid.us_twh={2026: 1, 2026: 2, 2030: 3}", "grid.us_twh.2026", "twice", "keeping one"),
        ("title=\x07", "title", "holds a character", "removing it"),
    ],
)
def test_a_problem_says_that_it_was_set(
    refuse: Callable[..., tuple[Problem, ...]], text: str, key: str, what: str, try_: str
) -> None:
    (problem,) = refuse("title: x\n", text)

    assert (problem.path, problem.line, problem.column) == ("--set", 0, 0)
    assert problem.key == key
    assert str(problem).startswith("--set: ")
    assert what in str(problem)
    assert try_ in problem.try_
