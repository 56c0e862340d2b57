from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import World
from components.cooling import load
from components.cooling.parameters import Cooling

ROOM = Cooling(
    heat_rejection="dry",
    density_limit_kw_per_rack=25,
    capex_usd_per_kw=2000,
    liquid_share=0,
    liquid_supply_c=40,
    liquid_return_c=50,
    liquid_approach_k=7,
    air_supply_c=20,
    air_return_c=32,
    air_approach_k=6,
    condenser_approach_k=12,
    chiller_efficiency=0.5,
    air_fan_share=0.04,
    air_pump_share=0.02,
    liquid_fan_share=0,
    liquid_pump_share=0,
    electrical_loss_share=0.03,
    misc_share=0.01,
)
TEMPERATURES = {"drybulb_c": [0, 20, 40], "wetbulb_c": [-2, 15, 22]}


def test_cooling_rows(
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    world = make_world(TEMPERATURES)
    drawn = load.operate(model.part, ROOM, world, {"it_mw": model.it_mw})
    curtailed = load.curtail(model.part, world)

    check_golden("cooling", model.part, drawn, curtailed)


def test_a_cold_hour_draws_losses_fans_and_pumps(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """100 MW of IT at 0 degC: 1 + 0.03 + 0.01 + 0.04 + 0.02 = 1.10, so 110 MW leave the bus."""
    found = load.operate(model.part, ROOM, make_world(TEMPERATURES), {"it_mw": model.it_mw})
    model.it_mw.set_value(100)

    assert pyo.value(found.power_mw[0]) == pytest.approx(-110)


def test_the_load_is_its_profile_times_the_racks(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    world = make_world(TEMPERATURES)
    found = load.operate(model.part, ROOM, world, {"it_mw": model.it_mw})
    model.it_mw.set_value(1)

    assert [-pyo.value(mw) for mw in found.power_mw] == load.profile(ROOM, world).tolist()


def test_curtailed_energy_is_counted(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """5 MW in the hour that stands for 2 h: 10 MWh."""
    found = load.curtail(model.part, make_world(TEMPERATURES))
    for h, mw in enumerate((0, 5, 0)):
        model.part.curtailed_mw[h].set_value(mw)

    assert sum(pyo.value(v) * a for v, a in found.uses["curtailed_gwh"]) == pytest.approx(0.01)
    assert pyo.value(found.power_mw[1]) == 5
