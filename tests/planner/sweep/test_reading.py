"""A sweep file is checked before any point is planned, and its problems say where they are."""

from pathlib import Path

import pytest

from planner.errors import ScenarioError
from planner.scenario import load
from planner.sweep.points import points_of, points_of_batch
from planner.sweep.reading import read_sweep
from tests.planner.sweep.toys import TINY, write_tiny


def _axes(text: str, more: str = "") -> str:
    return f"base: tiny.yaml\n{more}axes:\n  a: {text}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            _axes("{key: grid.share_limt.2028, values: [0.1]}"),
            "sweep.yaml:3:12: axes.a.key: is no key of a scenario, which knows no share_limt, "
            "got grid.share_limt.2028, try grid.share_limit",
        ),
        (
            _axes("{keys: [grid.share_limit.2028, solver.gapp], values: [0.1]}"),
            "sweep.yaml:3:37: axes.a.keys[1]: is no key of a scenario, which knows no gapp, got "
            "solver.gapp, try solver.gap",
        ),
        (_axes("{kee: solver.gap, values: [1]}"), "3:7: axes.a.kee: unknown key, got kee, try key"),
        (_axes("{key: solver.gap}"), "3:6: axes.a: needs one of values, range and distribution"),
        (_axes("{key: solver.gap, values: []}"), "3:32: axes.a.values: must not be empty"),
        (
            _axes("{key: solver.gap, range: {from: 0.1, to: 0.25, step: 0.1}}"),
            "3:47: axes.a.range.to: is not reached by whole steps, got 0.25, try 0.2 or 0.3",
        ),
        (
            _axes("{key: solver.gap, distribution: {uniform: {from: 0.1, to: 0.2}}}"),
            "axes.a.distribution: has no values for the design grid, try values, or {lhs: 100}",
        ),
        (
            _axes("{keys: [a, b], values: [[1, 2, 3]]}"),
            "3:30: axes.a.values[0]: must have one item for each of 2 keys, got 3",
        ),
        (_axes("{key: solver.gap, values: [1]}", "desing: grid\n"), "2:1: desing: unknown key"),
        (
            _axes("{key: solver.gap, values: [1]}", "design: {sobol: 100}\n"),
            "2:17: design.sobol: must be a power of 2, got 100, try 64",
        ),
        (_axes("{key: solver.gap, values: [1]}").replace("a:", "gap:"), "axes.gap: is the name of"),
        (
            _axes("{key: solver.gap, values: [1]}").replace("tiny", "tine"),
            "1:7: base: names no file, got tine.yaml",
        ),
        (
            _axes("{key: solver.gap, values: [1]}\n  b: {key: solver.gap, values: [1]}"),
            "4:6: axes.b: is moved by the axis a too, got solver.gap",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_sweep(write_tiny(tmp_path, text))
    assert said in str(caught.value)


def test_every_point_is_checked_and_its_value_pointed_to(tmp_path: Path) -> None:
    text = _axes("{key: grid.share_limit.2028, values: [0.1, 1.5, 0.2, -1]}")
    with pytest.raises(ScenarioError) as caught:
        points_of(read_sweep(write_tiny(tmp_path, text)))
    lines = str(caught.value).splitlines()
    assert [line.partition("sweep.yaml")[2] for line in lines] == [
        ":3:49: grid.share_limit.2028: must be at most 1, got 1.5, try a number from 0 to 1: "
        "Most that all data centres may take of us_twh, by year; null: no limit [1]",
        ":3:59: grid.share_limit.2028: must be at least 0, got -1, try a number from 0 to 1: "
        "Most that all data centres may take of us_twh, by year; null: no limit [1]",
    ]


def test_a_name_that_does_not_exist_is_found_before_anything_is_planned(tmp_path: Path) -> None:
    text = _axes("{key: power.use, values: [[firm_grid], [firm_gird]]}")
    with pytest.raises(ScenarioError, match=r"sweep.yaml:3:45: .*firm_gird.*try firm_grid"):
        points_of(read_sweep(write_tiny(tmp_path, text)))


def test_a_year_is_laid_over_the_other_years(tmp_path: Path) -> None:
    text = _axes("{key: grid.share_limit.2028, values: [0.07]}")
    (point,) = points_of(read_sweep(write_tiny(tmp_path, text))).points
    assert point.loaded is not None
    limit = point.loaded.scenario.grid.share_limit
    assert limit is not None
    assert limit.plain() == {2026: 0.05, 2028: 0.07, 2030: 0.10}


def test_a_year_of_one_number_for_all_years_leaves_it_in_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        TINY.replace("periods: 1", "periods: 3") + "policy: {co2_usd_per_t: 20}\n"
    )
    found = load(tmp_path / "a.yaml", ["policy.co2_usd_per_t.2029=50"]).scenario
    assert found.policy.co2_usd_per_t.plain() == {2028: 20.0, 2029: 50.0, 2030: 20.0}


def test_linked_axes_move_together(tmp_path: Path) -> None:
    text = _axes(
        "{keys: [grid.share_limit.2028, grid.share_limit.2030], range: "
        "{from: 0.08, to: 0.1, step: 0.01}}\n"
        "  b: {keys: [solver.gap, solver.cold], values: [[0.1, true], [0.2, false]], "
        "labels: [loose, looser]}"
    )
    points = points_of(read_sweep(write_tiny(tmp_path, text))).points
    assert [dict(p.axes) for p in points] == [
        {"a": share, "b": label} for share in (0.08, 0.09, 0.1) for label in ("loose", "looser")
    ]
    found = []
    for point in points:
        assert point.loaded is not None
        scenario = point.loaded.scenario
        limit = scenario.grid.share_limit
        assert limit is not None
        assert limit.at(2028) == limit.at(2030) == point.axes["a"]
        found.append((scenario.solver.gap, scenario.solver.cold))
    assert found == [(0.1, True), (0.2, False)] * 3


def test_the_command_line_and_set_are_laid_under_the_axes(tmp_path: Path) -> None:
    text = _axes("{key: solver.gap, values: [0.1]}", "set: {sites.limit_it_mw: 500}\n")
    file = read_sweep(write_tiny(tmp_path, text), ["sites.limit_it_mw=700"])
    (point,) = points_of(file).points
    assert point.loaded is not None
    assert point.loaded.scenario.sites.limit_it_mw == 700
    assert file.resolved()["set"] == {"sites.limit_it_mw": 700}
    with pytest.raises(ScenarioError, match=r"--set: solver.gap: is moved by the axis a"):
        read_sweep(tmp_path / "sweep.yaml", ["solver.gap=0.2"])


def test_a_key_is_of_what_the_answer_depends_on(tmp_path: Path) -> None:
    def key(*sets: str) -> str:
        return points_of(read_sweep(file, sets)).points[0].key

    file = write_tiny(tmp_path)
    plain = key()
    assert key("title=other", "solver.threads=1", "solver.cold=true") == plain
    assert key("finance.discount_rate=0.09") != plain
    prices = tmp_path / "prices.csv"
    keys = set()
    for usd in (30, 40):
        prices.write_text("usd_per_mwh\n" + f"{usd}\n" * 8760)
        keys.add(key(f"grid.price_files.abilene_tx={prices}"))
    assert len(keys) == 2


def test_a_batch_names_its_scenarios_and_tells_all_that_is_wrong(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(TINY)
    files = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    assert [dict(p.axes) for p in points_of_batch(files, []).points] == [
        {"scenario": "a"},
        {"scenario": "b"},
    ]
    for file in files:
        file.write_text(TINY + "nonsense: 1\n")
    with pytest.raises(ScenarioError) as caught:
        points_of_batch(files, [])
    assert len(caught.value.problems) == 2
