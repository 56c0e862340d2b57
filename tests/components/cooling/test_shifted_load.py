from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Expr, World
from components.cooling import load, shifted_load
from tests.components.cooling.test_load import ROOM, TEMPERATURES

SPANS = (range(2), range(2, 3))


@pytest.fixture
def links(model: pyo.ConcreteModel) -> dict[str, Expr]:
    """What racks are held, and what they have to do."""
    model.shift_mw = pyo.Var(domain=pyo.NonNegativeReals)
    model.shift_mean_mw = pyo.Var(domain=pyo.NonNegativeReals)
    return {"shift_mw": model.shift_mw, "shift_mean_mw": model.shift_mean_mw}


def test_shifted_load_rows(
    make_world: Callable[..., World],
    model: pyo.ConcreteModel,
    links: dict[str, Expr],
    check_golden: Callable[..., None],
) -> None:
    found = shifted_load.operate(model.part, ROOM, make_world(TEMPERATURES), links, SPANS)

    check_golden("shifted_load", model.part, found)


def test_what_is_shifted_is_cooled_like_any_load(
    make_world: Callable[..., World], model: pyo.ConcreteModel, links: dict[str, Expr]
) -> None:
    """20 MW in the cold hour, where the PUE is 1.10: 22 MW leave the bus, and nothing else."""
    world = make_world(TEMPERATURES)
    found = shifted_load.operate(model.part, ROOM, world, links, SPANS)
    for h, mw in enumerate((20, 0, 0)):
        model.part.shifted_mw[h].set_value(mw)

    assert [pyo.value(mw) for mw in found.power_mw] == pytest.approx([-22, 0, 0])
    assert shifted_load.profile(ROOM, world).tolist() == load.profile(ROOM, world).tolist()


def test_work_of_a_span_cannot_be_done_in_another(
    make_world: Callable[..., World], model: pyo.ConcreteModel, links: dict[str, Expr]
) -> None:
    """10 MW in the mean: 20 MWh of the first two hours, 10 of the last, which stays behind."""
    shifted_load.operate(model.part, ROOM, make_world(TEMPERATURES), links, SPANS)
    model.shift_mw.set_value(40)
    model.shift_mean_mw.set_value(10)
    for h, mw in enumerate((0, 30, 0)):
        model.part.shifted_mw[h].set_value(mw)

    done = [row.slack() >= 0 for row in model.part.work_done.values()]

    assert done == [True, False]
