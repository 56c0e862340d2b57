import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.highs import Options, solve
from solvers.program import Program, relax
from solvers.residual import worst_violation
from solvers.rounding import ByBranching, ByDiving
from tests.solvers.helpers import INF, make_program, random_program


def _stairs() -> Program:
    """min 10 large + 3 small; 5 large + small >= 13, small <= 4: relaxed 26 at large 2.6.

    Whole: large 2 and small 3 cost 29, large 3 costs 30.
    """
    return make_program([10, 3], [[5, 1]], [13], [INF], upper=[INF, 4], integer=[True, True])


def _propose(rounder: ByBranching | ByDiving, program: Program) -> list[tuple[float, float]]:
    relaxed = solve(relax(program))
    found = list(rounder(program, relaxed, None, INF))
    assert all(worst_violation(program, p.x) < 1e-6 for p in found)
    return [(program.objective(p.x), p.bound) for p in found]


def test_branching_finds_the_best_and_a_bound() -> None:
    assert _propose(ByBranching(), _stairs()) == [(pytest.approx(29), pytest.approx(29))]


def test_branching_without_a_plan_proposes_none() -> None:
    program = make_program([1], [[2]], [1], [1], upper=[9], integer=[True])

    assert _propose(ByBranching(), program) == []


def test_diving_rounds_the_weighty_and_branches_on_the_rest() -> None:
    """Large 2.6 is rounded to 3 first; then no small one is needed: 30, without a bound."""
    dive = ByDiving(weight=np.array([1.0, 0.0]), passes=1)

    assert _propose(dive, _stairs()) == [(pytest.approx(30), -INF)]


def test_diving_lets_go_where_rounding_is_not_possible() -> None:
    """x = 0.4 would be rounded to 0, where y <= 1 cannot do; it is left to branching."""
    program = make_program([1, 100], [[5, 1]], [2.0], [INF], upper=[9, 1], integer=[True, True])
    dive = ByDiving(weight=np.array([1.0, 0.0]), passes=1)

    assert _propose(dive, program) == [(pytest.approx(1), -INF)]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_diving_proposes_only_what_is_possible(seed: int) -> None:
    program = random_program(seed, whole=True)
    options = Options(threads=1)
    dive = ByDiving(weight=np.abs(program.cost), passes=2, options=options)
    best = solve(program, options)

    found = list(dive(program, solve(relax(program), options), None, INF))

    for proposal in found:
        assert worst_violation(program, proposal.x) < 1e-6
        assert program.objective(proposal.x) >= best.bound - 1e-6
