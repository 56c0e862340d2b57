import gc

import numpy as np
import pyomo.environ as pyo
import pytest
from scipy.sparse import csc_array

from solvers.errors import InfeasibleError, ModelError
from solvers.program import Program, compile_model, fix_integers, relax


def _every_kind_of_row() -> pyo.ConcreteModel:
    """min 2x + 3y + z + 7 with one row of each kind; a constant stands on both sides."""
    model = pyo.ConcreteModel(name="kinds")
    model.x = pyo.Var(bounds=(0, 10))
    model.y = pyo.Var(within=pyo.NonNegativeIntegers)
    model.z = pyo.Var(within=pyo.Binary)
    model.nowhere = pyo.Var(initialize=42.0)
    model.site = pyo.Block(["a"])
    site = model.site["a"]
    site.equal = pyo.Constraint(expr=model.x + 1 == 4 - model.y)
    site.most = pyo.Constraint([1, 2], rule=lambda b, k: k * model.x <= 8 - model.z)
    site.least = pyo.Constraint(expr=model.y + 5 >= 2)
    site.between = pyo.Constraint(expr=(1, model.x + model.y + 1, 9))
    model.cost = pyo.Objective(expr=2 * model.x + 3 * model.y + model.z + 7)
    return model


class TestCompile:
    def test_every_kind_of_row_becomes_its_bounds(self) -> None:
        """Constants move over: x + y == 3, x + z <= 8, 2x + z <= 8, y >= -3, 0 <= x + y <= 8."""
        program = compile_model(_every_kind_of_row())

        assert program.column_names == ("x", "y", "z")
        assert program.row_names == (
            "site[a].equal",
            "site[a].most[1]",
            "site[a].most[2]",
            "site[a].least",
            "site[a].between",
        )
        assert program.row_lower.tolist() == [3, -np.inf, -np.inf, -3, 0]
        assert program.row_upper.tolist() == [3, 8, 8, np.inf, 8]
        assert program.matrix.toarray().tolist() == [
            [1, 1, 0],
            [1, 0, 1],
            [2, 0, 1],
            [0, 1, 0],
            [1, 1, 0],
        ]

    def test_objective_bounds_and_kinds(self) -> None:
        program = compile_model(_every_kind_of_row())

        assert program.cost.tolist() == [2, 3, 1]
        assert program.offset == 7
        assert program.lower.tolist() == [0, 0, 0]
        assert program.upper.tolist() == [10, np.inf, 1]
        assert program.integer.tolist() == [False, True, True]
        assert program.objective(np.array([1.0, 2.0, 0.0])) == 2 + 6 + 7

    def test_a_fixed_variable_becomes_a_constant(self) -> None:
        """With y fixed at 2: x == 1, and 6 joins the offset."""
        model = _every_kind_of_row()
        model.y.fix(2)

        program = compile_model(model)

        assert program.column_names == ("x", "z")
        assert program.offset == 7 + 6
        assert program.row_lower[0] == program.row_upper[0] == 1

    def test_deactivated_rows_and_lone_variables_are_left_out(self) -> None:
        model = _every_kind_of_row()
        model.site["a"].most.deactivate()
        model.cost.expr = 2 * model.x

        program = compile_model(model)

        assert program.column_names == ("x", "y")
        assert len(program.row_names) == 3

    def test_model_is_not_changed(self) -> None:
        model = _every_kind_of_row()
        compile_model(model)

        assert model.x.value is None
        assert model.nowhere.value == 42

    def test_columns_keep_their_names_when_the_model_is_let_go(self) -> None:
        """Pyomo holds parents by weak references only."""
        program = compile_model(_every_kind_of_row())
        gc.collect()

        assert relax(program).column_names == ("x", "y", "z")

    def test_a_model_without_rows_has_none(self) -> None:
        model = pyo.ConcreteModel()
        model.x = pyo.Var(bounds=(1, 2))
        model.cost = pyo.Objective(expr=model.x)

        program = compile_model(model)

        assert program.matrix.shape == (0, 1)

    def test_equal_mutable_limits_make_an_equality(self) -> None:
        model = pyo.ConcreteModel()
        model.x = pyo.Var()
        model.p = pyo.Param(mutable=True, initialize=2)
        model.both = pyo.Constraint(expr=(model.p, model.x, model.p))
        model.cost = pyo.Objective(expr=model.x)

        program = compile_model(model)

        assert program.row_lower.tolist() == program.row_upper.tolist() == [2]


class TestRefusals:
    def test_nonlinear_row_is_named(self) -> None:
        model = _every_kind_of_row()
        model.bad = pyo.Constraint(expr=model.x * model.y <= 1)

        with pytest.raises(ModelError, match=r"bad.*nonlinear"):
            compile_model(model)

    def test_nonlinear_objective(self) -> None:
        model = _every_kind_of_row()
        model.cost.expr = model.x**2

        with pytest.raises(ModelError, match=r"cost.*nonlinear"):
            compile_model(model)

    def test_maximising(self) -> None:
        model = _every_kind_of_row()
        model.cost.sense = pyo.maximize

        with pytest.raises(ModelError, match="cost: maximises"):
            compile_model(model)

    def test_no_objective_and_two(self) -> None:
        model = _every_kind_of_row()
        model.second = pyo.Objective(expr=model.x)
        with pytest.raises(ModelError, match="got cost, second"):
            compile_model(model)

        model.cost.deactivate()
        model.second.deactivate()
        with pytest.raises(ModelError, match="got none"):
            compile_model(model)

    def test_constant_row_that_does_not_hold(self) -> None:
        model = _every_kind_of_row()
        model.x.fix(9)
        model.never = pyo.Constraint(expr=model.x <= 8)

        with pytest.raises(InfeasibleError) as caught:
            compile_model(model)
        assert caught.value.rows == ("never",)

    def test_domain_with_holes(self) -> None:
        model = _every_kind_of_row()
        model.holes = pyo.Var(within=pyo.Set(initialize=[1, 4, 9]))
        model.use = pyo.Constraint(expr=model.holes <= 5)

        with pytest.raises(ModelError, match="holes: domain"):
            compile_model(model)

    def test_sets_of_a_special_order(self) -> None:
        model = _every_kind_of_row()
        model.either = pyo.Var([1, 2], bounds=(0, 1))
        model.sos = pyo.SOSConstraint(var=model.either, sos=1)

        with pytest.raises(ModelError, match="sos"):
            compile_model(model)


class TestProgram:
    def test_missing_figure_is_refused(self) -> None:
        with pytest.raises(ModelError, match="cost"):
            _one_column(cost=float("nan"))
        with pytest.raises(ModelError, match="lower"):
            _one_column(lower=float("nan"))

    def test_wrong_length_is_refused(self) -> None:
        with pytest.raises(ModelError, match="row_lower has length 2, the matrix wants 1"):
            _one_column(row_lower=[0.0, 0.0])

    def test_relax_drops_whole_numbers_only(self) -> None:
        program = compile_model(_every_kind_of_row())

        relaxed = relax(program)

        assert not relaxed.is_mip
        assert program.is_mip
        assert relaxed.upper is program.upper

    def test_fix_integers_rounds_and_stays_within_bounds(self) -> None:
        """x is free; y = 2.6 is held at 3; z = 1.7 rounds to 2 and is held at its bound 1."""
        program = compile_model(_every_kind_of_row())

        fixed = fix_integers(program, np.array([1.4, 2.6, 1.7]))

        assert fixed.lower.tolist() == [0, 3, 1]
        assert fixed.upper.tolist() == [10, 3, 1]
        assert not fixed.is_mip


def _one_column(
    cost: float = 1.0, lower: float = 0.0, row_lower: list[float] | None = None
) -> Program:
    return Program(
        cost=np.array([cost]),
        matrix=csc_array(np.ones((1, 1))),
        row_lower=np.array(row_lower or [0.0]),
        row_upper=np.array([1.0]),
        lower=np.array([lower]),
        upper=np.array([1.0]),
        integer=np.array([False]),
        columns=("x",),
        row_names=("r",),
    )
