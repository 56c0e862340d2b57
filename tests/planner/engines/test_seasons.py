"""What is stamped is what would have been compiled; windows are their period, cut in order."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from components.base import Hours
from planner.case import Case
from planner.engines.seams import add_windows, subproblems_of
from planner.engines.seasons import (
    Template,
    Window,
    compile_window,
    end_of,
    keys_of,
    link_names,
    stamp,
    start_of,
    windows_of,
)
from planner.engines.site_operations import digest, operations_of
from planner.formulate.build import build
from planner.formulate.hours import SEASON_H, all_hours, sampled_weeks
from planner.gather import make_case, make_periods
from planner.places import choose_sites
from sites.table import builtin_sites
from solvers.operation import Operation
from solvers.program import compile_model
from tests.planner.hand import flat_place, hand_case, hand_scenario

QUICK = settings(max_examples=10, deadline=None, derandomize=True)
POWER = ["wartsila_18v50sg", "bloom_energy_server", "pv_tracker", "li_ion_4h", "firm_grid"]
SITES = ["abilene_tx", "ashburn_va", "cheyenne_wy"]
ARRAYS = ("matrix", "row_link", "column_link", "use_matrix")
PLACES = ("has_lower", "has_upper", "bounded", "free", "row_of", "bound_of", "domain")


def _horizon(step: str = "year", start: str = "2028-01", weeks: int | None = None, periods=1):
    hours = "all" if weeks is None else "weeks"
    return {"start": start, "periods": periods, "step": step, "hours": hours, "weeks": weeks}


def _scenario(horizon):
    return hand_scenario(
        horizon=horizon,
        sites={"include": SITES},
        power={"use": POWER, "change": {name: {"lead_months": 0} for name in POWER}},
        cooling={"use": ["liquid_dry", "air_tower"]},
        racks={"use": ["gb200_nvl72", "hgx_b200_air"]},
    )


@cache
def _real(step="year", start="2028-01", weeks=None, periods=1) -> Case:
    """Real weather at three sites."""
    scenario = _scenario(_horizon(step, start, weeks, periods))
    return make_case(scenario, choose_sites(scenario, builtin_sites(), make_periods(scenario)))


def _odd() -> Case:
    """One site has no sun in winter and free energy from the grid; the others have both."""
    scenario = _scenario(_horizon())
    winter = np.arange(8760) < SEASON_H
    odd = {
        "solar_capacity_factor": np.where(winter, 0.0, 0.5),
        "grid_price_usd_per_mwh": np.zeros(8760),
        "drybulb_c": np.where(winter, 12.0, 35.0),
    }
    sites = builtin_sites()
    return hand_case(scenario, abilene_tx=flat_place(scenario, sites["abilene_tx"], profiles=odd))


def _assert_same(found: Operation, wanted: Operation) -> None:
    for name in ARRAYS:
        here, there = csc_array(getattr(found, name)), csc_array(getattr(wanted, name))
        assert here.shape == there.shape, name
        assert abs(here - there).max() <= 1e-12, name
    for name in PLACES:
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)
    assert (found.links, found.uses) == (wanted.links, wanted.uses)
    assert found.same_pattern(wanted)


@cache
def _template(first: int) -> Template:
    return compile_window(_real(), SITES[0], _week(first))


def _week(first: int) -> Window:
    order = np.arange(168)
    hours = Hours(of_year=first + order, weight=np.full(168, 13.0), before=np.roll(order, 1))
    return Window(f"W{first}", hours, is_open=False)


@QUICK
@given(
    site=st.sampled_from(SITES),
    first=st.integers(0, 8760 - 168),
    compiled_at=st.sampled_from([0, 4000]),
)
def test_any_week_of_any_site_is_stamped_as_it_would_be_compiled(site, first, compiled_at) -> None:
    case, week = _real(), _week(first)

    found = stamp(case, _template(compiled_at), site, week)

    _assert_same(found, compile_window(case, site, week).operation)


@pytest.mark.parametrize("of", [0, 2])
@pytest.mark.parametrize("to", [0, 2])
def test_a_dark_season_is_stamped_on_a_sunny_one_and_back(of: int, to: int) -> None:
    """Coefficients that are zero where the template was compiled, and elsewhere not."""
    case = _odd()
    seasons = windows_of(case, 0)
    template = compile_window(case, "abilene_tx", seasons[of])

    for site in ("abilene_tx", "ashburn_va"):
        found = stamp(case, template, site, seasons[to])
        wanted = compile_window(case, site, seasons[to]).operation
        _assert_same(found, wanted)
        assert digest(found) == digest(wanted)


@pytest.mark.parametrize(
    ("step", "start", "weeks"),
    [
        ("year", "2028-01", 3),
        ("half_year", "2028-07", 4),
        ("quarter", "2028-10", 8),
        ("half_year", "2028-07", None),
        ("quarter", "2028-04", None),
    ],
)
def test_every_operation_of_a_case_is_as_it_would_be_compiled(step, start, weeks) -> None:
    case = _real(step, start, weeks, 2)
    operations = operations_of(case)

    assert len(operations.templates) == 1
    for key, site, window in list(keys_of(case))[1::3]:
        _assert_same(operations[key], compile_window(case, site, window).operation)


EVERYTHING = [
    "wartsila_18v50sg",
    "bloom_energy_server",
    "bwrx_300",
    "enhanced_geothermal",
    "flash_geothermal",
    "onshore_wind",
    "pv_tracker",
    "li_ion_4h",
    "li_ion_8h",
    "iron_air_100h",
    "firm_grid",
]
"""A product of every family, and every battery."""


@pytest.mark.parametrize("weeks", [2, None])
def test_whatever_may_be_built_is_stamped_as_it_would_be_compiled(weeks: int | None) -> None:
    """Compiled where the ground is hot and the wind weak, stamped where it is the other way."""
    scenario = hand_scenario(
        horizon=_horizon("quarter", "2028-04", weeks),
        sites={"include": ["tric_nv", "abilene_tx"]},
        power={"use": EVERYTHING, "change": {name: {"lead_months": 0} for name in EVERYTHING}},
        cooling={"use": ["liquid_dry"]},
    )
    case = make_case(scenario, choose_sites(scenario, builtin_sites(), make_periods(scenario)))
    assert sorted(case.power) == sorted(EVERYTHING)
    operations = operations_of(case)

    assert len(operations.templates) == 1
    for key, site, window in keys_of(case):
        _assert_same(operations[key], compile_window(case, site, window).operation)


def test_a_stamp_leaves_its_template_as_it_was() -> None:
    case = _real()
    template = _template(0)
    before = digest(template.operation)

    stamp(case, template, "ashburn_va", _week(4000))

    assert digest(template.operation) == before


def test_a_digest_tells_sites_and_windows_apart() -> None:
    operations = operations_of(_real("quarter", "2028-01", 4, 4))

    assert len({digest(operations[key]) for key in operations}) == len(operations) == 12


CUT = [("year", "2028-01", 4), ("half_year", "2028-07", 2), ("quarter", "2028-10", 1)]


@pytest.mark.parametrize(("step", "start", "count"), CUT)
def test_windows_cover_the_hours_of_their_period_once_in_order(step, start, count) -> None:
    case = _real(step, start, None, 3)
    for t in case.periods.index:
        windows = windows_of(case, t)
        hours = np.concatenate([window.hours.of_year for window in windows])

        assert len(windows) == count
        np.testing.assert_array_equal(hours, all_hours(case.periods, t).of_year)
        assert len({window.name for window in windows}) == count
        for window in windows:
            assert window.is_open
            np.testing.assert_array_equal(window.hours.before, np.arange(-1, SEASON_H - 1))
            np.testing.assert_array_equal(window.hours.weight, 1.0)


@cache
def _of_years(years: int, step="year", sites: tuple[str, ...] = ("abilene_tx",)) -> Case:
    scenario = hand_scenario(
        horizon=_horizon(step),
        sites={"include": list(sites), "weather_years": years},
        power={"use": POWER, "change": {name: {"lead_months": 0} for name in POWER}},
    )
    return make_case(scenario, choose_sites(scenario, builtin_sites(), make_periods(scenario)))


@pytest.mark.parametrize(
    ("step", "names"),
    [
        ("year", ["Y1S1", "Y1S2", "Y1S3", "Y1S4", "Y2S1", "Y2S2", "Y2S3", "Y2S4"]),
        ("quarter", ["Y1S1", "Y2S1"]),
    ],
)
def test_windows_of_weather_years_follow_each_other(step: str, names: list[str]) -> None:
    case = _of_years(2, step)
    windows = windows_of(case, 0)
    every = all_hours(case.periods, 0, 2)

    assert [window.name for window in windows] == names
    for name in ("of_year", "weight"):
        cut = np.concatenate([getattr(window.hours, name) for window in windows])
        np.testing.assert_array_equal(cut, getattr(every, name))
    for window in windows:
        np.testing.assert_array_equal(window.hours.before, np.arange(-1, SEASON_H - 1))


def test_weather_years_are_stamped_from_one_template() -> None:
    case = _of_years(2, "quarter", ("abilene_tx", "ashburn_va"))
    operations = operations_of(case)

    assert len(operations.templates) == 1
    for key, site, window in keys_of(case):
        _assert_same(operations[key], compile_window(case, site, window).operation)
    assert len({digest(operations[key]) for key in operations}) == len(operations) == 4


def test_what_an_hour_counts_for_is_in_the_digest_and_no_more() -> None:
    """A season of the first of two years uses half of what it uses alone, at the same rows."""
    alone, of_two = (operations_of(_of_years(years, "quarter")) for years in (1, 2))
    one, half = alone["abilene_tx/S1"], of_two["abilene_tx/Y1S1"]

    assert digest(one) != digest(half)
    np.testing.assert_array_equal(half.row_link.toarray(), one.row_link.toarray())
    np.testing.assert_allclose(half.use_matrix.toarray(), one.use_matrix.toarray() / 2)


def test_sampled_weeks_are_those_of_the_other_engine() -> None:
    case = _real("half_year", "2028-01", 6, 2)
    for t in case.periods.index:
        (window,) = windows_of(case, t)
        wanted = sampled_weeks(case.periods, t, 6)

        assert not window.is_open
        for name in ("of_year", "weight", "before"):
            np.testing.assert_array_equal(getattr(window.hours, name), getattr(wanted, name))


def test_a_name_means_the_same_hours_in_every_period() -> None:
    case = _real("quarter", "2028-07", None, 6)
    hours: dict[str, list[int]] = {}
    for t in case.periods.index:
        for window in windows_of(case, t):
            of_year = window.hours.of_year.tolist()
            assert hours.setdefault(window.name, of_year) == of_year
    assert sorted(hours) == ["S1", "S2", "S3", "S4"]


@pytest.mark.parametrize(("step", "start", "count"), CUT)
def test_a_level_leaves_one_window_and_enters_the_next(step, start, count) -> None:
    """Around the period: storage ends it as full as it began."""
    case = _real(step, start, None, 3)
    formulation = build(case)
    operated = add_windows(formulation)
    subproblems = subproblems_of(formulation, operated, compile_model(formulation.model))
    names = link_names(case, is_open=True)
    start_at, end_at = names.index(start_of("li_ion_4h")), names.index(end_of("li_ion_4h"))
    columns: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for at, subproblem in zip(operated, subproblems, strict=True):
        ends = int(subproblem.links[start_at]), int(subproblem.links[end_at])
        columns.setdefault((at.site, at.period), []).append(ends)

    assert len(columns) == 3 * len(SITES)
    for ends in columns.values():
        assert len({start for start, _ in ends}) == len(ends) == count
        for (_, end), (start, _) in pairwise([*ends, ends[0]]):
            assert start == end >= 0


def test_closed_windows_have_no_levels() -> None:
    assert not [n for n in link_names(_real(), is_open=False) if "level" in n]
