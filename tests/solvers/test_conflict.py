import itertools
import logging
from types import SimpleNamespace

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solvers.conflict import find_conflict
from solvers.errors import SolverError
from solvers.highs import Options, solve
from solvers.program import Program, compile_model, relax
from solvers.solution import Status
from tests.solvers.helpers import INF, make_program, random_program


def _without(program: Program, names: set[str]) -> Program:
    """Let go of the rows and bounds with these names."""
    rows = np.array([name in names for name in program.row_names], dtype=bool)
    columns = np.array([f"bound of {name}" in names for name in program.column_names], dtype=bool)
    return make_program(
        [0.0] * program.cost.size,
        program.matrix.toarray(),
        np.where(rows, -INF, program.row_lower),
        np.where(rows, INF, program.row_upper),
        lower=np.where(columns, -INF, program.lower).tolist(),
        upper=np.where(columns, INF, program.upper).tolist(),
        integer=program.integer.tolist(),
    )


def _all_names(program: Program) -> set[str]:
    return set(program.row_names) | {f"bound of {name}" for name in program.column_names}


class TestOnPaper:
    def test_two_rows_that_contradict(self) -> None:
        """x + y >= 10 against x + y <= 4; the third row and the bounds play no part."""
        program = make_program(
            [1, 1], [[1, 1], [1, 1], [1, -1]], [10, -INF, 0], [INF, 4, INF], upper=[9, 9]
        )

        assert find_conflict(program) == ("r0", "r1")

    def test_bounds_are_named(self) -> None:
        """x + y >= 10 with x <= 3 and y <= 4."""
        program = make_program([1, 1], [[1, 1]], [10], [INF], upper=[3, 4])

        assert find_conflict(program) == ("r0", "bound of x0", "bound of x1")

    def test_crossed_bounds_of_one_column(self) -> None:
        program = make_program([1, 1], [[1, 1]], [0], [INF], lower=[2, 0], upper=[1, 9])

        assert find_conflict(program) == ("bound of x0",)

    def test_whole_numbers_that_contradict(self) -> None:
        """2x = 2y + 1 has real solutions, but no whole ones in any range."""
        program = make_program(
            [1, 1],
            [[1, 1], [2, -2]],
            [0, 1],
            [9, 1],
            upper=[10, 10],
            integer=[True, True],
        )

        found = find_conflict(program)

        assert "r1" in found
        assert "r0" not in found

    def test_names_come_from_pyomo(self) -> None:
        model = pyo.ConcreteModel()
        model.power = pyo.Var(["a", "b"], bounds=(0, 5))
        model.demand = pyo.Constraint(["a", "b"], rule=lambda m, s: m.power[s] >= 4)
        model.cap = pyo.Constraint(expr=model.power["a"] + model.power["b"] <= 7)
        model.cost = pyo.Objective(expr=model.power["a"])

        assert find_conflict(compile_model(model)) == ("demand[a]", "demand[b]", "cap")

    def test_feasible_program_is_refused(self) -> None:
        with pytest.raises(SolverError, match="no conflict found"):
            find_conflict(make_program([1], [[1]], [0], [1]))


class TestLaws:
    @settings(max_examples=60, deadline=None)
    @given(seed=st.integers(0, 10**6), whole=st.booleans())
    def test_irreducible(self, seed: int, whole: bool) -> None:
        """What is named cannot hold together; without any one of its names it can.

        Where whole numbers play no part in the conflict, both are meant without them.
        """
        program = random_program(seed, whole=whole, feasible=False)
        options = Options(threads=1)
        assume(solve(program, options).status is Status.INFEASIBLE)

        found = set(find_conflict(program, options))

        if solve(relax(program), options).status is Status.INFEASIBLE:
            program = relax(program)

        others = _all_names(program) - found
        assert solve(_without(program, others), options).status is Status.INFEASIBLE
        for name in found:
            freed = solve(_without(program, others | {name}), options)
            assert freed.status is Status.OPTIMAL

    def test_stopped_early_it_still_names_a_conflict(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Time for the first check only: everything is named, and the log says so."""
        ticks = itertools.chain([0.0, 0.0], itertools.repeat(1e9))
        clock = SimpleNamespace(perf_counter=lambda: next(ticks))
        monkeypatch.setattr("solvers.conflict.time", clock)
        program = make_program([1, 1], [[1, 1], [1, 1], [1, -1]], [10, -INF, 0], [INF, 4, INF])

        with caplog.at_level(logging.WARNING):
            found = find_conflict(program)

        assert found == ("r0", "r1", "r2", "bound of x0", "bound of x1")
        assert "stopped at its limit" in caplog.text
