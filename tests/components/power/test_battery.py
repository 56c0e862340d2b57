from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.optimize import linprog

from components.base import Hours, Setting, World
from components.power import battery

STORE = battery.Battery(
    unit_mw=1,
    capex_usd_per_kw=1200,
    capex_2030_usd_per_kw=1000,
    fixed_om_usd_per_kw_year=20,
    lead_months=0,
    life_years=15,
    duration_h=4,
    usable_share=0.75,
    round_trip_efficiency=0.81,
    wear_usd_per_mwh=1,
)


def test_battery_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = battery.invest(model.part, STORE, make_setting())
    links = {name: model.component(name) for name in ("mw", "level_start_mwh", "level_end_mwh")}
    operated = battery.operate(model.part, STORE, make_world({}, weight=(1, 1, 1)), links)

    check_golden("battery", model.part, invested, operated)


def test_a_cyclic_battery_ends_where_it_began(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """The first level follows from the last: L[0] = L[2] + 0.9 * 10 MW charged, 20 -> 29 MWh."""
    battery.operate(model.part, STORE, make_world({}, cyclic=True), {"mw": model.mw})
    part = model.part
    part.level_mwh[2].set_value(20)
    part.charge_mw[0].set_value(10)
    part.discharge_mw[0].set_value(0)
    part.level_mwh[0].set_value(29)

    assert pyo.value(part.level_balance[0].body) == pytest.approx(
        pyo.value(part.level_balance[0].upper)
    )
    assert part.component("level_at_end") is None


def test_level_after_charging_and_discharging(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """One way sqrt(0.81) = 0.9: from 5 MWh, 10 MW in gives 14; then 9 MW out takes 10, so 4."""
    links = {"mw": model.mw, "level_start_mwh": model.level_start_mwh}
    battery.operate(model.part, STORE, make_world({}, weight=(1, 1, 1)), links)
    part = model.part
    model.level_start_mwh.set_value(5)
    for name, values in {
        "charge_mw": (10, 0, 0),
        "discharge_mw": (0, 9, 0),
        "level_mwh": (14, 4, 4),
    }.items():
        for h, value in enumerate(values):
            part.component(name)[h].set_value(value)

    for row in part.level_balance.values():
        assert pyo.value(row.body) == pytest.approx(pyo.value(row.upper))


def test_usable_energy_bounds_the_level(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """4 h * 0.75 = 3 MWh per MW; 100 MW * 3 h = 300 MWh."""
    battery.operate(model.part, STORE, make_world({}, cyclic=True), {"mw": model.mw})
    model.mw.set_value(100)
    model.part.level_mwh[0].set_value(300)

    row = model.part.level_within_energy[0]

    assert STORE.usable_mwh_per_mw == pytest.approx(3)
    assert pyo.value(row.body) == pytest.approx(pyo.value(row.upper))


def test_the_price_falls_until_2030(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """1200 in 2025 and 1000 in 2030: 1160 in 2026 and 1120 in 2027, for one MW each."""
    found = battery.invest(model.part, STORE, make_setting())
    for t in (0, 1):
        model.part.units_added[t].set_value(1)

    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([1.16e6, 1.12e6])


def best_gain(store: battery.Battery, usd_per_mwh: list[float]) -> float:
    """Return what the best cycle at given prices earns [USD]."""
    return -pyo.value(_best_cycle(store, usd_per_mwh).cost)


def cheapest_use(store: battery.Battery, usd_per_mwh: list[float]) -> tuple[float, float, float]:
    """Return energy in, energy out and the highest level of the best cycle at given prices."""
    part = _best_cycle(store, usd_per_mwh).part
    total = {
        name: sum(pyo.value(var) for var in part.component(name).values())
        for name in ("charge_mw", "discharge_mw")
    }
    highest = max(pyo.value(var) for var in part.level_mwh.values())
    return total["charge_mw"], total["discharge_mw"], highest


def _best_cycle(store: battery.Battery, usd_per_mwh: list[float]) -> pyo.ConcreteModel:
    hours = Hours(
        np.arange(len(usd_per_mwh)),
        np.ones(len(usd_per_mwh)),
        np.arange(len(usd_per_mwh)) - 1,
    )
    hours.before[0] = len(usd_per_mwh) - 1
    model = pyo.ConcreteModel()
    model.part = pyo.Block()
    found = battery.operate(model.part, store, World(hours, {}), {"mw": 10.0})
    model.cost = pyo.Objective(
        expr=-sum(usd * mw for usd, mw in zip(usd_per_mwh, found.power_mw, strict=True))
    )
    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    sense = np.array([row.bound_type for row in form.rows])
    rows, rhs = form.A.toarray(), np.array(form.rhs)
    best = linprog(
        form.c.toarray()[0],
        A_ub=rows[sense == 1],
        b_ub=rhs[sense == 1],
        A_eq=rows[sense == 0],
        b_eq=rhs[sense == 0],
        bounds=[var.bounds for var in form.columns],
    )
    assert best.success, best.message
    for var, value in zip(form.columns, best.x, strict=True):
        var.set_value(value, skip_validation=True)
    return model


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    usd_per_mwh=st.lists(st.integers(-50, 200), min_size=3, max_size=12),
    efficiency=st.floats(0.4, 1.0),
)
def test_nothing_comes_out_that_did_not_go_in(usd_per_mwh: list[int], efficiency: float) -> None:
    """Over a cycle, at any prices, energy out is the round trip of energy in; the level fits."""
    store = STORE.model_copy(update={"round_trip_efficiency": efficiency})

    into, out, highest = cheapest_use(store, list(map(float, usd_per_mwh)))

    assert out == pytest.approx(efficiency * into, abs=1e-6)
    assert highest <= 10 * 4 * 0.75 + 1e-6


def test_a_battery_moves_energy_to_the_dear_hours() -> None:
    """10 MW, 30 MWh: charge in three cheap hours, 27 MWh in; the level 27; out 27 * 0.9 = 24.3.

    Discharging 24.3 MWh fits into three dear hours at 10 MW.
    """
    into, out, highest = cheapest_use(STORE, [10, 10, 10, 100, 100, 100])

    assert (into, out, highest) == pytest.approx((30, 24.3, 27))


def test_a_level_leaks_by_the_month(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """Half a month's level lost in a month of 730 h: 0.5^(1/730) is left of each hour's before.

    A battery left alone for 730 h keeps half of what it held.
    """
    leaky = STORE.model_copy(update={"self_discharge_per_month": 0.5})
    links = {"mw": model.mw, "level_start_mwh": model.level_start_mwh}
    battery.operate(model.part, leaky, make_world({}, weight=(1, 1, 1)), links)
    part = model.part
    model.level_start_mwh.set_value(100)
    for h in range(3):
        part.charge_mw[h].set_value(0)
        part.discharge_mw[h].set_value(0)
        part.level_mwh[h].set_value(100 * 0.5 ** ((h + 1) / 730))

    assert leaky.kept_per_hour**730 == pytest.approx(0.5)
    for row in part.level_balance.values():
        assert pyo.value(row.body) == pytest.approx(pyo.value(row.upper))


def test_a_battery_that_leaks_nothing_keeps_all() -> None:
    assert STORE.kept_per_hour == 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    usd_per_mwh=st.lists(st.integers(0, 200), min_size=3, max_size=12),
    lost=st.floats(0.0, 0.99),
    more=st.floats(0.0, 1.0),
)
def test_what_leaks_does_not_come_out(usd_per_mwh: list[int], lost: float, more: float) -> None:
    """A leak never lets more out than a round trip, and a larger one never earns more."""
    prices = list(map(float, usd_per_mwh))
    earned = []
    for share in (lost, lost + more * (0.999 - lost)):
        store = STORE.model_copy(update={"self_discharge_per_month": share})
        into, out, _ = cheapest_use(store, prices)
        assert out <= 0.81 * into + 1e-6
        earned.append(best_gain(store, prices))

    assert earned[1] <= earned[0] + 1e-6


def test_battery_needs_neither_gas_nor_spares() -> None:
    assert not battery.NEEDS_GAS
    assert not battery.SPARED
