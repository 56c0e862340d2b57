from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.base import Hours, Setting, World
from components.power import wind

FARM = wind.Wind(
    unit_mw=1,
    capex_usd_per_kw=1900,
    capex_2030_usd_per_kw=1650,
    fixed_om_usd_per_kw_year=33,
    lead_months=0,
    life_years=30,
    loss_share=0.15,
    degradation_per_year=0.002,
    land_acres_per_mw=0.75,
    credit_share=0.3,
    credit_until_year=2026,
)


def test_wind_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = wind.invest(model.part, FARM, make_setting())
    world = make_world({"wind_capacity_factor": [0.0, 0.8, 1.0]})
    operated = wind.operate(model.part, FARM, world, {"mw": model.mw})

    check_golden("wind", model.part, invested, operated)


def test_output_is_that_of_middle_age_after_losses(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """100 MW at 0.8, less 15 %, having lost 0.002 * 30 / 2 = 3 %: 80 * 0.85 * 0.97 = 65.96 MW."""
    world = make_world({"wind_capacity_factor": [0.0, 0.8, 1.0]})
    wind.operate(model.part, FARM, world, {"mw": model.mw})
    model.mw.set_value(100)
    model.part.output_mw[1].set_value(65.96)

    row = model.part.output_within_capacity[1]

    assert pyo.value(row.body) == pytest.approx(pyo.value(row.upper))


@given(factor=st.lists(st.floats(0, 1), min_size=1, max_size=24), loss=st.floats(0, 0.99))
def test_a_farm_gives_no_more_than_its_turbines(factor: list[float], loss: float) -> None:
    n = len(factor)
    hours = Hours(np.arange(n), np.ones(n), np.arange(n) - 1)
    world = World(hours, {"wind_capacity_factor": np.array(factor)})
    p = FARM.model_copy(update={"loss_share": loss})

    share = wind.profile(p, world).shares["output_within_capacity"]

    assert (share >= 0).all()
    assert (share <= np.array(factor)).all()


def test_the_price_falls_until_2030(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """1900 in 2025 and 1650 in 2030: 1850 in 2026 and 1800 in 2027, for one MW each."""
    found = wind.invest(model.part, FARM, make_setting())
    for t in (0, 1):
        model.part.units_added[t].set_value(1)

    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([1.85e6, 1.80e6])


def test_wind_needs_neither_gas_nor_spares() -> None:
    assert not wind.NEEDS_GAS
    assert not wind.SPARED
