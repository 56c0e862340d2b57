from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo
import pytest

from components.base import Profile, World
from components.power.generator import generate, priced


def test_output_is_bounded_by_its_share_of_what_is_installed(
    make_world: Callable[..., World], model: pyo.ConcreteModel
) -> None:
    """200 MW at a share of a quarter: 50 MW, all of it into the bus; nothing is taken."""
    profile = Profile({"output_within_capacity": np.array([0.25, 0.0, 1.0])}, {})
    found = generate(model.part, profile, make_world({}), {"mw": model.mw})
    model.mw.set_value(200)
    model.part.output_mw[0].set_value(50)

    row = model.part.output_within_capacity[0]

    assert pyo.value(row.body) == pytest.approx(pyo.value(row.upper))
    assert pyo.value(found.power_mw[0]) == 50
    assert found.uses == {}


def test_amounts_are_per_mwh(make_world: Callable[..., World], model: pyo.ConcreteModel) -> None:
    """10 MW for 2 h at 30 USD/MWh: 600 USD."""
    profile = Profile(
        {"output_within_capacity": np.ones(3)},
        {"variable_kusd": np.array([10.0, 30.0, 20.0])},
    )
    found = generate(model.part, profile, make_world({}), {"mw": model.mw})
    variable, amount = found.uses["variable_kusd"][1]

    assert variable is model.part.output_mw[1]
    assert 10 * amount == pytest.approx(0.6)


def test_priced_counts_thousands_weighted_by_hours(make_world: Callable[..., World]) -> None:
    """Weights 1, 2, 1 h at 5, 6, 7 USD/MWh: 0.005, 0.012 and 0.007 thousand USD per MW."""
    world = make_world({})

    found = priced(("a", "b", "c"), world, np.array([5.0, 6.0, 7.0]))

    assert [name for name, _ in found] == ["a", "b", "c"]
    assert [amount for _, amount in found] == pytest.approx([0.005, 0.012, 0.007])
