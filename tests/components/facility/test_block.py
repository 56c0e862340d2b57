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
