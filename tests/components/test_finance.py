from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.base import Periods, Setting
from components.finance import annual_charges, annuity, charge_rate, price_path
from components.taxes import HALF_YEAR_PERCENT, Taxes


def test_annuity_of_paper() -> None:
    """8 %, 20 years: 0.08 / (1 - 1.08^-20); 1.08^20 = 4.66096, so 0.08 / 0.785452 = 0.101852.

    The same 0.10185 stands in Short, Packey and Holt, NREL/TP-462-5173, table of factors.
    """
    assert annuity(0.08, 20) == pytest.approx(0.101852, abs=1e-6)


def test_annuity_without_interest_is_an_equal_share() -> None:
    assert annuity(0.0, 5) == pytest.approx(0.2)


@given(rate=st.floats(0.001, 0.5), life=st.integers(1, 60))
def test_payments_are_worth_what_was_paid(rate: float, life: int) -> None:
    """The present value of an annuity over its life is one dollar."""
    worth = sum(annuity(rate, life) / (1 + rate) ** year for year in range(1, life + 1))

    assert worth == pytest.approx(1.0)


@pytest.mark.parametrize(("rate", "life"), [(-0.01, 20), (0.08, 0), (0.08, -1)])
def test_annuity_refuses_what_has_no_meaning(rate: float, life: float) -> None:
    with pytest.raises(ValueError, match="annuity needs rate >= 0 and life > 0"):
        annuity(rate, life)


@pytest.mark.parametrize(
    ("year", "usd"), [(2020, 300), (2025, 300), (2026, 280), (2028, 240), (2030, 200), (2035, 200)]
)
def test_price_path_is_straight_between_2025_and_2030(year: int, usd: float) -> None:
    assert price_path(year, 300, 200) == pytest.approx(usd)


def test_charges_start_with_service_and_stop_with_life(
    make_setting: Callable[..., Setting],
) -> None:
    """100 USD in 2026 and 50 in 2027, two years of life, no interest: 50 and 25 a year each.

    2026: 50; 2027: 50 + 25 = 75; 2028: 25; 2029: 0.
    """
    setting = make_setting(years=(2026, 2027, 2028, 2029), cost_of_capital=0.0)

    charges = annual_charges([100.0, 50.0, 0.0, 0.0], 2, setting)

    assert [pyo.value(c) for c in charges] == pytest.approx([50.0, 75.0, 25.0, 0.0])


NO_PERIODS = Periods((), np.array([]), np.array([]), np.array([]), 0, np.array([]))

LOANS = Taxes(
    debt_share=0.6, debt_rate=0.08, equity_rate=0.12, tax_rate=0.25, bonus_depreciation=0.0
)
"""After tax 0.6 x 8 % x 0.75 + 0.4 x 12 % = 8.4 %."""


def test_charge_without_taxes_is_the_annuity_of_what_the_credit_leaves(
    make_setting: Callable[..., Setting],
) -> None:
    """0.101852 x (1 - 0.3) = 0.071296."""
    assert charge_rate(make_setting(), 20, credit_share=0.3) == pytest.approx(0.071296, abs=1e-6)


def test_charge_after_tax_of_paper(make_setting: Callable[..., Setting]) -> None:
    """Solar over 30 years, 5-year depreciation worth 0.803466, credit 30 %.

    CRF(8.4 %, 30) = 0.084 / (1 - 1.084^-30) = 0.0922007; factor (1 - 0.3 - 0.25 x 0.85 x 0.803466)
    / 0.75 = 0.705684; together 0.0650647. Without the credit (1 - 0.200866) / 0.75 = 1.065512:
    0.0982409.
    """
    setting = replace(make_setting(), taxes=LOANS)

    credited = charge_rate(setting, 30, credit_share=0.3, recovery_years=5)
    plain = charge_rate(setting, 30, recovery_years=5)

    assert credited == pytest.approx(0.0650647, abs=1e-6)
    assert plain == pytest.approx(0.0982409, abs=1e-6)


@given(
    rate=st.floats(0.001, 0.5),
    life=st.integers(1, 60),
    credit=st.floats(0, 1),
    years=st.sampled_from(sorted(HALF_YEAR_PERCENT)),
)
def test_without_tax_or_inflation_the_mix_of_capital_is_all_that_counts(
    rate: float, life: int, credit: float, years: int
) -> None:
    """Debt and equity at one rate are that rate, and depreciation saves nothing."""
    untaxed = Taxes(0.6, rate, rate, tax_rate=0.0)

    charge = charge_rate(
        Setting(NO_PERIODS, 0.99, 10.0, taxes=untaxed),
        life,
        credit_share=credit,
        recovery_years=years,
    )

    assert charge == pytest.approx(annuity(rate, life) * (1 - credit))


def test_inflation_alone_changes_nothing_but_what_is_nominal(
    make_setting: Callable[..., Setting],
) -> None:
    """Owners who ask for 8 % real want 1.08 x 1.03 - 1 nominal; untaxed, the charge is the same."""
    owners = Taxes(0.0, 0.0, 1.08 * 1.03 - 1, tax_rate=0.0, inflation=0.03)

    charge = charge_rate(replace(make_setting(), taxes=owners), 20, recovery_years=15)

    assert charge == pytest.approx(annuity(0.08, 20))


def test_a_charge_falls_with_faster_depreciation(make_setting: Callable[..., Setting]) -> None:
    setting = replace(make_setting(), taxes=LOANS)
    bonus = replace(make_setting(), taxes=replace(LOANS, bonus_depreciation=1.0))

    by_class = [charge_rate(setting, 20, recovery_years=n) for n in sorted(HALF_YEAR_PERCENT)]

    assert by_class == sorted(by_class)
    assert charge_rate(bonus, 20, recovery_years=5) < by_class[0]


def test_land_is_not_depreciated(make_setting: Callable[..., Setting]) -> None:
    """All of its income is taxed: annuity(8.4 %) / 0.75."""
    setting = replace(make_setting(), taxes=LOANS)

    charge = charge_rate(setting, 30, recovery_years=15, depreciable_share=0.0)

    assert charge == pytest.approx(annuity(0.084, 30) / 0.75)


def test_with_taxes_a_recovery_period_has_to_be_named(
    make_setting: Callable[..., Setting],
) -> None:
    with pytest.raises(ValueError, match="needs the recovery period of its depreciation"):
        charge_rate(replace(make_setting(), taxes=LOANS), 20)


def test_each_period_is_charged_with_the_credit_of_its_entry(
    make_setting: Callable[..., Setting],
) -> None:
    """100 USD in 2026 with 30 %, 100 in 2027 without; two years, no interest: 35; 35 + 50; 50."""
    setting = make_setting(years=(2026, 2027, 2028), cost_of_capital=0.0)

    charges = annual_charges([100.0, 100.0, 0.0], 2, setting, credit_shares=[0.3, 0.0, 0.0])

    assert [pyo.value(c) for c in charges] == pytest.approx([35.0, 85.0, 50.0])
