from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Setting
from components.catalog.loader import load_family
from components.power import gas_lateral

LATERAL = gas_lateral.GasLateral(
    usd_per_mile=4e6,
    tap_usd=6e6,
    capacity_mmcf_per_day=220,
    lead_months=12,
    life_years=30,
    fixed_om_share=0.02,
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


@pytest.mark.parametrize(("mw", "heat_rate", "mmcf"), [(100, 9.0, 20.83), (1000, 7.6, 175.9)])
def test_flow_of_gas_as_published(mw: float, heat_rate: float, mmcf: float) -> None:
    """100 MW at 9 MMBtu/MWh: 21,600 MMBtu/d over 1,037 Btu/scf; 1 GW of engines 0.18 Bcf/d."""
    assert gas_lateral.mmcf_per_day(mw, heat_rate) == pytest.approx(mmcf, rel=1e-3)


def test_pipes_carry_what_weymouth_says() -> None:
    """Q = 433.5 (520 / 14.7) sqrt((800^2 - 600^2) / (0.6 x 520 x 10 x 0.9)) D^(8/3) [scf/d].

    Ten miles, 800 to 600 psia, gravity 0.6, 60 degF = 520 R, compressibility 0.9. Weymouth: GPSA
    Engineering Data Book, section 17.
    """
    head = (800**2 - 600**2) / (0.6 * 520 * 10 * 0.9)
    for name, inside_in in (("gas_lateral", 15.25), ("gas_lateral_24in", 23.25)):
        mmcf = 433.5 * 520 / 14.7 * head**0.5 * inside_in ** (8 / 3) / 1e6
        pipe = load_family("gas_lateral")[name].parameters.model_dump()

        assert pipe["capacity_mmcf_per_day"] == pytest.approx(mmcf, rel=0.02)
