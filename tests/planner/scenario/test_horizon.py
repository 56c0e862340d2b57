"""Periods: their labels, years, lengths, offsets and seasons."""

from itertools import pairwise

import pytest
from pydantic import ValidationError

from planner.scenario.horizon import Horizon, Period


def test_years() -> None:
    horizon = Horizon(start="2026-01", periods=3)

    assert horizon.periods_table() == (
        Period("2026", 2026, 0, 1.0, (0, 1, 2, 3)),
        Period("2027", 2027, 12, 1.0, (0, 1, 2, 3)),
        Period("2028", 2028, 24, 1.0, (0, 1, 2, 3)),
    )
    assert horizon.years() == [2026, 2027, 2028]
    assert horizon.first_month == 12 * 2026


def test_half_years() -> None:
    horizon = Horizon(start="2026-07", periods=3, step="half_year")

    assert horizon.periods_table() == (
        Period("2026-H2", 2026, 0, 0.5, (2, 3)),
        Period("2027-H1", 2027, 6, 0.5, (0, 1)),
        Period("2027-H2", 2027, 12, 0.5, (2, 3)),
    )
    assert horizon.years() == [2026, 2027]
    assert horizon.first_month == 12 * 2026 + 6


def test_quarters() -> None:
    horizon = Horizon(start="2026-10", periods=3, step="quarter")

    assert horizon.periods_table() == (
        Period("2026-Q4", 2026, 0, 0.25, (3,)),
        Period("2027-Q1", 2027, 3, 0.25, (0,)),
        Period("2027-Q2", 2027, 6, 0.25, (1,)),
    )


@pytest.mark.parametrize("step", ["year", "half_year", "quarter"])
def test_periods_follow_each_other_without_gap(step: str) -> None:
    table = Horizon.model_validate({"periods": 40, "step": step}).periods_table()

    for this, following in pairwise(table):
        assert following.start_months == this.start_months + 12 * this.length_years
        assert len(this.seasons) == 4 * this.length_years
    assert len({row.label for row in table}) == 40


@pytest.mark.parametrize(
    ("step", "start", "fits"),
    [
        ("year", "2026-01", True),
        ("year", "2026-07", False),
        ("half_year", "2026-07", True),
        ("half_year", "2026-04", False),
        ("quarter", "2026-04", True),
        ("quarter", "2026-05", False),
    ],
)
def test_the_start_has_to_begin_a_period(step: str, start: str, fits: bool) -> None:
    data = {"step": step, "start": start}

    if fits:
        assert Horizon.model_validate(data).start == start
    else:
        with pytest.raises(ValidationError, match="must begin a period"):
            Horizon.model_validate(data)


def test_orders_may_begin_before_the_first_period() -> None:
    early = Horizon(start="2028-01", orders_from="2026-04")

    assert early.first_order_month == 12 * 2026 + 3
    assert Horizon(start="2028-01").first_order_month == 12 * 2028
    with pytest.raises(ValidationError, match=r"orders_from: must not be later"):
        Horizon(start="2028-01", orders_from="2028-02")


def test_sampled_weeks_are_two_unless_told() -> None:
    assert Horizon.model_validate({"hours": "weeks"}).weeks == 2
    assert Horizon.model_validate({"hours": "weeks", "weeks": 5}).weeks == 5
    assert Horizon().weeks is None
