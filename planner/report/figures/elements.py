"""What the plan is built of: the eleven components, and what stands outside their list."""

import altair as alt
import pandas as pd

from components.facility.elements import NAMES, OUTSIDE
from planner.report.charts import styled, values
from planner.report.palette import BAR, INK, MUTED
from planner.report.words import MONEY, fit, money, name_of, share

ROW_PX, BAR_PX, BAR_DOWN_PX = 38, 9, 4

IT_PARTS = ("rack", "storage_rack")
"""Parts whose power is that of racks; all else is told over the power of blocks."""

PLANTS = "Plants and pipes for power"

OUTSIDE_NAMES = {"generation": PLANTS}
"""Elements outside the list whose name says too little."""

LISTED, NOT_LISTED = "Among the eleven", "Outside that list"


def by_component(elements: pd.DataFrame) -> pd.DataFrame:
    """Add up the elements of a plan by component.

    Parameters
    ----------
    elements
        The table ``elements``.

    Returns
    -------
    DataFrame
        The eleven in their order, then the others, what costs most first. Columns ``label``,
        ``number``, ``usd``, ``share`` [1], ``usd_per_kw`` over the IT power of
        what it is of, ``published_usd_per_kw``, and ``lead_weeks``, the longest of its elements.
    """
    it_kw, block_kw = kw_of_racks(elements), kw_of_blocks(elements)
    number = elements["number"].astype(int)
    kw = elements["part"].isin(IT_PARTS).map({True: it_kw, False: block_kw})
    rows = elements.assign(
        number=number,
        label=[_label(n, name) for n, name in zip(number, elements["element"], strict=True)],
        usd_per_kw=(elements["usd"] / kw).where(kw > 0),
    )
    each = rows.groupby(["number", "label", "element"], as_index=False, sort=False).agg(
        usd=("usd", "sum"),
        share=("share", "sum"),
        usd_per_kw=("usd_per_kw", "sum"),
        published_usd_per_kw=("published_usd_per_kw", "first"),
        lead_weeks=("lead_weeks", "max"),
    )
    found = each.groupby(["number", "label"], as_index=False, sort=False).agg(
        usd=("usd", "sum"),
        share=("share", "sum"),
        usd_per_kw=("usd_per_kw", "sum"),
        published_usd_per_kw=("published_usd_per_kw", "sum"),
        lead_weeks=("lead_weeks", "max"),
    )
    listed = found[found["number"] != OUTSIDE].sort_values("number")
    outside = found[found["number"] == OUTSIDE].sort_values("usd", ascending=False, kind="stable")
    return pd.concat([listed, outside], ignore_index=True)


def _label(number: int, element: str) -> str:
    if number != OUTSIDE:
        name = NAMES[number]
        return f"{number} {name[0].upper()}{name[1:]}"
    return OUTSIDE_NAMES.get(element, name_of(element))


def kw_of_racks(elements: pd.DataFrame) -> float:
    """Return the power of all racks that are added [kW]."""
    return sum(_kw(elements, part) for part in IT_PARTS)


def kw_of_blocks(elements: pd.DataFrame) -> float:
    """Return the IT power of all blocks that are added [kW]."""
    return _kw(elements, "block")


def _kw(elements: pd.DataFrame, part: str) -> float:
    """Return the power of a part: every element of it has all of it in each row."""
    rows = elements[elements["part"] == part]
    return 1000 * float(rows.drop_duplicates(["site", "period"])["mw"].sum())


def built_of(elements: pd.DataFrame) -> alt.LayerChart:
    """Draw a bar for each component: its overnight cost in the whole plan, and its share.

    Parameters
    ----------
    elements
        The table ``elements``.
    """
    rows = by_component(elements)
    unit = fit(MONEY, rows["usd"])
    found = pd.DataFrame(
        {
            "row": range(len(rows)),
            "label": rows["label"],
            "value": rows["usd"] / unit.size,
            "state": [LISTED if n else NOT_LISTED for n in rows["number"]],
            "text": [
                f"{money(usd)}, {share(part)}"
                for usd, part in zip(rows["usd"], rows["share"], strict=True)
            ],
        }
    )
    return _bars(found, f"{unit.name} $".strip())


def _bars(found: pd.DataFrame, axis: str) -> alt.LayerChart:
    """Draw each bar under its words, so that no room is needed beside it."""
    most = float(found["value"].max()) if len(found) else 1.0
    domain = alt.Scale(domain=[0, most or 1.0], nice=False)
    x = alt.X("value:Q", title=axis, scale=domain, axis=alt.Axis(tickCount=5))
    colours = alt.Scale(domain=[LISTED, NOT_LISTED], range=[INK, BAR])
    legend = alt.Legend(values=[LISTED, NOT_LISTED], offset=14)
    base = alt.Chart(values(found)).encode(
        y=alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)),
        tooltip=[
            alt.Tooltip("label:N", title="Component"),
            alt.Tooltip("text:N", title="Overnight cost"),
        ],
    )
    words = base.mark_text(align="left", baseline="bottom", dy=-3, fontWeight=600, aria=False)
    amounts = base.mark_text(align="right", baseline="bottom", dy=-3, aria=False)
    layers = [
        base.mark_bar(height=BAR_PX, yOffset=BAR_DOWN_PX).encode(
            x=x, color=alt.Color("state:N", scale=colours, legend=legend)
        ),
        words.encode(x=alt.value(0), text="label:N"),
        amounts.encode(x=alt.datum(most or 1.0), text="text:N", color=alt.value(MUTED)),
    ]
    return styled(
        layers,
        "Bars: overnight cost of the whole plan by the eleven components of a data centre, and by "
        "what stands outside that list.",
        height=ROW_PX * max(len(found), 1),
    )
