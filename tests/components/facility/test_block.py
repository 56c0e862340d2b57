from collections.abc import Callable

import pyomo.environ as pyo
import pytest
from pydantic import ValidationError

from components.base import Setting
from components.facility import block

MODULAR = block.Block(
    vendor="Vendor",
    construction="modular",
    redundancy="N+1",
    cooling=("air", "liquid"),
    unit_mw=12.5,
    capex_usd_per_kw=9000,
    fixed_om_usd_per_kw_year=160,
    lead_months=10,
    life_years=20,
    slots_mw_per_year=1000,
    craft_hours_per_mw=8000,
)


def test_block_rows(
    make_setting: Callable[..., Setting],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    found = block.invest(model.part, MODULAR, make_setting(cooling_usd_per_kw=2000))

    check_golden("block", model.part, found)


def test_the_cooling_plant_is_on_top(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """12.5 MW * 1000 kW/MW * (9000 + 2000) USD/kW = 137.5 MUSD."""
    found = block.invest(model.part, MODULAR, make_setting(cooling_usd_per_kw=2000))
    model.part.units_added[1].set_value(1)

    assert pyo.value(found.capex_usd[1]) == pytest.approx(137.5e6)


def test_a_block_takes_craft_hours_on_site(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Four blocks of 12.5 MW at 8000 h/MW: 400,000 h, and 50 MW of the vendor's slots."""
    found = block.invest(model.part, MODULAR, make_setting(cooling_usd_per_kw=2000))
    for t, n in enumerate((0, 4)):
        model.part.units_added[t].set_value(n)

    assert pyo.value(found.draws["craft_hours"][1]) == pytest.approx(400_000)
    assert pyo.value(found.draws["slots_mw"][1]) == pytest.approx(50)


def test_a_block_has_some_cooling() -> None:
    with pytest.raises(ValidationError, match="cooling"):
        block.Block.model_validate(MODULAR.model_dump() | {"cooling": ()})


def test_only_the_local_share_of_the_cost_follows_the_region(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """11,000 USD/kW of which 30 % is 20 % dearer: 11,660 USD/kW."""
    p = MODULAR.model_copy(update={"local_cost_share": 0.3})
    setting = make_setting(cooling_usd_per_kw=2000, construction_cost_factor=1.2)
    found = block.invest(model.part, p, setting)
    model.part.units_added[1].set_value(1)

    assert pyo.value(found.capex_usd[1]) == pytest.approx(12.5e3 * 11_660)


RAMP = {
    "slots_mw_per_year": None,
    "low_mw_per_year": {2026: 20, 2028: 40},
    "mw_per_year": {2026: 50, 2028: 100},
    "high_mw_per_year": {2026: 60, 2028: 200},
}


def test_slots_by_year_are_lines_between_the_years_given(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """50 in 2026 and 100 in 2028: 75 in 2027, and 100 ever after."""
    p = block.Block.model_validate(MODULAR.model_dump() | RAMP)
    setting = make_setting(years=(2026, 2027, 2030), cooling_usd_per_kw=2000)
    found = block.invest(model.part, p, setting)
    model.part.units_added[2].set_value(2)

    assert list(p.slots_mw(setting.periods)) == [50, 75, 100]
    assert list(p.slots_mw(setting.periods, "high")) == [60, 130, 200]
    assert pyo.value(found.draws["slots_mw"][2]) == pytest.approx(25)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"slots_mw_per_year": 10.0}, "same thing"),
        ({"low_mw_per_year": {2026: 20}}, "same years"),
        ({"low_mw_per_year": {2026: 55, 2028: 60}}, "must not fall"),
    ],
)
def test_slots_by_year_have_to_make_sense(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        block.Block.model_validate(MODULAR.model_dump() | RAMP | change)


@pytest.mark.parametrize(
    ("width_m", "mass_t", "haul"),
    [
        (None, None, "none"),
        (2.4, 12.0, "legal"),
        (2.4, 30.0, "oversize"),
        (4.3, None, "oversize"),
        (5.2, None, "superload"),
    ],
)
def test_what_the_road_asks_of_a_module(
    width_m: float | None, mass_t: float | None, haul: str
) -> None:
    """8.5 feet and 80,000 lb with the truck go without a permit, 16 feet with one."""
    p = MODULAR.model_copy(update={"module_width_m": width_m, "module_t": mass_t})

    assert p.haul == haul
