from collections.abc import Callable

import pyomo.environ as pyo
import pytest
from pydantic import ValidationError

from components.base import Setting
from components.power import network_upgrade
from components.power.network_upgrade import NetworkUpgrade

STEPS = NetworkUpgrade(step_mw=(300, 200, None), usd_per_kw=(0, 100, 250), life_years=40)


def test_network_upgrade_rows(
    make_setting: Callable[..., Setting],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    found = network_upgrade.invest(model.part, STEPS, make_setting())

    check_golden("network_upgrade", model.part, found)


@pytest.mark.parametrize(
    ("mw", "kusd"), [(300, 0), (400, 10_000), (500, 20_000), (501, 20_250), (700, 70_000)]
)
def test_least_cost_fills_the_steps_in_order(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel, mw: float, kusd: float
) -> None:
    """The first 300 MW are free, the next 200 cost 100 and all others 250 USD/kW."""
    found = network_upgrade.invest(model.part, STEPS, make_setting(years=(2026,)))
    model.enough = pyo.Constraint(expr=found.units[0] >= mw)
    model.cost = pyo.Objective(expr=1e-3 * found.capex_usd[0])
    pyo.SolverFactory("appsi_highs").solve(model)

    assert pyo.value(model.cost) == pytest.approx(kusd)


def test_what_is_bought_stays(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """350 MW in 2026 and 50 more in 2027: the second year pays for 100 MW of the second step."""
    found = network_upgrade.invest(model.part, STEPS, make_setting(cost_of_capital=0.0))
    added = {(0, 0): 300, (1, 0): 50, (1, 1): 50}
    for key, var in model.part.upgrade_mw.items():
        var.set_value(added.get(key, 0))

    assert [pyo.value(mw) for mw in found.units] == [350, 400]
    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([5e6, 5e6])
    yearly = [pyo.value(usd) for usd in found.annual_usd["capital"]]
    assert yearly == pytest.approx([5e6 / 40, 10e6 / 40])


@pytest.mark.parametrize(
    ("step_mw", "usd_per_kw", "what"),
    [
        ((300, None), (100, 50), "costs rise"),
        ((None, 300), (50, 100), "only the last"),
        ((300, -1), (50, 100), "every step has a width"),
        ((300,), (50, 100), "one width for each cost"),
        ((), (), "one width for each cost"),
    ],
)
def test_steps_that_cannot_be_are_refused(step_mw, usd_per_kw, what) -> None:
    with pytest.raises(ValidationError, match=what):
        NetworkUpgrade(step_mw=step_mw, usd_per_kw=usd_per_kw, life_years=40)
