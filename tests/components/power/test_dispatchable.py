from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.base import World
from components.power.dispatchable import DispatchableParameters, availability, operate

TURBINE = DispatchableParameters(
    vendor="GE Vernova",
    product="7HA.02",
    unit_mw=384,
    capex_usd_per_kw=1400,
    fixed_om_usd_per_kw_year=14,
    lead_months=60,
    life_years=25,
    heat_rate_mmbtu_per_mwh=8.87,
    variable_om_usd_per_mwh=4,
    minimum_load_share=0.4,
    forced_outage_share=0.045,
    planned_outage_h_per_year=190,
    nox_lb_per_mwh=0.082,
    derate_per_c=0.007,
    derate_per_km=0.115,
)


def test_availability_on_a_hot_day_in_the_hills() -> None:
    """35 degC, 1000 m: 0.955 * (1 - 190/8760) * (1 - 0.007 * 20) * (1 - 0.115).

    0.955 * 0.978311 = 0.934287; * 0.86 = 0.803486; * 0.885 = 0.711086
    """
    found = availability(TURBINE, np.array([35.0]), 1000)

    assert found == pytest.approx([0.711086], abs=1e-6)


def test_cold_and_depth_add_nothing() -> None:
    """At or below 15 degC and sea level only outages count: 0.934287."""
    found = availability(TURBINE, np.array([-20.0, 15.0]), -50)

    assert found == pytest.approx([0.934287, 0.934287], abs=1e-6)


@given(
    drybulb_c=st.floats(-60, 60),
    elevation_m=st.floats(-500, 9000),
    forced=st.floats(0, 0.99),
    per_c=st.floats(0, 0.1),
)
def test_availability_is_a_share(
    drybulb_c: float, elevation_m: float, forced: float, per_c: float
) -> None:
    odd = TURBINE.model_copy(update={"forced_outage_share": forced, "derate_per_c": per_c})

    found = availability(odd, np.array([drybulb_c]), elevation_m)

    assert 0 <= found[0] <= 1


@given(drybulb_c=st.floats(-60, 59), hotter_k=st.floats(0, 20), elevation_m=st.floats(0, 4000))
def test_hotter_never_gives_more(drybulb_c: float, hotter_k: float, elevation_m: float) -> None:
    cool, hot = availability(TURBINE, np.array([drybulb_c, drybulb_c + hotter_k]), elevation_m)

    assert hot <= cool


def test_heat_rate_that_is_paid_for_has_its_margin() -> None:
    """8.87 * 1.03 = 9.1361 MMBtu/MWh."""
    assert TURBINE.net_heat_rate_mmbtu_per_mwh == pytest.approx(9.1361)


def test_an_hour_takes_fuel_money_and_air(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """100 MW in an hour that stands for 2 h: 200 MWh.

    fuel 200 * 9.1361 = 1827.2 MMBtu; O&M 200 * 4 = 800 USD; CO2 1827.2 * 0.05306 = 96.95 t
    """
    world = make_world({"drybulb_c": [15, 15, 15]}, elevation_m=0)
    found = operate(model.part, TURBINE, world, {"mw": model.mw})
    for h, mw in enumerate((0, 100, 0)):
        model.part.output_mw[h].set_value(mw)

    used = {name: sum(pyo.value(v) * a for v, a in pairs) for name, pairs in found.uses.items()}

    assert used["fuel_gbtu"] == pytest.approx(1.82722)
    assert used["variable_kusd"] == pytest.approx(0.8)
    assert used["co2_kt"] == pytest.approx(0.0969523, rel=1e-5)


def test_output_is_bounded_by_what_can_be_had(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """384 MW at 15 degC and sea level: at most 384 * 0.934287 = 358.77 MW."""
    world = make_world({"drybulb_c": [15, 15, 15]}, elevation_m=0)
    operate(model.part, TURBINE, world, {"mw": model.mw})
    model.mw.set_value(384)
    model.part.output_mw[1].set_value(358.77)

    row = model.part.output_within_capacity[1]

    assert pyo.value(row.body) == pytest.approx(pyo.value(row.upper), abs=0.01)
