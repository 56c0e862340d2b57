from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Setting
from components.power import gas_lateral

LATERAL = gas_lateral.GasLateral(
    usd_per_mile=4e6, tap_usd=6e6, lead_months=12, life_years=30, fixed_om_share=0.02
)


def test_gas_lateral_rows(
    make_setting: Callable[..., Setting],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    at_once = LATERAL.model_copy(update={"lead_months": 0.0})
    found = gas_lateral.invest(model.part, at_once, make_setting(gas_pipeline_miles=5))

    check_golden("gas_lateral", model.part, found)


def test_a_lateral_is_paid_by_the_mile_and_the_tap(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """5 miles * 4 MUSD + 6 MUSD = 26 MUSD, once, in 2027; upkeep 2 % = 0.52 MUSD/a."""
    setting = make_setting(years=(2026, 2027, 2028), gas_pipeline_miles=5)
    found = gas_lateral.invest(model.part, LATERAL, setting)
    for t, built in enumerate((0, 1, 1)):
        model.part.built[t].set_value(built)

    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([0, 26e6, 0])
    fixed_om = [pyo.value(usd) for usd in found.annual_usd["fixed_om"]]
    assert fixed_om == pytest.approx([0, 0.52e6, 0.52e6])


def test_a_lateral_stays(make_setting: Callable[..., Setting], model: pyo.ConcreteModel) -> None:
    """Built in 2027 and gone in 2028 breaks the row of 2028."""
    setting = make_setting(years=(2026, 2027, 2028), gas_pipeline_miles=5)
    gas_lateral.invest(model.part, LATERAL, setting)
    for t, built in enumerate((0, 1, 0)):
        model.part.built[t].set_value(built)

    assert pyo.value(model.part.stays[1].body) <= pyo.value(model.part.stays[1].upper)
    assert pyo.value(model.part.stays[2].body) > pyo.value(model.part.stays[2].upper)
