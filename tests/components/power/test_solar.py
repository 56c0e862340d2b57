from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Setting, World
from components.power import solar

FIELD = solar.Solar(
    unit_mw=1,
    capex_usd_per_kw=1500,
    capex_2030_usd_per_kw=1250,
    fixed_om_usd_per_kw_year=20,
    lead_months=0,
    life_years=30,
    degradation_per_year=0.005,
    land_acres_per_mw=6,
    credit_share=0.3,
    credit_until_year=2026,
)


def test_solar_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = solar.invest(model.part, FIELD, make_setting())
    world = make_world({"solar_capacity_factor": [0.0, 0.8, 0.5]})
    operated = solar.operate(model.part, FIELD, world, {"mw": model.mw})

    check_golden("solar", model.part, invested, operated)


def test_output_is_that_of_middle_age(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """100 MW at 0.8, having lost 0.005 * 30 / 2 = 7.5 %: 74 MW."""
    world = make_world({"solar_capacity_factor": [0.0, 0.8, 0.5]})
    solar.operate(model.part, FIELD, world, {"mw": model.mw})
    model.mw.set_value(100)
    model.part.output_mw[1].set_value(74)

    row = model.part.output_within_capacity[1]

    assert pyo.value(row.body) == pytest.approx(pyo.value(row.upper))


def test_the_price_falls_until_2030(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """1500 in 2025 and 1250 in 2030: 1450 in 2026 and 1400 in 2027, for one MW each."""
    found = solar.invest(model.part, FIELD, make_setting())
    for t in (0, 1):
        model.part.units_added[t].set_value(1)

    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([1.45e6, 1.40e6])


def test_solar_needs_neither_gas_nor_spares() -> None:
    assert not solar.NEEDS_GAS
    assert not solar.SPARED
