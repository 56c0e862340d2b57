"""Figures by year: linear between the years given, refused outside."""

import pickle
from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from planner.scenario import ByYear
from planner.scenario.by_year import Within

POINTS = st.dictionaries(st.integers(2000, 2100), st.floats(-1e6, 1e6), min_size=1)


def test_lies_on_the_line_between_two_years() -> None:
    """4262 in 2026 and 4697 in 2030: 4262 + (4697 - 4262) * 3 / 4 = 4588.25 in 2029."""
    figure = ByYear.of({2030: 4697, 2026: 4262})

    assert figure.at(2029) == 4588.25
    assert figure.at(2026) == 4262
    assert figure.at(2030) == 4697


def test_a_number_is_the_same_in_every_year() -> None:
    figure = ByYear.of(3.5)

    assert figure.at(1900) == figure.at(2300) == 3.5
    assert figure.span == "every year"


@pytest.mark.parametrize("year", [2025, 2031])
def test_is_not_extrapolated(year: int) -> None:
    with pytest.raises(ValueError, match=rf"no figure for {year}: given for 2026 to 2030"):
        ByYear.of({2026: 1, 2030: 2}).at(year)


def test_a_single_year_is_that_year_only() -> None:
    figure = ByYear.of({2028: 7})

    assert figure.at(2028) == 7
    assert not figure.covers(2028, 2029)
    assert figure.span == "2028"


def test_no_years_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one year"):
        ByYear.of({})


@settings(deadline=None)
@given(points=POINTS, share=st.floats(0, 1))
def test_stays_between_the_neighbours(points: dict[int, float], share: float) -> None:
    figure = ByYear.of(points)
    years = sorted(points)
    year = round(years[0] + share * (years[-1] - years[0]))

    left = points[max(y for y in years if y <= year)]
    right = points[min(y for y in years if y >= year)]

    slack = 1e-9 * (1 + abs(left) + abs(right))
    assert min(left, right) - slack <= figure.at(year) <= max(left, right) + slack


@settings(deadline=None)
@given(points=POINTS)
def test_is_a_value(points: dict[int, float]) -> None:
    figure = ByYear.of(points)

    assert ByYear.of(figure.plain()) == ByYear.of(figure) == figure
    assert pickle.loads(pickle.dumps(figure)) == figure
    assert hash(figure) == hash(ByYear.of(points))


class TestValidation:
    SHARE = TypeAdapter(Annotated[ByYear, Within(ge=0, lt=1)])
    ANY = TypeAdapter(ByYear)

    @pytest.mark.parametrize("value", [0, 0.5, {2026: 0.5}, ByYear.of(0.5)])
    def test_takes_numbers_mappings_and_itself(self, value: object) -> None:
        assert self.SHARE.validate_python(value) == ByYear.of(value)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "value", [1, -0.1, {2026: 1}, ByYear.of(2), "0.5", True, {}, None, {1999: 0.5}, {2026: "0"}]
    )
    def test_refuses_what_is_out_of_bounds_or_no_number(self, value: object) -> None:
        with pytest.raises(ValidationError):
            self.SHARE.validate_python(value)

    def test_has_no_bounds_unless_told_but_is_finite(self) -> None:
        assert self.ANY.validate_python(-1e30).at(2026) == -1e30
        with pytest.raises(ValidationError, match="finite"):
            self.ANY.validate_python({2026: float("inf")})

    def test_its_json_schema_has_both_forms_with_bounds(self) -> None:
        number = {"type": "number", "minimum": 0, "exclusiveMaximum": 1}

        alone, by_year = self.SHARE.json_schema()["anyOf"]

        assert alone == number
        assert by_year["patternProperties"] == {"^2[0-9]{3}$": number}
        assert self.ANY.json_schema()["anyOf"][0] == {"type": "number"}
