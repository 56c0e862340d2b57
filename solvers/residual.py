"""How far a point is from satisfying a `Program`: a check that trusts no solver."""

import numpy as np

from solvers.program import Floats, Program


def worst_violation(program: Program, x: Floats) -> float:
    """Return the largest violation of any row, bound or whole number.

    The violation of a row or bound is its distance, divided by max(1, |bound|); that of a whole
    number is its distance from the nearest.

    Parameters
    ----------
    program
        Any Program.
    x : (n,)
        The point to check. One with a value that is not a number is infinitely far.
    """
    if not np.isfinite(x).all():
        return float("inf")
    rows = _excess(program.matrix @ x, program.row_lower, program.row_upper)
    columns = _excess(x, program.lower, program.upper)
    whole = np.abs(x - np.round(x))[program.integer]
    return float(max(part.max(initial=0.0) for part in (rows, columns, whole)))


def row_violations(program: Program, x: Floats, tolerance: float = 1e-6) -> dict[str, float]:
    """Return the rows violated by more than ``tolerance``, worst first, by name."""
    excess = _excess(program.matrix @ x, program.row_lower, program.row_upper)
    worst = [i for i in np.argsort(-excess, kind="stable") if not excess[i] <= tolerance]
    return {program.row_names[i]: float(excess[i]) for i in worst}


def _excess(value: Floats, lower: Floats, upper: Floats) -> Floats:
    below = np.where(np.isfinite(lower), (lower - value) / _scale(lower), 0.0)
    above = np.where(np.isfinite(upper), (value - upper) / _scale(upper), 0.0)
    return np.maximum(np.maximum(below, above), 0.0)


def _scale(bound: Floats) -> Floats:
    return np.maximum(1.0, np.where(np.isfinite(bound), np.abs(bound), 1.0))
