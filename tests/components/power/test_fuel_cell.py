from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Setting, World
from components.power import fuel_cell

SERVER = fuel_cell.FuelCell(
    technology="SOFC",
    vendor="Vendor",
    product="Server",
    unit_mw=0.5,
    capex_usd_per_kw=4000,
    fixed_om_usd_per_kw_year=0,
    lead_months=6,
    life_years=20,
    credit_share=0.3,
    credit_until_year=2026,
    heat_rate_mmbtu_per_mwh=6.5,
    heat_rate_margin=0,
    variable_om_usd_per_mwh=26,
    minimum_load_share=0.3,
    forced_outage_share=0.02,
    planned_outage_h_per_year=0,
    nox_lb_per_mwh=0.002,
    derate_per_c=0,
)


def test_fuel_cell_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = fuel_cell.invest(model.part, SERVER, make_setting())
    world = make_world({"drybulb_c": [10, 25, 40]}, elevation_m=1500)
    operated = fuel_cell.operate(model.part, SERVER, world, {"mw": model.mw})

    check_golden("fuel_cell", model.part, invested, operated)


def test_fuel_cell_pays_less_while_the_credit_is_in_force(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """500 kW * 4000 USD/kW = 2 MUSD; 0.7 of it in 2026, all of it in 2027; 20 years, 0 %."""
    setting = make_setting(cost_of_capital=0.0)
    found = fuel_cell.invest(model.part, SERVER.model_copy(update={"lead_months": 0.0}), setting)
    for t in (0, 1):
        model.part.units_added[t].set_value(1)

    capital = [pyo.value(usd) for usd in found.annual_usd["capital"]]

    assert capital == pytest.approx([0.07e6, 0.07e6 + 0.1e6])


def test_fuel_cell_needs_a_pipeline_and_spares() -> None:
    assert fuel_cell.NEEDS_GAS
    assert fuel_cell.SPARED
