"""The front of cost against a second figure: points that no other beats in both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner.sweep.analysis.sensitivity import AnalysisError
from planner.sweep.analysis.studied import OBJECTIVE, PeriodFacts
from planner.sweep.columns import WITH_PLAN

LIMIT_OF = {"co2_t": "policy.co2_limit_t", "grid_share": "grid.share_limit"}
"""Figure to the key of the scenario that limits it; both may be of a period."""


def front(table: pd.DataFrame, figure: str, cost: str = OBJECTIVE) -> pd.DataFrame:
    """Return the rows that no other row beats in one of cost and figure and equals in the other.

    Less is better of both. Of rows that are alike in both, the first stays.

    Parameters
    ----------
    table
        Points.
    figure, cost
        Columns.

    Returns
    -------
    DataFrame
        In order of the figure.
    """
    known = table.dropna(subset=[figure, cost])
    ordered = known.sort_values([figure, cost], kind="stable")
    best_before = ordered[cost].cummin().shift(fill_value=np.inf)
    return ordered[ordered[cost] < best_before]


@dataclass(frozen=True, slots=True)
class Limited:
    """How a figure of the store is limited.

    Attributes
    ----------
    figure
        The column.
    key
        The key of the scenario that limits it.
    most, least
        Limit that the plan without one just keeps, and the lowest that makes sense, in the key's
        unit; both of the record of the plan without a limit.
    """

    figure: str
    key: str
    most: Callable[[Mapping[str, Any]], float]
    least: Callable[[Mapping[str, Any]], float]


def limited(figure: str, periods: Mapping[str, PeriodFacts]) -> Limited:
    """Return how to limit ``co2_t``, or ``co2_t`` or ``grid_share`` of a period.

    The cap on CO2 is per year: on the whole it is the same in every period. The grid share cannot
    fall below what other data centres take.

    Raises
    ------
    AnalysisError
        If no key limits the figure, or there is no such period.
    """
    name, _, period = figure.partition(".")
    some = next(iter(periods))
    if name not in LIMIT_OF or (period and period not in periods) or figure == "grid_share":
        what = f"pareto.figure: nothing limits {figure}"
        raise AnalysisError(what, f"co2_t, co2_t.{some} or grid_share.{some}")
    key = f"{LIMIT_OF[name]}.{period[:4]}" if period else LIMIT_OF[name]
    if name == "grid_share":
        us_mwh = periods[period].us_mwh
        return Limited(
            figure,
            key,
            lambda free: float(free[figure]),
            lambda free: float(free[figure]) - float(free[f"grid_mwh.{period}"]) / us_mwh,
        )
    of = [period] if period else list(periods)

    def most(free: Mapping[str, Any]) -> float:
        return max(float(free[f"co2_t.{p}"]) / periods[p].years for p in of)

    return Limited(figure, key, most, lambda _: 0.0)


def epsilon_constraint(
    evaluate: Callable[[float | None], Mapping[str, Any]], how: Limited, n: int
) -> list[Mapping[str, Any]]:
    """Trace a front by least cost under limits on a figure that lie evenly apart.

    First without a limit; then n - 1 limits from what that plan has down to the least. A limit
    that no plan meets gives a record without a plan, which is kept: it says where the front ends.

    Parameters
    ----------
    evaluate
        Limit, or None for none, to the record of its plan.
    how
        What is limited.
    n
        Points.

    Raises
    ------
    AnalysisError
        If there is no plan even without a limit.
    """
    free = evaluate(None)
    if free["status"] not in WITH_PLAN:
        what = f"there is no plan without a limit on {how.figure}: {free.get('reason', '')}"
        raise AnalysisError(what, "the base scenario on its own first")
    limits: Sequence[float] = np.linspace(how.most(free), how.least(free), n)[1:].tolist()
    return [free, *(evaluate(limit) for limit in limits)]
