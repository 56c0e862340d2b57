"""A profile holds all that the place and the season change in the hours of a component."""

from types import ModuleType
from typing import TypeAlias

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyomo.repn import generate_standard_repn

from components.base import USES, Expr, Floats, Hours, Operation, Parameters, World
from components.catalog.loader import load_family
from components.registry import FAMILIES, POWER, POWER_FAMILIES

H = 4
PRODUCTS = [
    pytest.param(entry.parameters, POWER[FAMILIES[family]], id=f"{family}.{entry.name}")
    for family in POWER_FAMILIES
    for entry in list(load_family(family).values())[:2]
]
"""Of every family of power, two products at most."""


def each_hour(low: float, high: float) -> st.SearchStrategy[Floats]:
    """Draw a number for each hour."""
    return st.lists(st.floats(low, high), min_size=H, max_size=H).map(np.array)


PLACES = st.tuples(
    st.fixed_dictionaries(
        {
            "drybulb_c": each_hour(-40, 50),
            "solar_capacity_factor": each_hour(0, 1),
            "wind_capacity_factor": each_hour(0, 1),
            "grid_price_usd_per_mwh": each_hour(-50, 500),
            "grid_stress_rank": each_hour(0, 8759),
        }
    ),
    st.fixed_dictionaries({"elevation_m": st.floats(-50, 3000)}),
)
"""Profiles and figures of a place."""
WEIGHTS = each_hour(0.1, 500)

Place: TypeAlias = tuple[dict[str, Floats], dict[str, float]]


def world_of(place: Place, weight: Floats) -> World:
    return World(Hours(np.arange(H), weight, np.arange(H) - 1), *place)


def operated(
    p: Parameters, module: ModuleType, world: World
) -> tuple[pyo.ConcreteModel, Operation]:
    """Operate between free linking quantities; the last level is given too."""
    model = pyo.ConcreteModel()
    model.part = pyo.Block()
    for name in ("mw", "level_start_mwh", "level_end_mwh"):
        model.add_component(name, pyo.Var())
    links = {name: model.component(name) for name in ("mw", "level_start_mwh", "level_end_mwh")}
    return model, module.operate(model.part, p, world, links)


def coefficients(expression: Expr) -> dict[str, float]:
    """Return the coefficient of each variable, and the constant under ``""``."""
    form = generate_standard_repn(expression, compute_values=True)
    assert form.is_linear()
    found = {var.name: c for var, c in zip(form.linear_vars, form.linear_coefs, strict=True)}
    return {"": form.constant} | found


def rows_of(model: pyo.ConcreteModel) -> dict[str, dict[str, float]]:
    """Return the coefficients of each row."""
    rows = model.component_data_objects(pyo.Constraint, active=True)
    return {row.name: coefficients(row.body) for row in rows}


@pytest.mark.parametrize(("p", "module"), PRODUCTS)
@settings(max_examples=20, deadline=None)
@given(place=PLACES, weight=WEIGHTS)
def test_rows_and_uses_hold_the_numbers_of_the_profile(
    p: Parameters, module: ModuleType, place: Place, weight: Floats
) -> None:
    """To the last bit: ``variable - share * mw <= 0``, and thousandths of the amount per MWh."""
    world = world_of(place, weight)
    model, operation = operated(p, module, world)
    profile = module.profile(p, world)

    for family, share in profile.shares.items():
        rows = [model.part.component(family)[h] for h in range(H)]
        assert all(pyo.value(row.upper) == 0 and row.lower is None for row in rows)
        found = [coefficients(row.body) for row in rows]
        assert [-row.pop("mw", 0.0) for row in found] == share.tolist()
        assert all(sorted(row.values()) == [0, 1] for row in found)

    for use, amount in profile.amounts.items():
        assert use in USES
        variables, per_mw = zip(*operation.uses[use], strict=True)
        assert per_mw == tuple((1e-3 * weight * amount).tolist())
        assert all(v is model.part.output_mw[h] for h, v in enumerate(variables))


@pytest.mark.parametrize(("p", "module"), PRODUCTS)
@settings(max_examples=20, deadline=None)
@given(here=PLACES, there=PLACES, weight=WEIGHTS)
def test_another_place_changes_nothing_but_the_profile(
    p: Parameters,
    module: ModuleType,
    here: Place,
    there: Place,
    weight: Floats,
) -> None:
    """Leave out what the profile names: two places with the same hours are the same."""
    left = []
    for place in (here, there):
        world = world_of(place, weight)
        model, operation = operated(p, module, world)
        profile = module.profile(p, world)
        rows = rows_of(model)
        for family in profile.shares:
            for h in range(H):
                rows[f"part.{family}[{h}]"].pop("mw", None)
        uses = {
            use: [(v.name, amount) for v, amount in pairs]
            for use, pairs in operation.uses.items()
            if use not in profile.amounts
        }
        power = [coefficients(mw) for mw in operation.power_mw]
        left.append((rows, uses, power, set(profile.shares), set(profile.amounts)))

    assert left[0] == left[1]
