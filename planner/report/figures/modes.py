"""In which modes the tokens of each workload are served."""

import json
from collections.abc import Sequence

import altair as alt
import pandas as pd

from planner.report.charts import legend, styled, values
from planner.report.figures.compute import SECONDS_PER_DAY
from planner.report.palette import INK
from planner.report.ways import mode_colours, mode_name
from planner.report.words import TOKENS, amount, name_of, share

ROW_PX, BAR_PX = 19, 13


def mode_shares(tokens: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each mode in what is served of each workload in each period.

    Parameters
    ----------
    tokens
        The table ``tokens``.

    Returns
    -------
    DataFrame
        Columns ``workload``, ``period``, ``mode``, ``tokens_per_s`` and ``part`` [1].
    """
    served = tokens[(tokens["kind"] == "served") & (tokens["tokens_per_s"] > 0)]
    keys = ["workload", "period"]
    found = served.groupby([*keys, "mode"], as_index=False, sort=False)[["tokens_per_s"]].sum()
    whole = found.groupby(keys)["tokens_per_s"].transform("sum")
    return found.assign(part=found["tokens_per_s"] / whole)


def modes_by_workload(tokens: pd.DataFrame, periods: Sequence[str]) -> alt.LayerChart:
    """Draw a bar for each workload and period: the share of tokens that each mode serves.

    Parameters
    ----------
    tokens
        The table ``tokens``.
    periods
        Every period, in order.
    """
    found = mode_shares(tokens)
    colours = mode_colours(found["mode"])
    rows = _rows(list(tokens["workload"].unique()), periods)
    at = {key: i for i, key in enumerate(rows)}
    order = {name: i for i, name in enumerate(colours)}
    mode = found["mode"].map(mode_name)
    bars = pd.DataFrame(
        {
            "row": [at[key] for key in zip(found["workload"], found["period"], strict=True)],
            "workload": found["workload"].map(name_of),
            "period": found["period"],
            "mode": mode,
            "order": mode.map(order),
            "value": 100 * found["part"],
            "shown": [
                f"{share(part)}, {amount(TOKENS, SECONDS_PER_DAY * rate)} tokens a day"
                for part, rate in zip(found["part"], found["tokens_per_s"], strict=True)
            ],
        }
    )
    heads = pd.DataFrame(
        {
            "row": [at[key] for key in rows if not key[1]],
            "head": [name_of(w) for w, period in rows if not period],
        }
    )
    return _bars(bars, heads, [period for _, period in rows], colours)


def _rows(workloads: Sequence[str], periods: Sequence[str]) -> list[tuple[str, str]]:
    """Return what stands in each row from the top: a workload's name, then its periods."""
    return [(w, period) for w in workloads for period in ("", *periods)]


def _bars(
    bars: pd.DataFrame, heads: pd.DataFrame, labels: list[str], colours: dict[str, str]
) -> alt.LayerChart:
    """Draw rows of bars under the name of their workload."""
    y = alt.Y(
        "row:O",
        title=None,
        scale=alt.Scale(domain=list(range(len(labels))), paddingInner=0, paddingOuter=0),
        axis=alt.Axis(labelExpr=f"{json.dumps(labels)}[datum.value]", grid=False),
    )
    x = alt.X(
        "value:Q",
        title="% of the tokens served",
        stack=True,
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(tickCount=5, format=".0f"),
    )
    drawn = (
        alt.Chart(values(bars))
        .mark_bar(height=BAR_PX, stroke="white", strokeWidth=0.7)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "mode:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=legend(list(colours), offset=14),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("workload:N", title="Workload"),
                alt.Tooltip("period:N", title="Period"),
                alt.Tooltip("mode:N", title="Mode"),
                alt.Tooltip("shown:N", title="Share"),
            ],
        )
    )
    words = (
        alt.Chart(values(heads))
        .mark_text(align="left", baseline="middle", dy=2, fontWeight=600, color=INK, aria=False)
        .encode(x=alt.value(0), y=y, text="head:N")
    )
    return styled(
        [drawn, words],
        "Stacked bars, one for each workload and period: the share of its tokens that each mode "
        "of serving gives, in per cent.",
        height=ROW_PX * max(len(labels), 1),
    )
