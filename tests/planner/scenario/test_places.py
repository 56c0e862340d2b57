"""Located data: merging and where things stand after it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.scenario.places import Located, Place, merge, put, without
from planner.scenario.reading import parse

KEYS = st.sampled_from(["a", "b", "c", 2026])
TREES = st.recursive(
    st.integers(0, 9) | st.none(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)
MAPPINGS = st.dictionaries(KEYS, TREES, max_size=4)


def located(value: Any, path: str) -> Located:
    """Give every value of plain data a place in one file."""
    if isinstance(value, dict):
        value = {key: located(item, path) for key, item in value.items()}
    elif isinstance(value, list):
        value = tuple(located(item, path) for item in value)
    return Located(value, Place(path), Place(path))


def leaves(tree: Located, loc: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], str]:
    """Return the file of every value that is no mapping with content."""
    if isinstance(tree.value, dict) and tree.value:
        inner = [leaves(item, (*loc, key)) for key, item in tree.value.items()]
        return {at: path for found in inner for at, path in found.items()}
    return {loc: tree.place.path}


def deep(base: Any, over: Any) -> Any:
    """Merge plain data in the plainest way."""
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    both = base.keys() & over.keys()
    return base | over | {key: deep(base[key], over[key]) for key in both}


@settings(deadline=None)
@given(base=MAPPINGS, over=MAPPINGS)
def test_merging_is_deep_for_mappings_and_replaces_all_else(base: Any, over: Any) -> None:
    merged = merge(located(base, "base"), located(over, "over"))

    assert merged.plain() == deep(base, over)


@settings(deadline=None)
@given(base=MAPPINGS, over=MAPPINGS)
def test_every_value_keeps_the_file_it_came_from(base: Any, over: Any) -> None:
    merged = merge(located(base, "base"), located(over, "over"))

    for loc, path in leaves(merged).items():
        source = located(over if path == "over" else base, path)
        assert source.get(loc) == merged.get(loc)
    for loc in leaves(located(over, "over")):
        found, here = merged.follow(loc)
        assert found == loc
        assert here.place.path == "over"


@settings(deadline=None)
@given(tree=MAPPINGS)
def test_merging_nothing_or_the_same_changes_nothing(tree: Any) -> None:
    some = located(tree, "a")
    nothing = located({}, "a")

    assert merge(some, nothing) == merge(nothing, some) == merge(some, some) == some


@settings(deadline=None)
@given(tree=MAPPINGS, loc=st.lists(KEYS, min_size=1, max_size=3), value=TREES)
def test_what_is_put_stands_there_and_all_else_stays(tree: Any, loc: list[Any], value: Any) -> None:
    before, new = located(tree, "file"), located(value, "--set")

    after = put(before, tuple(loc), new)

    assert after.get(tuple(loc)) == new
    for at, path in leaves(after).items():
        if at[: len(loc)] != tuple(loc):
            assert path == "file"
            assert before.get(at) == after.get(at)


def test_a_list_stays_a_list_when_something_is_put_into_it() -> None:
    before, new = located({"a": [{"b": 1, "c": 2}, 3]}, "file"), located(9, "--set")

    assert put(before, ("a", 0, "b"), new).plain() == {"a": [{"b": 9, "c": 2}, 3]}
    assert put(before, ("a", 1), new).plain() == {"a": [{"b": 1, "c": 2}, 9]}


def test_without_drops_one_key() -> None:
    tree = located({"a": 1, "b": 2}, "a")

    assert without(tree, "a").plain() == {"b": 2}
    assert without(tree, "z") == tree
    assert without(located([1], "a"), "z") == located([1], "a")


@pytest.fixture
def tree() -> Located:
    root = parse("title: x\nsites:\n  include: [a, b]\n  change: {a: {land: 1}}\n", "a.yaml").root
    assert root is not None
    return root


@pytest.mark.parametrize(
    ("loc", "line", "column", "key"),
    [
        (("sites", "include", 1), 3, 16, "sites.include[1]"),
        (("sites", "include"), 3, 12, "sites.include"),
        (("sites", "limit"), 2, 1, "sites.limit"),
        (("sites", "change", "a", "land"), 4, 22, "sites.change.a.land"),
        (("grid", "us_twh", 2028), 1, 1, "grid.us_twh.2028"),
        ((), 1, 1, ""),
    ],
)
def test_a_problem_points_as_deep_as_the_file_goes(
    tree: Located, loc: tuple[Any, ...], line: int, column: int, key: str
) -> None:
    problem = tree.problem(loc, "is odd")

    assert (problem.line, problem.column, problem.key) == (line, column, key)


def test_a_problem_may_point_to_the_key(tree: Located) -> None:
    problem = tree.problem(("sites", "change"), "is odd", at_key=True)

    assert (problem.line, problem.column) == (4, 3)
