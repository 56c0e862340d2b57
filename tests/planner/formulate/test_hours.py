"""Operated hours stand for the whole period, once each, in an order without a seam."""

import numpy as np
import pytest

from components.base import Hours
from planner.formulate.hours import (
    WEEK_H,
    all_hours,
    sampled_weeks,
    season_of,
    weather_year_of,
)
from planner.gather import make_periods
from planner.scenario import Scenario

STEPS = {"year": (1, 8760), "half_year": (2, 4380), "quarter": (4, 2190)}


def _periods(step: str, n: int, start: str = "2028-01"):
    horizon = {"start": start, "periods": n, "step": step}
    return make_periods(Scenario.model_validate({"title": "hours", "horizon": horizon}))


def _cycles(hours: Hours) -> list[list[int]]:
    """Follow the hours back in time until each chain closes."""
    left, found = set(hours.index), []
    while left:
        first = position = max(left)
        cycle = []
        while position in left:
            left.remove(position)
            cycle.append(position)
            position = int(hours.before[position])
        assert position == first, "a chain has to end where it began"
        found.append(cycle[::-1])
    return sorted(found)


@pytest.mark.parametrize(("step", "parts"), [(s, p) for s, (p, _) in STEPS.items()])
def test_the_periods_of_a_year_share_its_hours(step: str, parts: int) -> None:
    """Half-years and quarters together hold every hour of the year once."""
    periods = _periods(step, parts)
    found = [all_hours(periods, t) for t in periods.index]
    assert np.array_equal(np.concatenate([h.of_year for h in found]), np.arange(8760))
    assert [len(h) for h in found] == [STEPS[step][1]] * parts


@pytest.mark.parametrize("step", STEPS)
def test_all_hours_are_one_unbroken_cycle(step: str) -> None:
    periods = _periods(step, 2)
    hours = all_hours(periods, 1)
    (cycle,) = _cycles(hours)
    assert cycle == list(hours.index)
    assert hours.weight.tolist() == [1.0] * STEPS[step][1]


def test_a_plan_that_starts_in_july_starts_in_the_second_half() -> None:
    periods = _periods("half_year", 2, "2028-07")
    assert all_hours(periods, 0).of_year[[0, -1]].tolist() == [4380, 8759]
    assert all_hours(periods, 1).of_year[[0, -1]].tolist() == [0, 4379]


def test_orders_from_an_earlier_month_do_not_move_the_hours() -> None:
    horizon = {"orders_from": "2025-04", "start": "2028-07", "periods": 1, "step": "quarter"}
    scenario = Scenario.model_validate({"title": "hours", "horizon": horizon})
    hours = all_hours(make_periods(scenario), 0)
    assert hours.of_year[[0, -1]].tolist() == [4380, 6569]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("weeks", [1, 2, 3, 13, 52])
def test_sampled_weeks_weigh_as_much_as_the_period(step: str, weeks: int) -> None:
    parts, length = STEPS[step]
    periods = _periods(step, parts)
    seen: list[int] = []
    for t in periods.index:
        hours = sampled_weeks(periods, t, weeks)
        assert hours.weight.sum() == pytest.approx(length, rel=1e-12)
        assert np.ptp(hours.weight) == 0
        inside = all_hours(periods, t).of_year
        assert np.isin(hours.of_year, inside).all()
        seen += hours.of_year.tolist()
    assert len(seen) == len(set(seen)), "no hour stands twice"


@pytest.mark.parametrize(("step", "weeks", "count"), [("year", 4, 4), ("quarter", 4, 1)])
def test_each_week_is_closed_in_itself(step: str, weeks: int, count: int) -> None:
    periods = _periods(step, 1)
    hours = sampled_weeks(periods, 0, weeks)
    cycles = _cycles(hours)
    assert [len(cycle) for cycle in cycles] == [WEEK_H] * count
    for cycle in cycles:
        assert np.diff(hours.of_year[cycle]).tolist() == [1] * (WEEK_H - 1)


def test_a_short_period_has_at_least_one_week() -> None:
    """One week a year in quarters: a quarter of a week would be none."""
    hours = sampled_weeks(_periods("quarter", 4), 2, 1)
    assert len(hours) == WEEK_H
    assert hours.weight[0] == pytest.approx(2190 / 168)


def test_two_weeks_stand_in_the_middle_of_each_half() -> None:
    """By hand: a half is 4380 hours, its middle week starts (4380 - 168) / 2 = 2106 after it."""
    hours = sampled_weeks(_periods("year", 1), 0, 2)
    assert hours.of_year[[0, 167, 168, 335]].tolist() == [2106, 2273, 6486, 6653]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("years", [2, 3])
def test_a_period_takes_its_part_of_every_weather_year(step: str, years: int) -> None:
    """One chain through all of them, in which every hour counts for one over their number."""
    periods = _periods(step, 2)
    once = all_hours(periods, 1).of_year

    hours = all_hours(periods, 1, years)

    (cycle,) = _cycles(hours)
    assert cycle == list(hours.index)
    assert hours.weight.sum() == pytest.approx(len(once))
    wanted = [8760 * year + hour for year in range(years) for hour in once.tolist()]
    assert hours.of_year.tolist() == wanted
    np.testing.assert_array_equal(
        weather_year_of(hours.of_year), np.repeat(np.arange(years), len(once))
    )
    np.testing.assert_array_equal(season_of(hours.of_year), np.tile(season_of(once), years))


def test_seasons_are_quarters_of_any_year() -> None:
    hours = np.array([0, 2189, 2190, 8759, 8760, 8760 + 4380, 3 * 8760 - 1])

    assert season_of(hours).tolist() == [0, 0, 1, 3, 0, 2, 3]
    assert weather_year_of(hours).tolist() == [0, 0, 0, 0, 1, 1, 2]
