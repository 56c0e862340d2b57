from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Setting, World
from components.power import geothermal

PLANT = geothermal.Geothermal(
    unit_mw=50,
    capex_usd_per_kw=5000,
    capex_2030_usd_per_kw=4000,
    fixed_om_usd_per_kw_year=95,
    lead_months=12,
    life_years=30,
    available_from_year=2026,
    variable_om_usd_per_mwh=0,
    forced_outage_share=0.05,
    planned_outage_h_per_year=438,
    credit_share=0.3,
    credit_until_year=2035,
)


def test_geothermal_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    invested = geothermal.invest(model.part, PLANT, make_setting(geothermal_resource=1.0))
    operated = geothermal.operate(model.part, PLANT, make_world({}), {"mw": model.mw})

    check_golden("geothermal", model.part, invested, operated)


@pytest.mark.parametrize(("resource", "barred"), [(0.0, [True, True]), (1.0, [True, False])])
def test_a_plant_stands_only_where_the_ground_is_hot(
    make_setting: Callable[..., Setting],
    model: pyo.ConcreteModel,
    resource: float,
    barred: list[bool],
) -> None:
    """With a lead time of a year the first period is barred anyway."""
    geothermal.invest(model.part, PLANT, make_setting(geothermal_resource=resource))

    assert [model.part.units_added[t].fixed for t in (0, 1)] == barred
    assert pyo.value(model.part.units_added[0]) == 0


def test_geothermal_needs_spares_but_no_gas() -> None:
    assert not geothermal.NEEDS_GAS
    assert geothermal.SPARED
