"""Figures of a sweep: curves, heat maps, tornados, indices, a front."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from planner.report.charts import legend, styled, value_axis, values
from planner.report.labels import kind_name
from planner.report.palette import ALARM, INK, LINE, MUTED, OTHER, SITE, SOURCE
from planner.report.words import digits
from planner.sweep.analysis.sensitivity import Indices, Tornado

LINES = ("#14746f", "#d9622b", "#1f6fb5", "#8a3f6b", "#c98b2b", "#5d6875", "#6433cc", "#2f9e7f")
"""Colours of lines that are told apart by what other axes are."""

ROW_PX, LEAST_PX = 34, 100
"""Height of a bar's band, and of the smallest figure [px]."""

MOST_CELLS_WITH_TEXT = 150
"""Cells of a heat map up to which each has its number."""


def curve(frame: pd.DataFrame, title: str, unit: str) -> alt.LayerChart:
    """Draw a figure along an axis, a line for each ``series``.

    Parameters
    ----------
    frame
        Columns ``x``, ``value``, ``series`` (empty for a single line) and ``shown``.
    title
        Of the horizontal axis.
    unit
        Title of the vertical axis.
    """
    series = list(dict.fromkeys(frame["series"]))
    many = len(series) > 1
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=series, range=[LINES[i % len(LINES)] for i in range(len(series))]),
        legend=legend(series) if many else None,
    )
    base = alt.Chart(values(frame)).encode(
        x=_along(title),
        y=value_axis(unit).scale(zero=False, nice=True),
        color=colour,
        tooltip=[
            alt.Tooltip("x:Q", title=title),
            *([alt.Tooltip("series:N", title="Line")] if many else []),
            alt.Tooltip("shown:N", title="Value"),
        ],
    )
    layers = [base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=48, opacity=1)]
    return styled(layers, f"Line: {unit} over {title}.")


def areas(frame: pd.DataFrame, title: str, unit: str) -> alt.LayerChart:
    """Draw power by source along an axis, stacked.

    Parameters
    ----------
    frame
        Columns ``x``, ``kind`` (source), ``value`` and ``shown``.
    title
        Of the horizontal axis.
    unit
        Title of the vertical axis.
    """
    order = {kind: i for i, kind in enumerate(SOURCE)}
    kinds = sorted(dict.fromkeys(frame["kind"]), key=lambda kind: order.get(kind, len(order)))
    names = [kind_name(kind) for kind in kinds]
    place = {kind: i for i, kind in enumerate(kinds)}
    drawn = frame.assign(name=frame["kind"].map(kind_name), order=frame["kind"].map(place))
    chart = (
        alt.Chart(values(drawn))
        .mark_area(stroke="white", strokeWidth=0.7, opacity=1)
        .encode(
            x=_along(title),
            y=value_axis(unit, stack=True),
            color=alt.Color(
                "name:N",
                scale=alt.Scale(domain=names, range=[SOURCE.get(kind, OTHER) for kind in kinds]),
                legend=legend(names),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("x:Q", title=title),
                alt.Tooltip("name:N", title="Source"),
                alt.Tooltip("shown:N", title="Power"),
            ],
        )
    )
    return styled([chart], f"Stacked areas: power by source over {title}, in {unit}.")


def heat_map(frame: pd.DataFrame, across: str, up: str, what: str) -> alt.LayerChart:
    """Draw a figure over two axes as coloured cells; a point without a plan stays blank.

    Parameters
    ----------
    frame
        Columns ``x``, ``y`` (texts), ``value`` and ``shown``, in the order of both axes.
    across, up
        Titles of the axes.
    what
        What the colour means, with its unit.
    """
    columns, rows = list(dict.fromkeys(frame["x"])), list(dict.fromkeys(frame["y"]))
    x = alt.X("x:O", title=across, sort=columns, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    y = alt.Y("y:O", title=up, sort=rows[::-1], axis=alt.Axis(grid=False))
    base = alt.Chart(values(frame)).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("x:O", title=across),
            alt.Tooltip("y:O", title=up),
            alt.Tooltip("shown:N", title=what),
        ],
    )
    scale = alt.Scale(scheme="yellowgreenblue", zero=False)
    bar = alt.Legend(
        orient="top", title=what, titleLimit=360, titleColor=MUTED, titleFontWeight="normal",
        symbolType="square", gradientLength=260, gradientThickness=10, titleFontSize=11.5,
    )  # fmt: skip
    cells = base.mark_rect(stroke="white", strokeWidth=1.5).encode(
        color=alt.Color("value:Q", scale=scale, legend=bar)
    )
    layers = [cells]
    known = frame["value"].dropna()
    if len(frame) <= MOST_CELLS_WITH_TEXT and len(known):
        dark = float(known.min() + 0.55 * (known.max() - known.min()))
        ink = alt.condition(f"datum.value > {dark!r}", alt.value("white"), alt.value(INK))
        layers.append(base.mark_text(fontSize=11, aria=False).encode(text="shown:N", color=ink))
    height = max(LEAST_PX, min(30 * len(rows) + 40, 460))
    return styled(layers, f"Heat map: {what} over {across} and {up}.", height)


def tornado_bars(found: Tornado, names: dict[str, str], scale: float, unit: str) -> alt.LayerChart:
    """Draw what each axis moves alone, to either side of the base.

    Parameters
    ----------
    found
        What each axis moves.
    names : axis to name
        As a reader knows them.
    scale, unit
        What the figure is divided by, and its unit then.
    """
    base = found.base / scale
    rows = [
        {
            "axis": names[str(row.axis)],
            "from": base,
            "to": float(end) / scale,  # type: ignore[arg-type]
            "side": side,
            "shown": f"{digits(float(end) / scale)} {unit} at {_short(level)}",  # type: ignore[arg-type]
        }
        for row in found.table.itertuples()
        for side, level, end in (("low", row.low, row.at_low), ("high", row.high, row.at_high))
    ]
    frame = pd.DataFrame(rows)
    order = list(dict.fromkeys(frame["axis"]))
    bars = (
        alt.Chart(values(frame))
        .mark_bar(height=alt.ExprRef("min(22, bandwidth('y'))"))
        .encode(
            y=_rows(order),
            x=alt.X("from:Q", title=unit, scale=alt.Scale(zero=False, nice=True), axis=_grid()),
            x2="to:Q",
            color=alt.Color(
                "side:N",
                scale=alt.Scale(domain=["low", "high"], range=[SOURCE["grid"], SOURCE["gas"]]),
                legend=legend(["low", "high"], offset=14),
            ),
            tooltip=[
                alt.Tooltip("axis:N", title="Axis"),
                alt.Tooltip("side:N", title="Value of the axis"),
                alt.Tooltip("shown:N", title="Figure"),
            ],
        )
    )
    rule = (
        alt.Chart(alt.InlineData(values=[{"base": base}])).mark_rule(color=INK).encode(x="base:Q")
    )
    return styled([bars, rule], f"Tornado: {found.figure} by axis.", _height(len(order)))


def index_bars(found: Indices, names: dict[str, str], scale: float, unit: str) -> alt.LayerChart:
    """Draw the indices of each axis with their intervals.

    Parameters
    ----------
    found
        The indices.
    names : axis to name
        As a reader knows them.
    scale, unit
        What Morris's effects are divided by, and their unit then; Sobol's are shares.
    """
    sobol = found.kind == "sobol"
    kinds = (
        {"total": "total_within", "first": "first_within"}
        if sobol
        else {"mean_absolute_effect": "within"}
    )
    by, told = 1.0 if sobol else scale, {"total": "Total", "first": "First order"}
    rows = [
        {
            "axis": names[str(row["axis"])],
            "kind": told.get(kind, "Mean absolute effect"),
            "value": row[kind] / by,
            "from": (row[kind] - row[within]) / by,
            "to": (row[kind] + row[within]) / by,
            "shown": f"{digits(row[kind] / by)} ± {digits(row[within] / by, 2)}",
        }
        for _, row in found.table.iterrows()
        for kind, within in kinds.items()
    ]
    frame = pd.DataFrame(rows)
    order, groups = list(dict.fromkeys(frame["axis"])), list(dict.fromkeys(frame["kind"]))
    side = alt.YOffset("kind:N", sort=groups, scale=alt.Scale(paddingInner=0.1))
    base = alt.Chart(values(frame)).encode(y=_rows(order), yOffset=side)
    bars = base.mark_bar().encode(
        x=alt.X("value:Q", title="share of the variance" if sobol else unit, axis=_grid()),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=groups, range=[SITE, "#9ccac6"][: len(groups)]),
            legend=legend(groups, offset=14) if len(groups) > 1 else None,
        ),
        tooltip=[
            alt.Tooltip("axis:N", title="Axis"),
            alt.Tooltip("kind:N", title="Index"),
            alt.Tooltip("shown:N", title="With its 95 % interval"),
        ],
    )
    whiskers = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="from:Q", x2="to:Q")
    return styled([bars, whiskers], f"Bars: {found.kind} indices.", _height(len(order) * 1.3))


def front_points(frame: pd.DataFrame, across: str, up: str) -> alt.LayerChart:
    """Draw points by two figures, with the front that no point beats.

    Parameters
    ----------
    frame
        Columns ``x``, ``value``, ``on_front`` and ``shown``.
    across, up
        Titles of the axes.
    """
    base = alt.Chart(values(frame.sort_values("x"))).encode(
        x=_along(across),
        y=value_axis(up).scale(zero=False, nice=True),
        tooltip=[alt.Tooltip("shown:N", title="Point")],
    )
    best = base.transform_filter("datum.on_front")
    return styled(
        [
            base.transform_filter("!datum.on_front").mark_point(filled=True, size=40, color=OTHER),
            best.mark_line(color=SITE, interpolate="step-after", strokeWidth=1.5),
            best.mark_point(filled=True, size=64, color=SITE, opacity=1),
        ],
        f"Points: {up} over {across}, with the front.",
    )


def steps(frame: pd.DataFrame, title: str, unit: str) -> alt.LayerChart:
    """Draw the slope of the cost between points as steps, and the shadow prices at the points.

    Parameters
    ----------
    frame
        Columns ``kind`` (``price`` or ``slope``), ``x``, ``x2``, ``value``, ``low``, ``high`` and
        ``shown``.
    title, unit
        Titles of the axes.
    """
    tooltip = [alt.Tooltip("x:Q", title=title), alt.Tooltip("shown:N", title="Value")]
    base = alt.Chart(values(frame)).encode(y=value_axis(unit), tooltip=tooltip)
    slopes = base.transform_filter("datum.kind == 'slope'")
    return styled(
        [
            slopes.mark_rect(color=LINE, opacity=0.9).encode(
                x=_along(title), x2="x2:Q", y="low:Q", y2="high:Q"
            ),
            slopes.mark_rule(color=INK, strokeWidth=2).encode(x="x:Q", x2="x2:Q"),
            base.transform_filter("datum.kind == 'price'")
            .mark_point(filled=True, size=64, color=ALARM, opacity=1)
            .encode(x=_along(title)),
        ],
        f"Points and steps: {unit} over {title}.",
    )


def _along(title: str) -> alt.X:
    axis = alt.Axis(tickCount=8, titleAnchor="end", titleAlign="right", format=".6~g")
    return alt.X("x:Q", title=title, scale=alt.Scale(zero=False, nice=False, padding=8), axis=axis)


def _grid() -> alt.Axis:
    return alt.Axis(grid=True, gridColor=LINE, tickCount=6, titleAnchor="end", titleAlign="right")


def _rows(order: Sequence[str]) -> alt.Y:
    return alt.Y(
        "axis:N",
        title=None,
        sort=list(order),
        scale=alt.Scale(paddingInner=0.3, paddingOuter=0.15),
        axis=alt.Axis(labelLimit=220, grid=False),
    )


def _height(rows: float) -> int:
    return max(LEAST_PX, round(ROW_PX * rows))


def _short(level: object) -> str:
    return f"{level:g}" if isinstance(level, int | float) else str(level)
