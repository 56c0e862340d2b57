from collections.abc import Callable

import pytest

from components.base import Hours, Parameters, Setting


def test_an_order_arrives_when_its_lead_time_has_passed(
    make_setting: Callable[..., Setting],
) -> None:
    """Periods start 0, 12 and 24 months after the first order."""
    periods = make_setting(years=(2026, 2027, 2028)).periods

    assert [periods.arrived(t, 0) for t in periods.index] == [True, True, True]
    assert [periods.arrived(t, 12) for t in periods.index] == [False, True, True]
    assert [periods.arrived(t, 13) for t in periods.index] == [False, False, True]


def test_a_unit_serves_its_life_and_no_longer(make_setting: Callable[..., Setting]) -> None:
    """With a life of two years, what came in 2026 serves in 2026 and 2027."""
    periods = make_setting(years=(2026, 2027, 2028)).periods

    assert [periods.alive(t, 2) for t in periods.index] == [[0], [0, 1], [1, 2]]


def test_a_life_may_end_within_a_period(make_setting: Callable[..., Setting]) -> None:
    """A life of 1.5 years that began in January 2026 still serves when 2027 begins."""
    periods = make_setting(years=(2026, 2027, 2028)).periods

    assert [periods.alive(t, 1.5) for t in periods.index] == [[0], [0, 1], [1, 2]]


def test_periods_and_hours_have_a_length_and_an_index(
    make_setting: Callable[..., Setting], make_world: Callable[..., Hours]
) -> None:
    periods = make_setting(years=(2026, 2027, 2028)).periods
    hours = make_world({}, weight=(1, 1)).hours

    assert (len(periods), list(periods.index)) == (3, [0, 1, 2])
    assert (len(hours), list(hours.index)) == (2, [0, 1])


def test_parameters_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        Parameters.model_validate({"unit_mw": 1})
