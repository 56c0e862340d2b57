from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from solvers.errors import HighsError
from solvers.highs import Options, solve
from solvers.program import Program, relax
from solvers.residual import worst_violation
from solvers.session import Session
from solvers.solution import Status
from tests.solvers.helpers import INF, make_program, random_program


def _diet() -> Program:
    """min 2x + 3y, x + y >= 4, x <= 1: x = 1, y = 3, cost 11."""
    return make_program([2, 3], [[1, 1]], [4], [INF], upper=[1, INF])


FAILED = HighsError("run", "kNotset")


def _ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


class TestChanges:
    def test_costs_bounds_and_sides_on_paper(self) -> None:
        """Cost of y 3 -> 1: y = 4 alone, 4. Then x + y >= 6: 6. Then x >= 1: 2 + 5 = 7."""
        session = Session(_diet())
        assert session.solve().objective == pytest.approx(11)

        session.set_costs(_ints(1), np.array([1.0]))
        assert session.solve().objective == pytest.approx(4)

        session.set_row_bounds(_ints(0), np.array([6.0]), np.array([INF]))
        assert session.solve().objective == pytest.approx(6)

        session.set_column_bounds(_ints(0), np.array([1.0]), np.array([1.0]))
        assert session.solve().objective == pytest.approx(7)

    def test_rows_come_and_go(self) -> None:
        """With y <= 2 there is no point (x <= 1); with y <= 3.5 nothing changes."""
        session = Session(_diet())
        session.solve()
        row = csr_array(np.array([[0.0, 1.0], [1.0, 0.0]]))
        session.add_rows(row, np.array([-INF, -INF]), np.array([3.5, 9.0]), ["most", "idle"])

        found = session.solve()
        assert found.objective == pytest.approx(11)
        assert found.row_dual is not None
        assert found.row_dual.size == session.row_count == 3

        session.delete_rows(_ints(1, 2))
        assert session.solve().objective == pytest.approx(11)
        assert session.program().row_names == ("r0",)

    def test_slack_rows_leave_without_a_new_start(self) -> None:
        """After slack rows leave, the old basis still solves it: no iterations."""
        session = Session(_diet())
        session.solve()
        row = csr_array(np.array([[0.0, 1.0]]))
        session.add_rows(row, np.array([-INF]), np.array([99.0]), ["idle"])
        session.solve()

        session.delete_rows(_ints(1))

        assert session.solve().iterations == 0

    def test_a_binding_row_may_leave_too(self) -> None:
        session = Session(_diet())
        row = csr_array(np.array([[1.0, 0.0]]))
        session.add_rows(row, np.array([-INF]), np.array([0.5]), ["tight"])
        assert session.solve().objective == pytest.approx(11.5)

        session.delete_rows(_ints(1))

        assert session.solve().objective == pytest.approx(11)

    def test_program_shows_what_was_changed(self) -> None:
        whole = make_program([2, 3], [[1, 1]], [4], [INF], upper=[1, INF], integer=[True, False])
        session = Session(whole)
        session.set_costs(_ints(0), np.array([5.0]))
        session.set_column_bounds(_ints(1), np.array([0.5]), np.array([7.0]))
        session.add_rows(csr_array(np.array([[1.0, 2.0]])), np.array([1.0]), np.array([9.0]), ["n"])

        now = session.program()

        assert now.is_mip
        assert now.cost.tolist() == [5, 3]
        assert now.lower.tolist() == [0, 0.5]
        assert now.upper.tolist() == [1, 7]
        assert now.row_names == ("r0", "n")
        assert now.matrix.toarray().tolist() == [[1, 1], [1, 2]]
        assert now.row_upper.tolist() == [INF, 9]
        assert whole.cost.tolist() == [2, 3]


class TestStatus:
    def test_infeasible_and_back(self) -> None:
        session = Session(_diet())
        session.set_column_bounds(_ints(1), np.array([0.0]), np.array([1.0]))
        assert session.solve().status is Status.INFEASIBLE

        session.set_column_bounds(_ints(1), np.array([0.0]), np.array([9.0]))
        assert session.solve().objective == pytest.approx(11)

    def test_unbounded_is_told_from_infeasible(self) -> None:
        session = Session(make_program([-1, -1], [[1, -1]], [0], [0]))

        assert session.solve().status is Status.UNBOUNDED

    def test_time_limit(self) -> None:
        assert Session(_diet()).solve(time_limit_s=0.0).status in (
            Status.TIME_LIMIT,
            Status.OPTIMAL,
        )

    def test_time_does_not_run_out_over_many_solves(self) -> None:
        """Each solve has the whole limit; HiGHS's own clock would go on from solve to solve."""
        session = Session(_diet(), Options(time_limit_s=0.5))
        for k in range(300):
            session.set_row_bounds(_ints(0), np.array([4.0 + k % 7]), np.array([INF]))
            assert session.solve().status is Status.OPTIMAL


def _wide(columns: int = 40, rows: int = 25) -> Program:
    """Covering: min c x, A x >= 1, 0 <= x <= 5, all of it positive."""
    rng = np.random.default_rng(3)
    return make_program(
        rng.uniform(1, 2, columns).tolist(),
        rng.uniform(0, 1, (rows, columns)),
        np.ones(rows),
        np.full(rows, INF),
        upper=[5.0] * columns,
    )


WARM = Options(threads=1, presolve="off", lp_method="simplex")


def _options_now(session: Session) -> dict[str, object]:
    highs = session._engine._highs
    names = [*WARM.highs_options(), "ipm_optimality_tolerance", "simplex_scale_strategy"]
    return {name: highs.getOptionValue(name)[1] for name in names}


class TestInside:
    def test_a_point_near_the_optimum_and_off_the_bounds(self) -> None:
        """A vertex has at most as many positive columns as rows; a point inside has all."""
        program = _wide()
        session = Session(program, WARM)
        best = session.solve()

        inside = session.interior(INF)

        assert inside is not None
        assert np.isfinite(inside).all()
        assert worst_violation(program, inside) < 1e-2
        assert program.objective(inside) == pytest.approx(best.objective, rel=0.2)
        assert (best.x > 1e-9).sum() <= 25
        assert (inside > 1e-9).all()

    def test_options_and_later_solves_are_as_before(self) -> None:
        session = Session(_wide(), WARM)
        before, best = _options_now(session), session.solve()

        session.interior(INF)

        assert _options_now(session) == before
        again = session.solve()
        assert again.status is Status.OPTIMAL
        assert again.objective == pytest.approx(best.objective, rel=1e-9)
        assert again.row_dual is not None
        assert again.row_dual @ np.ones(25) == pytest.approx(
            again.objective - 5 * np.minimum(again.reduced_cost, 0).sum()  # type: ignore[arg-type]
        )

    def test_before_the_first_solve_and_with_rows_added(self) -> None:
        session = Session(_wide(), WARM)
        session.interior(INF)
        row = csr_array(np.ones((1, 40)))
        session.add_rows(row, np.array([9.0]), np.array([INF]), ["much"])

        inside = session.interior(INF)

        assert inside is not None
        assert inside.sum() >= 9 * (1 - 1e-2)
        assert session.solve().objective == pytest.approx(
            solve(session.program(), Options(threads=1)).objective
        )


class TestAfresh:
    def test_it_ends_at_a_vertex_from_which_simplex_goes_on(self) -> None:
        session = Session(_wide(), WARM)
        before = _options_now(session)

        found = session.solve_afresh(INF)

        assert found.status is Status.OPTIMAL
        assert found.row_dual is not None
        assert found.objective == pytest.approx(solve(_wide()).objective, rel=1e-9)
        assert _options_now(session) == before
        again = session.solve()
        assert again.iterations == 0
        assert again.objective == pytest.approx(found.objective, rel=1e-12)

    def test_options_by_name_come_back_too(self) -> None:
        more = replace(WARM, more={"presolve": "on", "run_crossover": "choose"})
        session = Session(_wide(), more)
        before = _options_now(session)

        session.solve_afresh(INF)

        assert _options_now(session) == before
        assert before["run_crossover"] == "choose"

    def test_infeasible_and_unbounded_are_said(self) -> None:
        impossible = make_program([1], [[1]], [3], [INF], upper=[2])
        endless = make_program([-1, -1], [[1, -1]], [0], [0])

        assert Session(impossible, WARM).solve_afresh(INF).status is Status.INFEASIBLE
        assert Session(endless, WARM).solve_afresh(INF).status is Status.UNBOUNDED


class TestAgainstAFreshSolve:
    @settings(max_examples=60, deadline=None)
    @given(seed=st.integers(0, 10**6))
    def test_many_changes_give_what_one_solve_gives(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        program = relax(random_program(seed))
        session = Session(program, Options(threads=1))
        n, m = program.cost.size, len(program.row_names)
        for _ in range(6):
            columns = rng.permutation(n)[:2].astype(np.int32)
            session.set_costs(columns, rng.integers(-5, 6, columns.size).astype(float))
            rows = rng.permutation(m)[:1].astype(np.int32)
            side = float(rng.integers(-6, 7))
            session.set_row_bounds(rows, np.array([side]), np.array([side + 4]))
            if session.row_count > m + 1:
                session.delete_rows(np.array([m], dtype=np.int32))
            extra = csr_array(rng.integers(-2, 3, (1, n)).astype(float))
            session.add_rows(extra, np.array([-INF]), np.array([5.0]), ["extra"])

            warm, fresh = session.solve(), solve(session.program(), Options(threads=1))

            assert warm.status is fresh.status
            if fresh.has_point:
                assert warm.objective == pytest.approx(fresh.objective, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_out_of_patience_a_solve_starts_anew_and_ends_where_it_would(seed: int) -> None:
    program = random_program(seed)
    patient, hasty = Session(program), Session(program, patience=1)

    found, wanted = hasty.solve(), patient.solve()

    assert found.status is wanted.status
    assert found.objective == pytest.approx(wanted.objective, rel=1e-6, abs=1e-6)
    assert hasty.solve().objective == pytest.approx(wanted.objective, rel=1e-6, abs=1e-6)


def test_where_interior_point_fails_simplex_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(_diet())
    run, calls = session._engine.run, []

    def fails_once(time_limit_s: float) -> None:
        calls.append(time_limit_s)
        if len(calls) == 1:
            raise FAILED
        run(time_limit_s)

    monkeypatch.setattr(session._engine, "run", fails_once)

    assert session.solve_afresh(INF).objective == pytest.approx(11)
    assert len(calls) == 2
