import numpy as np
import pyomo.environ as pyo
import pytest

from solvers.errors import InfeasibleError, ModelError, StoppedError
from solvers.highs import solve
from solvers.program import compile_model
from solvers.residual import row_violations, worst_violation
from solvers.solution import Solution, Status, load, relative_gap
from tests.solvers.helpers import INF, make_program


def _bakery() -> pyo.ConcreteModel:
    """min 3 ovens + flour; flour >= 5 - 2 ovens: 1 oven leaves 3 flour, 2 ovens 1: cost 6, 7."""
    model = pyo.ConcreteModel(name="bakery")
    model.ovens = pyo.Var(within=pyo.NonNegativeIntegers)
    model.flour = pyo.Var(within=pyo.NonNegativeReals)
    model.unused = pyo.Var(initialize=9)
    model.enough = pyo.Constraint(expr=model.flour + 2 * model.ovens >= 5)
    model.hot = pyo.Constraint(expr=model.ovens >= 1)
    model.cost = pyo.Objective(expr=3 * model.ovens + model.flour)
    return model


class TestLoad:
    def test_values_reach_pyomo(self) -> None:
        model = _bakery()
        program = compile_model(model)

        load(program, solve(program))

        assert model.ovens.value == 1
        assert model.flour.value == pytest.approx(3)
        assert model.unused.value == 9
        assert pyo.value(model.cost) == pytest.approx(6)

    def test_whole_numbers_are_rounded(self) -> None:
        model = _bakery()
        program = compile_model(model)
        x = [0.9999999 if name == "ovens" else 3.0 for name in program.column_names]
        nearly = Solution(Status.OPTIMAL, True, 6.0, 6.0, np.array(x))

        load(program, nearly)

        assert model.ovens.value == 1.0

    def test_no_point_is_refused(self) -> None:
        model = _bakery()
        program = compile_model(model)
        none = Solution(Status.INFEASIBLE, False, INF, INF, np.zeros(2))

        with pytest.raises(InfeasibleError):
            load(program, none)
        assert model.ovens.value is None

    def test_names_and_other_programs_are_refused(self) -> None:
        program = make_program([1], [[1]], [1], [INF])
        with pytest.raises(ModelError, match="x0: a name only"):
            load(program, solve(program))

        with pytest.raises(ModelError, match="1 columns, the program 2"):
            load(compile_model(_bakery()), solve(program))


class TestSolution:
    def test_gap_is_relative_to_the_objective(self) -> None:
        assert relative_gap(200.0, 190.0) == pytest.approx(0.05)
        assert relative_gap(-100.0, -110.0) == pytest.approx(0.1)
        assert relative_gap(1.0, 1.0 + 1e-12) == 0
        assert relative_gap(0.0, -1.0) == INF
        assert relative_gap(INF, 1.0) == INF

    def test_stopped_says_why_and_when(self) -> None:
        stopped = Solution(Status.TIME_LIMIT, False, INF, -INF, np.zeros(1), seconds=12.0)

        with pytest.raises(StoppedError, match=r"12\.0 s without a point: time limit"):
            stopped.require_point()


class TestResidual:
    def test_distance_is_relative_to_large_bounds(self) -> None:
        """Row 0: 250 <= 200 misses by 50, a quarter of 200. Bound of x1: 3 <= 2.5 misses by 0.2."""
        program = make_program([0, 0], [[100, 50], [1, 1]], [-INF, 0], [200, 9], upper=[INF, 2.5])
        x = np.array([1.0, 3.0])

        assert worst_violation(program, x) == pytest.approx(0.25)
        assert row_violations(program, x) == {"r0": pytest.approx(0.25)}

    def test_whole_numbers_count(self) -> None:
        program = make_program([0], [[1]], [0], [9], integer=[True])

        assert worst_violation(program, np.array([1.25])) == pytest.approx(0.25)
        assert worst_violation(program, np.array([2.0])) == 0

    def test_not_a_number_is_infinitely_far(self) -> None:
        program = make_program([0], [[1]], [0], [9])

        assert worst_violation(program, np.array([np.nan])) == INF

    def test_worst_row_comes_first(self) -> None:
        program = make_program([0], [[1], [1], [1]], [0, 0, 0], [0.9, 0.5, 1.0])

        assert list(row_violations(program, np.array([1.0]))) == ["r1", "r0"]
