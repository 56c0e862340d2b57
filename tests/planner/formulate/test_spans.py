"""Spans within which work may wait: every hour in one, none across a seam."""

import numpy as np
import pytest

from components.base import Hours
from planner.formulate.hours import SEASON_H, all_hours, sampled_weeks
from planner.formulate.operation import spans_of
from planner.gather import make_periods
from planner.scenario import Scenario


def _periods(step: str):
    horizon = {"start": "2028-01", "periods": 1, "step": step}
    return make_periods(Scenario.model_validate({"title": "spans", "horizon": horizon}))


def _season() -> Hours:
    order = np.arange(SEASON_H)
    return Hours(of_year=order, weight=np.ones(SEASON_H), before=order - 1)


def _joined(spans: tuple[range, ...]) -> list[int]:
    return [h for span in spans for h in span]


@pytest.mark.parametrize("defer_h", [1, 7, 24, 168, 2189, 2190, 10_000])
def test_spans_hold_every_hour_once_in_order(defer_h: int) -> None:
    hours = all_hours(_periods("half_year"), 0)
    spans = spans_of(hours, defer_h)

    assert _joined(spans) == list(hours.index)
    assert max(map(len, spans)) == min(defer_h, SEASON_H)


def test_a_season_is_91_days_and_a_quarter_of_one() -> None:
    spans = spans_of(_season(), 24)

    assert [len(span) for span in spans] == [24] * 91 + [6]


@pytest.mark.parametrize(("step", "seasons"), [("year", 4), ("half_year", 2), ("quarter", 1)])
@pytest.mark.parametrize("defer_h", [24, 100])
def test_a_period_in_one_piece_is_cut_as_its_seasons_are(step, seasons, defer_h) -> None:
    """So that both engines let work wait equally long."""
    one = spans_of(_season(), defer_h)
    wanted = [
        range(g * SEASON_H + span.start, g * SEASON_H + span.stop)
        for g in range(seasons)
        for span in one
    ]

    assert list(spans_of(all_hours(_periods(step), 0), defer_h)) == wanted


@pytest.mark.parametrize("weeks", [1, 3, 20, 52])
@pytest.mark.parametrize("defer_h", [24, 100, 720])
def test_work_of_a_sampled_week_is_done_in_it(weeks: int, defer_h: int) -> None:
    """Hours of a span follow each other and stand for equally long."""
    hours = sampled_weeks(_periods("year"), 0, weeks)
    spans = spans_of(hours, defer_h)

    assert _joined(spans) == list(hours.index)
    for span in spans:
        assert span.start // 168 == (span.stop - 1) // 168
        assert len(span) <= defer_h
        assert len(set(hours.weight[span])) == 1
        assert (np.diff(hours.of_year[span]) == 1).all()
