"""How much of what racks are made of the plan uses, period by period."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import altair as alt
import pandas as pd

from planner.report.charts import period_axis, styled, values
from planner.report.figures.limits import used_of
from planner.report.labels import limit_label
from planner.report.palette import ALARM, INK, LINE, SERVED
from planner.report.words import share

KINDS = ("chips", "ramp")
"""Kinds of limit that are shown: ingredients, and how fast new racks may come."""

ROW_PX = 30

DARK = 0.6
"""Share from which a cell is so dark that its text is white [1]."""

Prices: TypeAlias = Mapping[tuple[str, str], str]
"""Limit (``kind: name``) and period to what one more unit saves, as text."""


def of_racks(supply: pd.DataFrame) -> pd.DataFrame:
    """Return the limits on racks and their ingredients that the plan draws on, fullest on top.

    Parameters
    ----------
    supply
        The table ``supply``.

    Returns
    -------
    DataFrame
        Its rows, with ``part`` (used over limit [1]): ingredients first, then racks.
    """
    rows = supply[supply["kind"].isin(KINDS) & (supply["limit"] > 0)]
    rows = rows.assign(part=(rows["used"] / rows["limit"]).clip(lower=0))
    most = rows.groupby(["kind", "name"])["part"].transform("max")
    rows = rows.assign(most=most)[most > 0]
    found = rows.sort_values(["kind", "most"], ascending=[True, False], kind="stable")
    return found.drop(columns="most")


def chips_used(supply: pd.DataFrame, prices: Prices, periods: Sequence[str]) -> alt.LayerChart:
    """Draw a cell for each ingredient and period: how much is used of what there is.

    Parameters
    ----------
    supply
        The table ``supply``.
    prices
        What binds when, and what one more unit of it saves.
    periods
        Every period, in order.
    """
    rows = of_racks(supply)
    price = [
        prices.get((f"{kind}: {name}", period), "")
        for kind, name, period in zip(rows["kind"], rows["name"], rows["period"], strict=True)
    ]
    found = pd.DataFrame(
        {
            "period": rows["period"],
            "limit": [
                limit_label(kind, name, "", {})
                for kind, name in zip(rows["kind"], rows["name"], strict=True)
            ],
            "value": rows["part"].clip(upper=1),
            "text": [share(min(part, 1.0)) for part in rows["part"]],
            "used": [
                used_of(used, limit, unit)
                for used, limit, unit in zip(rows["used"], rows["limit"], rows["unit"], strict=True)
            ],
            "price": [text or "nothing" for text in price],
            "binds": [bool(text) for text in price],
        }
    )
    return _cells(found, periods)


def _cells(found: pd.DataFrame, periods: Sequence[str]) -> alt.LayerChart:
    names = list(dict.fromkeys(found["limit"]))
    y = alt.Y(
        "limit:N",
        title=None,
        sort=names,
        scale=alt.Scale(paddingInner=0.08),
        axis=alt.Axis(labelLimit=190, labelColor=INK, grid=False),
    )
    base = alt.Chart(values(found)).encode(
        x=period_axis(periods, inner=0.02, outer=0.0),
        y=y,
        tooltip=[
            alt.Tooltip("limit:N", title="Limit"),
            alt.Tooltip("period:N", title="Period"),
            alt.Tooltip("used:N", title="Used"),
            alt.Tooltip("price:N", title="One more saves"),
        ],
    )
    shade = alt.Color("value:Q", scale=alt.Scale(domain=[0, 1], range=[LINE, SERVED]), legend=None)
    alarm = alt.condition("datum.binds", alt.value(ALARM), shade)
    white = f"datum.binds || datum.value > {DARK}"
    layers = [
        base.mark_rect().encode(color=alarm),
        base.mark_text(aria=False, fontWeight=600).encode(
            text="text:N", color=alt.condition(white, alt.value("white"), alt.value(INK))
        ),
    ]
    return styled(
        layers,
        "Cells: how much of each ingredient of racks the plan has used by the end of each period, "
        "of what there is until then, and of each new rack in the period itself, of those that "
        "may come; those that bind are marked.",
        height=ROW_PX * max(len(names), 1),
    )
