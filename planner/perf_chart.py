"""The chart of ``gigaplan perf``: output over interactivity, a line for each way."""

import json
from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from pathlib import Path

import altair as alt
import pandas as pd

from components.compute.measured_curves import MeasuredCurve
from components.compute.rack import Rack
from components.compute.traffic import Infeasible
from planner.perf import Answer, Way
from planner.report.charts import CONFIG, values
from planner.report.palette import OTHER, SOURCE

SUFFIXES = (".svg", ".png", ".html")

WIDTH, HEIGHT = 640, 400
"""Size of the chart [px]."""

COLOURS = (
    SOURCE["grid"],
    SOURCE["gas"],
    SOURCE["wind"],
    SOURCE["nuclear"],
    SOURCE["geothermal"],
    SOURCE["solar"],
    SOURCE["fuel_cell"],
)
"""Of the ways, in order; further ones are grey."""

PER_GPU = "Output tokens/s per GPU, prefill and decode"
PER_KW = "Output tokens/s per kW of all racks"

OFFSET = 26
"""Room between the legend and the title of the axis under it [px]."""


def chart(
    answers: Sequence[Answer],
    measured: Sequence[tuple[Way, MeasuredCurve]],
    racks: Mapping[str, Rack],
    title: str,
) -> alt.LayerChart:
    """Draw what ways give over the speed of a user, both axes logarithmic.

    Per GPU; where one of the ways has ffn racks, whose chips are no GPUs, per kW of all racks.

    Parameters
    ----------
    answers
        Of all ways at all speeds; what cannot serve ends its line.
    measured
        Points that are drawn as dots, hollow where nothing was drafted.
    racks
        By name.
    title
        Over the chart.
    """
    per_kw = any(answer.way.ffn_rack for answer in answers)
    lines = [row for answer in answers if (row := _row(answer, per_kw=per_kw)) is not None]
    dots = [row for way, each in measured for row in _points(way, each, racks, per_kw=per_kw)]
    labels = list(dict.fromkeys(answer.way.label for answer in answers))
    colours = [COLOURS[i] if i < len(COLOURS) else OTHER for i in range(len(labels))]
    scale = alt.Scale(domain=labels, range=colours)
    height = _height(PER_KW if per_kw else PER_GPU, [float(row["output"]) for row in lines + dots])
    layers = [_lines(lines, scale, height), *([_dots(dots, scale, height)] if dots else [])]
    said = alt.TitleParams(
        title, anchor="start", subtitle="Dots: measured; hollow: without drafts" if dots else ""
    )
    layered = alt.LayerChart(layer=layers, width=WIDTH, height=HEIGHT, title=said)
    return layered.configure(**CONFIG)  # type: ignore[no-any-return]  # altair types it so


def _row(answer: Answer, *, per_kw: bool) -> dict[str, str | float] | None:
    found = answer.found
    if isinstance(found, Infeasible) or answer.kw_per_ktoken_s is None:
        return None
    per_gpu = found.output_tokens_per_s_per_gpu
    return {
        "way": answer.way.label,
        "speed": answer.traffic.tokens_per_s_per_user,
        "output": 1000 / answer.kw_per_ktoken_s if per_kw else per_gpu,
        "layout": found.layout,
    }


def _points(
    way: Way, each: MeasuredCurve, racks: Mapping[str, Rack], *, per_kw: bool
) -> list[dict[str, str | float]]:
    rack = racks[way.rack]
    factor = rack.chips / (1000 * rack.unit_mw) if per_kw else 1.0
    hollow = each.setup.drafting is False
    return [
        {
            "way": way.label,
            "speed": speed,
            "output": factor * output,
            "setup": str(each.setup),
            "fill": "hollow" if hollow else "full",
        }
        for speed, output in zip(each.curve.speeds, each.curve.outputs, strict=True)
    ]


def _lines(rows: Sequence[Mapping[str, str | float]], scale: alt.Scale, height: alt.Y) -> alt.Chart:
    frame = pd.DataFrame(rows, columns=["way", "speed", "output", "layout"])
    legend = alt.Legend(columns=2, symbolType="stroke", symbolStrokeWidth=3, offset=OFFSET)
    colour = alt.Color("way:N", scale=scale, legend=legend, title=None)
    line = alt.Chart(values(frame)).mark_line(strokeWidth=2.2)
    return line.encode(  # type: ignore[no-any-return]  # altair types it so
        x=_axis(), y=height, color=colour, tooltip=_tooltip("layout")
    )


def _dots(rows: Sequence[Mapping[str, str | float]], scale: alt.Scale, height: alt.Y) -> alt.Chart:
    frame = pd.DataFrame(rows, columns=["way", "speed", "output", "setup", "fill"])
    opacity = alt.FillOpacity(
        "fill:N", scale=alt.Scale(domain=["full", "hollow"], range=[1, 0]), legend=None
    )
    dots = alt.Chart(values(frame)).mark_point(size=60, opacity=1)
    return dots.encode(  # type: ignore[no-any-return]  # altair types it so
        x=_axis(),
        y=height,
        color=alt.Color("way:N", scale=scale, legend=None),
        fill=alt.Fill("way:N", scale=scale, legend=None),
        fillOpacity=opacity,
        tooltip=_tooltip("setup"),
    )


def _tooltip(what: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("way:N"),
        alt.Tooltip(f"{what}:N"),
        alt.Tooltip("speed:Q", format=",.3s"),
        alt.Tooltip("output:Q", format=",.3s"),
    ]


def _axis() -> alt.X:
    scale = alt.Scale(type="log", nice=False)
    return alt.X("speed:Q", scale=scale, title="Tokens/s of a user", axis=alt.Axis(format="~s"))


def _height(title: str, shown: Sequence[float]) -> alt.Y:
    """Return the vertical axis, with a line at each power of ten that is needed."""
    low, high = (floor(log10(min(shown))), ceil(log10(max(shown)))) if shown else (0, 1)
    axis = alt.Axis(
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=-34,
        titleY=-9,
        format="~s",
        values=[10.0**power for power in range(low, high + 1)],
    )
    scale = alt.Scale(type="log", domain=[10.0**low, 10.0 ** max(high, low + 1)])
    return alt.Y("output:Q", scale=scale, title=title, axis=axis)


def write_chart(drawn: alt.LayerChart, path: Path) -> None:
    """Write a chart as its file's name says: SVG, PNG, or one page of HTML that fetches nothing.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    if path.suffix == ".html":
        drawn.save(path, inline=True)
        return
    import vl_convert

    spec = json.dumps(drawn.to_dict())
    if path.suffix == ".png":
        path.write_bytes(vl_convert.vegalite_to_png(spec, scale=2))
    else:
        path.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
