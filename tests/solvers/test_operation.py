from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
import pytest
from scipy.sparse import csr_array

from solvers.cone import Cone
from solvers.errors import ModelError, RecourseError
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


class TestWithUse:
    def test_one_use_of_some_columns_takes_new_numbers(self) -> None:
        """sun 0.5 and gas nothing; cut keeps what it had, and so does the operation itself."""
        operation = _two_uses()

        changed = operation.with_use("fuel", np.array([1, 0]), np.array([0.0, 0.5]))

        assert changed.use_matrix.toarray().tolist() == [[0.5, 0, 7], [1, 1, 0]]
        assert operation.use_matrix.toarray().tolist() == [[0, 3, 7], [1, 1, 0]]
        assert operation.same_pattern(changed)

    def test_columns_are_those_of_the_program(self) -> None:
        """Here the linking column stands first, so that hourly columns are one further on."""
        program = make_program([0] * 3, [[-1, 1, 1]], [0], [INF])
        operation = split(program, {"load": 0}, {"fuel": np.array([0.0, 1.0, 0.0])})

        changed = operation.with_use("fuel", np.array([2]), np.array([4.0]))

        assert changed.use_matrix.toarray().tolist() == [[1, 4]]

    def test_operation_costs_what_the_new_numbers_say(self) -> None:
        """Load 10, cap 6: sun 3 for nothing, gas 3 at a use of 3, then at one of 2, cut 4."""
        operation = _two_uses()
        cheaper = operation.with_use("fuel", np.array([1]), np.array([2.0]))
        links, prices = np.array([6.0, 10.0, 0.0]), np.array([10.0, 0.0])

        values = [Cone(o, trusted=True).evaluate(links, prices).value for o in (operation, cheaper)]

        assert values == pytest.approx([10 * (3 * 3 + 7 * 4), 10 * (2 * 3 + 7 * 4)])

    def test_unknown_names_and_columns_are_refused(self) -> None:
        with pytest.raises(ModelError, match="try one of fuel, work"):
            _two_uses().with_use("coal", np.array([0]), np.array([1.0]))
        for column in (3, 99):
            with pytest.raises(ModelError, match=f"fuel: column {column} of the program is not"):
                _two_uses().with_use("fuel", np.array([0, column]), np.array([1.0, 1.0]))


def _two_uses() -> Operation:
    """The shop; gas makes 3 of fuel, cut 7; sun and gas make work."""
    operation = _shop()
    uses = csr_array(np.array([[0.0, 3, 7], [1, 1, 0]]))
    return replace(operation, uses=("fuel", "work"), use_matrix=uses)


class TestDomain:
    """A level that stays where it is and has to fit: level = start, level <= size."""

    def _tank(self, domain: list[list[float]] | None) -> Operation:
        program = make_program([0] * 3, [[1, -1, 0], [1, 0, -1]], [0, -INF], [0, 0])
        uses = {"none": np.zeros(3)}
        links = {"start": 1, "size": 2}
        return split(
            program, links, uses, domain=None if domain is None else np.array(domain, dtype=float)
        )

    def test_every_z_that_is_not_negative_is_the_default(self) -> None:
        assert self._tank(None).domain.tolist() == [[1, 0], [0, 1]]
        with pytest.raises(RecourseError, match="start: operation is not possible"):
            Cone(self._tank(None))

    def test_levels_within_size_are_accepted(self) -> None:
        cone = Cone(self._tank([[0, 1], [1, 1]]))

        assert cone.evaluate(np.array([3.0, 4.0]), np.ones(1), with_x=True).x == pytest.approx([3])
        with pytest.raises(RecourseError, match="infeasible at start"):
            cone.evaluate(np.array([4.0, 3.0]), np.ones(1))

    def test_a_domain_that_is_too_wide_is_refused_with_its_names(self) -> None:
        with pytest.raises(RecourseError, match="start, size: operation is not possible"):
            Cone(self._tank([[0, 1], [2, 1]]))


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
