"""Decisions of the shared periods: what scenarios have in common, and its values.

A decision belongs to the period in which it takes effect: units that enter service or leave, sites
that open, laterals and permits that are there. How things are run, which tokens are served where
and what is left unmet adapts in every scenario, in the shared periods too.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyomo.environ as pyo
from pyomo.core.base.var import VarData

from planner.engines.links import numbers_of
from planner.errors import BalanceError, InfeasibleError
from planner.formulate.formulation import Formulation
from solvers.program import Ints, Program

DECISIONS = (
    "units_added",
    "built",
    "upgrade_mw",
    "units_sold",
    "units_shipped",
    "units_received",
)
"""Variables of the model that are decisions; the last part of an index is its period."""

SAME = 1e-6
"""By how much values of one decision may differ, in units or relative to it."""

ROOM = 1e-7
"""By how much a decision that is held may differ, relative to it: what solvers tell apart."""


def decisions_of(formulation: Formulation, periods: int) -> dict[str, VarData]:
    """Return the decisions of the first so many periods by name."""
    return {
        data.name: data
        for variable in formulation.model.component_objects(pyo.Var, descend_into=True)
        if variable.local_name in DECISIONS
        for index, data in variable.items()
        if _period(index) < periods
    }


def values_of(formulation: Formulation, periods: int) -> dict[str, float]:
    """Return the values of the decisions of the first so many periods, of a solved model."""
    return {
        name: float(data.value)
        for name, data in decisions_of(formulation, periods).items()
        if data.value is not None
    }


def share(
    formulations: Sequence[Formulation], names: Sequence[str], periods: int
) -> dict[str, float]:
    """Hold, in all formulations, what one of them leaves no choice about, and return it.

    A decision that one scenario does not know at all, such as a site that it leaves out, is one
    against it. To be called before the formulations are compiled.

    Raises
    ------
    InfeasibleError
        If two scenarios have no choice and differ.
    """
    decisions = [decisions_of(each, periods) for each in formulations]
    held: dict[str, float] = {}
    for decision in dict.fromkeys(name for each in decisions for name in each):
        there = [each.get(decision) for each in decisions]
        fixed = {
            name: 0.0 if data is None else float(pyo.value(data))
            for name, data in zip(names, there, strict=True)
            if data is None or data.fixed
        }
        if not fixed:
            continue
        if max(fixed.values()) - min(fixed.values()) > SAME:
            said = ", ".join(f"{value:g} in {name}" for name, value in fixed.items())
            raise InfeasibleError((f"scenarios: {decision} is shared, but has to be {said}",))
        held[decision] = next(iter(fixed.values()))
        for data in there:
            if data is not None and not data.fixed:
                hold(data, held[decision])
    return held


def hold(data: VarData, value: float) -> None:
    """Narrow a variable to a value: exactly if it is whole, else to what solvers tell apart.

    Nothing stays exactly nothing. It stays a variable, so that no row is lost and rounding
    breaks none.
    """
    low, high = data.bounds
    least, most = -np.inf if low is None else low, np.inf if high is None else high
    middle = min(max(round(value) if data.is_integer() else value, least), most)
    room = 0.0 if data.is_integer() else ROOM * abs(middle)
    data.setlb(max(middle - room, least))
    data.setub(min(middle + room, most))


def columns_in_common(
    formulations: Sequence[Formulation], programs: Sequence[Program], periods: int
) -> Ints:
    """Return the columns of every decision, (S, K); -1 where a program has no such column."""
    rows: dict[str, list[int]] = {}
    for k, (formulation, program) in enumerate(zip(formulations, programs, strict=True)):
        number = numbers_of(program)
        for name, data in decisions_of(formulation, periods).items():
            if (j := number.get(id(data), -1)) >= 0:
                rows.setdefault(name, [-1] * len(programs))[k] = j
    return np.array(list(rows.values()), dtype=np.int32).reshape(-1, len(programs))


def check_same(formulations: Sequence[Formulation], periods: int) -> None:
    """Check that solved formulations agree on every decision.

    Raises
    ------
    BalanceError
        With the decision that differs most.
    """
    by, name = max(_differences(formulations, periods), default=(0.0, ""))
    if by > SAME:
        msg = f"scenarios: the shared decision {name}"
        raise BalanceError(msg, by)


def _differences(formulations: Sequence[Formulation], periods: int) -> Iterator[tuple[float, str]]:
    values = [values_of(each, periods) for each in formulations]
    for name in dict.fromkeys(name for each in values for name in each):
        found = [each.get(name, 0.0) for each in values]
        yield (max(found) - min(found)) / max(1.0, abs(found[0])), name


def _period(index: object) -> int:
    last = index[-1] if isinstance(index, tuple) else index
    assert isinstance(last, int)
    return last
