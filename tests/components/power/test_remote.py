"""Plants beyond the fence: rows, costs and losses on paper, and the laws they keep."""

from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyomo.repn import generate_standard_repn

from components.base import Hours, Setting, World
from components.finance import annuity
from components.power import gas, remote, solar
from components.power.line import Line
from components.power.remote import Remote

LINE = Line(
    current="AC",
    voltage_kv=300,
    conductor="2 x 954 ACSR",
    rating_mw=900,
    ohm_per_mile=0.05,
    power_factor=1.0,
    usd_per_mw_mile=3000,
    ends_usd_per_kw=100,
    fixed_om_share=0.01,
    lead_months=12,
    life_years=40,
)
"""At full load, 100 miles lose 900 x 0.05 x 100 / 300^2 = 5 %."""

FIELD = solar.Solar(
    unit_mw=1,
    capex_usd_per_kw=1000,
    fixed_om_usd_per_kw_year=20,
    lead_months=0,
    life_years=30,
    degradation_per_year=0.0,
    land_acres_per_mw=6,
)
ENGINE = gas.Gas(
    technology="MSR",
    vendor="Vendor",
    product="Engine",
    unit_mw=20,
    capex_usd_per_kw=1500,
    fixed_om_usd_per_kw_year=20,
    lead_months=0,
    life_years=25,
    heat_rate_mmbtu_per_mwh=8,
    heat_rate_margin=0.0,
    variable_om_usd_per_mwh=6,
    minimum_load_share=0.25,
    forced_outage_share=0.0,
    planned_outage_h_per_year=0,
    nox_lb_per_mwh=0.2,
    derate_per_c=0.01,
)
FAR_FIELD = Remote.of("far", "field", FIELD, LINE, at="desert")
FAR_ENGINE = Remote.of("far", "engine", ENGINE, LINE)
MILES = {"remote_miles@far": 100.0}


def test_remote_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    """Two pieces: 2.5 % less 1.25 and plus 1.25 of what is sent below and above half the line."""
    p = FAR_ENGINE.model_copy(update={"segments": 2})
    invested = remote.invest(model.part, p, make_setting(line_cost_ratio=2.0, **MILES))
    world = make_world({"drybulb_c": [15, 25, 65]}, elevation_m=0, **MILES)
    operated = remote.operate(model.part, p, world, {"mw": model.mw})

    check_golden("remote", model.part, invested, operated)


def test_a_far_field_gives_what_the_line_leaves(make_world: Callable[..., World]) -> None:
    """At 0.8 of its line 0.8 - 0.05 x 0.8^2 = 0.768 arrives; at 0.5, 0.5 - 0.0125 = 0.4875."""
    world = make_world(
        {"solar_capacity_factor": [0.1, 0.1, 0.1], "solar_capacity_factor@desert": [0, 0.8, 0.5]},
        **MILES,
    )
    found = remote.profile(FAR_FIELD, world)

    np.testing.assert_allclose(found.shares["output_within_capacity"], [[0, 0.768, 0.4875]])
    assert not found.amounts


def test_a_short_line_clips_the_noon(make_world: Callable[..., World]) -> None:
    """A line of half the field is full at 0.5 and at 1.0: 0.5 x (1 - 0.05); at 0.25 half full."""
    p = Remote.of("far", "field", FIELD, LINE, line_share=0.5)
    world = make_world({"solar_capacity_factor": [0.25, 0.5, 1.0]}, **MILES)
    found = remote.profile(p, world).shares["output_within_capacity"]

    np.testing.assert_allclose(found, [[0.5 * (0.5 - 0.0125), 0.475, 0.475]])
    assert p.line_usd_per_mw(100, 1.0) == pytest.approx(0.5 * 400_000)


def test_a_far_engine_burns_for_what_is_lost(make_world: Callable[..., World]) -> None:
    """Of four pieces the first loses 5 % x (0 + 1/4), the last 5 % x (3/4 + 1)."""
    world = make_world({"drybulb_c": [15, 15, 15]}, elevation_m=0, **MILES)
    found = remote.profile(FAR_ENGINE, world)
    lost = np.array([0.0125, 0.0375, 0.0625, 0.0875])

    np.testing.assert_allclose(found.shares["output_within_capacity"][:, 0], 0.25 * (1 - lost))
    np.testing.assert_allclose(found.amounts["fuel_gbtu"][:, 1], 8 / (1 - lost))
    np.testing.assert_allclose(found.amounts["variable_kusd"][:, 2], 6 / (1 - lost))


def test_a_line_is_paid_like_a_plant(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """100 miles x 3,000 x 2 + 100 USD/kW = 700,000 USD/MW over 40 a at 8 %, and 1 % a year."""
    setting = make_setting(line_cost_ratio=2.0, **MILES)
    found = remote.invest(model.part, FAR_FIELD, setting)
    model.part.units_added[1].set_value(10)

    assert model.part.units_added[0].fixed  # the line takes 12 months
    assert pyo.value(found.annual_usd["line"][1]) == pytest.approx(7e6 * (annuity(0.08, 40) + 0.01))
    assert pyo.value(found.annual_usd["capital"][1]) == pytest.approx(1e7 * annuity(0.08, 30))
    assert pyo.value(found.capex_usd[1]) == pytest.approx(1e7 + 7e6)


def test_a_credit_is_the_plants_alone(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    credited = FIELD.model_copy(update={"credit_share": 0.3, "lead_months": 0})
    short = LINE.model_copy(update={"lead_months": 0})
    p = Remote.of("far", "field", credited, short)
    found = remote.invest(model.part, p, make_setting(line_cost_ratio=1.0, **MILES))
    model.part.units_added[0].set_value(1)

    assert pyo.value(found.annual_usd["capital"][0]) == pytest.approx(0.7e6 * annuity(0.08, 30))
    assert pyo.value(found.annual_usd["line"][0]) == pytest.approx(4e5 * (annuity(0.08, 40) + 0.01))


def test_nothing_is_built_or_arrives_where_no_line_is_planned(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
) -> None:
    found = remote.invest(model.part, FAR_FIELD, make_setting())
    world = make_world({"solar_capacity_factor": [0.5, 0.8, 1.0]})

    assert all(model.part.units_added[t].fixed for t in (0, 1))
    assert "line" not in found.annual_usd
    assert not remote.profile(FAR_FIELD, world).shares["output_within_capacity"].any()


def test_whole_circuits_are_units() -> None:
    whole = Remote.of("far", "field", FIELD, LINE, line_share=0.75, whole_circuits=True)

    assert whole.unit_mw == whole.plant.unit_mw == pytest.approx(1200)
    assert FAR_FIELD.unit_mw == 1
    assert FAR_FIELD.lead_months == FAR_FIELD.plant.lead_months == 12


def _world(able: float, miles: float) -> World:
    one = np.zeros(1, dtype=np.int64)
    hot = 15 + 100 * (1 - able)
    return World(
        Hours(one, np.ones(1), one),
        {"solar_capacity_factor": np.array([able]), "drybulb_c": np.array([hot])},
        {"elevation_m": 0.0, "remote_miles@far": miles},
    )


@given(
    able=st.floats(0, 1), miles=st.floats(0, 900), share=st.floats(0, 1), mw=st.floats(0.1, 5000)
)
@pytest.mark.parametrize("p", [FAR_FIELD, FAR_ENGINE], ids=["field", "engine"])
def test_no_more_arrives_than_the_plant_can_generate(
    p: Remote, able: float, miles: float, share: float, mw: float
) -> None:
    world = _world(able, miles)
    most = mw * remote.profile(p, world).shares["output_within_capacity"].sum(axis=0)
    generated = remote.generated_mw(p, world, share * most, mw)

    assert generated >= share * most - 1e-9 * mw
    assert generated <= able * mw * (1 + 1e-7) + 1e-7


def test_fuel_is_that_of_what_is_generated(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """A solver fills cheap pieces first; then fuel is 8 MMBtu for every MWh generated."""
    world = make_world({"drybulb_c": [15, 25, 35]}, weight=(1, 1, 1), elevation_m=0, **MILES)
    found = remote.operate(model.part, FAR_ENGINE, world, {"mw": 500.0})
    wanted = np.array([60.0, 333.0, 380.0])
    share = remote.profile(FAR_ENGINE, world).shares["output_within_capacity"]
    for h in range(3):
        left = wanted[h]
        for k in range(4):
            taken = min(left, 500 * share[k, h])
            model.part.output_mw[k, h].set_value(taken)
            left -= taken
        assert left <= 1e-9
        assert pyo.value(found.power_mw[h]) == pytest.approx(wanted[h])
    fuel_gbtu = sum(amount * variable.value for variable, amount in found.uses["fuel_gbtu"])
    generated = remote.generated_mw(FAR_ENGINE, world, wanted, 500)

    assert 1000 * fuel_gbtu == pytest.approx(8 * generated.sum(), rel=1e-12)


@pytest.mark.parametrize("p", [FAR_FIELD, FAR_ENGINE], ids=["field", "engine"])
def test_rows_and_uses_hold_the_numbers_of_the_profile(
    p: Remote, make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    world = make_world(
        {"solar_capacity_factor": [0.1, 0.8, 0.5], "drybulb_c": [15, 25, 35]},
        elevation_m=0,
        **MILES,
    )
    operated = remote.operate(model.part, p, world, {"mw": model.mw})
    found = remote.profile(p, world)
    rows = model.part.output_within_capacity
    shares = []
    for row in rows.values():
        form = generate_standard_repn(row.body)
        named = {v.name: c for v, c in zip(form.linear_vars, form.linear_coefs, strict=True)}
        shares.append(-named["mw"])

    np.testing.assert_allclose(shares, found.shares["output_within_capacity"].ravel())
    assert set(operated.uses) == set(found.amounts)
    columns = list(model.part.output_mw.values())
    for use, pairs in operated.uses.items():
        wanted = 1e-3 * (world.hours.weight * found.amounts[use]).ravel()
        np.testing.assert_allclose([amount for _, amount in pairs], wanted)
        assert [variable for variable, _ in pairs] == columns


def test_a_remote_field_needs_no_lateral_and_no_spares() -> None:
    assert not remote.NEEDS_GAS
    assert not remote.SPARED
