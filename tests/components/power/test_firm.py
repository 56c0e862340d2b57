"""What nuclear and geothermal plants share: mean outages, the cost of a MWh, the first year."""

from collections.abc import Callable

import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.base import USES, Setting, World
from components.power import firm
from components.power.plant import in_order

PLANT = firm.FirmParameters(
    unit_mw=50,
    capex_usd_per_kw=5000,
    fixed_om_usd_per_kw_year=90,
    lead_months=12,
    life_years=30,
    available_from_year=2028,
    variable_om_usd_per_mwh=2.5,
    fuel_usd_per_mwh=12,
    forced_outage_share=0.05,
    planned_outage_h_per_year=876,
)


def test_a_plant_gives_what_outages_leave(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """0.95 in order, of it nine tenths not in planned outage: 0.855 of 100 MW."""
    firm.operate(model.part, PLANT, make_world({}), {"mw": model.mw})
    model.mw.set_value(100)
    model.part.output_mw[2].set_value(85.5)

    row = model.part.output_within_capacity[2]

    assert pyo.value(row.body) == pytest.approx(pyo.value(row.upper))


def test_a_mwh_takes_money_and_nothing_else(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """2.5 + 12 USD/MWh; the second hour stands for two: 14.5 and 29 USD/MW, in thousands."""
    found = firm.operate(model.part, PLANT, make_world({}), {"mw": model.mw})

    assert set(found.uses) == {"variable_kusd"} <= set(USES)
    amounts = [amount for _, amount in found.uses["variable_kusd"]]
    assert amounts == pytest.approx([0.0145, 0.029, 0.0145])


@pytest.mark.parametrize(("lead", "months"), [(12.0, 24.0), (30.0, 30.0)])
def test_nothing_comes_before_its_first_year(
    make_setting: Callable[..., Setting], lead: float, months: float
) -> None:
    """First order in January 2026: 24 months to January 2028, or longer if it takes longer."""
    p = PLANT.model_copy(update={"lead_months": lead})

    assert firm.lead_months(p, make_setting().periods) == months


@given(st.floats(0, 0.99), st.floats(0, 8759))
def test_availability_is_a_share(forced: float, planned: float) -> None:
    update = {"forced_outage_share": forced, "planned_outage_h_per_year": planned}

    assert 0 <= in_order(PLANT.model_copy(update=update)) <= 1
