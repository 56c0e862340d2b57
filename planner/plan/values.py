"""Reading numbers out of a solved model."""

from typing import Any

import pandas as pd
import pyomo.environ as pyo

NOISE = 1e-7
"""Smaller amounts are the solver's tolerance, not a decision."""


def number(expression: Any) -> float:
    """Return the value of an expression, with the solver's noise around zero taken off."""
    value = float(pyo.value(expression))
    return 0.0 if abs(value) < NOISE else value


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each as column to value."""
    return [{str(key): v for key, v in row.items()} for row in table.to_dict(orient="records")]
