from collections.abc import Callable

import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.base import Setting, World
from components.catalog.loader import load_family
from components.power import fuel_cell
from components.power.fuel_cell import mean_heat_rate_mmbtu_per_mwh, stack_usd_per_kw_year

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

OWNED = SERVER.model_copy(update={"stack_life_years": 7.0, "stack_usd_per_kw": 1200.0})
"""Its owner swaps the stacks, at 7 and 14 of 20 years."""


def test_fuel_cell_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = fuel_cell.invest(model.part, OWNED, make_setting())
    world = make_world({"drybulb_c": [10, 25, 40]}, elevation_m=1500)
    operated = fuel_cell.operate(model.part, OWNED, world, {"mw": model.mw})

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


def of_catalog(name: str) -> fuel_cell.FuelCell:
    parameters = load_family("fuel_cell")[name].parameters
    assert isinstance(parameters, fuel_cell.FuelCell)
    return parameters


def test_heat_rate_averaged_over_a_stack_by_hand() -> None:
    """3.412 * 1.108 / 0.5 = 7.561; from 100 to 80 %: -ln(0.8) / 0.2 = 1.11572; 8.4360."""
    assert mean_heat_rate_mmbtu_per_mwh(0.5, 0.04, 5) == pytest.approx(8.4360, abs=1e-4)
    assert mean_heat_rate_mmbtu_per_mwh(0.5, 0.0, 5) == pytest.approx(7.5610, abs=1e-4)


@given(loss=st.floats(0, 0.1), years=st.floats(0.1, 9), new=st.floats(0.3, 0.7))
def test_the_average_lies_between_new_and_worn(loss: float, years: float, new: float) -> None:
    fresh = mean_heat_rate_mmbtu_per_mwh(new, 0.0, years)
    worn = fresh / (1 - loss * years)

    assert fresh * (1 - 1e-9) <= mean_heat_rate_mmbtu_per_mwh(new, loss, years) <= worn * (1 + 1e-9)


@pytest.mark.parametrize(
    ("name", "worn", "careful"),
    [
        ("bloom_energy_server", 0.53, 1.03),
        ("fce_12_5mw_block", 0.43, 1.002),
        ("hyaxiom_purecell_m400", 0.41, 1.002),
    ],
)
def test_heat_rate_of_the_catalog_follows_from_new_stacks_and_their_loss(
    name: str, worn: float, careful: float
) -> None:
    """From new to worn as the makers say; Bloom's is 2.6 % above the average, on purpose."""
    p = of_catalog(name)
    assert p.efficiency_new_share is not None
    assert p.stack_life_years is not None
    left = 1 - p.efficiency_loss_per_year * p.stack_life_years
    average = mean_heat_rate_mmbtu_per_mwh(
        p.efficiency_new_share, p.efficiency_loss_per_year, p.stack_life_years
    )

    assert p.efficiency_new_share * left == pytest.approx(worn, abs=0.001)
    assert 0.998 <= p.net_heat_rate_mmbtu_per_mwh / average <= careful


def test_swaps_come_before_the_end_of_life() -> None:
    twice = OWNED.model_copy(update={"stack_life_years": 10.0})

    assert OWNED.swap_ages_years == (7.0, 14.0)
    assert twice.swap_ages_years == (10.0,)
    assert SERVER.swap_ages_years == ()


def test_swaps_as_a_level_yearly_cost() -> None:
    """At 8 %: 1,200 * (1.08^-7 + 1.08^-14) = 1,200 * 0.92395 = 1,108.74; * 0.101852 = 112.93.

    Without interest two swaps in 20 years: 120 USD/(kW a).
    """
    assert stack_usd_per_kw_year(OWNED, 0.08) == pytest.approx(112.93, abs=0.01)
    assert stack_usd_per_kw_year(OWNED, 0.0) == pytest.approx(120.0)


def test_the_owner_pays_for_swaps_by_the_unit(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Two units of 500 kW at 120 USD/(kW a), from the year they are there."""
    p = OWNED.model_copy(update={"lead_months": 0.0})
    found = fuel_cell.invest(model.part, p, make_setting(cost_of_capital=0.0))
    for t, units in enumerate((0, 2)):
        model.part.units_added[t].set_value(units)

    paid = [pyo.value(usd) for usd in found.annual_usd["stack_replacement"]]

    assert paid == pytest.approx([0.0, 120_000.0])


def test_service_that_swaps_stacks_is_not_paid_twice(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Bloom's and HyAxiom's variable cost has the swaps in it; FuelCell Energy's has not."""
    found = fuel_cell.invest(model.part, of_catalog("bloom_energy_server"), make_setting())

    assert "stack_replacement" not in found.annual_usd
    assert of_catalog("hyaxiom_purecell_m400").stack_usd_per_kw is None
    assert of_catalog("fce_12_5mw_block").stack_usd_per_kw == 1200


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"stack_usd_per_kw": 900.0}, "needs stack_life_years"),
        ({"stack_life_years": 10.0, "efficiency_loss_per_year": 0.1}, "leaves nothing"),
    ],
)
def test_stacks_that_cannot_be_are_refused(changed: dict[str, float], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        fuel_cell.FuelCell.model_validate(SERVER.model_dump() | changed)
