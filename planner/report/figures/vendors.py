"""What was bought of each technology, against what its vendors had open."""

import altair as alt
import numpy as np
import pandas as pd

from planner.report.charts import styled, values
from planner.report.labels import series_colour, series_name
from planner.report.palette import MUTED
from planner.report.words import GAP, POWER, Unit, amount, counted, digits, fit

ROW_PX, BAR_PX, BAR_DOWN_PX = 38, 9, 4

ASKED = ("bought", "all that was open", "not bought")
"""States of products that could have been bought, as in the table ``products``."""


def by_technology(products: pd.DataFrame) -> pd.DataFrame:
    """Add up the products that could be bought by technology, what sells most first.

    Parameters
    ----------
    products
        The table ``products``.

    Returns
    -------
    DataFrame
        Columns ``series`` and ``family``, ``bought_mw``, ``open_mw`` (infinite where a product has
        no slots), ``products`` and ``sold``: how many there are and how many sell.
    """
    asked = products[products["state"].isin(ASKED)]
    keys = zip(asked["family"], asked["component"], asked["technology"], strict=True)
    found = asked.assign(series=[series_name(*key) for key in keys], sold=asked["bought_mw"] > 0)
    return (
        found.groupby(["series", "family"], as_index=False, sort=False)
        .agg(
            bought_mw=("bought_mw", "sum"),
            open_mw=("open_mw", "sum"),
            products=("component", "size"),
            sold=("sold", "sum"),
        )
        .sort_values(["bought_mw", "open_mw"], ascending=False, kind="stable", ignore_index=True)
    )


def bought_and_open(products: pd.DataFrame) -> alt.LayerChart:
    """Draw a bar for each technology: MW bought within the MW open to this buyer.

    Parameters
    ----------
    products
        The table ``products``.
    """
    rows = by_technology(products)
    limited = rows["open_mw"].where(np.isfinite(rows["open_mw"]), rows["bought_mw"])
    unit = fit(POWER, [*limited])
    found = pd.DataFrame(
        {
            "row": range(len(rows)),
            "series": rows["series"],
            "value": rows["bought_mw"] / unit.size,
            "open": limited / unit.size,
            "colour": [
                series_colour(family, series)
                for family, series in zip(rows["family"], rows["series"], strict=True)
            ],
            "text": [
                _sold_of(bought, open_mw, sold, count)
                for bought, open_mw, sold, count in zip(
                    rows["bought_mw"], rows["open_mw"], rows["sold"], rows["products"], strict=True
                )
            ],
        }
    )
    return _bars(found, unit)


def _sold_of(bought: float, open_mw: float, sold: int, count: int) -> str:
    of = "no limit" if np.isinf(open_mw) else f"{_power(open_mw)} open"
    products = f"{sold:.0f} of {counted(count, 'product')}" if count > 1 else "1 product"
    if not bought:
        return f"none of {of}, {counted(count, 'product')}".replace("none of no limit", "none")
    return f"{_power(bought)} of {of}, {products}".replace("of no limit", "without limit")


def _power(mw: float) -> str:
    return f"{mw:,.0f}{GAP}MW" if mw >= 100 else amount(POWER, mw)


def _bars(found: pd.DataFrame, unit: Unit) -> alt.LayerChart:
    """Draw each bar under its words, so that no room is needed beside it."""
    most = max(float(found["open"].max()), float(found["value"].max())) if len(found) else 1.0
    domain = alt.Scale(domain=[0, most or 1.0], nice=False)
    x = alt.X(
        "value:Q", title=f"{unit.name}, all periods", scale=domain, axis=alt.Axis(tickCount=5)
    )
    base = alt.Chart(values(found)).encode(
        y=alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)),
        tooltip=[
            alt.Tooltip("series:N", title="Technology"),
            alt.Tooltip("text:N", title="Bought"),
        ],
    )
    words = base.mark_text(align="left", baseline="bottom", dy=-3, fontWeight=600, aria=False)
    amounts = base.mark_text(align="right", baseline="bottom", dy=-3, aria=False)
    layers = [
        base.mark_bar(color="#dde3e8", height=BAR_PX, yOffset=BAR_DOWN_PX, aria=False).encode(
            x=alt.X("open:Q", scale=domain)
        ),
        base.mark_bar(height=BAR_PX, yOffset=BAR_DOWN_PX, minBandSize=2).encode(
            x=x, color=alt.Color("colour:N", scale=None)
        ),
        words.encode(x=alt.value(0), text="series:N"),
        amounts.encode(x=alt.datum(most or 1.0), text="text:N", color=alt.value(MUTED)),
    ]
    return styled(
        layers,
        f"Bars: {unit.name} bought of each technology, within what is open to this buyer over "
        f"all periods; {digits(float(found['value'].sum()))} {unit.name} in all.",
        height=ROW_PX * max(len(found), 1),
    )
