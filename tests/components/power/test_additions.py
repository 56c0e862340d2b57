from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Setting
from components.power.additions import UnitParameters, add_units

PLANT = UnitParameters(
    unit_mw=20, capex_usd_per_kw=1000, fixed_om_usd_per_kw_year=15, lead_months=12, life_years=2
)


def test_nothing_enters_service_before_its_lead_time(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Twelve months after an order of January 2026 the year 2027 begins."""
    add_units(model.part, PLANT, make_setting(years=(2026, 2027, 2028)))

    assert model.part.units_added[0].fixed
    assert pyo.value(model.part.units_added[0]) == 0
    assert not model.part.units_added[1].fixed


def test_a_place_may_need_more_time_than_the_product(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    add_units(model.part, PLANT, make_setting(years=(2026, 2027, 2028)), lead_months=13)

    assert model.part.units_added[1].fixed
    assert not model.part.units_added[2].fixed


def test_units_retire_at_the_end_of_their_life(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Two years of life: 3 units of 2027 serve in 2027 and 2028, 1 of 2028 in 2028 and 2029.

    units     2026: 0, 2027: 3, 2028: 4, 2029: 1
    fixed O&M 15 USD/(kW a) * 20,000 kW = 0.3 MUSD/a for each unit
    """
    found = add_units(model.part, PLANT, make_setting(years=(2026, 2027, 2028, 2029)))
    for t, n in enumerate((0, 3, 1, 0)):
        model.part.units_added[t].set_value(n)

    assert [pyo.value(n) for n in found.units] == [0, 3, 4, 1]
    fixed_om = [pyo.value(usd) for usd in found.annual_usd["fixed_om"]]
    assert fixed_om == pytest.approx([0, 0.9e6, 1.2e6, 0.3e6])


def test_capacity_is_bounded_by_the_units_that_are_alive(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """mw[2028] <= 20 MW * (units of 2027 + units of 2028); those of 2026 are gone."""
    add_units(model.part, PLANT, make_setting(years=(2026, 2027, 2028)))
    part = model.part
    part.mw[2].set_value(100)
    for t, n in enumerate((7, 2, 1)):
        part.units_added[t].set_value(n)

    row = part.capacity_in_service[2]

    assert pyo.value(row.body) == pytest.approx(100 - 20 * 3)
    assert pyo.value(row.upper) == 0


def test_capital_is_an_annuity_of_the_overnight_cost(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """One unit in 2027: 20,000 kW * 1000 USD/kW = 20 MUSD; at 8 % over 2 years
    0.08 / (1 - 1.08^-2) = 0.560769, so 11.2154 MUSD/a in 2027 and 2028, nothing after.
    """
    found = add_units(model.part, PLANT, make_setting(years=(2026, 2027, 2028, 2029)))
    for t, n in enumerate((0, 1, 0, 0)):
        model.part.units_added[t].set_value(n)

    capital = [pyo.value(usd) for usd in found.annual_usd["capital"]]

    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([0, 20e6, 0, 0])
    assert capital == pytest.approx([0, 11.21538e6, 11.21538e6, 0], rel=1e-5)


def test_the_credit_ends_with_its_last_year(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """30 % off what enters service in 2027, nothing off in 2028; no interest, two years of life.

    2027: 0.7 * 20 MUSD / 2 = 7; 2028: 7 + 20 / 2 = 17; 2029: 10. The overnight cost stays whole.
    """
    credited = PLANT.model_copy(update={"credit_share": 0.3, "credit_until_year": 2027})
    setting = make_setting(years=(2026, 2027, 2028, 2029), cost_of_capital=0.0)
    found = add_units(model.part, credited, setting)
    for t, n in enumerate((0, 1, 1, 0)):
        model.part.units_added[t].set_value(n)

    assert [pyo.value(c) for c in found.annual_usd["capital"]] == pytest.approx(
        [0, 7e6, 17e6, 10e6]
    )
    assert [pyo.value(c) for c in found.capex_usd] == pytest.approx([0, 20e6, 20e6, 0])


@pytest.mark.parametrize(("year", "left"), [(2027, 0.7), (2028, 1.0)])
def test_share_left_after_the_credit(year: int, left: float) -> None:
    credited = PLANT.model_copy(update={"credit_share": 0.3, "credit_until_year": 2027})

    assert credited.net_of_credit(year) == pytest.approx(left)


def test_a_credit_without_an_end_is_always_in_force() -> None:
    credited = PLANT.model_copy(update={"credit_share": 0.3})

    assert credited.net_of_credit(2099) == pytest.approx(0.7)


@pytest.mark.parametrize(("from_mw", "whole"), [(20, True), (20.1, False)])
def test_large_units_are_built_whole(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel, from_mw: float, whole: bool
) -> None:
    add_units(model.part, PLANT, make_setting(whole_units_from_mw=from_mw))

    assert model.part.units_added[1].is_integer() == whole


def test_slots_are_drawn_by_the_mw_added(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Two units of 20 MW draw 40 MW in the period they are added in."""
    limited = PLANT.model_copy(update={"slots_mw_per_year": 100.0})
    found = add_units(model.part, limited, make_setting(years=(2026, 2027, 2028)))
    for t, n in enumerate((0, 2, 0)):
        model.part.units_added[t].set_value(n)

    assert [pyo.value(mw) for mw in found.draws["slots_mw"]] == [0, 40, 0]


def test_what_has_no_slots_draws_none(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    found = add_units(model.part, PLANT, make_setting())

    assert found.draws == {}


def test_a_price_may_differ_by_year_of_entry(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """One unit of 20 MW each year at 1000, then 900 USD/kW: 20 and 18 MUSD."""
    found = add_units(model.part, PLANT, make_setting(), capex_usd_per_kw=(1000.0, 900.0))
    for t in (0, 1):
        model.part.units_added[t].set_value(1)

    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([20e6, 18e6])
