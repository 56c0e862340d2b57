"""What all figures share: their look, their data, stacked bars over the periods."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import altair as alt
import pandas as pd

from planner.report.palette import INK, LINE, MUTED, OTHER

HEIGHT = 250
"""Height of a figure [px]; its width is that of the page's column."""

ROOM, ROOM_PX = "room", 500
"""Parameter that says how wide the page's column is, and its value where nobody says [px]."""

TOTALS_UP_TO = 12
"""Most periods for which the total is written over each bar."""

MOST_SERIES = 10
"""Most series of stacked bars: of more, the smallest are added up."""

FONT = "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"

CONFIG: Mapping[str, Any] = {
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "grid": False,
        "labelColor": MUTED,
        "labelFontSize": 11.5,
        "labelPadding": 6,
        "titleColor": MUTED,
        "titleFontSize": 11.5,
        "titleFontWeight": "normal",
    },
    "axisY": {"grid": True, "gridColor": LINE},
    "legend": {
        "orient": "top",
        "title": None,
        "labelColor": INK,
        "labelFontSize": 11.5,
        "labelLimit": 240,
        "symbolType": "square",
        "symbolSize": 110,
        "symbolStrokeWidth": 0,
        "rowPadding": 4,
        "columnPadding": 14,
    },
    "text": {"color": INK, "fontSize": 11.5},
}
"""The look of every figure."""


@dataclass(frozen=True, slots=True)
class Stack:
    """What a figure of stacked bars shows.

    Attributes
    ----------
    periods
        Every period, in order.
    colours : series to colour
        From the bottom up; series without amounts have no place in the legend.
    axis
        Title of the vertical axis: the unit.
    what
        Name of the series in tooltips, such as ``Site``.
    description
        What a reader who cannot see the figure is told.
    lines : period to amount
        A line across each period's bar, in the unit of the axis; by default none.
    """

    periods: Sequence[str]
    colours: Mapping[str, str]
    axis: str
    what: str
    description: str
    lines: Mapping[str, float] = field(default_factory=dict)


def values(frame: pd.DataFrame) -> alt.InlineData:
    """Return the rows of a table as the data of a figure: five digits, null for no number."""
    records = [
        {str(key): _plain(value) for key, value in row.items()}
        for row in frame.to_dict(orient="records")
    ]
    return alt.InlineData(values=records)


def _plain(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return float(f"{value:.5g}") if math.isfinite(value) else None


def styled(
    layers: Sequence[alt.Chart], description: str, height: int | Literal["container"] = HEIGHT
) -> alt.LayerChart:
    """Lay charts over each other, and give them their size, their look and a description."""
    chart = alt.LayerChart(
        layer=list(layers), width="container", height=height, description=description
    )
    chart = chart.add_params(alt.param(name=ROOM, value=ROOM_PX))
    return chart.configure(**CONFIG)  # type: ignore[no-any-return]  # altair types it so


def legend(labels: Sequence[str], offset: int = 30) -> alt.Legend:
    """Return a legend over the figure, with as many columns as there is room for.

    Room is a parameter, not the figure's own width: that would depend on the legend in turn, and
    Vega then cuts rows off.
    """
    widest = max((len(label) for label in labels), default=1)
    columns = f"max(1, floor(({ROOM} - 40) / {6.4 * widest + 40:.0f}))"
    return alt.Legend(columns=alt.ExprRef(columns), values=list(labels), offset=offset)


def period_axis(periods: Sequence[str], inner: float = 0.35, outer: float = 0.2) -> alt.X:
    """Return the horizontal axis of the periods: all of them, also those without data.

    Parameters
    ----------
    periods
        In order.
    inner, outer
        What is left free between two of them and beside them, over the distance of their
        middles [1].
    """
    return alt.X(
        "period:O",
        title=None,
        sort=None,
        scale=alt.Scale(domain=list(periods), paddingInner=inner, paddingOuter=outer),
        axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=10),
    )


def value_axis(title: str, *, stack: bool | None = None) -> alt.Y:
    """Return the vertical axis, with its unit written over it."""
    axis = alt.Axis(
        titleAngle=0, titleAlign="left", titleAnchor="end", titleX=-34, titleY=-9, tickCount=5
    )
    return alt.Y("value:Q", title=title, axis=axis, stack=stack)


def bar_width() -> alt.ExprRef:
    """Return the width of a bar: its band, but not more than a thumb."""
    return alt.ExprRef("min(72, bandwidth('x'))")


def stacked_bars(frame: pd.DataFrame, stack: Stack) -> alt.LayerChart:
    """Draw amounts by period as bars, stacked by series, with the totals over them.

    Parameters
    ----------
    frame
        Columns ``period``, ``series``, ``value`` in the unit of the axis, and ``shown``: the
        amount as text with its unit. Series that ``stack.colours`` does not name are refused.
    stack
        What is shown.

    Raises
    ------
    KeyError
        If a series has no colour.
    """
    there = frame[frame["value"] > 0]
    if unknown := set(there["series"]) - set(stack.colours):
        raise KeyError(*sorted(unknown))
    there, rest = few_series(there)
    colours = {**stack.colours, **({rest: OTHER} if rest else {})}
    order = {series: i for i, series in enumerate(colours)}
    used = sorted(there["series"].unique(), key=lambda series: order[series])
    bars = (
        alt.Chart(values(there.assign(order=there["series"].map(order))))
        .mark_bar(width=bar_width(), stroke="white", strokeWidth=0.7)
        .encode(
            x=period_axis(stack.periods),
            y=value_axis(stack.axis, stack=True),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=used, range=[colours[s] for s in used]),
                legend=legend(used) if len(used) > 1 else None,
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("period:N", title="Period"),
                alt.Tooltip("series:N", title=stack.what),
                alt.Tooltip("shown:N", title="Amount"),
            ],
        )
    )
    totals = () if stack.lines else _totals(there, stack.periods)
    return styled([bars, *_lines(stack), *totals], stack.description)


def few_series(frame: pd.DataFrame, most: int = MOST_SERIES) -> tuple[pd.DataFrame, str]:
    """Add up the smallest series where there are more than ``most``.

    Parameters
    ----------
    frame
        As `stacked_bars` takes it.
    most
        Series that may be left, the sum of the smallest among them.

    Returns
    -------
    DataFrame, str
        The rows, and what the sum is called; empty where nothing was added up. What it is made of
        stands in ``shown``.
    """
    size = frame.groupby("series")["value"].sum().sort_values(ascending=False, kind="stable")
    if len(size) <= most:
        return frame, ""
    small = frame["series"].isin(size.index[most - 1 :])
    name = f"{len(size) - most + 1} others"
    rows = [
        {
            "period": period,
            "series": name,
            "value": float(here["value"].sum()),
            "shown": "; ".join(
                f"{s}: {a}" for s, a in zip(here["series"], here["shown"], strict=True)
            ),
        }
        for period, here in frame[small].groupby("period", sort=False)
    ]
    return pd.concat([frame[~small], pd.DataFrame(rows)], ignore_index=True), name


def _lines(stack: Stack) -> list[alt.Chart]:
    if not stack.lines:
        return []
    found = pd.DataFrame({"period": list(stack.lines), "value": list(stack.lines.values())})
    line = alt.Chart(values(found)).mark_tick(
        color=INK, thickness=2, opacity=1, width=alt.ExprRef("min(100, 1.3 * bandwidth('x'))")
    )
    return [line.encode(x=period_axis(stack.periods), y=alt.Y("value:Q"))]


def _totals(there: pd.DataFrame, periods: Sequence[str]) -> list[alt.Chart]:
    if len(periods) > TOTALS_UP_TO or there.empty:
        return []
    total = there.groupby("period", as_index=False, sort=False)[["value"]].sum()
    digits_after = 2 if total["value"].max() < 10 else 1 if total["value"].max() < 100 else 0
    total["text"] = [f"{v:,.{digits_after}f}" for v in total["value"]]
    return [
        alt.Chart(values(total))
        .mark_text(dy=-7, fontWeight="bold", aria=False)
        .encode(x=period_axis(periods), y=alt.Y("value:Q"), text="text:N")
    ]
