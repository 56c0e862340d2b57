from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
import pytest

from components.base import Setting
from components.facility import retrofit, site_works
from components.finance import annuity
from tests.components.facility.test_site_works import GREENFIELD

DIRECT = retrofit.Retrofit(
    from_cooling=("air_chiller",),
    to_cooling=("liquid_dry",),
    unit_mw=1.0,
    capex_usd_per_kw=2000.0,
    fixed_om_usd_per_kw_year=0.0,
    lead_months=9.0,
    life_years=15.0,
    craft_hours_per_mw=4000.0,
)


def test_retrofit_rows(
    make_setting: Callable[..., Setting],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    found = retrofit.invest(model.part, DIRECT, make_setting())

    check_golden("retrofit", model.part, found)


def test_a_megawatt_costs_two_million_and_draws_its_hours(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    found = retrofit.invest(model.part, DIRECT, make_setting(years=(2027, 2028)))
    for t, units in enumerate((0.0, 3.0)):
        model.part.units_added[t].set_value(units)

    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([0, 6e6])
    assert [pyo.value(h) for h in found.draws["craft_hours"]] == pytest.approx([0, 12_000])


def test_what_stands_is_in_service_and_costs_nothing_new(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """30 MW in the first year, gone in the second: upkeep in the first, no capital."""
    setting = make_setting(years=(2027, 2028))
    there = replace(setting, existing_mw=np.array([30.0, 0.0]))
    kept = DIRECT.model_copy(update={"fixed_om_usd_per_kw_year": 10.0})
    found = retrofit.invest(model.part, kept, there)
    for t in setting.periods.index:
        model.part.units_added[t].set_value(0.0, skip_validation=True)

    assert [pyo.value(n) for n in found.units] == pytest.approx([30, 0])
    assert [pyo.value(usd) for usd in found.annual_usd["fixed_om"]] == pytest.approx([300_000, 0])
    assert [pyo.value(usd) for usd in found.annual_usd["capital"]] == pytest.approx([0, 0])
    assert found.may_stand(0)


def test_a_site_that_stands_is_open_and_paid(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    setting = make_setting(years=(2026, 2027), land_usd_per_acre=20_000)
    found = site_works.invest(model.part, GREENFIELD, replace(setting, stands=True))

    assert [pyo.value(b) for b in found.links["built"]] == [1, 1]
    assert [pyo.value(usd) for usd in found.capex_usd] == [0, 0]


def test_what_is_local_follows_the_region(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Half of 2,000 USD/kW at 1.2 times: 2,200."""
    half = DIRECT.model_copy(update={"local_cost_share": 0.5})
    setting = make_setting(years=(2027, 2028), construction_cost_factor=1.2)
    found = retrofit.invest(model.part, half, setting)
    for t in setting.periods.index:
        model.part.units_added[t].set_value(1.0 * t)

    assert pyo.value(found.capex_usd[1]) == pytest.approx(2.2e6)


def test_a_hall_that_ends_sooner_makes_the_charge_higher(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Four years are left in 2028: 2 million USD by an annuity of four years."""
    setting = make_setting(years=(2027, 2028))
    found = retrofit.invest(model.part, DIRECT, setting, np.array([5.0, 4.0]))
    for t in setting.periods.index:
        model.part.units_added[t].set_value(1.0 * t)

    usd = 2e6 * annuity(setting.cost_of_capital, 4.0)
    assert pyo.value(found.annual_usd["capital"][1]) == pytest.approx(usd)
