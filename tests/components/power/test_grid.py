from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.base import Hours, Setting, World
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
FLEXIBLE = FIRM.model_copy(update={"kind": "flexible", "unavailable_share": 2 / 8760})

PLACE = {
    "grid_wait_months": 10,
    "flexible_wait_months": 0,
    "line_miles": 10,
    "demand_charge_share": 1,
}


def test_grid_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = grid.invest(model.part, FIRM, make_setting(**PLACE))
    world = make_world({"grid_price_usd_per_mwh": [30, 60, 45]})
    operated = grid.operate(model.part, FIRM, world, {"mw": model.mw})

    check_golden("grid", model.part, invested, operated)


def test_flexible_grid_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    """Cut in the hour of rank 1, of the two hardest; the demand charge is in the price."""
    setting = make_setting(**PLACE | {"flexible_wait_months": 0, "demand_charge_share": 0})
    invested = grid.invest(model.part, FLEXIBLE, setting)
    world = make_world({"grid_price_usd_per_mwh": [30, 60, 45], "grid_stress_rank": [7, 1, 2]})
    operated = grid.operate(model.part, FLEXIBLE, world, {"mw": model.mw})

    check_golden("flexible_grid", model.part, invested, operated)


def test_the_line_is_paid_by_the_mile(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """1 MW: substation 200 USD/kW * 1000 kW = 200,000; line 3600 * 25 miles = 90,000 USD."""
    found = grid.invest(model.part, FIRM, make_setting(**PLACE | {"line_miles": 25}))
    model.part.units_added[1].set_value(1)

    assert pyo.value(found.capex_usd[1]) == pytest.approx(290_000)


@pytest.mark.parametrize(("share", "usd"), [(1, 18e6), (0, 0)])
def test_demand_is_charged_on_what_is_connected_unless_the_price_has_it(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel, share: float, usd: float
) -> None:
    """100 MW * 1000 kW/MW * 15 USD/(kW month) * 12 months = 18 MUSD/a, used or not."""
    found = grid.invest(model.part, FIRM, make_setting(**PLACE | {"demand_charge_share": share}))
    for t, n in enumerate((0, 100)):
        model.part.units_added[t].set_value(n)

    assert [pyo.value(c) for c in found.annual_usd["demand_charge"]] == pytest.approx([0, usd])


@pytest.mark.parametrize(("wait", "first"), [(0, 1), (12, 1), (13, 2), (24, 2), (25, 3)])
@pytest.mark.parametrize("kind", ["firm", "flexible"])
def test_the_longer_of_its_own_wait_and_works_decides(
    make_setting: Callable[..., Setting],
    model: pyo.ConcreteModel,
    kind: str,
    wait: float,
    first: int,
) -> None:
    """The substation takes 12 months, so 2027 at best; a wait of 13 months means 2028."""
    never = {"grid_wait_months": 600, "flexible_wait_months": 600}
    place = PLACE | never | {grid.WAIT[kind]: wait}
    setting = make_setting(years=(2026, 2027, 2028, 2029), **place)
    grid.invest(model.part, FIRM.model_copy(update={"kind": kind}), setting)

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


@pytest.mark.parametrize("p", [FIRM, FLEXIBLE], ids=["firm", "flexible"])
def test_the_area_sees_what_is_added(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel, p: grid.Grid
) -> None:
    found = grid.invest(model.part, p, make_setting(**PLACE))
    for t, n in enumerate((0, 70)):
        model.part.units_added[t].set_value(n)

    assert [pyo.value(mw) for mw in found.draws["grid_area_mw"]] == [0, 70]


@pytest.mark.parametrize(
    ("share", "hours"), [(0, 0), (0.0025, 22), (0.005, 44), (0.01, 88), (0.1, 876), (1, 8760)]
)
def test_any_part_of_an_hour_is_an_hour(share: float, hours: int) -> None:
    """0.0025 * 8760 = 21.9; 0.005: 43.8; 0.01: 87.6; 0.1: 876, which floats must not make 877."""
    assert FLEXIBLE.model_copy(update={"unavailable_share": share}).unavailable_h == hours


@given(share=st.floats(0, 1), seed=st.integers(0, 99))
def test_a_flexible_connection_is_cut_in_its_hours_of_the_year_and_in_no_other(
    share: float, seed: int
) -> None:
    p = FLEXIBLE.model_copy(update={"unavailable_share": share})
    rank = np.random.default_rng(seed).permutation(8760).astype(float)
    of_year = np.arange(8760)
    hours = Hours(of_year, np.ones(8760), of_year - 1)
    price = np.ones(8760)
    world = World(hours, {"grid_price_usd_per_mwh": price, "grid_stress_rank": rank})

    usable = grid.profile(p, world).shares["output_within_capacity"]

    assert set(usable) <= {0.0, 1.0}
    assert (usable == 0).sum() == p.unavailable_h
    assert (rank[usable == 0] < p.unavailable_h).all()


def test_a_firm_connection_cannot_be_cut() -> None:
    with pytest.raises(ValidationError, match="a firm connection is not cut"):
        grid.Grid(**FIRM.model_dump() | {"unavailable_share": 0.01})
