import numpy as np
import pyomo.environ as pyo
import pytest

from solvers.errors import ModelError
from solvers.operation import Operation, operation_of_model, split
from tests.solvers.helpers import INF, make_program


def _shop() -> Operation:
    """Columns sun, gas, cut, link columns cap, load.

    r0  sun - 0.5 cap <= 0            becomes a bound: sun <= 0.5 cap
    r1  2 gas - cap <= 0              becomes a bound: gas <= 0.5 cap
    r2  sun + gas + cut - load >= 0   stays
    r3  gas - load <= 0               stays: gas has its bound already
    """
    program = make_program(
        [0] * 5,
        [
            [1, 0, 0, -0.5, 0],
            [0, 2, 0, -1, 0],
            [1, 1, 1, 0, -1],
            [0, 1, 0, 0, -1],
        ],
        [-INF, -INF, 0, -INF],
        [0, 0, INF, 0],
    )
    fuel = np.array([0.0, 3.0, 0.0, 0.0, 0.0])
    return split(program, {"cap": 3, "load": 4, "absent": None}, {"fuel": fuel})


class TestSplit:
    def test_rows_of_one_hourly_column_become_bounds(self) -> None:
        operation = _shop()

        assert operation.bounded.tolist() == [True, True, False]
        assert operation.column_link.toarray().tolist() == [[0.5, 0, 0], [0.5, 0, 0], [0, 0, 0]]
        assert operation.bound_of.tolist() == [0, 1, -1]

    def test_other_rows_keep_their_coupling(self) -> None:
        operation = _shop()

        assert operation.row_of.tolist() == [2, 3]
        assert operation.row_names == ("r2", "r3")
        assert operation.matrix.toarray().tolist() == [[1, 1, 1], [0, 1, 0]]
        assert operation.row_link.toarray().tolist() == [[0, -1, 0], [0, -1, 0]]
        assert operation.has_lower.tolist() == [True, False]
        assert operation.has_upper.tolist() == [False, True]

    def test_uses_are_of_hourly_columns(self) -> None:
        assert _shop().use_matrix.toarray().tolist() == [[0, 3, 0]]

    def test_a_column_held_at_zero_is_bounded(self) -> None:
        program = make_program([0, 0], [[1, -1]], [0], [INF], upper=[0, INF])

        operation = split(program, {"load": 1}, {"none": np.zeros(2)})

        assert operation.bounded.tolist() == [True]
        assert operation.column_link.nnz == 0

    def test_a_night_hour_has_the_same_pattern_as_a_day_hour(self) -> None:
        """Pyomo drops 0 * cap; the row is then sun <= 0 and still becomes a bound."""
        day, night = (
            split(
                make_program(
                    [0] * 3,
                    [[1, -factor, 0], [1, 0, -1]],
                    [-INF, 0],
                    [0, INF],
                ),
                {"cap": 1, "load": 2},
                {"none": np.zeros(3)},
            )
            for factor in (0.7, 0.0)
        )

        assert day.same_pattern(night)
        assert night.column_link.toarray().tolist() == [[0, 0]]


class TestWithLink:
    def test_bounds_and_rows_take_new_numbers(self) -> None:
        operation = _shop()

        changed = operation.with_link("load", np.array([2]), np.array([-1.3]))
        changed = changed.with_link("cap", np.array([0, 1]), np.array([0.0, -0.9]))

        assert changed.row_link.toarray().tolist() == [[0, -1.3, 0], [0, -1, 0]]
        assert changed.column_link.toarray().tolist() == [[0, 0, 0], [0.45, 0, 0], [0, 0, 0]]
        assert operation.row_link.toarray()[0, 1] == -1
        assert operation.same_pattern(changed)

    def test_a_quantity_that_was_absent_may_come_in(self) -> None:
        changed = _shop().with_link("absent", np.array([2, 3]), np.array([-1.0, 0.5]))

        assert changed.row_link.toarray()[:, 2].tolist() == [-1.0, 0.5]

    def test_scaled_rows_keep_their_scale(self) -> None:
        """r1 says 2 gas <= cap; with coefficient -3 it says gas <= 1.5 cap."""
        changed = _shop().with_link("cap", np.array([1]), np.array([-3.0]))

        assert changed.column_link.toarray()[1, 0] == pytest.approx(1.5)

    def test_unknown_names_are_refused(self) -> None:
        with pytest.raises(ModelError, match="try one of cap, load, absent"):
            _shop().with_link("wind", np.array([2]), np.array([1.0]))
        with pytest.raises(ModelError, match="row 4 of the program"):
            _shop().with_link("cap", np.array([4]), np.array([1.0]))


class TestRefusals:
    def test_a_constant_in_a_row(self) -> None:
        program = make_program([0, 0], [[1, -1]], [3], [INF])
        with pytest.raises(ModelError, match=r"r0: constant 3\.0 is not zero"):
            split(program, {"load": 1}, {})

    def test_a_bound_that_does_not_scale(self) -> None:
        program = make_program([0, 0], [[1, -1]], [0], [INF], upper=[7, INF])
        with pytest.raises(ModelError, match=r"x0: bound 7\.0 is not zero"):
            split(program, {"load": 1}, {})

    def test_a_bound_of_a_linking_column_is_not_read(self) -> None:
        program = make_program([0, 0], [[1, -1]], [0], [INF], upper=[INF, 7])

        assert split(program, {"load": 1}, {}).links == ("load",)

    def test_whole_columns(self) -> None:
        program = make_program([0, 0], [[1, -1]], [0], [INF], integer=[True, False])
        with pytest.raises(ModelError, match="x0: whole"):
            split(program, {"load": 1}, {})

    def test_a_use_of_a_linking_column(self) -> None:
        program = make_program([0, 0], [[1, -1]], [0], [INF])
        with pytest.raises(ModelError, match="linking column"):
            split(program, {"load": 1}, {"bad": np.array([0.0, 1.0])})


class TestFromPyomo:
    def _model(self) -> pyo.ConcreteModel:
        model = pyo.ConcreteModel(name="hour")
        model.cap = pyo.Var()
        model.served = pyo.Var()
        model.idle = pyo.Var()
        model.gas = pyo.Var(bounds=(0, None))
        model.cut = pyo.Var(bounds=(0, None))
        model.lone = pyo.Var(bounds=(0, None))
        model.limit = pyo.Constraint(expr=model.gas <= 0.8 * model.cap)
        model.balance = pyo.Constraint(expr=model.gas + model.cut == 1.2 * model.served)
        model.cost = pyo.Objective(expr=model.gas + model.cut)
        return model

    def test_links_and_uses_by_name(self) -> None:
        model = self._model()
        links = {"cap": model.cap, "load": model.served, "idle": model.idle}

        operation = operation_of_model(model, links, {"fuel": 8 * model.gas + model.cut})

        assert operation.links == ("cap", "load", "idle")
        assert operation.column_link.toarray()[:, 0].max() == pytest.approx(0.8)
        assert operation.row_link.toarray().tolist() == [[0, -1.2, 0]]
        assert sorted(operation.use_matrix.toarray()[0].tolist()) == [1, 8]

    def test_a_use_must_be_linear_without_a_constant(self) -> None:
        model = self._model()
        links = {"cap": model.cap, "load": model.served}
        for use in (model.gas + 3, model.gas**2):
            with pytest.raises(ModelError, match="fuel: a use must be linear"):
                operation_of_model(model, links, {"fuel": use})

    def test_a_use_of_a_column_that_is_nowhere(self) -> None:
        model = self._model()
        with pytest.raises(ModelError, match="lone is in no row"):
            operation_of_model(model, {"cap": model.cap}, {"fuel": 2 * model.lone})
