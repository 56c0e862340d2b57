from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Setting
from components.catalog.loader import load_family
from components.power import air_permit

PERMIT = air_permit.AirPermit(
    minor_lead_months=6, lead_months=18, permit_usd=1e6, life_years=20, fixed_om_share=0.1
)


def test_a_major_permit_takes_a_year_and_a_half(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Applied for in January 2026, it is there in July 2027: in time for 2028, not for 2027."""
    air_permit.invest(model.part, PERMIT, make_setting(years=(2026, 2027, 2028)))

    assert [model.part.built[t].fixed for t in range(3)] == [True, True, False]


def test_a_permit_is_paid_once_and_kept_up(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """1 MUSD over 20 years at no interest: 50,000 USD/a, and 100,000 USD/a of fees."""
    setting = make_setting(years=(2026, 2027, 2028, 2029), cost_of_capital=0.0)
    found = air_permit.invest(model.part, PERMIT, setting)
    for t, built in enumerate((0, 0, 1, 1)):
        model.part.built[t].set_value(built)

    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([0, 0, 1e6, 0])
    yearly = {k: [pyo.value(usd) for usd in v] for k, v in found.annual_usd.items()}
    assert yearly["capital"] == pytest.approx([0, 0, 5e4, 5e4])
    assert yearly["fixed_om"] == pytest.approx([0, 0, 1e5, 1e5])


def test_a_minor_permit_comes_first() -> None:
    figures = load_family("air_permit")["air_permit"].parameters.model_dump()

    assert figures["minor_lead_months"] < figures["lead_months"]
