from collections.abc import Callable

import pyomo.environ as pyo

from components.base import Setting, World
from components.power import nuclear

REACTOR = nuclear.Nuclear(
    unit_mw=300,
    capex_usd_per_kw=12_500,
    capex_2030_usd_per_kw=10_000,
    fixed_om_usd_per_kw_year=170,
    lead_months=12,
    life_years=60,
    available_from_year=2027,
    variable_om_usd_per_mwh=3,
    fuel_usd_per_mwh=12,
    forced_outage_share=0.02,
    planned_outage_h_per_year=438,
    credit_share=0.3,
    credit_until_year=2037,
)


def test_nuclear_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = nuclear.invest(model.part, REACTOR, make_setting())
    operated = nuclear.operate(model.part, REACTOR, make_world({}), {"mw": model.mw})

    check_golden("nuclear", model.part, invested, operated)


def test_a_reactor_waits_for_its_first_year(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    later = REACTOR.model_copy(update={"available_from_year": 2029})
    nuclear.invest(model.part, later, make_setting(years=(2026, 2027, 2028, 2029)))

    assert [model.part.units_added[t].fixed for t in range(4)] == [True, True, True, False]


def test_a_reactor_needs_spares_but_no_gas() -> None:
    assert not nuclear.NEEDS_GAS
    assert nuclear.SPARED
