"""Scenarios of a file are read and checked like files, each problem where it stands."""

from pathlib import Path

import pytest

from planner.errors import ScenarioError
from planner.known import read_scenario
from planner.robust.branches import branches_of, mean_of
from planner.run import plan_scenario

HEAD = """\
title: small
horizon: {start: 2028-01, orders_from: 2025-01, periods: 2, hours: weeks, weeks: 1}
demand: {workloads: {chat: {tokens_per_day: 1.0e+12, value_usd_per_mtok: 4.0}}}
sites: {include: [abilene_tx], limit_it_mw: 100}
power: {use: [wartsila_18v50sg, firm_grid], gas_usd_per_mmbtu: 4.0}
"""


def _read(folder: Path, text: str, sets=()):
    (folder / "a.yaml").write_text(HEAD + text, encoding="utf-8")
    return read_scenario(folder / "a.yaml", sets)


def _problem(folder: Path, text: str) -> str:
    with pytest.raises(ScenarioError) as error:
        branches_of(_read(folder, text))
    return str(error.value)


TWO = """\
scenarios:
  usual: {weight: 0.75}
  other: {weight: 0.25, set: {power.gas_usd_per_mmbtu: 8.0, grid.share_limit.2029: 0.06}}
"""


def test_each_scenario_is_the_file_with_its_own_figures(tmp_path: Path) -> None:
    found = branches_of(_read(tmp_path, TWO))
    usual, other = (found[name].scenario for name in ("usual", "other"))

    assert usual.power.gas_usd_per_mmbtu.at(2028) == 4.0
    assert other.power.gas_usd_per_mmbtu.at(2028) == 8.0
    assert usual.grid.share_limit is not None
    assert other.grid.share_limit is not None
    assert other.grid.share_limit.at(2028) == usual.grid.share_limit.at(2028)
    assert other.grid.share_limit.at(2029) == 0.06
    assert (usual.title, other.title) == ("small: usual", "small: other")
    assert not usual.scenarios
    assert usual.shared_until is None


def test_without_scenarios_there_are_none(tmp_path: Path) -> None:
    assert branches_of(_read(tmp_path, "")) == {}


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("scenarios: {a: {weight: 0.5}}\n", "6:12", "must add up to 1, got 0.5"),
        ("scenarios: {a: {weight: -1}}\n", "6:25", "must be over 0"),
        ("scenarios: {a/b: {weight: 1}}\n", "6:13", "names a folder"),
        ("scenarios: {a: {weight: 1, set: {horizon.periods: 3}}}\n", "6:34", "the same in every"),
        ("scenarios: {a: {weight: 1, set: {solver.gap: 0.1}}}\n", "6:34", "the same in every"),
        ("scenarios: {a: {weight: 1, set: {title: b}}}\n", "6:34", "no key that a scenario may"),
        ("scenarios: {a: {weight: 1, set: {power.gas: 3}}}\n", "6:34", "gas_usd_per_mmbtu"),
        ("scenarios: {a: {weight: 1, set: {sites.include: [nowhere]}}}\n", "6:50", "nowhere"),
        (
            "scenarios: {a: {weight: 1, set: {power.gas_usd_per_mmbtu: dear}}}\n",
            "6:59",
            "must be a number",
        ),
        ("scenarios: {a: {weight: 1}}\nshared_until: 2031\n", "7:15", "2028 to 2029"),
        ("shared_until: 2028\n", "6:15", "needs scenarios"),
        (
            "reliability: {availability: 0.99}\nscenarios: {a: {weight: 1}}\n",
            "6:29",
            "is not looked for where there are scenarios",
        ),
        (
            "solver: {engine: monolithic, name: glpk}\nscenarios: {a: {weight: 1}}\n",
            "6:36",
            "has to be highs with scenarios",
        ),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(tmp_path, text, place, said) -> None:
    found = _problem(tmp_path, text)

    assert f"a.yaml:{place}: " in found
    assert said in found


def test_every_scenario_is_checked_before_the_first_problem_is_told(tmp_path: Path) -> None:
    text = (
        "scenarios:\n"
        "  a: {weight: 0.5, set: {power.gas: 3}}\n"
        "  b: {weight: 0.5, set: {policy.budget: 3}}\n"
    )
    found = _problem(tmp_path, text)

    assert "a.yaml:7:" in found
    assert "a.yaml:8:" in found


def test_the_mean_is_that_of_figures_by_year_too(tmp_path: Path) -> None:
    loaded = _read(tmp_path, TWO)
    mean = mean_of(loaded, branches_of(loaded))
    usual = branches_of(loaded)["usual"].scenario.grid.share_limit
    share = mean.loaded.scenario.grid.share_limit

    assert mean.loaded.scenario.power.gas_usd_per_mmbtu.at(2028) == pytest.approx(5.0)
    assert usual is not None
    assert share is not None
    assert share.at(2028) == pytest.approx(usual.at(2028))
    assert share.at(2029) == pytest.approx(0.75 * usual.at(2029) + 0.25 * 0.06)
    assert "weighted mean" in mean.sentence


def test_where_there_is_no_mean_the_likeliest_scenario_stands_for_all(tmp_path: Path) -> None:
    text = TWO.replace("power.gas_usd_per_mmbtu: 8.0", "policy.moratoria: {TX: 2029-01}")
    loaded = _read(tmp_path, text)
    mean = mean_of(loaded, branches_of(loaded))

    assert mean.loaded.scenario.title == "small: usual"
    assert "the likeliest scenario, usual" in mean.sentence
    assert "policy.moratoria" in mean.sentence


def test_scenarios_are_never_passed_over(tmp_path: Path) -> None:
    """What plans one scenario refuses a file of several, rather than plan what they have above."""
    with pytest.raises(ScenarioError, match="scenarios: "):
        plan_scenario(_read(tmp_path, TWO).scenario)
