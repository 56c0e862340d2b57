from collections.abc import Callable

import pyomo.environ as pyo
import pytest
from pydantic import ValidationError

from components.base import Setting, World
from components.power import gas

ENGINE = gas.Gas(
    technology="MSR",
    vendor="Vendor",
    product="Engine",
    unit_mw=20,
    capex_usd_per_kw=1500,
    fixed_om_usd_per_kw_year=20,
    lead_months=12,
    life_years=25,
    slots_mw_per_year=500,
    heat_rate_mmbtu_per_mwh=8,
    heat_rate_margin=0.025,
    variable_om_usd_per_mwh=6,
    minimum_load_share=0.25,
    forced_outage_share=0.04,
    planned_outage_h_per_year=219,
    nox_lb_per_mwh=0.2,
    derate_per_c=0.01,
    derate_per_km=0.1,
)


def test_gas_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = gas.invest(model.part, ENGINE, make_setting())
    world = make_world({"drybulb_c": [10, 25, 35]}, elevation_m=500)
    operated = gas.operate(model.part, ENGINE, world, {"mw": model.mw})

    check_golden("gas", model.part, invested, operated)


def test_gas_needs_a_pipeline_and_spares() -> None:
    assert gas.NEEDS_GAS
    assert gas.SPARED


def test_gas_refuses_an_unknown_technology() -> None:
    with pytest.raises(ValidationError, match="technology"):
        gas.Gas.model_validate(ENGINE.model_dump() | {"technology": "COAL"})
