"""The boundary to numbers: a `Program`, and the one function that makes it from Pyomo.

Sizes are called n (columns) and m (rows) throughout.
"""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo
from pyomo.common.errors import InfeasibleConstraintException, PyomoException
from pyomo.core.base.objective import ObjectiveData
from pyomo.core.base.var import VarData
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler, LinearStandardFormInfo
from scipy.sparse import csc_array

from solvers.errors import InfeasibleError, ModelError

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int32]
Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """min c·x + k  subject to  row_lower <= A x <= row_upper,  lower <= x <= upper.

    Attributes
    ----------
    cost : (n,)
        c above.
    matrix : (m, n), compressed by column
        A above.
    row_lower, row_upper : (m,)
        Bounds of the rows; infinite where there is none, equal for an equality.
    lower, upper : (n,)
        Bounds of the columns.
    integer : (n,)
        True where x must be whole.
    columns : n Pyomo variables, or n names
        What stands behind each column, in column order.
    row_names : m names
        The Pyomo constraint's name with its index, in row order.
    offset
        k above.
    model
        What the Program was compiled from. Only kept alive: Pyomo's variables lose their names
        when their model is gone.

    Raises
    ------
    ModelError
        If shapes disagree, or a number is not finite where it has to be.
    """

    cost: Floats
    matrix: csc_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: Mask
    columns: tuple[VarData | str, ...]
    row_names: tuple[str, ...]
    offset: float = field(default=0.0, kw_only=True)
    model: pyo.ConcreteModel | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        rows, columns = self.matrix.shape
        for name in ("cost", "lower", "upper", "integer", "columns"):
            _check_length(name, len(getattr(self, name)), columns)
        for name in ("row_lower", "row_upper", "row_names"):
            _check_length(name, len(getattr(self, name)), rows)
        for name, values in (("cost", self.cost), ("matrix", self.matrix.data)):
            if not np.isfinite(values).all():
                msg = (
                    f"{name} has a value that is not finite; look for a missing figure in the model"
                )
                raise ModelError(msg)
        for name in ("row_lower", "row_upper", "lower", "upper"):
            if np.isnan(getattr(self, name)).any():
                msg = f"{name} has a value that is not a number; look for a missing figure"
                raise ModelError(msg)

    @property
    def is_mip(self) -> bool:
        """Whether any column must be whole."""
        return bool(self.integer.any())

    @property
    def column_names(self) -> tuple[str, ...]:
        """Name of each column; made anew at each call."""
        return tuple(c if isinstance(c, str) else str(c.name) for c in self.columns)

    def objective(self, x: Floats) -> float:
        """Return c·x + k."""
        return float(self.cost @ x + self.offset)


def compile_model(model: pyo.ConcreteModel) -> Program:
    """Turn a linear Pyomo model into a `Program`; the model is not changed.

    A two-sided constraint becomes one row. Constants move to the row bounds and the offset. A
    fixed variable becomes a constant. A variable that stands in no active constraint and not in
    the objective, or only with coefficient zero, is **not** in the Program, and `load` leaves its
    value alone. A constraint without a variable is dropped if it holds.

    Parameters
    ----------
    model
        One active objective, to be minimised; linear constraints; real or whole variables.

    Raises
    ------
    ModelError
        If the model is not linear (with the name of the row), has not exactly one objective,
        maximises, or has a variable that is neither real nor whole.
    InfeasibleError
        If a constraint without a variable does not hold; ``rows`` has its name.
    """
    _check_objective(model)
    form = _standard_form(model)
    kept, lower_of, upper_of = _merge_ranges(form)
    rhs = np.asarray(form.rhs, dtype=float)
    lower, upper = _column_bounds(form.columns)
    return Program(
        cost=form.c.toarray().reshape(-1),
        matrix=csc_array(form.A if kept.size == rhs.size else form.A.tocsr()[kept].tocsc()),
        row_lower=np.where(lower_of >= 0, rhs[lower_of], -np.inf) if rhs.size else rhs,
        row_upper=np.where(upper_of >= 0, rhs[upper_of], np.inf) if rhs.size else rhs,
        lower=lower,
        upper=upper,
        integer=_integer(form.columns),
        columns=tuple(form.columns),
        row_names=tuple(form.rows[i].constraint.name for i in kept),
        offset=float(form.c_offset[0]),
        model=model,
    )


def relax(program: Program) -> Program:
    """Return the Program without the demand that columns be whole."""
    return replace(program, integer=np.zeros_like(program.integer))


def fix_integers(program: Program, x: Floats) -> Program:
    """Return the LP in which every whole column is held at ``x``, rounded.

    Parameters
    ----------
    program
        Any Program.
    x : (n,)
        A point; only its whole columns are read. Rounded values are kept within the bounds.
    """
    held = np.clip(np.round(x), program.lower, program.upper)
    return replace(
        program,
        lower=np.where(program.integer, held, program.lower),
        upper=np.where(program.integer, held, program.upper),
        integer=np.zeros_like(program.integer),
    )


def _check_length(name: str, got: int, want: int) -> None:
    if got != want:
        msg = f"{name} has length {got}, the matrix wants {want}"
        raise ModelError(msg)


def _check_objective(model: pyo.ConcreteModel) -> None:
    found: list[ObjectiveData] = list(model.component_data_objects(pyo.Objective, active=True))
    if len(found) != 1:
        names = ", ".join(o.name for o in found) or "none"
        msg = f"{model.name}: a model needs one active objective, got {names}"
        raise ModelError(msg)
    if found[0].sense != pyo.minimize:
        msg = f"{found[0].name}: maximises; write it as the negative, to be minimised"
        raise ModelError(msg)


def _standard_form(model: pyo.ConcreteModel) -> LinearStandardFormInfo:
    try:
        return LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=pyo.minimize)
    except InfeasibleConstraintException as error:
        name = str(error).partition("'")[2].rpartition("'")[0]
        raise InfeasibleError((name,)) from error
    except (PyomoException, ValueError) as error:
        msg = f"{model.name}: not a linear model: {error}"
        raise ModelError(msg) from error


def _merge_ranges(form: LinearStandardFormInfo) -> tuple[Ints, Ints, Ints]:
    """Join the two rows that a two-sided constraint is compiled to.

    Returns
    -------
    kept, lower_of, upper_of
        The rows to keep and, for each, where in ``form.rhs`` its lower and its upper bound
        stand; -1 where it has none.
    """
    sense = np.array([row.bound_type for row in form.rows], dtype=np.int32)
    candidates = np.flatnonzero((sense[:-1] == 1) & (sense[1:] == -1))
    rows = form.rows
    firsts = [i for i in candidates if rows[i].constraint is rows[i + 1].constraint]
    position = np.arange(sense.size, dtype=np.int32)
    lower_of = np.where(sense <= 0, position, -1)
    upper_of = np.where(sense >= 0, position, -1)
    second = np.asarray(firsts, dtype=np.int32) + 1
    lower_of[second - 1] = second
    kept = np.delete(position, second)
    return kept, lower_of[kept], upper_of[kept]


def _column_bounds(columns: list[VarData]) -> tuple[Floats, Floats]:
    found = [column.bounds for column in columns]
    lower = np.array([-np.inf if low is None else low for low, _ in found], dtype=float)
    upper = np.array([np.inf if high is None else high for _, high in found], dtype=float)
    return lower, upper


def _integer(columns: list[VarData]) -> Mask:
    integer = np.array([column.is_integer() for column in columns], dtype=bool)
    for column, whole in zip(columns, integer, strict=True):
        if not whole and not column.is_continuous():
            msg = f"{column.name}: domain {column.domain} is neither real nor whole numbers"
            raise ModelError(msg)
    return integer
