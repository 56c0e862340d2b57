from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo
import pytest
from pydantic import ValidationError

from components.base import Setting
from components.catalog.loader import load_family
from components.orbit import satellite
from components.orbit.launched_power import break_even_usd_per_kg, launched_usd_per_kw_year

SMALL = satellite.Satellite(
    vendor="nobody",
    unit_mw=0.028,
    capex_usd_per_kw=10_000.0,
    fixed_om_usd_per_kw_year=100.0,
    lead_months=12.0,
    life_years=5.0,
    cooling=("liquid_dry",),
    array_w_per_kg=100.0,
    array_loss_per_year=0.0,
    overhead_share=0.05,
    coolant_supply_c=40.0,
    coolant_return_c=50.0,
    radiator_drop_k=5.0,
    emissivity=0.9,
    radiator_sides=2,
    absorbed_w_per_m2=150.0,
    radiator_kg_per_m2=6.0,
    battery_wh_per_kg=100.0,
    battery_efficiency=0.9,
    orbit_min=96.0,
    compute_kg_per_kw=10.0,
    bus_share=0.25,
    link_gb_s=100.0,
)


def test_mass_by_part_on_paper() -> None:
    """1.05 kW of array at 10 kg/kW; 1,050 W over 831.5 W/m2 at 6 kg/m2; a quarter is the bus."""
    mass = SMALL.mass(0.0)

    assert mass.array == pytest.approx(10.5)
    assert mass.radiator == pytest.approx(1050 / 831.5 * 6, rel=1e-4)
    assert mass.battery == 0
    assert mass.bus == pytest.approx((10.5 + mass.radiator + 10.0) / 3)
    assert mass.bus / mass.total == pytest.approx(0.25)


def test_shade_needs_a_battery_and_a_larger_array() -> None:
    """A third of an orbit: 1.05 kW * 0.5333 h; array 1.05 * (1 + 0.5 / 0.9)."""
    mass = SMALL.mass(1 / 3)

    assert mass.battery == pytest.approx(1050 * 96 / 60 / 3 / 100)
    assert mass.array == pytest.approx(10.5 * (1 + 0.5 / 0.9))


def test_an_array_is_enough_at_the_end_of_its_life() -> None:
    aged = SMALL.model_copy(update={"array_loss_per_year": 0.02})

    assert aged.array_kw_per_kw(0.0) * 0.98**5 == pytest.approx(1.05)


def test_the_catalog_lies_where_studies_do() -> None:
    """34-59 kg/kW (arXiv 2604.27197), 30-50 (JPL); the larger one is lighter than any."""
    found = {n: e.parameters for n, e in load_family("satellite").items()}
    kg = {
        name: p.mass(0.0).total for name, p in found.items() if isinstance(p, satellite.Satellite)
    }

    assert 34 < kg["sat_28kw"] < 59
    assert 20 < kg["sat_100kw"] < 30


def test_a_loop_too_cold_to_radiate_is_refused() -> None:
    figures = SMALL.model_dump() | {"coolant_supply_c": -150.0, "coolant_return_c": -140.0}

    with pytest.raises(ValidationError, match="warmer coolant"):
        satellite.Satellite.model_validate(figures)


def test_satellite_rows(
    make_setting: Callable[..., Setting],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    launch = np.array([2000.0, 1000.0])
    found = satellite.invest(
        model.part, SMALL, make_setting(), launch_usd_per_kg=launch, kg_per_kw=40.0
    )

    check_golden("satellite", model.part, found)


def test_a_kilowatt_year_and_its_break_even_on_paper() -> None:
    """0.25 * (10,000 + 40 * 500) + 100 = 7,600 USD/(kW a), and back; 1,350 never pays."""
    assert launched_usd_per_kw_year(SMALL, 40.0, 500.0, 0.25) == 7600
    assert break_even_usd_per_kg(SMALL, 40.0, 7600.0, 0.25) == pytest.approx(500)
    assert break_even_usd_per_kg(SMALL, 40.0, 1350.0, 0.25) < 0
