import logging
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from solvers.errors import (
    HighsError,
    InfeasibleError,
    SolverError,
    StoppedError,
    UnboundedError,
)
from solvers.highs import Options, Progress, solve
from solvers.program import Floats, Program, fix_integers, relax
from solvers.residual import worst_violation
from solvers.solution import Status
from tests.solvers.helpers import INF, make_program, random_program


def knapsack(columns: int = 200, rows: int = 60) -> Program:
    """A 0-1 knapsack with many rows: far from proven within seconds."""
    rng = np.random.default_rng(1)
    weights = rng.integers(1, 100, (rows, columns)).astype(float)
    return make_program(
        (-rng.integers(1, 100, columns)).astype(float).tolist(),
        weights,
        [-INF] * rows,
        weights.sum(axis=1) // 3,
        upper=[1.0] * columns,
        integer=[True] * columns,
    )


class TestLinear:
    def test_two_columns_on_paper(self) -> None:
        """min -3x - 5y; x <= 4, 2y <= 12, 3x + 2y <= 18.

        The corner is x = 2, y = 6: cost -36. One more unit of the second row's bound is worth
        -3/2, of the third -1; the first is slack (Hillier and Lieberman's Wyndor problem).
        """
        program = make_program(
            [-3, -5], [[1, 0], [0, 2], [3, 2]], [-INF, -INF, -INF], [4, 12, 18], offset=1.0
        )

        found = solve(program)

        assert found.status is Status.OPTIMAL
        assert found.x == pytest.approx([2, 6])
        assert found.objective == found.bound == pytest.approx(-35)
        assert found.row_dual == pytest.approx([0, -1.5, -1])
        assert found.gap == 0

    def test_reduced_cost_is_the_worth_of_a_bound(self) -> None:
        """min 2x + 3y, x + y >= 4, x <= 1: x = 1, y = 3; x's bound saves 1 per unit."""
        program = make_program([2, 3], [[1, 1]], [4], [INF], upper=[1, INF])

        found = solve(program)

        assert found.row_dual == pytest.approx([3])
        assert found.reduced_cost == pytest.approx([-1, 0])

    @pytest.mark.parametrize("method", ["simplex", "ipm", "pdlp"])
    def test_methods_agree(self, method: str) -> None:
        program = make_program([2, 3], [[1, 1]], [4], [INF], upper=[1, INF])

        found = solve(program, Options(lp_method=method))  # type: ignore[arg-type]

        assert found.objective == pytest.approx(11, rel=1e-5)

    def test_degenerate_corner(self) -> None:
        """Four rows meet at (1, 1), where two would do; cost -2 whichever basis is found."""
        program = make_program([-1, -1], [[1, 0], [0, 1], [1, 1], [2, 1]], [-INF] * 4, [1, 1, 2, 3])

        found = solve(program)

        assert found.objective == pytest.approx(-2)
        assert found.row_dual is not None
        assert found.row_dual @ program.row_upper == pytest.approx(-2)

    def test_without_rows_and_without_columns(self) -> None:
        assert solve(make_program([1], [], [], [], lower=[2])).objective == 2
        assert solve(make_program([], [[]], [0], [INF], offset=5)).objective == 5
        assert solve(make_program([], [[]], [1], [INF])).status is Status.INFEASIBLE

    def test_dual_is_change_of_cost_per_unit_of_row_bound(self) -> None:
        """Finite difference on every row: raise its bounds by 1e-3 and solve again."""
        program = make_program(
            [1, 2, 4],
            [[1, 1, 1], [1, -1, 0], [0, 1, -1]],
            [10, -INF, -3],
            [INF, 2, -3],
            upper=[5, 5, 8],
        )
        base = solve(program)
        assert base.row_dual is not None
        for i in range(3):
            step = 1e-3 * np.eye(3)[i]
            moved = make_program(
                program.cost.tolist(),
                program.matrix.toarray(),
                program.row_lower + step,
                program.row_upper + step,
                upper=program.upper.tolist(),
            )
            slope = (solve(moved).objective - base.objective) / 1e-3

            assert base.row_dual[i] == pytest.approx(slope, abs=1e-6)


class TestWhole:
    def test_whole_numbers_on_paper(self) -> None:
        """max 5x + 4y; 6x + 4y <= 24, x + 2y <= 6: relaxed 21 at (3, 1.5), whole 20 at (4, 0)."""
        program = make_program(
            [-5, -4], [[6, 4], [1, 2]], [-INF, -INF], [24, 6], integer=[True, True]
        )

        found = solve(program)

        assert found.objective == pytest.approx(-20)
        assert found.x == pytest.approx([4, 0])
        assert found.row_dual is None
        assert found.reduced_cost is None
        assert solve(relax(program)).objective == pytest.approx(-21)

    def test_duals_come_from_the_lp_with_whole_numbers_held(self) -> None:
        program = make_program(
            [-5, -4], [[6, 4], [1, 2]], [-INF, -INF], [24, 6], integer=[True, False]
        )
        whole = solve(program)

        held = solve(fix_integers(program, whole.x))

        assert held.objective == pytest.approx(whole.objective)
        assert held.row_dual is not None

    def test_time_limit_with_a_point(self) -> None:
        found = solve(knapsack(), Options(gap=0.0, time_limit_s=0.7, threads=1))

        assert found.status is Status.TIME_LIMIT
        assert found.has_point
        assert found.bound < found.objective
        assert found.gap == pytest.approx((found.objective - found.bound) / -found.objective)
        assert worst_violation(knapsack(), found.x) < 1e-6

    def test_time_limit_without_a_point(self) -> None:
        found = solve(knapsack(), Options(time_limit_s=0.0, more={"mip_heuristic_effort": 0.0}))

        assert found.status is Status.TIME_LIMIT
        assert not found.has_point
        assert found.objective == INF
        assert found.gap == INF
        with pytest.raises(StoppedError, match="time limit"):
            found.require_point()

    def test_gap_asked_for_is_kept(self) -> None:
        found = solve(knapsack(60, 20), Options(gap=0.05, threads=1))

        assert found.status is Status.OPTIMAL
        assert 0 <= found.gap <= 0.05

    def test_a_start_is_used(self) -> None:
        """Only the start can give a point: there is no time for more."""
        program = knapsack()
        start = np.zeros(200)
        start[0] = 1.0

        found = solve(
            program,
            Options(time_limit_s=0.0, more={"mip_heuristic_effort": 0.0}),
            start=start,
        )

        assert found.has_point
        assert found.objective == pytest.approx(program.objective(start))


class TestNoAnswer:
    @pytest.mark.parametrize("whole", [False, True])
    def test_infeasible(self, whole: bool) -> None:
        program = make_program([1], [[1]], [3], [INF], upper=[2], integer=[whole])

        found = solve(program)

        assert found.status is Status.INFEASIBLE
        assert found.bound == INF
        with pytest.raises(InfeasibleError):
            found.require_point()

    @pytest.mark.parametrize("whole", [False, True])
    def test_unbounded(self, whole: bool) -> None:
        """x = y may grow for ever; HiGHS calls the MIP "unbounded or infeasible"."""
        program = make_program([-1, -1], [[1, -1]], [0], [0], integer=[whole, whole])

        found = solve(program)

        assert found.status is Status.UNBOUNDED
        assert found.bound == -INF
        with pytest.raises(UnboundedError):
            found.require_point()

    def test_whole_numbers_alone_make_it_infeasible(self) -> None:
        """2x - 2y = 1 has no whole solution, though x + y may grow for ever."""
        program = make_program([-1, -1], [[2, -2]], [1], [1], upper=[50, 50], integer=[True, True])

        assert solve(program).status is Status.INFEASIBLE

    def test_crossed_bounds(self) -> None:
        program = make_program([1], [[1]], [0], [INF], lower=[2], upper=[1])

        assert solve(program).status is Status.INFEASIBLE

    def test_huge_coefficient_is_refused(self) -> None:
        with pytest.raises(HighsError, match="program of 1 rows"):
            solve(make_program([1, 1], [[1, 1e16]], [0], [1]))

    def test_tiny_coefficient_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO):
            solve(make_program([1, 1], [[1, 1e-12]], [0], [1]))

        assert "drops 1 coefficients" in caplog.text

    def test_unknown_option_is_refused(self) -> None:
        with pytest.raises(HighsError, match="no_such"):
            solve(make_program([1], [[1]], [0], [1]), Options(more={"no_such": 1}))

    def test_option_out_of_range_is_refused(self) -> None:
        with pytest.raises(SolverError, match="gap"):
            Options(gap=-1.0)


class TestWatching:
    def test_log_goes_to_the_file_alone(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        solve(knapsack(20, 5), Options(log_file=tmp_path / "log.txt"))

        assert "HiGHS" in (tmp_path / "log.txt").read_text()
        assert capfd.readouterr().out == ""

    def test_progress_of_a_mip(self) -> None:
        lines: list[Progress] = []

        found = solve(
            knapsack(), Options(gap=0.0, time_limit_s=2.6, threads=1), on_progress=lines.append
        )

        assert len(lines) >= 2
        assert lines[0].seconds < lines[-1].seconds
        assert lines[-1].bound <= found.bound + 1e-6
        assert lines[-1].objective >= found.objective - 1e-6

    def test_what_progress_raises_comes_through(self) -> None:
        def give_up(_: Progress) -> None:
            raise KeyError

        with pytest.raises(KeyError):
            solve(knapsack(), Options(time_limit_s=30, threads=1), on_progress=give_up)

    def test_ctrl_c_stops_the_solve(self) -> None:
        timer = threading.Timer(0.5, signal.raise_signal, [signal.SIGINT])
        timer.start()

        with pytest.raises(KeyboardInterrupt):
            solve(knapsack(), Options(time_limit_s=30, threads=1))

    def test_another_number_of_threads_is_no_obstacle(self) -> None:
        program = make_program([1], [[1]], [3], [INF])

        for threads in (1, 2, 1):
            assert solve(program, Options(threads=threads)).objective == 3


def by_scipy(program: Program) -> OptimizeResult:
    return milp(
        program.cost,
        constraints=LinearConstraint(program.matrix, program.row_lower, program.row_upper),
        bounds=Bounds(program.lower, program.upper),
        integrality=program.integer.astype(int),
        options={"mip_rel_gap": 0.0},
    )


def best_by_hand(program: Program) -> float | None:
    """Try every whole point; None if there is none."""
    axes = [
        np.arange(low, high + 1) for low, high in zip(program.lower, program.upper, strict=True)
    ]
    points: Floats = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
    body = points @ program.matrix.toarray().T
    fits = ((body >= program.row_lower - 1e-9) & (body <= program.row_upper + 1e-9)).all(axis=1)
    return float((points[fits] @ program.cost).min() + program.offset) if fits.any() else None


class TestAgainstOthers:
    @settings(max_examples=150, deadline=None)
    @given(seed=st.integers(0, 10**6), whole=st.booleans(), feasible=st.sampled_from([1, 1, 1, 0]))
    def test_same_objective_as_scipy(self, seed: int, whole: bool, feasible: int) -> None:
        program = random_program(seed, whole=whole, feasible=bool(feasible))

        ours, theirs = solve(program, Options(gap=0.0, threads=1)), by_scipy(program)

        assert (ours.status is Status.OPTIMAL) == (theirs.status == 0)
        if ours.has_point:
            assert ours.objective == pytest.approx(theirs.fun + program.offset, abs=1e-6)
            assert worst_violation(program, ours.x) < 1e-6
        else:
            assert ours.status is Status.INFEASIBLE

    @settings(max_examples=40, deadline=None)
    @given(seed=st.integers(0, 10**6))
    def test_same_objective_as_trying_every_point(self, seed: int) -> None:
        drawn = random_program(seed)
        keep = slice(0, 4)
        program = make_program(
            drawn.cost[keep].tolist(),
            drawn.matrix.toarray()[:, keep],
            drawn.row_lower,
            drawn.row_upper,
            lower=drawn.lower[keep].tolist(),
            upper=drawn.upper[keep].tolist(),
            integer=[True] * drawn.cost[keep].size,
        )

        found, best = solve(program, Options(gap=0.0, threads=1)), best_by_hand(program)

        assert found.has_point == (best is not None)
        if best is not None:
            assert found.objective == pytest.approx(best, abs=1e-6)

    @settings(max_examples=60, deadline=None)
    @given(seed=st.integers(0, 10**6))
    def test_duals_add_up_to_the_cost(self, seed: int) -> None:
        """Strong duality: duals and reduced costs, each at its active bound, give the cost."""
        program = random_program(seed)
        found = solve(program, Options(threads=1))
        if found.row_dual is None or found.reduced_cost is None:
            return

        y, d = found.row_dual, found.reduced_cost
        by_rows = np.where(y > 0, program.row_lower, program.row_upper)
        by_columns = np.where(d > 0, program.lower, program.upper)
        total = y[y != 0] @ by_rows[y != 0] + d[d != 0] @ by_columns[d != 0]

        assert total + program.offset == pytest.approx(found.objective, abs=1e-5)
        assert d == pytest.approx(program.cost - program.matrix.T @ y, abs=1e-7)
