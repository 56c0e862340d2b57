"""``extends``: chains, circles, and where a problem in a base is said to be."""

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.errors import Problem, ScenarioError
from planner.scenario import extending, load

BASE = """\
title: base
grid:
  share_limit: {2026: 0.05, 2030: 0.10}
  price_growth_per_year: 0.03
sites:
  include: [abilene_tx, pecos_tx]
"""
CHILD = """\
extends: base.yaml
title: child
grid:
  share_limit: {2030: 0.12}
sites: {include: [abilene_tx]}
"""


def test_mappings_merge_deep_and_lists_replace(write: Callable[..., Path]) -> None:
    write(BASE, "base.yaml")

    scenario = load(write(CHILD)).scenario

    assert scenario.title == "child"
    assert scenario.grid.share_limit is not None
    assert scenario.grid.share_limit.plain() == {2026: 0.05, 2030: 0.12}
    assert scenario.grid.price_growth_per_year == 0.03
    assert scenario.sites.include == ("abilene_tx",)


def test_every_value_keeps_the_place_it_came_from(write: Callable[..., Path]) -> None:
    write(BASE, "base.yaml")

    loaded = load(write(CHILD), ["grid.share_limit.2026=0.06"])

    def place(*loc: str | int) -> str:
        found = loaded.places.get(loc)
        assert found is not None
        return str(found.place)

    assert place("title") == "a.yaml:2:8"
    assert place("grid", "price_growth_per_year") == "base.yaml:4:26"
    assert place("grid", "share_limit", 2030) == "a.yaml:4:23"
    assert place("grid", "share_limit", 2026) == "--set"
    assert place("sites", "include", 0) == "a.yaml:5:19"
    assert loaded.files == (Path("a.yaml"), Path("base.yaml"))
    assert "extends" not in loaded.resolved


def test_null_replaces_a_mapping(write: Callable[..., Path]) -> None:
    write(BASE, "base.yaml")

    loaded = load(write("extends: base.yaml\ngrid: {share_limit: null}\n"))

    assert loaded.scenario.grid.share_limit is None


def test_a_chain_starts_from_the_folder_of_each_file(write: Callable[..., Path]) -> None:
    write("title: deepest\nsolver: {gap: 0.1}\n", "common/deepest.yaml")
    write("extends: deepest.yaml\nsolver: {threads: 2}\n", "common/base.yaml")

    loaded = load(write("extends: ../common/base.yaml\ntitle: top\n", "mine/top.yaml"))

    assert loaded.scenario.title == "top"
    assert (loaded.scenario.solver.gap, loaded.scenario.solver.threads) == (0.1, 2)
    assert [path.name for path in loaded.files] == ["top.yaml", "base.yaml", "deepest.yaml"]


def test_a_problem_in_a_base_points_into_the_base(
    write: Callable[..., Path], refuse: Callable[..., tuple[Problem, ...]]
) -> None:
    write(BASE.replace("0.10", "10").replace("price_growth", "prise_growth"), "base.yaml")

    unknown, limit = sorted(refuse("extends: base.yaml\n"), key=lambda p: -p.line)

    assert (limit.path, limit.line, limit.column) == ("base.yaml", 3, 35)
    assert (unknown.path, unknown.line, unknown.column) == ("base.yaml", 4, 3)
    assert unknown.try_ == "price_growth_per_year"


def test_a_wrong_value_of_a_base_does_not_matter_once_replaced(write: Callable[..., Path]) -> None:
    write(BASE.replace("0.10", "10"), "base.yaml")

    assert load(write(CHILD)).scenario.title == "child"


def test_a_circle_is_refused_with_the_chain_shown(
    write: Callable[..., Path], refuse: Callable[..., tuple[Problem, ...]]
) -> None:
    write("extends: c.yaml\n", "b.yaml")
    write("title: c\nextends: a.yaml\n", "c.yaml")

    (problem,) = refuse("extends: b.yaml\n")

    assert (problem.path, problem.line, problem.column) == ("c.yaml", 2, 10)
    assert problem.got == "a.yaml -> b.yaml -> c.yaml -> a.yaml"


def test_a_circle_by_another_name_is_a_circle(
    write: Callable[..., Path], refuse: Callable[..., tuple[Problem, ...]]
) -> None:
    write("extends: ../a.yaml\n", "sub/b.yaml")
    Path("sub/link.yaml").symlink_to("b.yaml")

    (problem,) = refuse("extends: sub/link.yaml\n")

    assert "goes in a circle" in problem.what


def test_a_base_that_is_missing_is_said_at_its_line(
    write: Callable[..., Path], refuse: Callable[..., tuple[Problem, ...]]
) -> None:
    write("title: b\nextends: gone.yaml\n", "sub/b.yaml")

    (problem,) = refuse("title: a\nextends: sub/b.yaml\n")

    assert (problem.path, problem.line, problem.column) == ("sub/b.yaml", 2, 10)
    assert problem.got == "sub/gone.yaml"


def test_a_base_that_is_not_yaml_is_said_in_the_base(
    write: Callable[..., Path], refuse: Callable[..., tuple[Problem, ...]]
) -> None:
    write("title: [", "b.yaml")

    (problem,) = refuse("extends: b.yaml\n")

    assert (problem.path, problem.what) == ("b.yaml", "is not YAML")


def test_a_long_chain_is_refused(write: Callable[..., Path]) -> None:
    for i in range(extending.LONGEST_CHAIN + 1):
        write(f"title: x\nextends: {i + 1}.yaml\n", f"{i}.yaml")

    with pytest.raises(ScenarioError) as caught:
        load("0.yaml")

    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == (f"{extending.LONGEST_CHAIN - 1}.yaml", 2)
    assert "too long a chain" in problem.what
