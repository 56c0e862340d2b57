"""How racks are cooled: bars by site, the hottest first."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from planner.report.charts import legend, styled, values
from planner.report.palette import COOLING, OTHER
from planner.report.words import POWER, amount, fit, name_of

ROW_PX = 20

SHOWN_SITES = 30
"""Most sites with a bar: of more, those with the most racks."""


def by_climate(rows: pd.DataFrame, labels: Mapping[str, str]) -> alt.LayerChart:
    """Draw a bar for each site, in pieces by cooling type, the hottest site at the top.

    Parameters
    ----------
    rows
        Rows of the table ``cooling`` of one period.
    labels
        Site to its name.
    """
    most = rows.groupby("site")["rack_mw"].sum().nlargest(SHOWN_SITES).index
    here = rows[rows["site"].isin(most)]
    unit = fit(POWER, here.groupby("site")["rack_mw"].sum())
    used = [c for c in COOLING if c in set(here["cooling"])]
    used += sorted(set(here["cooling"]) - set(used))
    found = pd.DataFrame(
        {
            "site": [
                f"{labels.get(s, s)}, {hot:.0f} °C"
                for s, hot in zip(here["site"], here["hot_drybulb_c"], strict=True)
            ],
            "hot": here["hot_drybulb_c"],
            "cooling": [name_of(c) for c in here["cooling"]],
            "order": [used.index(c) for c in here["cooling"]],
            "value": here["rack_mw"] / unit.size,
            "shown": [amount(POWER, mw) for mw in here["rack_mw"]],
            "racks": [", ".join(map(name_of, r.split(", "))) for r in here["racks"]],
            "stress": here["water_stress"],
        }
    )
    names = [name_of(c) for c in used]
    colours = alt.Scale(domain=names, range=[COOLING.get(c, OTHER) for c in used])
    hottest_first = alt.EncodingSortField("hot", op="max", order="descending")
    bars = (
        alt.Chart(values(found))
        .mark_bar(height={"band": 0.72})
        .encode(
            y=alt.Y("site:N", title=None, sort=hottest_first, axis=alt.Axis(labelLimit=220)),
            x=alt.X("value:Q", title=unit.name, axis=alt.Axis(grid=True, tickCount=6)),
            color=alt.Color("cooling:N", scale=colours, legend=legend(names, offset=14)),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("site:N", title="Site"),
                alt.Tooltip("cooling:N", title="Cooling"),
                alt.Tooltip("shown:N", title="Racks"),
                alt.Tooltip("racks:N", title="Types"),
                alt.Tooltip("stress:N", title="Water stress"),
            ],
        )
    )
    description = "Bars: rating of racks by site and cooling type, the hottest site at the top."
    return styled([bars], description, height=ROW_PX * max(found["site"].nunique(), 1) + 20)
