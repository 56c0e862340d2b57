import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.errors import InfeasibleError
from solvers.highs import Options, solve
from solvers.program import Program, relax
from solvers.residual import worst_violation
from solvers.rounding import ByBranching, BySupport
from tests.solvers.helpers import INF, make_program, random_program


def _stairs() -> Program:
    """min 10 large + 3 small; 5 large + small >= 13, small <= 4: relaxed 26 at large 2.6.

    Whole: large 2 and small 3 cost 29, large 3 costs 30.
    """
    return make_program([10, 3], [[5, 1]], [13], [INF], upper=[INF, 4], integer=[True, True])


def _propose(rounder: ByBranching | BySupport, program: Program) -> list[tuple[float, float]]:
    relaxed = solve(relax(program))
    found = list(rounder(program, relaxed, None, INF))
    assert all(worst_violation(program, p.x) < 1e-6 for p in found)
    return [(program.objective(p.x), p.bound) for p in found]


def test_branching_finds_the_best_and_a_bound() -> None:
    assert _propose(ByBranching(), _stairs()) == [(pytest.approx(29), pytest.approx(29))]


def test_branching_proves_that_there_is_no_plan() -> None:
    program = make_program([1], [[2]], [1], [1], upper=[9], integer=[True])

    with pytest.raises(InfeasibleError):
        _propose(ByBranching(), program)


def _sites() -> Program:
    """Serve 12 from three sites of 10 (y <= 10 open): opening costs 10, 11, 9, a unit 0, 0, 0.5.

    Relaxed: a unit costs 1, 1.1 and 1.4, so 1 of the first and 0.2 of the second: 12.2.
    Whole: first and second 21, first and third 19 + 2 * 0.5 = 20.
    """
    serve = [0, 0, 0, 1, 1, 1]
    within = np.hstack([-10 * np.eye(3), np.eye(3)])
    return make_program(
        [10, 11, 9, 0, 0, 0.5],
        np.vstack([serve, within]),
        [12, -INF, -INF, -INF],
        [INF, 0, 0, 0],
        upper=[1, 1, 1, INF, INF, INF],
        integer=[True] * 3 + [False] * 3,
    )


SITES = np.array([0, 1, 2], dtype=np.int32)


def test_what_the_relaxation_leaves_off_stays_off() -> None:
    """The third site would be cheaper, but it is off; so there is no bound either."""
    assert _propose(BySupport(SITES), _sites()) == [(pytest.approx(21), -INF)]
    assert _propose(ByBranching(), _sites())[0][0] == pytest.approx(20)


def test_what_is_no_switch_is_left_to_branching() -> None:
    assert _propose(BySupport(SITES[:2]), _sites()) == [(pytest.approx(20), -INF)]


def test_what_the_incumbent_has_on_may_stay_on() -> None:
    program = _sites()
    known = np.array([1.0, 0, 1, 10, 0, 2])

    found = list(BySupport(SITES)(program, solve(relax(program)), known, INF))

    assert program.objective(found[0].x) == pytest.approx(20)


def test_a_support_that_is_too_small_proposes_nothing() -> None:
    """x = 0.4 y would do for 2, but whole x has to be 1 and y, off in the relaxation, too."""
    program = make_program(
        [1, 100], [[5, 0], [1, -1]], [2, -INF], [INF, 0.5], upper=[1, 1], integer=[True, True]
    )

    assert _propose(BySupport(np.array([1], dtype=np.int32)), program) == []
    assert _propose(ByBranching(), program)[0][0] == pytest.approx(101)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_support_proposes_only_what_is_possible(seed: int) -> None:
    program = random_program(seed, whole=True)
    options = Options(threads=1)
    switches = np.flatnonzero(program.integer).astype(np.int32)
    best = solve(program, options)
    relaxed = solve(relax(program), options)

    for proposal in BySupport(switches, options)(program, relaxed, None, INF):
        assert worst_violation(program, proposal.x) < 1e-6
        assert program.objective(proposal.x) >= best.bound - 1e-6
        off = switches[relaxed.x[switches] <= 1e-6]
        assert proposal.x[off] == pytest.approx(program.lower[off], abs=1e-6)
