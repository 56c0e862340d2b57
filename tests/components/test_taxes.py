import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.taxes import HALF_YEAR_PERCENT, Taxes, depreciation, finance_factor

LOANS = Taxes(
    debt_share=0.6, debt_rate=0.08, equity_rate=0.12, tax_rate=0.25, bonus_depreciation=0.0
)


def declining_balance(years: int, rate: float) -> list[float]:
    """Depreciation by rule: declining balance from mid-year, straight line once that is more [1].

    26 USC 168(b)(1)-(2), (d)(4)(A).
    """
    found, left = [], 1.0
    for year in range(years + 1):
        remaining = years if year == 0 else years - year + 0.5
        share = left * max(rate / years, 1 / remaining) * (0.5 if year == 0 else 1)
        found.append(min(share, left))
        left -= found[-1]
    return found


@pytest.mark.parametrize(("years", "rate"), [(5, 2.0), (7, 2.0), (15, 1.5), (20, 1.5)])
def test_tables_are_what_the_rule_gives(years: int, rate: float) -> None:
    """200 % of the straight line for 5 and 7 years, 150 % for 15 and 20; the tables are rounded."""
    assert depreciation(years) == pytest.approx(declining_balance(years, rate), abs=1.01e-4)


def test_a_building_is_depreciated_evenly_from_the_middle_of_july() -> None:
    """5.5 months of 468 in the first year, 12 in each of 38 years, the other 6.5 in the last."""
    by_month = [5.5 / 468, *[12 / 468] * 38, 6.5 / 468]

    assert depreciation(39) == pytest.approx(by_month, abs=1e-4)


@pytest.mark.parametrize("years", HALF_YEAR_PERCENT)
def test_all_of_the_basis_is_depreciated(years: int) -> None:
    assert sum(depreciation(years)) == pytest.approx(1)


def test_cost_of_capital_of_paper() -> None:
    """0.6 x 8 % x 0.75 + 0.4 x 12 % = 8.4 %; with 2.5 % inflation 1.084 / 1.025 - 1."""
    inflated = Taxes(0.6, 0.08, 0.12, 0.25, 0.0, inflation=0.025)

    assert LOANS.nominal_cost_of_capital == pytest.approx(0.084)
    assert LOANS.real_cost_of_capital == pytest.approx(0.084)
    assert inflated.real_cost_of_capital == pytest.approx(0.0575610)


def test_worth_of_five_year_depreciation_of_paper() -> None:
    """At 8.4 %: 0.2/1.084 + 0.32/1.084^2 + 0.192/1.084^3 + 0.1152/1.084^4 + ...

    0.184502 + 0.272327 + 0.150735 + 0.083433 + 0.076967 + 0.035502 = 0.803466.
    """
    assert LOANS.worth_of_depreciation(5) == pytest.approx(0.803466, abs=2e-6)


def test_full_bonus_is_all_depreciation_in_the_first_year() -> None:
    at_once = Taxes(0.6, 0.08, 0.12, 0.25, bonus_depreciation=1.0)

    assert at_once.worth_of_depreciation(15) == pytest.approx(1 / 1.084)


def test_part_of_a_bonus_is_between() -> None:
    """40 % at once, the rest by the table."""
    part = Taxes(0.6, 0.08, 0.12, 0.25, bonus_depreciation=0.4)
    expected = 0.4 / 1.084 + 0.6 * LOANS.worth_of_depreciation(15)

    assert part.worth_of_depreciation(15) == pytest.approx(expected)


def test_buildings_have_no_bonus() -> None:
    at_once = Taxes(0.6, 0.08, 0.12, 0.25, bonus_depreciation=1.0)

    assert at_once.worth_of_depreciation(39) == LOANS.worth_of_depreciation(39)


def test_there_is_no_table_for_any_number_of_years() -> None:
    with pytest.raises(ValueError, match="no depreciation table for 12 years; there are 5, 7, 15"):
        depreciation(12)


def test_factor_of_paper() -> None:
    """Credit 30 %, tax 25 %, worth 0.8: (1 - 0.3 - 0.25 x 0.85 x 0.8) / 0.75 = 0.53 / 0.75."""
    assert finance_factor(0.25, 0.8, 0.3) == pytest.approx(0.706667, abs=1e-6)


@given(tax=st.floats(0, 0.9))
def test_what_can_be_deducted_at_once_is_not_made_dearer_by_tax(tax: float) -> None:
    """A dollar deducted when it is paid costs a dollar of income before tax, at any rate."""
    assert finance_factor(tax, 1.0, 0.0) == pytest.approx(1)


@given(tax=st.floats(0.01, 0.9), worth=st.floats(0, 0.99))
def test_what_is_deducted_later_is_made_dearer_by_tax(tax: float, worth: float) -> None:
    assert finance_factor(tax, worth, 0.0) > 1


@given(tax=st.floats(0, 0.9), worth=st.floats(0, 1), credit=st.floats(0, 1))
def test_half_of_the_credit_is_not_depreciated(tax: float, worth: float, credit: float) -> None:
    """Without tax a credit is its share; with tax it is worth c (1 - tax worth / 2) / (1 - tax)."""
    saved = finance_factor(tax, worth, 0.0) - finance_factor(tax, worth, credit)

    assert saved == pytest.approx(credit * (1 - tax * worth / 2) / (1 - tax))
