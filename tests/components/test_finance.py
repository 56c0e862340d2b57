from collections.abc import Callable

import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.base import Setting
from components.finance import annual_charges, annuity, price_path


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
