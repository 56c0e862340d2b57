"""What a target costs along an axis: shadow prices against the slope of the cost itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from math import isfinite

import pandas as pd

from planner.sweep.analysis.studied import BOUND, OBJECTIVE, PeriodFacts, Studied

KEY = "grid.share_limit"
"""Of the target: the most that all data centres may take of US electricity."""

MWH_PER_GWH = 1000
POINT = 0.01
"""A percentage point, as a share [1]."""

COLUMNS = ("share", "objective_usd", "usd_per_mwh", "usd_per_point", "binds")
STEPS = ("from_share", "to_share", "slope", "price_from", "price_to", "uncertain", "agrees")


@dataclass(frozen=True, slots=True, eq=False)
class TargetPrice:
    """The price of the grid target along an axis.

    Attributes
    ----------
    axis, others
        Which axis, and what the others are on this line.
    points
        In order of the limit: ``share`` [1]; ``objective_usd``; ``usd_per_mwh`` by period of the
        limit, dollars of that period, the largest where there are several; ``usd_per_point``, by
        which the present value of all costs falls for one more percentage point; ``binds``.
    steps
        From each point to the next: ``slope`` of the objective, USD per point saved; the prices at
        both ends; ``uncertain``, by how much the gaps leave the slope open; and ``agrees``: the
        slope lies between both prices, give or take that.
    """

    axis: str
    others: dict[str, object]
    points: pd.DataFrame
    steps: pd.DataFrame


def target_prices(studied: Studied) -> list[TargetPrice]:
    """Return the price of the grid target along every axis that moves it and nothing else."""
    return list(_target_prices(studied))


def moves_target(studied: Studied, axis: str) -> bool:
    """Tell whether an axis moves the grid target and nothing else."""
    keys = studied.keys(axis)
    return bool(keys) and all(f"{key}.".startswith(f"{KEY}.") for key in keys)


def _target_prices(studied: Studied) -> Iterator[TargetPrice]:
    for axis in filter(partial(moves_target, studied), studied.numeric_axes):
        for others, line in studied.lines(axis):
            if line[axis].nunique() < 2:
                continue
            points = _points(line, axis, studied.periods)
            yield TargetPrice(axis, others, points, _steps(line, points))


def _moved(line: pd.DataFrame, axis: str, periods: Iterable[str]) -> dict[str, float]:
    """Return by how much the limit of each period rises with the axis [1], where it does.

    A year between two given ones is interpolated, so that one key may move several periods.
    """
    width = float(line[axis].iloc[-1] - line[axis].iloc[0])
    found: dict[str, float] = {}
    for period in periods:
        column = f"grid_share_limit.{period}"
        if column in line and line[column].notna().all():
            rise = float(line[column].iloc[-1] - line[column].iloc[0]) / width
            found |= {period: rise} if rise else {}
    return found


def _points(line: pd.DataFrame, axis: str, facts: Mapping[str, PeriodFacts]) -> pd.DataFrame:
    moved = _moved(line, axis, facts)
    rows = []
    for _, point in line.iterrows():
        prices = {p: float(point.get(f"price.grid_share.{p}", float("nan"))) for p in moved}
        usd_per_mwh = max(prices.values(), default=float("nan")) / MWH_PER_GWH
        usd_per_point = sum(
            POINT * rise * prices[p] * facts[p].discount * facts[p].us_mwh / MWH_PER_GWH
            for p, rise in moved.items()
        )
        known = bool(prices) and all(map(isfinite, prices.values()))
        usd = usd_per_point if known else float("nan")
        share, cost = float(point[axis]), float(point[OBJECTIVE])
        rows.append((share, cost, usd_per_mwh, usd, known and usd > 0))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _steps(line: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Compare each secant of the cost with the prices at its ends; a convex cost lies between."""
    opened = (line[OBJECTIVE] - line.get(BOUND, line[OBJECTIVE])).clip(lower=0.0).to_numpy()
    rows = []
    for i in range(len(points) - 1):
        here, there = points.iloc[i], points.iloc[i + 1]
        width = (there["share"] - here["share"]) / POINT
        slope = -(there["objective_usd"] - here["objective_usd"]) / width
        uncertain = float(opened[i] + opened[i + 1]) / width
        ends = (float(here["usd_per_point"]), float(there["usd_per_point"]))
        slack = uncertain + 1e-6 * max(map(abs, (*ends, slope)))
        agrees = min(ends) - slack <= slope <= max(ends) + slack
        rows.append((here["share"], there["share"], slope, *ends, uncertain, bool(agrees)))
    return pd.DataFrame(rows, columns=list(STEPS))
