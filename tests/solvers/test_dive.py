"""The dive: a whole-number point near a relaxation, and its walls."""

import numpy as np
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
    Group(np.array([2], dtype=np.int32), up=True),
    Group(np.array([0, 1], dtype=np.int32), up=False),
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


def test_a_wall_gives_no_point() -> None:
    """No time, no plan."""
    program = _program(5.7)
    session = Session(program, Options())
    relaxed = session.solve()

    assert dive(session, program, relaxed, GROUPS, 0.0) is None
