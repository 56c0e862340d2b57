"""What the plan takes of limited supplies, against what there is."""

from collections.abc import Collection, Mapping

import altair as alt
import pandas as pd

from planner.report.charts import legend, styled, values
from planner.report.labels import limit_label
from planner.report.palette import ALARM, BAR, MUTED
from planner.report.words import GAP, Unit, aligned, amount, fit

ROW_PX, BAR_PX, BAR_DOWN_PX = 38, 9, 4
MOST_ROWS = 26

ORDER = (
    "grid share",
    "grid area share",
    "carbon-free share",
    "grid area",
    "grid site",
    "chips",
    "ramp",
    "plant supply",
    "slots",
    "labour",
    "site",
    "CO2",
    "NOx",
    "air permit",
    "water",
    "budget",
)
"""Kinds of limit in the order of the figure; others come last."""

AT_SITES = ("grid site", "labour", "site", "NOx", "air permit", "water")
"""Kinds of which every site has its own: only those nearly full are shown."""

NEARLY_FULL = 0.8

FEW = 0.05
"""Used share of a limit below which the two are told in units of their own [1]."""

COUNT = (Unit(1e9, "billion"), Unit(1e6, "million"), Unit(1, ""))

STORAGE = (Unit(1e6, "EB"), Unit(1e3, "PB"), Unit(1, "TB"))
"""Of an amount in TB."""

BINDS, FREE = "Binds", "Does not bind"


def fullest(supply: pd.DataFrame, binding: Collection[tuple[str, str]]) -> pd.DataFrame:
    """Return each limit in the period in which the plan leaves least of it.

    Parameters
    ----------
    supply
        The table ``supply``.
    binding
        Pairs of limit (``kind: name``) and site that have a price in any period.

    Returns
    -------
    DataFrame
        The rows of the table, with ``part`` (used over limit [1]) and ``binds``.
    """
    there = supply[(supply["limit"] > 0) & (supply["used"] > 0)]
    rows = there.assign(
        part=there["used"] / there["limit"],
        binds=[
            (f"{kind}: {name}", site) in binding
            for kind, name, site in zip(there["kind"], there["name"], there["site"], strict=True)
        ],
    )
    rows = rows.sort_values("part", ascending=False, kind="stable")
    return rows.drop_duplicates(["kind", "name", "site"])


def used_of(used: float, limit: float, unit: str) -> str:
    """Return what is used and what there is, in the same unit.

    Examples
    --------
    >>> used_of(2.36e6, 2.4e6, "h"), used_of(375, 1500, "MW")
    ('2.36 of 2.40 million h', '375 of 1,500 MW')
    >>> used_of(2594, 1.75e6, "wafers")
    '2,590 of 1.75 million wafers'
    >>> used_of(81_000, 1.9e6, "TB")
    '81.0 PB of 1.90 EB'
    """
    ladder, unit = (STORAGE, "") if unit == "TB" else (COUNT, unit)
    many = fit(ladder, [limit])
    some, there = aligned([used / many.size, limit / many.size])
    few = amount(ladder, used).replace(GAP, " ") if used < FEW * limit else some
    return " ".join(f"{few} of {there} {many.name} {unit}".split())


def supplies_used(
    supply: pd.DataFrame, binding: Collection[tuple[str, str]], sites: Mapping[str, str]
) -> alt.LayerChart:
    """Draw a bar for each limit: how much of it the plan uses in its fullest period.

    Parameters
    ----------
    supply
        The table ``supply``.
    binding
        Pairs of limit (``kind: name``) and site that have a price in any period.
    sites
        Site id to its name on the page.
    """
    rows = fullest(supply, binding)
    rank = rows["kind"].map({kind: i for i, kind in enumerate(ORDER)}).fillna(len(ORDER))
    keep = rows["binds"] | ~rows["kind"].isin(AT_SITES) | (rows["part"] >= NEARLY_FULL)
    rows = rows.assign(rank=rank)[keep].head(MOST_ROWS)
    rows = rows.sort_values(["rank", "part"], ascending=[True, False], kind="stable")
    columns = (rows[c] for c in ("kind", "name", "site"))
    found = pd.DataFrame(
        {
            "limit": [limit_label(k, n, s, sites) for k, n, s in zip(*columns, strict=True)],
            "value": 100 * rows["part"].clip(upper=1),
            "state": rows["binds"].map({True: BINDS, False: FREE}),
            "text": [
                f"{used_of(used, limit, unit)}, {period}"
                for used, limit, unit, period in zip(
                    rows["used"], rows["limit"], rows["unit"], rows["period"], strict=True
                )
            ],
        }
    )
    return _bullets(found)


def _bullets(found: pd.DataFrame) -> alt.LayerChart:
    """Draw each bar under its words, so that no room is needed beside it."""
    domain = alt.Scale(domain=[0, 100])
    axis = alt.Axis(tickCount=5, format=".0f")
    x = alt.X("value:Q", title="% of the limit, in the fullest period", scale=domain, axis=axis)
    y = alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    colour = alt.Color(
        "state:N",
        scale=alt.Scale(domain=[BINDS, FREE], range=[ALARM, BAR]),
        legend=legend([BINDS, FREE], offset=14),
    )
    base = alt.Chart(values(found.assign(row=range(len(found)), full=100.0))).encode(
        y=y,
        tooltip=[
            alt.Tooltip("limit:N", title="Limit"),
            alt.Tooltip("text:N", title="Used"),
            alt.Tooltip("state:N", title="State"),
        ],
    )
    words = base.mark_text(align="left", baseline="bottom", dy=-3, fontWeight=600, aria=False)
    amounts = base.mark_text(align="right", baseline="bottom", dy=-3, aria=False)
    layers = [
        base.mark_bar(color="#e9edf1", height=BAR_PX, yOffset=BAR_DOWN_PX, aria=False).encode(
            x=alt.X("full:Q", scale=domain)
        ),
        base.mark_bar(height=BAR_PX, yOffset=BAR_DOWN_PX).encode(x=x, color=colour),
        words.encode(x=alt.value(0), text="limit:N"),
        amounts.encode(x=alt.datum(100), text="text:N", color=alt.value(MUTED)),
    ]
    return styled(
        layers,
        "Bars: share of each limited supply that the plan uses in its fullest period; "
        "those that bind are marked.",
        height=ROW_PX * max(len(found), 1),
    )
