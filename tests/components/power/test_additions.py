from collections.abc import Callable
from dataclasses import replace

import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.base import Setting
from components.power.additions import UnitParameters, add_units
from components.taxes import Taxes

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


def test_a_price_falls_on_a_straight_line_until_2030(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """1000 in 2025 and 500 in 2030: 900 in 2026 and 800 in 2027; 20 MW each: 18 and 16 MUSD."""
    falling = PLANT.model_copy(update={"capex_2030_usd_per_kw": 500.0, "lead_months": 0.0})
    found = add_units(model.part, falling, make_setting())
    for t in (0, 1):
        model.part.units_added[t].set_value(1)

    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([18e6, 16e6])
    assert falling.capex_path(make_setting(years=(2025, 2030, 2040)).periods) == (1000, 500, 500)


def test_a_price_without_a_path_stays(make_setting: Callable[..., Setting]) -> None:
    assert PLANT.capex_path(make_setting(years=(2025, 2030)).periods) == (1000, 1000)


@pytest.mark.parametrize(
    ("year", "left"), [(2034, 0.7), (2035, 0.775), (2036, 0.85), (2037, 1.0), (2050, 1.0)]
)
def test_a_credit_is_phased_out(year: int, left: float) -> None:
    """30 % through 2034, then three quarters and half of it, nothing after."""
    credited = PLANT.model_copy(
        update={
            "credit_share": 0.3,
            "credit_until_year": 2034,
            "credit_phase_out": {2035: 0.75, 2036: 0.5},
        }
    )

    assert credited.net_of_credit(year) == pytest.approx(left)


@given(
    share=st.floats(0, 1),
    until=st.integers(2025, 2035),
    left=st.lists(st.floats(0, 1), max_size=4).map(lambda x: sorted(x, reverse=True)),
)
def test_a_credit_that_falls_never_comes_back(share: float, until: int, left: list[float]) -> None:
    phase_out = {until + 1 + i: part for i, part in enumerate(left)}
    figures = {"credit_share": share, "credit_until_year": until, "credit_phase_out": phase_out}
    p = UnitParameters.model_validate(PLANT.model_dump() | figures)

    paid = [p.net_of_credit(year) for year in range(2025, 2045)]

    assert paid == sorted(paid)
    assert paid[0] == 1 - share
    assert paid[-1] == 1


@pytest.mark.parametrize("until", [None, 2035])
def test_a_phase_out_comes_after_the_last_full_year(until: int | None) -> None:
    figures = {"credit_until_year": until, "credit_phase_out": {2035: 0.75}}

    with pytest.raises(ValidationError, match="credit_phase_out begins in 2035"):
        UnitParameters.model_validate(PLANT.model_dump() | figures)


@pytest.mark.parametrize("kept", [-0.1, 1.1])
def test_a_phase_out_is_a_share(kept: float) -> None:
    figures = {"credit_until_year": 2034, "credit_phase_out": {2035: kept}}

    with pytest.raises(ValidationError, match="credit_phase_out"):
        UnitParameters.model_validate(PLANT.model_dump() | figures)


def test_what_the_foreign_entity_rules_take_has_no_credit() -> None:
    """A credit of 30 % for four fifths of what is bought: 24 %."""
    credited = PLANT.model_copy(update={"credit_share": 0.3, "credit_eligible_share": 0.8})

    assert credited.net_of_credit(2027) == pytest.approx(0.76)


def test_the_us_made_twin_is_dearer_and_has_more_credit() -> None:
    """1,000 USD/kW and 10 %: 1,100; 30 % and 10 points: 40 %; all else as it was."""
    abroad = PLANT.model_copy(
        update={
            "credit_share": 0.3,
            "domestic_content_credit_share": 0.1,
            "domestic_content_premium": 0.1,
        }
    )
    here = abroad.with_domestic_content()

    assert here.capex_usd_per_kw == pytest.approx(1100)
    assert here.capex_2030_usd_per_kw is None
    assert here.net_of_credit(2027) == pytest.approx(0.6)
    assert here.lead_months == abroad.lead_months


def test_without_a_credit_there_is_none_to_add_to() -> None:
    abroad = PLANT.model_copy(update={"domestic_content_credit_share": 0.1})

    assert abroad.with_domestic_content().net_of_credit(2027) == 1


def test_depreciation_is_that_of_its_kind_unless_told_otherwise() -> None:
    assert PLANT.depreciation_years == 15
    assert PLANT.model_copy(update={"recovery_years": 39}).depreciation_years == 39


def test_charges_after_tax_use_the_credit_once(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Owners at 8 %, 25 % tax, all depreciated at once, credit 30 %, two years of life.

    CRF 0.560769 x (1 - 0.3 - 0.25 x 0.85 / 1.08) / 0.75 = 0.376269; 20 MUSD: 7.52538 MUSD/a.
    """
    owners = Taxes(debt_share=0, debt_rate=0, equity_rate=0.08, tax_rate=0.25)
    credited = PLANT.model_copy(update={"credit_share": 0.3})
    found = add_units(model.part, credited, replace(make_setting(), taxes=owners))
    model.part.units_added[1].set_value(1)
    model.part.units_added[0].set_value(0)

    capital = [pyo.value(usd) for usd in found.annual_usd["capital"]]

    assert capital == pytest.approx([0, 7.52538e6], rel=1e-6)
