"""Which hours of a period are operated: all of them, in every weather year, or sampled weeks."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from components.base import Hours, Ints, Periods
from planner.case import HOURS_PER_YEAR, Case

WEEK_H = 168
SEASON_H = HOURS_PER_YEAR // 4
"""A season is a quarter of the year: 2,190 consecutive hours; four are the year exactly."""


def hours_of(case: Case, t: int) -> Hours:
    """Return the hours that the scenario asks to operate in a period."""
    horizon = case.scenario.horizon
    if horizon.hours == "all":
        return all_hours(case.periods, t, case.scenario.sites.weather_years)
    return sampled_weeks(case.periods, t, cast(int, horizon.weeks))


def all_hours(periods: Periods, t: int, weather_years: int = 1) -> Hours:
    """Return every hour of a period as one unbroken, cyclic chronology.

    A year has 8760 hours; half-years and quarters take their share of it, in order. With several
    weather years the period runs through each of them, one after the other, and every hour counts
    for one over their number. The hour before the first is the last: storage ends the last year as
    full as it began the first, and passes what it holds from year to year.
    """
    first, count = _span(periods, t)
    years = HOURS_PER_YEAR * np.arange(weather_years)
    of_year = np.concatenate([year + first + np.arange(count) for year in years])
    order = np.arange(len(of_year))
    return Hours(
        of_year=of_year,
        weight=np.full(len(of_year), 1 / weather_years),
        before=np.roll(order, 1),
    )


def sampled_weeks(periods: Periods, t: int, weeks_per_year: int) -> Hours:
    """Return the middle weeks of equal parts of a period, each closed in itself.

    An approximation: weather between the weeks is not seen, and storage returns to its level
    within each week.

    Parameters
    ----------
    periods, t
        The period.
    weeks_per_year
        Weeks sampled in a whole year; a shorter period takes its share, at least one.

    Returns
    -------
    Hours
        Whose weights sum to the period's length.
    """
    first, count = _span(periods, t)
    weeks = max(1, round(weeks_per_year * float(periods.length_years[t])))
    part = count / weeks
    starts = [first + int(part * w + (part - WEEK_H) / 2) for w in range(weeks)]
    order = np.arange(WEEK_H)
    return Hours(
        of_year=np.concatenate([start + order for start in starts]),
        weight=np.full(weeks * WEEK_H, part / WEEK_H),
        before=np.concatenate([w * WEEK_H + np.roll(order, 1) for w in range(weeks)]),
    )


def season_of(of_year: Ints) -> Ints:
    """Return the season that hours are in, whichever weather year, 0 to 3."""
    return of_year % HOURS_PER_YEAR // SEASON_H


def weather_year_of(of_year: Ints) -> Ints:
    """Return the weather year that hours are in, from 0."""
    return of_year // HOURS_PER_YEAR


def joined(windows: Sequence[Hours]) -> Hours:
    """Return consecutive windows as one, in order; the hour before the first is the last."""
    of_year = np.concatenate([window.of_year for window in windows])
    order = np.arange(len(of_year))
    weight = np.concatenate([window.weight for window in windows])
    return Hours(of_year=of_year, weight=weight, before=np.roll(order, 1))


def _span(periods: Periods, t: int) -> tuple[int, int]:
    """First hour of the year, and number of hours, of a period."""
    count = round(HOURS_PER_YEAR * float(periods.length_years[t]))
    month = (periods.first_order_month + round(float(periods.start_months[t]))) % 12
    return HOURS_PER_YEAR * month // 12, count
