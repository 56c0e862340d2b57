"""Programs joined: columns in common once, all else side by side, and apart again."""

import numpy as np
import pytest
from scipy.sparse import csc_array

from solvers.errors import ModelError
from solvers.highs import solve
from solvers.joint import join
from solvers.program import Program
from solvers.subproblem import Subproblem


def _shop(demand: float, price: float, *, most: float = 10.0) -> Program:
    """Buy x at 1 before demand is known, y at ``price`` after it: min x + price y, x + y >= d."""
    return Program(
        cost=np.array([price, 1.0]),
        matrix=csc_array(np.array([[1.0, 1.0]])),
        row_lower=np.array([demand]),
        row_upper=np.array([np.inf]),
        lower=np.zeros(2),
        upper=np.array([np.inf, most]),
        integer=np.array([False, False]),
        columns=("y", "x"),
        row_names=("demand",),
        offset=demand,
    )


def _two(shared=((1, 1),), **more):
    shops = (_shop(2.0, 3.0), _shop(5.0, 3.0, **more))
    return join(shops, (0.5, 0.5), np.array(shared, dtype=np.int32).reshape(-1, 2), ("a", "b"))


def test_the_joint_optimum_is_that_of_paper() -> None:
    """Each unit of x beyond 2 saves 0.5 x 3 > 1: x = 5; cost 5, and offsets 0.5 (2 + 5)."""
    joint = _two()
    found = solve(joint.program)
    a, b = joint.points(found.x)

    assert found.objective == pytest.approx(5 + 3.5)
    assert joint.program.cost.size == 3
    assert (a[1], b[1]) == pytest.approx((5.0, 5.0))
    assert (a[0], b[0]) == pytest.approx((0.0, 0.0))
    assert joint.program.row_names == ("a: demand", "b: demand")


def test_without_shared_columns_each_is_its_own() -> None:
    joint = _two(shared=())
    found = solve(joint.program)

    assert joint.program.cost.size == 4
    assert found.objective == pytest.approx(0.5 * (2 + 2) + 0.5 * (5 + 5))


def test_a_shared_column_keeps_to_the_bounds_of_all() -> None:
    joint = _two(most=3.0)
    a, b = joint.points(solve(joint.program).x)

    assert a[1] == b[1] == pytest.approx(3.0)
    assert b[0] == pytest.approx(2.0)


def test_a_column_that_one_lacks_is_shared_by_the_others() -> None:
    """Of three programs the first has no such column; the other two have one."""
    shops = (_shop(2.0, 3.0), _shop(5.0, 3.0), _shop(6.0, 3.0))
    joint = join(shops, (0.2, 0.4, 0.4), np.array([[-1, 1, 1]], dtype=np.int32), ("a", "b", "c"))

    assert joint.program.cost.size == 5
    assert joint.columns[1][1] == joint.columns[2][1] != joint.columns[0][1]


def test_duals_are_in_the_money_of_each_program() -> None:
    """With x given, a unit of demand more costs 3 in the program itself, not 0.5 x 3."""
    joint = _two(most=3.0)
    found = solve(joint.program)
    assert found.row_dual is not None
    a, b = joint.row_duals(found.row_dual)

    assert b == pytest.approx([3.0])
    assert a == pytest.approx([0.0])
    reduced = joint.reduced_costs(found.row_dual)
    assert reduced[0][1] == reduced[1][1] == pytest.approx(1.0 - 0.5 * 3.0)


def test_a_subproblem_points_to_joint_columns() -> None:
    joint = _two()
    ones = np.ones(1)
    links, uses = np.array([1, -1], dtype=np.int32), np.array([0], dtype=np.int32)
    subproblem = Subproblem("w", "cone", links, uses, ones, np.ones(2), ones)
    moved = joint.moved(1, subproblem, "b: w", "other")

    assert moved.links.tolist() == [joint.columns[1][1], -1]
    assert moved.uses.tolist() == [joint.columns[1][0]]
    assert (moved.name, moved.cone) == ("b: w", "other")


def test_counts_that_disagree_are_refused() -> None:
    with pytest.raises(ModelError):
        join((_shop(1.0, 2.0),), (0.5, 0.5), np.zeros((0, 2), dtype=np.int32), ("a",))
