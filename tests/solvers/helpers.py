"""Programs from plain lists, and random ones, shared by the tests of `solvers`."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csc_array

from solvers.program import Floats, Program

INF = float("inf")


def make_program(
    cost: Sequence[float],
    rows: Sequence[Sequence[float]] | Floats,
    row_lower: Sequence[float] | Floats,
    row_upper: Sequence[float] | Floats,
    *,
    lower: Sequence[float] | None = None,
    upper: Sequence[float] | None = None,
    integer: Sequence[bool] | None = None,
    offset: float = 0.0,
) -> Program:
    """A Program with columns x0, x1, .. and rows r0, r1, ..; columns are not negative."""
    n, m = len(cost), len(row_lower)
    matrix = np.asarray(rows, dtype=float).reshape(m, n)
    return Program(
        cost=np.asarray(cost, dtype=float),
        matrix=csc_array(matrix),
        row_lower=np.asarray(row_lower, dtype=float),
        row_upper=np.asarray(row_upper, dtype=float),
        lower=np.zeros(n) if lower is None else np.asarray(lower, dtype=float),
        upper=np.full(n, INF) if upper is None else np.asarray(upper, dtype=float),
        integer=np.zeros(n, dtype=bool) if integer is None else np.asarray(integer, dtype=bool),
        columns=tuple(f"x{j}" for j in range(n)),
        row_names=tuple(f"r{i}" for i in range(m)),
        offset=offset,
    )


def random_program(seed: int, *, whole: bool = False, feasible: bool = True) -> Program:
    """Up to 6 columns and 6 rows, small whole numbers, any mix of row kinds.

    A feasible one is built around a point; another one seldom has any.
    """
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 7)), int(rng.integers(1, 7))
    matrix = rng.integers(-4, 5, size=(m, n)) * rng.integers(0, 2, size=(m, n))
    point = rng.integers(0, 2, size=n)
    centre = (matrix @ point if feasible else rng.integers(-10, 11, size=m)).astype(float)
    kind = rng.integers(0, 4, size=m)
    width = np.where(kind == 0, 0.0, rng.integers(0, 6, size=m))
    return make_program(
        rng.integers(-5, 6, size=n).astype(float).tolist(),
        matrix.astype(float),
        np.where(kind == 1, -INF, centre),
        np.where(kind == 2, INF, centre + width),
        lower=rng.integers(-5, 1, size=n).astype(float).tolist(),
        upper=rng.integers(1, 8, size=n).astype(float).tolist(),
        integer=(rng.integers(0, 2, size=n) == 1).tolist() if whole else None,
        offset=float(rng.integers(-3, 4)),
    )
