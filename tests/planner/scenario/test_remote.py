"""Plants beyond the fence as they are asked for: what is refused, where, and with what advice."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from planner.errors import Problem
from planner.known import known
from planner.scenario import Scenario, load
from sites.table import builtin_sites
from tests.planner.scenario.test_names import KNOWN

FAR = replace(
    KNOWN, remote_sources=frozenset({"pv_tracker"}), lines=frozenset({"ac_345kv", "ac_765kv"})
)
SOUND = """\
title: x
sites: {include: [abilene_tx]}
power:
  remote:
    west: {source: pv_tracker, at: pecos_tx, line: ac_765kv, sites: [abilene_tx]}
    near: {source: pv_tracker, miles: 12, line_share: 0.7, whole_circuits: true}
"""

# name: (value of power.remote.west, column, key, what, advice)
WRONG: dict[str, tuple[str, int, str, str, str]] = {
    "source": (
        "{source: pv, miles: 1}", 33, "source", "is no plant that is known", "one of pv_tracker",
    ),
    "line": (
        "{source: pv_tracker, miles: 1, line: ac_345}",
        61, "line", "is no line that is known", "ac_345kv",
    ),
    "place": (
        "{source: pv_tracker, at: pecos}", 49, "at", "is no site that is known", "pecos_tx",
    ),
    "site": (
        "{source: pv_tracker, miles: 1, sites: [abilene]}",
        63, "sites[0]", "is no site that is known", "abilene_tx",
    ),
    "its own place": (
        "{source: pv_tracker, at: pecos_tx, sites: [pecos_tx]}",
        67, "sites[0]", "is where the plant stands", "giving miles",
    ),
    "twice": (
        "{source: pv_tracker, miles: 1, sites: [pecos_tx, pecos_tx]}",
        73, "sites[1]", "stands in the list twice", "leaving it out",
    ),
    "no length": (
        "{source: pv_tracker}", 33, "source",
        "has neither a place nor the length of its line", "miles: 50, or at: a site",
    ),
}  # fmt: skip


def test_what_is_sound_passes(write: Callable[..., object]) -> None:
    remote = load(str(write(SOUND)), known=FAR).scenario.power.remote

    assert remote["west"].at == "pecos_tx"
    assert remote["west"].miles is None
    assert remote["near"].line == "ac_345kv"
    assert remote["near"].whole_circuits


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_place_and_advice(
    name: str, refuse: Callable[..., tuple[Problem, ...]]
) -> None:
    value, column, key, what, advice = WRONG[name]

    problems = refuse(f"title: x\npower: {{remote: {{west: {value}}}}}\n", known=FAR)

    (problem,) = [p for p in problems if p.what == what]
    assert (problem.line, problem.column) == (2, column)
    assert problem.key == f"power.remote.west.{key}"
    assert problem.try_ == advice


def test_a_site_that_is_not_planned_for_cannot_use_a_plant(
    refuse: Callable[..., tuple[Problem, ...]],
) -> None:
    (problem,) = refuse(SOUND.replace("include: [abilene_tx]", "include: [pecos_tx]"), known=FAR)

    assert problem.key == "power.remote.west.sites[0]"
    assert problem.try_ == "adding abilene_tx to sites.include"


def test_a_plant_has_no_name_of_the_catalog(refuse: Callable[..., tuple[Problem, ...]]) -> None:
    text = "title: x\npower: {remote: {titan_130: {source: pv_tracker, miles: 1}}}\n"
    (problem,) = refuse(text, known=FAR)

    assert problem.key == "power.remote.titan_130"
    assert problem.what == "is a product of the catalog already"


def test_the_catalog_knows_sources_and_lines() -> None:
    found = known(builtin_sites())

    assert found.remote_sources is not None
    assert found.lines is not None
    assert {"pv_tracker", "wartsila_18v50sg"} <= found.remote_sources
    assert not {"firm_grid", "li_ion_4h"} & found.remote_sources
    assert "ac_345kv" in found.lines
    assert "usd_per_mw_mile" in found.products["power"]["ac_345kv"]


def test_nothing_is_beyond_the_fence_unless_asked_for() -> None:
    assert Scenario.model_validate({"title": "x"}).power.remote == {}
