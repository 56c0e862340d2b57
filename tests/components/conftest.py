"""What the tests of components share: small settings and worlds, and the golden rows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn import generate_standard_repn

from components.base import Expr, Hours, Investment, Operation, Periods, Setting, World

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def make_setting() -> Callable[..., Setting]:
    """Make a setting of yearly periods from January 2026, at a cost of capital of 8 %."""

    def make(
        years: Sequence[int] = (2026, 2027),
        cost_of_capital: float = 0.08,
        whole_units_from_mw: float = 10.0,
        **figures: float,
    ) -> Setting:
        n = len(years)
        start = 12.0 * (np.array(years) - years[0])
        periods = Periods(
            labels=tuple(map(str, years)),
            year=np.array(years),
            length_years=np.ones(n),
            start_months=start,
            first_order_month=12 * years[0],
            discount=1.08 ** -(start / 12 + 0.5),
        )
        return Setting(periods, cost_of_capital, whole_units_from_mw, figures)

    return make


@pytest.fixture
def make_world() -> Callable[..., World]:
    """Make a world of a few hours; the first hour has none before it unless ``cyclic``."""

    def make(
        profiles: Mapping[str, Sequence[float]],
        *,
        weight: Sequence[float] = (1.0, 2.0, 1.0),
        cyclic: bool = False,
        **figures: float,
    ) -> World:
        before = np.arange(len(weight)) - 1
        if cyclic:
            before[0] = len(weight) - 1
        hours = Hours(np.arange(len(weight)), np.array(weight, dtype=float), before)
        series = {name: np.array(values, dtype=float) for name, values in profiles.items()}
        return World(hours, series, figures)

    return make


@pytest.fixture
def model() -> pyo.ConcreteModel:
    """Return a model with an empty block ``part`` and variables to link to."""
    model = pyo.ConcreteModel()
    model.part = pyo.Block()
    for name in ("mw", "it_mw", "level_start_mwh", "level_end_mwh"):
        model.add_component(name, pyo.Var(domain=pyo.NonNegativeReals))
    return model


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Compare all that a component wrote and returned with its file in ``tests/golden``."""

    def check(name: str, block: pyo.Block, *returned: Investment | Operation) -> None:
        text = "\n".join(_lines(block, returned)) + "\n"
        path = GOLDEN / f"{name}.txt"
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check


def _lines(block: pyo.Block, returned: Iterable[Investment | Operation]) -> Iterator[str]:
    prefix = f"{block.name}."
    for line in _raw_lines(block, returned):
        yield line.replace(prefix, "")


def _raw_lines(block: pyo.Block, returned: Iterable[Investment | Operation]) -> Iterator[str]:
    yield "variables"
    for var in block.component_data_objects(pyo.Var, sort=True):
        fixed = f", fixed at {var.value:g}" if var.fixed else ""
        yield f"  {var.name} in {var.domain}{fixed}"
    yield "rows"
    for row in block.component_data_objects(pyo.Constraint, active=True, sort=True):
        lower = "" if row.lower is None or row.equality else f"{pyo.value(row.lower):g} <= "
        sense = "==" if row.equality else "<="
        upper = "" if row.upper is None else f" {sense} {pyo.value(row.upper):g}"
        yield f"  {row.name}: {lower}{linear(row.body)}{upper}"
    for each in returned:
        yield from _investment(each) if isinstance(each, Investment) else _operation(each)


def _investment(found: Investment) -> Iterator[str]:
    yield f"invest, units of {found.unit_mw:g} MW"
    for name in ("units_added", "units", "capex_usd"):
        yield from _each(name, getattr(found, name))
    for group in ("links", "annual_usd", "draws"):
        for name, expressions in getattr(found, group).items():
            yield from _each(f"{group} {name}", expressions)


def _operation(found: Operation) -> Iterator[str]:
    yield "operate"
    yield from _each("power_mw", found.power_mw)
    for name, pairs in found.uses.items():
        yield from _each(f"uses {name}", [amount * var for var, amount in pairs])


def _each(name: str, expressions: Iterable[Expr]) -> Iterator[str]:
    for i, expression in enumerate(expressions):
        yield f"  {name}[{i}] = {linear(expression)}"


def linear(expression: Expr) -> str:
    """Write a linear expression as ``a x + b y + c``, six digits each."""
    form = generate_standard_repn(expression, compute_values=True)
    assert form.is_linear()
    terms = [
        f"{coefficient:.6g} {var.name}"
        for coefficient, var in zip(form.linear_coefs, form.linear_vars, strict=True)
        if coefficient
    ]
    if form.constant or not terms:
        terms.append(f"{form.constant:.6g}")
    return re.sub(r"\+ -", "- ", re.sub(r"(?<![\d.])1 (?=\w)", "", " + ".join(terms)))
