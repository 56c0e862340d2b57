"""Where the numbers of a compiled operation stand: rows, columns and entries of its arrays."""

from collections.abc import Mapping

import numpy as np
import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn
from scipy.sparse import csr_array

from components.base import Expr, Floats, Hours
from components.registry import POWER
from planner.case import Case
from planner.formulate.operation import world_of
from solvers.operation import Operation
from solvers.program import Ints, Program

_FIRST_HOUR = Hours(of_year=np.zeros(1, dtype=np.int64), weight=np.ones(1), before=np.zeros(1, int))


def places_of_profiles(
    case: Case, model: pyo.ConcreteModel, program: Program, number: Mapping[int, int]
) -> tuple[dict[tuple[str, str], Ints], dict[str, Ints]]:
    """Find where profiles stand: rows by product and family, columns by product."""
    row = {name: i for i, name in enumerate(program.row_names)}

    def rows_of(family: pyo.Constraint) -> Ints:
        return np.array([row[data.name] for data in family.values()], dtype=np.int32)

    rows: dict[tuple[str, str], Ints] = {}
    outputs: dict[str, Ints] = {}
    for name, product in case.classes.items():
        block = model.site.part[name]
        world = world_of(case, next(iter(case.sites)), _FIRST_HOUR)
        profile = POWER[type(product.figures)].profile(product.figures, world)
        for family in profile.shares:
            rows[name, family] = rows_of(block.component(family))
        if profile.amounts:
            outputs[name] = np.array(
                [number[id(variable)] for variable in block.output_mw.values()], dtype=np.int32
            )
    for cooling in case.cooling:
        rows[cooling, "load"] = rows_of(model.site.power_balance)
    return rows, outputs


def entries_of_budgets(
    operation: Operation, model: pyo.ConcreteModel, program: Program, outputs: Mapping[str, Ints]
) -> dict[tuple[str, str], Ints]:
    """Find where in the data of the hourly matrix stands what products take of the budgets."""
    number = {int(row): i for i, row in enumerate(operation.row_of)}
    name_of = {name: i for i, name in enumerate(program.row_names)}
    column = {int(j): i for i, j in enumerate(operation.columns)}
    matrix = operation.matrix
    in_column = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))
    found: dict[tuple[str, str], Ints] = {}
    for use, row in model.budget.items():
        at = np.full(matrix.shape[1], -1, dtype=np.int32)
        here = np.flatnonzero(matrix.indices == number[name_of[row.name]])
        at[in_column[here]] = here
        for product, columns in outputs.items():
            places = at[[column[int(j)] for j in columns]]
            if (places >= 0).all():
                found[product, use] = places
    return found


def entries_in_rows(operation: Operation, rows: Ints, columns: Ints) -> Ints:
    """Find where in the data of the hourly matrix each column stands in the row of the same place.

    Parameters
    ----------
    operation
        Of the window.
    rows
        By their numbers in the Program.
    columns : same length
        Hourly columns.
    """
    matrix = operation.matrix
    number = {int(row): i for i, row in enumerate(operation.row_of)}
    found = []
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        start, end = matrix.indptr[column : column + 2].tolist()
        found.append(start + int(np.flatnonzero(matrix.indices[start:end] == number[row])[0]))
    return np.array(found, dtype=np.int32)


def injection_matrix(power_mw: tuple[Expr, ...], hourly: Mapping[int, int]) -> csr_array:
    """Return a component's net injection as a matrix over the hourly columns."""
    hours, columns, values = [], [], []
    for h, expression in enumerate(power_mw):
        form = generate_standard_repn(expression, compute_values=True)
        hours += [h] * len(form.linear_vars)
        columns += [hourly[id(variable)] for variable in form.linear_vars]
        values += list(form.linear_coefs)
    return csr_array((values, (hours, columns)), shape=(len(power_mw), len(hourly)))


def coefficients_of(use: Expr, number: Mapping[int, int]) -> Floats:
    """Return what stands before every column of the Program in a use, (n,)."""
    found = np.zeros(len(number))
    for variable, coefficient in zip(use.linear_vars, use.linear_coefs, strict=True):
        found[number[id(variable)]] += coefficient
    return found
