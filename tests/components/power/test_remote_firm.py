"""Engines beyond the fence: the algebra of `remote`, with spares."""

from collections.abc import Callable

import pyomo.environ as pyo

from components.base import Setting, World
from components.power import remote, remote_firm
from components.power.remote_firm import RemoteFirm
from tests.components.power.test_remote import ENGINE, LINE, MILES

FAR = RemoteFirm.of("far", "engine", ENGINE, LINE)


def test_remote_firm_rows(
    make_setting: Callable[..., Setting],
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    """Two pieces: 2.5 % less 1.25 and plus 1.25 of what is sent below and above half the line."""
    p = FAR.model_copy(update={"segments": 2})
    invested = remote_firm.invest(model.part, p, make_setting(line_cost_ratio=2.0, **MILES))
    world = make_world({"drybulb_c": [15, 25, 65]}, elevation_m=0, **MILES)
    operated = remote_firm.operate(model.part, p, world, {"mw": model.mw})

    check_golden("remote_firm", model.part, invested, operated)


def test_a_far_engine_is_spared_and_a_far_field_is_not() -> None:
    assert remote_firm.SPARED
    assert not remote_firm.NEEDS_GAS
    assert not remote.SPARED
