from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Setting
from components.power import rental
from components.power.gas_transport import reservation_usd_per_mw_year, with_reservation
from tests.components.power.test_rental import TURBINE


def test_a_plant_that_always_runs_pays_what_it_would_by_use() -> None:
    """0.5 USD/MMBtu x 10.3 MMBtu/MWh x 8,760 h = 45,114 USD for a MW and year."""
    assert reservation_usd_per_mw_year(TURBINE, 0.5) == pytest.approx(45_114)


def test_what_is_usable_reserves_and_what_stands_does_not(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Two units of 20 MW stand, 30 MW may be used: 30 x 45,114 USD/a; the lease stays."""
    plain = rental.invest(model.part, TURBINE, make_setting())
    found = with_reservation(plain, TURBINE, 0.5)
    model.part.units_added[1].set_value(2)
    model.part.mw[1].set_value(30)

    assert pyo.value(found.annual_usd["gas_reservation"][1]) == pytest.approx(30 * 45_114)
    assert found.annual_usd["lease"] is plain.annual_usd["lease"]
