"""What powers the plan: capacity and energy by source, and the share of the grid."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from planner.report.charts import (
    TOTALS_UP_TO,
    Stack,
    bar_width,
    period_axis,
    stacked_bars,
    styled,
    value_axis,
    values,
)
from planner.report.labels import Sources, sources_of
from planner.report.palette import ALARM, SOURCE
from planner.report.words import ENERGY, POWER, Unit, amount, fit, joined, name_of, share

CURTAILED = "curtailed"

NAMED = 4
"""Most products of a series that a tooltip names."""


def capacity_by_source(capacity: pd.DataFrame, periods: Sequence[str]) -> alt.LayerChart:
    """Draw the rating of all power products in service, by period.

    Parameters
    ----------
    capacity
        The table ``capacity``.
    periods
        Every period, in order.
    """
    power = capacity[capacity["family"] == "power"]
    sources = sources_of(capacity)
    total = power.groupby(["period", "component"], as_index=False, sort=False)[["mw"]].sum()
    unit = fit(POWER, total.groupby("period")["mw"].sum())
    found = by_series(total, "mw", sources, POWER, unit)
    stack = Stack(
        periods=periods,
        colours=sources.colours,
        axis=unit.name,
        what="Source",
        description=f"Stacked bars: rated power by source and period, in {unit.name}.",
    )
    return stacked_bars(found, stack)


def energy_by_source(
    power_by_season: pd.DataFrame, capacity: pd.DataFrame, periods: Sequence[str]
) -> alt.LayerChart:
    """Draw the energy that each source gives in each period.

    Batteries move energy and are left out; load that is curtailed is shown as such.

    Parameters
    ----------
    power_by_season, capacity
        The tables of these names.
    periods
        Every period, in order.
    """
    sources = sources_of(capacity)
    total = energy_given(power_by_season, capacity)
    unit = fit(ENERGY, total.groupby("period")["mwh"].sum())
    found = by_series(total, "mwh", sources, ENERGY, unit)
    stack = Stack(
        periods=periods,
        colours=sources.colours,
        axis=unit.name,
        what="Source",
        description=f"Stacked bars: energy by source and period, in {unit.name}.",
    )
    return stacked_bars(found, stack)


def by_series(
    total: pd.DataFrame, column: str, sources: Sources, ladder: Sequence[Unit], unit: Unit
) -> pd.DataFrame:
    """Sum up products in series, and name the largest products of each.

    Parameters
    ----------
    total
        Columns ``period``, ``component`` and the one that is named.
    column
        What is summed up.
    sources
        The series.
    ladder
        Units to write amounts in.
    unit
        Unit of the axis.

    Returns
    -------
    DataFrame
        As `stacked_bars` takes it.
    """
    there = total[total[column] > 0].sort_values(column, ascending=False, kind="stable")
    there = there.assign(series=[sources.named(str(c)) for c in there["component"]])
    rows = [
        {
            "period": period,
            "series": series,
            "value": float(here[column].sum()) / unit.size,
            "shown": _with_products(here, column, ladder, str(series)),
        }
        for (period, series), here in there.groupby(["period", "series"], sort=False)
    ]
    return pd.DataFrame(rows, columns=["period", "series", "value", "shown"])


def _with_products(here: pd.DataFrame, column: str, ladder: Sequence[Unit], series: str) -> str:
    total = amount(ladder, float(here[column].sum()))
    names = [name_of(str(c)) for c in here["component"]]
    if names == [series]:
        return total
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return f"{total}: {joined([*names[:NAMED], *more])}"


def energy_given(power_by_season: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return the energy of each source by period, without what batteries give back.

    Returns
    -------
    DataFrame
        Columns ``period``, ``component``, ``mwh``; ``curtailed`` load is a component.
    """
    kinds = sources_of(capacity).kinds
    given = [c for c, kind in kinds.items() if kind != "battery"]
    rows = power_by_season[
        (power_by_season["direction"] == "out")
        & power_by_season["component"].isin([*given, CURTAILED])
    ]
    return rows.groupby(["period", "component"], as_index=False, sort=False)[["mwh"]].sum()


def grid_share(
    share_by_period: Mapping[str, float | None], limit_by_period: Mapping[str, float | None]
) -> alt.LayerChart:
    """Draw the share of US electricity that all data centres take, against its limit.

    Parameters
    ----------
    share_by_period, limit_by_period
        Of ``summary.json``; the limit is null where there is none [1].
    """
    periods = list(share_by_period)
    found = pd.DataFrame(
        {
            "period": periods,
            "value": [100 * (share_by_period[p] or 0.0) for p in periods],
            "limit": [_per_cent(limit_by_period.get(p)) for p in periods],
        }
    )
    found["text"] = [share(value / 100) for value in found["value"]]
    found["most"] = ["none" if pd.isna(v) else share(v / 100) for v in found["limit"]]
    tooltip = [
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("text:N", title="All data centres"),
        alt.Tooltip("most:N", title="Limit"),
    ]
    base = alt.Chart(values(found)).encode(x=period_axis(periods), tooltip=tooltip)
    bars = base.mark_bar(width=bar_width(), color=SOURCE["grid"]).encode(y=value_axis("%"))
    limits = base.transform_filter("isValid(datum.limit)")
    ticks = limits.mark_tick(
        color=ALARM, thickness=2.5, opacity=1, width=alt.ExprRef("min(100, 1.3 * bandwidth('x'))")
    ).encode(y="limit:Q")
    inside = base.mark_text(dy=11, color="white", fontWeight="bold", aria=False).encode(
        y=alt.Y("value:Q"), text="text:N"
    )
    description = (
        "Bars: share of US electricity that all data centres take from the grid, by period, "
        "each with its limit as a line."
    )
    return styled([bars, ticks, *([inside] if len(periods) <= TOTALS_UP_TO else [])], description)


def _per_cent(value: float | None) -> float:
    return float("nan") if value is None else 100 * value
