"""Reading numbers out of a solved model."""

from typing import Any

import pyomo.environ as pyo

NOISE = 1e-7
"""Smaller amounts are the solver's tolerance, not a decision."""


def number(expression: Any) -> float:
    """Return the value of an expression, with the solver's noise around zero taken off."""
    value = float(pyo.value(expression))
    return 0.0 if abs(value) < NOISE else value
