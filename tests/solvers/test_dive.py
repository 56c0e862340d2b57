"""The dive: a whole-number point near a relaxation, and its walls."""

import numpy as np
import pytest
from scipy.sparse import csc_array

from solvers.dive import Group, dive
from solvers.options import Options
from solvers.program import Program
from solvers.session import Session


def _program(most: float) -> Program:
    """Sell a and b (whole, 3 and 2 dollars each): a + b <= most, a <= 10 c, c costs 1."""
    return Program(
        cost=np.array([-3.0, -2.0, 1.0]),
        matrix=csc_array(np.array([[1.0, 1.0, 0.0], [1.0, 0.0, -10.0]])),
        row_lower=np.array([-np.inf, -np.inf]),
        row_upper=np.array([most, 0.0]),
        lower=np.zeros(3),
        upper=np.array([2.6, np.inf, 1.0]),
        integer=np.array([True, True, True]),
        columns=("a", "b", "c"),
        row_names=("room", "switch"),
    )


GROUPS = [
    Group(np.array([2], dtype=np.int32), above=(1e-6,)),
    Group(np.array([0, 1], dtype=np.int32)),
]


def _dive(program: Program):
    session = Session(program, Options())
    relaxed = session.solve()
    return relaxed, dive(session, program, relaxed, GROUPS, 60.0)


def test_switches_go_up_and_units_to_the_nearest_that_fits() -> None:
    """Relaxed: a = 2.6, b = 3.1 of 5.7, c = 0.26. Whole: c = 1, a up to 3 is out of its bounds."""
    relaxed, found = _dive(_program(5.7))

    assert found is not None
    assert found.x.tolist() == [2.0, 3.0, 1.0]
    assert found.objective == -11.0
    assert found.bound == relaxed.objective <= found.objective


def test_rounding_up_stops_where_a_row_of_whole_columns_is_full() -> None:
    """With room for 4.2: a = 2.6 and b = 1.6 would both go up, to 5; one of them has to go down."""
    _, found = _dive(_program(4.2))

    assert found is not None
    assert found.x[:2].sum() <= 4


def _shops() -> Program:
    """Serve 10 with y1 <= 10 s1 and y2 <= 10 s2, y1 <= 3; s1 costs 10, s2 11, a unit of y2 0.2.

    Relaxed: a unit costs 1 at the first and 1.3 at the second, so s1 = 0.3 and s2 = 0.7.
    Whole: both 21 + 0.2 * 7 = 22.4, the second alone 11 + 2 = 13, none serves nobody.
    """
    return Program(
        cost=np.array([10.0, 11.0, 0.0, 0.2]),
        matrix=csc_array(np.array([[0.0, 0, 1, 1], [-10, 0, 1, 0], [0, -10, 0, 1]])),
        row_lower=np.array([10.0, -np.inf, -np.inf]),
        row_upper=np.array([np.inf, 0.0, 0.0]),
        lower=np.zeros(4),
        upper=np.array([1.0, 1.0, 3.0, np.inf]),
        integer=np.array([True, True, False, False]),
        columns=("s1", "s2", "y1", "y2"),
        row_names=("serve", "first", "second"),
    )


@pytest.mark.parametrize(
    ("above", "cost"),
    [((1e-6,), 22.4), ((1e-6, 0.5), 13.0), ((0.9, 0.5, 1e-6), 13.0), ((0.9,), None)],
)
def test_of_several_ways_to_round_the_cheapest_is_kept(
    above: tuple[float, ...], cost: float | None
) -> None:
    program = _shops()
    session = Session(program, Options())
    relaxed = session.solve()
    assert relaxed.x[:2] == pytest.approx([0.3, 0.7])

    switches = Group(np.array([0, 1], dtype=np.int32), above=above)
    found = dive(session, program, relaxed, [switches], 60.0)

    assert (None if found is None else pytest.approx(found.objective)) == cost
    if found is not None:
        assert session.solve().objective == pytest.approx(cost)  # the bounds are those of the best


def test_a_wall_gives_no_point() -> None:
    """No time, no plan."""
    program = _program(5.7)
    session = Session(program, Options())
    relaxed = session.solve()

    assert dive(session, program, relaxed, GROUPS, 0.0) is None
