"""How reliable the power of every site is, period by period."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from planner.report.charts import period_axis, styled, values
from planner.report.palette import ALARM, SITE

LEAST_H = 0.01
"""Fewer hours a year are drawn as so many: the axis is logarithmic [h/a]."""

HOURS_PER_YEAR = 8760


def hours_lost(
    reliability: pd.DataFrame,
    sites: Mapping[str, str],
    periods: Sequence[str],
    availability_asked: float | None,
) -> alt.LayerChart:
    """Draw the expected hours a year in which a site cannot carry all of its load.

    Parameters
    ----------
    reliability
        The table ``reliability``.
    sites
        Site id to its name on the page.
    periods
        Every period, in order.
    availability_asked
        Least availability of the scenario, drawn as a line; None: none [1].
    """
    lost = reliability["lole_h_per_year"].astype(float)
    found = pd.DataFrame(
        {
            "period": reliability["period"],
            "value": lost.clip(lower=LEAST_H),
            "site": [sites.get(s, s) for s in reliability["site"]],
            "shown": [hours_text(h) for h in lost],
            "available": [per_cent(a) for a in reliability["availability"]],
            "survives": [per_cent(p) for p in reliability["survival_mean"]],
        }
    )
    axis = alt.Axis(
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=-34,
        titleY=-9,
        format="~g",
        values=[LEAST_H * 10**decade for decade in range(7)],
    )
    y = alt.Y("value:Q", title="h a year", scale=alt.Scale(type="log", nice=True), axis=axis)
    dots = (
        alt.Chart(values(found))
        .mark_circle(size=70, color=SITE, opacity=0.55)
        .encode(
            x=period_axis(periods),
            y=y,
            tooltip=[
                alt.Tooltip("site:N", title="Site"),
                alt.Tooltip("period:N", title="Period"),
                alt.Tooltip("shown:N", title="Load is lost"),
                alt.Tooltip("available:N", title="Availability"),
                alt.Tooltip("survives:N", title="Outage of the grid is survived"),
            ],
        )
    )
    layers = [dots]
    if availability_asked is not None:
        most = max(HOURS_PER_YEAR * (1 - availability_asked), LEAST_H)
        line = values(pd.DataFrame({"value": [most]}))
        layers.append(alt.Chart(line).mark_rule(color=ALARM, strokeWidth=1.5).encode(y=y))
    return styled(
        layers,
        "Dots: expected hours a year in which a site cannot carry all of its load, one for each "
        "site and period, on a logarithmic axis.",
    )


def hours_text(hours: float) -> str:
    """Write hours a year.

    Examples
    --------
    >>> hours_text(0.0004), hours_text(0.25), hours_text(587.2)
    ('under 0.01 h a year', '0.25 h a year', '587 h a year')
    """
    if hours < LEAST_H:
        return f"under {LEAST_H} h a year"
    return f"{hours:,.0f} h a year" if hours >= 100 else f"{hours:.2g} h a year"


def per_cent(share: float) -> str:
    """Write a share near one with as many nines as there are.

    Examples
    --------
    >>> per_cent(0.9330), per_cent(0.99977), per_cent(1.0)
    ('93.30%', '99.977%', '100%')
    """
    if share >= 1 - 1e-9:
        return "100%"
    for places in (2, 3, 4, 5, 6):
        text = f"{100 * share:.{places}f}"
        if abs(float(text) - 100 * share) <= 0.05 * 100 * (1 - share):
            return f"{text}%"
    return f"{100 * share:.6f}%" if share < 1 - 5e-9 else "99.999999%"
