from collections.abc import Callable

import pyomo.environ as pyo
import pytest
from pydantic import ValidationError

from components.base import Setting, World
from components.catalog.loader import load_family
from components.power import rental

TURBINE = rental.Rental(
    technology="IGT",
    vendor="Lessor",
    product="Trailer",
    unit_mw=20,
    lease_usd_per_kw_month=40,
    lead_months=12,
    life_years=2,
    slots_mw_per_year=500,
    heat_rate_mmbtu_per_mwh=10,
    heat_rate_margin=0.03,
    variable_om_usd_per_mwh=8,
    minimum_load_share=0.5,
    forced_outage_share=0.05,
    planned_outage_h_per_year=150,
    nox_lb_per_mwh=0.1,
    derate_per_c=0.008,
    derate_per_km=0.115,
)


def test_rental_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = rental.invest(model.part, TURBINE, make_setting())
    world = make_world({"drybulb_c": [10, 25, 35]}, elevation_m=500)
    operated = rental.operate(model.part, TURBINE, world, {"mw": model.mw})

    check_golden("rental", model.part, invested, operated)


def test_a_lease_is_paid_while_it_runs_and_ends(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """20,000 kW at 40 USD/(kW month): 9.6 MUSD/a for the two years of the contract, no capital.

    One unit of 2027 is there in 2027 and 2028, and has gone in 2029.
    """
    found = rental.invest(model.part, TURBINE, make_setting(years=(2026, 2027, 2028, 2029)))
    for t, n in enumerate((0, 1, 0, 0)):
        model.part.units_added[t].set_value(n)

    assert set(found.annual_usd) == {"lease", "fixed_om"}
    lease = [pyo.value(usd) for usd in found.annual_usd["lease"]]
    assert lease == pytest.approx([0, 9.6e6, 9.6e6, 0])
    assert [pyo.value(n) for n in found.units] == [0, 1, 1, 0]
    assert [pyo.value(usd) for usd in found.capex_usd] == [0, 0, 0, 0]


def test_a_lease_draws_on_the_fleet(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    found = rental.invest(model.part, TURBINE, make_setting())
    model.part.units_added[1].set_value(3)

    assert pyo.value(found.draws["slots_mw"][1]) == 60


def test_leased_plant_costs_nothing_to_build() -> None:
    with pytest.raises(ValidationError, match="less than or equal to 0"):
        rental.Rental.model_validate(TURBINE.model_dump() | {"capex_usd_per_kw": 1000})


def test_all_fleets_together_are_what_is_on_offer() -> None:
    fleets = [entry.parameters for entry in load_family("rental").values()]

    assert sum(p.model_dump()["slots_mw_per_year"] for p in fleets) == 1500
    assert all(30 <= p.model_dump()["lease_usd_per_kw_month"] <= 45 for p in fleets)
    assert all(3 <= p.model_dump()["lead_months"] <= 15 for p in fleets)
