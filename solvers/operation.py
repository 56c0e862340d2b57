"""Operation as arrays: a `Program` taken apart into hourly columns and linking quantities.

*Linking quantities* z are what somebody else decides: what is built, load, storage levels at both
ends, budgets. *Uses* are linear in the hourly columns x: fuel, money, energy. The pieces are kept
so that a cone (`solvers.cone`) only has to change bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyomo.environ as pyo
from pyomo.core.base.var import VarData
from pyomo.repn import generate_standard_repn
from scipy.sparse import csc_array, csr_array

from solvers.errors import ModelError
from solvers.program import Floats, Ints, Mask, Program, compile_model


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """The set of (z, x) with  A x + B z in [L, U],  x in [l, D z],  and the uses W x.

    L and U are 0 or infinite, l is 0 or minus infinity, an upper bound is D z or infinite: the
    set is a convex cone. n, m, K and U count columns, rows, linking quantities and uses.

    Attributes
    ----------
    links : K names
        Linking quantities.
    uses : U names
        Linear functionals of x.
    matrix : (m, n)
        A above.
    row_link : (m, K)
        B above.
    has_lower, has_upper : (m,)
        Where L and U are 0.
    bounded : (n,)
        Columns with an upper bound.
    column_link : (n, K)
        D above; rows of columns without an upper bound are empty.
    free : (n,)
        Columns without a lower bound.
    use_matrix : (U, n)
        W above.
    row_of : (m,)
        Number of each row in the Program.
    bound_of : (n,)
        Number of the row in the Program that became the column's bound; -1 for none.
    bound_scale : (n,)
        What stood before the column in that row; 1 for none.
    columns : (n,)
        Number of each column in the Program.
    row_names : m names
        Of the rows that are left.
    domain : (N, K)
        Whatever z is asked about is a sum of these with weights that are not negative.
    """

    links: tuple[str, ...]
    uses: tuple[str, ...]
    matrix: csc_array
    row_link: csc_array
    has_lower: Mask
    has_upper: Mask
    bounded: Mask
    column_link: csc_array
    free: Mask
    use_matrix: csr_array
    row_of: Ints
    bound_of: Ints
    bound_scale: Floats
    columns: Ints
    row_names: tuple[str, ...]
    domain: Floats

    def with_link(self, link: str, rows: Ints, coefficients: Floats) -> "Operation":
        """Return a copy with other coefficients of one linking quantity: another site or season.

        Parameters
        ----------
        link
            Name of the linking quantity.
        rows
            Rows by their numbers in the Program, whether or not they became bounds.
        coefficients : same length
            What stands before the quantity in each, on the row's left side.

        Raises
        ------
        ModelError
            If a row is not there, or the link is unknown.
        """
        k = self.link_number(link)
        as_row, as_bound = _position(self.row_of, rows), _position(self.bound_of, rows)
        missing = (as_row < 0) & (as_bound < 0)
        if missing.any():
            msg = f"{link}: row {rows[missing][0]} of the program is not in the operation"
            raise ModelError(msg)
        here = as_row >= 0
        there = as_bound[~here]
        shares = -coefficients[~here] / self.bound_scale[there]
        return replace(
            self,
            row_link=_with_column(self.row_link, k, as_row[here], coefficients[here]),
            column_link=_with_column(self.column_link, k, there, shares),
        )

    def with_use(self, use: str, columns: Ints, coefficients: Floats) -> "Operation":
        """Return a copy in which one use has other coefficients on some hourly columns.

        Parameters
        ----------
        use
            Name of the use.
        columns
            Hourly columns by their numbers in the Program.
        coefficients : same length
            What a unit of each column uses.

        Raises
        ------
        ModelError
            If a column is not hourly, or the use is unknown.
        """
        if use not in self.uses:
            msg = f"{use}: not a use, try one of {', '.join(self.uses)}"
            raise ModelError(msg)
        place = _position(self.columns, columns)
        if (place < 0).any():
            msg = f"{use}: column {columns[place < 0][0]} of the program is not hourly"
            raise ModelError(msg)
        by_use = _with_column(
            csc_array(self.use_matrix.T), self.uses.index(use), place, coefficients
        )
        return replace(self, use_matrix=csr_array(by_use.T))

    def link_number(self, link: str) -> int:
        """Return the place of a linking quantity in ``links``."""
        if link not in self.links:
            msg = f"{link}: not a linking quantity, try one of {', '.join(self.links)}"
            raise ModelError(msg)
        return self.links.index(link)

    def same_pattern(self, other: "Operation") -> bool:
        """Whether only numbers differ, so that one HiGHS object serves both."""
        return (
            self.links == other.links
            and self.uses == other.uses
            and self.matrix.shape == other.matrix.shape
            and np.array_equal(self.matrix.indptr, other.matrix.indptr)
            and np.array_equal(self.matrix.indices, other.matrix.indices)
            and np.array_equal(self.has_lower, other.has_lower)
            and np.array_equal(self.has_upper, other.has_upper)
            and np.array_equal(self.bounded, other.bounded)
            and np.array_equal(self.free, other.free)
        )


def split(
    program: Program,
    links: Mapping[str, int | None],
    uses: Mapping[str, Floats],
    *,
    domain: Floats | None = None,
) -> Operation:
    """Take a Program apart into hourly columns and linking quantities.

    A row with one hourly column y, coefficient a > 0, and only an upper bound becomes y's upper
    bound, for each column the first such row. Costs of the Program and bounds of its linking
    columns are not read.

    Parameters
    ----------
    program
        An LP; every finite bound of its rows and hourly columns is 0.
    links
        Column of each linking quantity; None for one that does not occur.
    uses
        Coefficients (n,) of each use; 0 on linking columns.
    domain : (N, K)
        See `Operation`; by default every z >= 0.

    Raises
    ------
    ModelError
        If the operation is not homogeneous: a bound that is not zero (with its name), or a whole
        column, or a use of a linking column.
    """
    linking = np.array([c for c in links.values() if c is not None], dtype=np.int32)
    hourly = np.delete(np.arange(program.cost.size, dtype=np.int32), linking)
    use_rows = csr_array(np.array(list(uses.values())).reshape(len(uses), program.cost.size))
    _check_homogeneous(program, hourly, linking, use_rows)
    rows = program.matrix.tocsr()
    hours = rows[:, hourly]
    coupling = _coupling(program, links)
    bound_of, scale = _rows_that_are_bounds(program, hourly, hours.tocsr())
    fixed_above = (program.upper[hourly] == 0) & (bound_of < 0)
    kept = np.delete(np.arange(rows.shape[0], dtype=np.int32), bound_of[bound_of >= 0])
    return Operation(
        links=tuple(links),
        uses=tuple(uses),
        matrix=csc_array(hours[kept]),
        row_link=csc_array(coupling[kept]),
        has_lower=np.isfinite(program.row_lower[kept]),
        has_upper=np.isfinite(program.row_upper[kept]),
        bounded=(bound_of >= 0) | fixed_above,
        column_link=_column_link(coupling, bound_of, scale),
        free=~np.isfinite(program.lower[hourly]),
        use_matrix=csr_array(use_rows[:, hourly]),
        row_of=kept,
        bound_of=bound_of,
        bound_scale=scale,
        columns=hourly,
        row_names=tuple(program.row_names[i] for i in kept),
        domain=np.eye(len(links)) if domain is None else domain,
    )


def operation_of_model(
    model: pyo.ConcreteModel, links: Mapping[str, VarData], uses: Mapping[str, object]
) -> Operation:
    """Compile a Pyomo model of operation and take it apart.

    Parameters
    ----------
    model
        A linear model with one objective, which is not read (a sum of all uses will do).
    links
        Pyomo variable of each linking quantity.
    uses
        Pyomo expression of each use, linear in the hourly variables, without a constant.

    Raises
    ------
    ModelError
        As `compile_model` and `split`, and if a use is not linear or has a constant.
    """
    program = compile_model(model)
    number = {id(column): j for j, column in enumerate(program.columns)}
    return split(
        program,
        {name: number.get(id(variable)) for name, variable in links.items()},
        {name: _coefficients(name, use, number) for name, use in uses.items()},
    )


def _coefficients(name: str, expression: object, number: Mapping[int, int]) -> Floats:
    form = generate_standard_repn(expression, compute_values=True)
    if not form.is_linear() or form.constant != 0:
        msg = f"{name}: a use must be linear without a constant"
        raise ModelError(msg)
    found = np.zeros(len(number))
    for variable, coefficient in zip(form.linear_vars, form.linear_coefs, strict=True):
        if id(variable) not in number:
            msg = f"{name}: {variable.name} is in no row and not in the objective"
            raise ModelError(msg)
        found[number[id(variable)]] += coefficient
    return found


def _check_homogeneous(program: Program, hourly: Ints, linking: Ints, use_rows: csr_array) -> None:
    if program.is_mip:
        msg = f"{program.column_names[int(np.argmax(program.integer))]}: whole, operation is an LP"
        raise ModelError(msg)
    if use_rows[:, linking].count_nonzero():
        msg = "a use has a coefficient on a linking column; price that column itself instead"
        raise ModelError(msg)
    for bounds in (program.row_lower, program.row_upper):
        wrong = np.flatnonzero(np.isfinite(bounds) & (bounds != 0))
        if wrong.size:
            name = program.row_names[wrong[0]]
            msg = f"{name}: constant {bounds[wrong[0]]} is not zero, try a linking column"
            raise ModelError(msg)
    for bounds in (program.lower, program.upper):
        wrong = hourly[np.isfinite(bounds[hourly]) & (bounds[hourly] != 0)]
        if wrong.size:
            name = program.column_names[wrong[0]]
            msg = f"{name}: bound {bounds[wrong[0]]} is not zero, try a row with a linking column"
            raise ModelError(msg)


def _coupling(program: Program, links: Mapping[str, int | None]) -> csr_array:
    """Return the columns of the linking quantities, (rows, K); empty where None."""
    count = program.matrix.shape[0]
    taken = program.matrix[:, [c or 0 for c in links.values()]].tocoo()
    present = np.array([c is not None for c in links.values()], dtype=bool)
    keep = present[taken.col]
    return csr_array(
        (taken.data[keep], (taken.row[keep], taken.col[keep])), shape=(count, len(links))
    )


def _rows_that_are_bounds(program: Program, hourly: Ints, hours: csr_array) -> tuple[Ints, Floats]:
    """Find for each hourly column the row that is its upper bound (-1), and its coefficient."""
    single = np.diff(hours.indptr) == 1
    candidates = np.flatnonzero(single & np.isinf(program.row_lower))
    columns = hours.indices[hours.indptr[candidates]]
    values = hours.data[hours.indptr[candidates]]
    positive = (values > 0) & np.isinf(program.upper[hourly[columns]])
    candidates, columns, values = candidates[positive], columns[positive], values[positive]
    first = np.unique(columns, return_index=True)[1]
    bound_of = np.full(hours.shape[1], -1, dtype=np.int32)
    scale = np.ones(hours.shape[1])
    bound_of[columns[first]] = candidates[first]
    scale[columns[first]] = values[first]
    return bound_of, scale


def _column_link(coupling: csr_array, bound_of: Ints, scale: Floats) -> csc_array:
    """Return D: a y + b z <= 0 says y <= (-b / a) z."""
    columns = np.flatnonzero(bound_of >= 0)
    found = coupling[bound_of[columns]].tocoo()
    values = -found.data / scale[columns[found.row]]
    shape = (bound_of.size, coupling.shape[1])
    return csc_array((values, (columns[found.row], found.col)), shape=shape)


def _with_column(matrix: csc_array, k: int, rows: Ints, values: Floats) -> csc_array:
    start, end = matrix.indptr[k], matrix.indptr[k + 1]
    column = np.zeros(matrix.shape[0])
    column[matrix.indices[start:end]] = matrix.data[start:end]
    column[rows] = values
    filled = np.flatnonzero(column)
    indptr = matrix.indptr.copy()
    indptr[k + 1 :] += filled.size - (end - start)
    indices = np.concatenate([matrix.indices[:start], filled, matrix.indices[end:]])
    data = np.concatenate([matrix.data[:start], column[filled], matrix.data[end:]])
    return csc_array((data, indices, indptr), shape=matrix.shape)


def _position(numbers: Ints, wanted: Ints) -> Ints:
    """Return where each wanted number stands in ``numbers``; -1 where it does not."""
    place = np.full(max(numbers.max(initial=0), wanted.max(initial=0)) + 1, -1, dtype=np.int32)
    real = numbers >= 0
    place[numbers[real]] = np.flatnonzero(real)
    return place[wanted]
