"""Figures of runs beside each other: a horizontal bar for each run."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from planner.report.charts import legend, styled, values

STEP_PX, LEAST_PX = 34, 90
"""Height of a run's band, and of the smallest figure [px]."""

NAME_PX = 190
"""Most width of a run's name [px]."""


def bars_by_run(
    frame: pd.DataFrame, runs: Sequence[str], colours: Mapping[str, str], axis: str, what: str
) -> alt.LayerChart:
    """Draw amounts of each run as bars, stacked by series, with the totals beside them.

    Parameters
    ----------
    frame
        Columns ``run``, ``series``, ``value`` in the unit of the axis; and ``shown``, the amount
        as text with its unit.
    runs
        Every run, from the top down.
    colours : series to colour
        In stacking order; series without amounts have no place in the legend.
    axis
        Title of the horizontal axis: the unit.
    what
        What is drawn, for a reader who cannot see it.
    """
    there = frame[frame["value"] > 0]
    order = {series: i for i, series in enumerate(colours)}
    used = [series for series in colours if series in set(there["series"])]
    rows = _run_axis(runs)
    bars = (
        alt.Chart(values(there.assign(order=there["series"].map(order))))
        .mark_bar(height=alt.ExprRef("min(26, bandwidth('y'))"), stroke="white", strokeWidth=0.7)
        .encode(
            y=rows,
            x=alt.X(
                "value:Q",
                title=axis,
                stack=True,
                axis=alt.Axis(tickCount=5, grid=True, titleAlign="right", titleAnchor="end"),
            ),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=used, range=[colours[s] for s in used]),
                legend=legend(used, offset=14) if len(used) > 1 else None,
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("run:N", title="Run"),
                alt.Tooltip("series:N", title="Part"),
                alt.Tooltip("shown:N", title="Amount"),
            ],
        )
    )
    layers = [bars, *_totals(there, rows)]
    return styled(layers, f"Bars, one for each run: {what}.", max(LEAST_PX, STEP_PX * len(runs)))


def _run_axis(runs: Sequence[str]) -> alt.Y:
    return alt.Y(
        "run:N",
        title=None,
        sort=None,
        scale=alt.Scale(domain=list(runs), paddingInner=0.3, paddingOuter=0.15),
        axis=alt.Axis(labelLimit=NAME_PX, grid=False),
    )


def _totals(there: pd.DataFrame, rows: alt.Y) -> list[alt.Chart]:
    if there.empty:
        return []
    total = there.groupby("run", as_index=False, sort=False)[["value"]].sum()
    total["text"] = [f"{v:,.3g}" if v < 1000 else f"{v:,.0f}" for v in total["value"]]
    text = alt.Chart(values(total)).mark_text(dx=6, align="left", fontWeight="bold", aria=False)
    return [text.encode(y=rows, x=alt.X("value:Q"), text="text:N")]
