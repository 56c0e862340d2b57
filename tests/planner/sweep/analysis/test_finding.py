"""A break-even is bisected; a condition is never run as code."""

from typing import Any

import pytest

from planner.sweep.analysis.condition import read_condition
from planner.sweep.analysis.finding import find_break_even
from planner.sweep.analysis.sensitivity import AnalysisError
from planner.sweep.asks import Find

POINT = {"sites.orbit_1.open": 1, "it_mw.2028": 120.0, "racks.a": 0.0, "name": "x"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("sites.orbit_1.open == 1", True),
        ("it_mw.2028 >= 120", True),
        ("it_mw.2028 < 120", False),
        ("100 < it_mw.2028 <= 120.0", True),
        ("not it_mw.2028 > 100 or racks.a != 0", False),
        ("sites.orbit_1.open == 1 and (racks.a > 1 or it_mw.2028 > 1e2)", True),
        ("racks.a > -1", True),
        ("mw.gas == 0", True),
    ],
)
def test_a_condition_compares_columns_with_numbers(text: str, holds: bool) -> None:
    assert read_condition(text).holds(POINT) is holds


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "it_mw.2028",
        "it_mw.2028 > 'a'",
        "(lambda: 1)() == 1",
        "it_mw.2028 + 1 > 2",
        "it_mw.2028[0] > 1",
        "it_mw.2028 in racks.a",
        "[x for x in a] == 1",
        "it_mw.2028 == True",
        "1 == 1",
        "(it_mw.2028 := 3) > 1",
        "f(it_mw.2028) > 1",
        "it_mw.2028 > 1; it_mw.2028",
        "",
        "((" * 200 + "a",
        "a" * 600 + " > 1",
    ],
)
def test_all_else_is_refused(text: str) -> None:
    with pytest.raises(AnalysisError, match="try"):
        read_condition(text)


def test_a_column_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(AnalysisError, match=r"it_mw\.2027, try it_mw\.2028"):
        read_condition("it_mw.2027 > 1").holds(POINT)
    with pytest.raises(AnalysisError, match="no number in the column name"):
        read_condition("name == 1").holds(POINT)


def _find(low: float, high: float, within: float = 0.01) -> Find:
    return Find.model_validate(
        {"key": "power.gas_usd_per_mmbtu", "from": low, "to": high,
         "where": "sites.orbit_1.open == 1", "within": within}
    )  # fmt: skip


def _opens_at(threshold: float) -> Any:
    return lambda value: {"status": "solved", "sites.orbit_1.open": int(value >= threshold)}


def test_a_break_even_is_found_to_its_tolerance_whichever_end_is_named_first() -> None:
    for low, high in ((0.0, 10.0), (10.0, 0.0)):
        found = find_break_even(_find(low, high, within=0.001), _opens_at(3.3))

        assert found.fails_at < 3.3 <= found.holds_at
        assert found.width <= 0.01
        assert found.value == pytest.approx(3.3, abs=0.01)
        assert len(found.tried) == 2 + 10  # halved ten times: 2^-10 < 0.001
        assert found.as_data()["tried"][0]["value"] == low


def test_both_ends_that_agree_are_told() -> None:
    with pytest.raises(AnalysisError) as error:
        find_break_even(_find(0.0, 3.0), _opens_at(7.0))

    for words in ("does not hold at both ends", "= 0 where sites.orbit_1.open is 0", "= 3 where"):
        assert words in str(error.value)
    with pytest.raises(AnalysisError, match=r"holds at both ends.*open is 1"):
        find_break_even(_find(8.0, 9.0), _opens_at(7.0))


def test_a_value_without_a_plan_is_no_answer() -> None:
    def evaluate(value: float) -> dict[str, Any]:
        return _opens_at(3.0)(value) if value != 5 else {"status": "infeasible", "reason": "no gas"}

    with pytest.raises(AnalysisError, match=r"= 5 has no plan \(infeasible: no gas\)"):
        find_break_even(_find(0.0, 10.0), evaluate)


def test_a_column_that_neither_end_has_is_a_slip_of_the_pen() -> None:
    asked = _find(0.0, 10.0).model_copy(update={"where": "mw.gsa > 0 or sites.orbit_1.open == 1"})
    with pytest.raises(AnalysisError, match=r"no point has a column mw\.gsa"):
        find_break_even(asked, _opens_at(3.0))
