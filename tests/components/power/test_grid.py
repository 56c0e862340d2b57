from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Setting, World
from components.power import grid

FIRM = grid.Grid(
    unit_mw=1,
    capex_usd_per_kw=200,
    fixed_om_usd_per_kw_year=4,
    lead_months=12,
    life_years=40,
    line_usd_per_mw_mile=3600,
    demand_charge_usd_per_kw_month=15,
)


def test_grid_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = grid.invest(model.part, FIRM, make_setting(grid_wait_months=10, line_miles=10))
    world = make_world({"grid_price_usd_per_mwh": [30, 60, 45]})
    operated = grid.operate(model.part, FIRM, world, {"mw": model.mw})

    check_golden("grid", model.part, invested, operated)


def test_the_line_is_paid_by_the_mile(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """1 MW: substation 200 USD/kW * 1000 kW = 200,000; line 3600 * 25 miles = 90,000 USD."""
    found = grid.invest(model.part, FIRM, make_setting(grid_wait_months=0, line_miles=25))
    model.part.units_added[1].set_value(1)

    assert pyo.value(found.capex_usd[1]) == pytest.approx(290_000)


def test_demand_is_charged_on_what_is_connected(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """100 MW * 1000 kW/MW * 15 USD/(kW month) * 12 months = 18 MUSD/a, used or not."""
    found = grid.invest(model.part, FIRM, make_setting(grid_wait_months=0, line_miles=0))
    for t, n in enumerate((0, 100)):
        model.part.units_added[t].set_value(n)

    assert [pyo.value(c) for c in found.annual_usd["demand_charge"]] == pytest.approx([0, 18e6])


@pytest.mark.parametrize(("wait", "first"), [(0, 1), (12, 1), (13, 2), (24, 2), (25, 3)])
def test_the_longer_of_wait_and_works_decides(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel, wait: float, first: int
) -> None:
    """The substation takes 12 months, so 2027 at best; a wait of 13 months means 2028."""
    setting = make_setting(years=(2026, 2027, 2028, 2029), grid_wait_months=wait, line_miles=0)
    grid.invest(model.part, FIRM, setting)

    free = [t for t, var in model.part.units_added.items() if not var.fixed]

    assert free[0] == first


def test_energy_is_paid_at_the_price_of_its_hour(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """10 MW in every hour; 1 h at 30, 2 h at 60, 1 h at 45: 10 * (30 + 120 + 45) = 1950 USD."""
    world = make_world({"grid_price_usd_per_mwh": [30, 60, 45]})
    found = grid.operate(model.part, FIRM, world, {"mw": model.mw})
    for h in range(3):
        model.part.output_mw[h].set_value(10)

    used = {name: sum(pyo.value(v) * a for v, a in pairs) for name, pairs in found.uses.items()}

    assert used == pytest.approx({"grid_energy_kusd": 1.95, "grid_gwh": 0.04})


def test_the_area_sees_what_is_added(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    found = grid.invest(model.part, FIRM, make_setting(grid_wait_months=0, line_miles=0))
    for t, n in enumerate((0, 70)):
        model.part.units_added[t].set_value(n)

    assert [pyo.value(mw) for mw in found.draws["grid_area_mw"]] == [0, 70]
