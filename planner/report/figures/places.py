"""Where the plan builds: a map of the sites, and their IT load by period."""

from collections.abc import Mapping, Sequence
from math import pi, sqrt
from typing import Any

import altair as alt
import pandas as pd

from planner.report.charts import ROOM, Stack, legend, stacked_bars, styled, values
from planner.report.figures.albers import Spot, place_names
from planner.report.labels import kind_name, site_labels, sources_of
from planner.report.palette import OTHER, SITE, SOURCE, shades
from planner.report.words import POWER, amount, fit

SHOWN_SITES = 9
"""Most sites with a shade of their own; the others are added up."""

LABELLED_SITES = 20
"""Most sites with their name on the map."""

NAMED_FROM_PX = (560, 760, 1000)
"""Widths of the figure from which names are placed anew; narrower ones have no names."""

MAP_OVER_FIGURE = 0.8
"""Width of the conterminous United States over that of the figure, as page.css sizes it [1]."""

UNBOUNDED_PX = 1e5
"""Wider than any figure."""

NO_ENERGY = "No energy"

FULL_SIZE_FROM_PX = 900
"""On narrower maps circles are smaller."""

CANDIDATE_PX2, SMALLEST_PX2, LARGEST_PX2 = 26.0, 70.0, 1100.0
"""Area of the circle of a candidate, and of the smallest and largest open site."""


def it_by_site(sites: pd.DataFrame) -> alt.LayerChart:
    """Draw the IT load of each site by period, the largest at the bottom.

    Parameters
    ----------
    sites
        The table ``sites``.
    """
    labels = site_labels(sites)
    periods = list(sites["period"].unique())
    size = (
        sites.groupby("site", sort=False)["it_mw"].sum().sort_values(ascending=False, kind="stable")
    )
    built = [str(site) for site in size[size > 0].index]
    shown = built if len(built) <= SHOWN_SITES + 1 else built[:SHOWN_SITES]
    rest = f"{len(built) - len(shown)} other sites"
    series = [labels[site] if site in shown else rest for site in sites["site"]]
    unit = fit(POWER, sites.groupby("period")["it_mw"].sum())
    found = sites.assign(series=series, value=sites["it_mw"] / unit.size)
    found = found.groupby(["period", "series"], as_index=False, sort=False)[["value"]].sum()
    stack = Stack(
        periods=periods,
        colours={**shades(SITE, [labels[s] for s in shown], 0.78), rest: OTHER},
        axis=unit.name,
        what="Site",
        description=f"Stacked bars: IT load by site and period, in {unit.name}.",
    )
    return stacked_bars(
        found.assign(shown=[amount(POWER, v * unit.size) for v in found["value"]]), stack
    )


def dominant_kind(
    power_by_season: pd.DataFrame, capacity: pd.DataFrame, period: str
) -> dict[str, str]:
    """Return the kind of source that gives each site most of its energy in a period.

    Batteries move energy and give none.
    """
    kinds = sources_of(capacity).kinds
    power = power_by_season
    rows = power[(power["period"] == period) & (power["direction"] == "out")]
    kind = rows["component"].map(kinds)
    rows = rows.assign(kind=kind)[kind.notna() & (kind != "battery")]
    energy = rows.groupby(["site", "kind"])["mwh"].sum()
    best = energy.reset_index().sort_values("mwh", ascending=False).drop_duplicates("site")
    return dict(zip(best["site"].astype(str), best["kind"].astype(str), strict=True))


def site_map(
    sites: pd.DataFrame,
    power_by_season: pd.DataFrame,
    capacity: pd.DataFrame,
    states: Mapping[str, Any],
) -> alt.LayerChart:
    """Draw candidate sites in the last period: open ones by size and source, others small and grey.

    Parameters
    ----------
    sites, power_by_season, capacity
        The tables of these names.
    states
        Outlines of the states, as a GeoJSON feature collection with clockwise outer rings.
    """
    periods = list(sites["period"].unique())
    last = sites[sites["period"] == periods[-1]] if periods else sites
    last = last[last["latitude_deg"].notna()]  # what is in orbit is over no place
    kind = dominant_kind(power_by_season, capacity, periods[-1] if periods else "")
    labels = site_labels(sites)
    largest = max(float(last["it_mw"].max()), 1.0) if len(last) else 1.0
    area = SMALLEST_PX2 + (LARGEST_PX2 - SMALLEST_PX2) * last["it_mw"] / largest
    chosen = last["open"].to_numpy(dtype=bool)
    found = pd.DataFrame(
        {
            "longitude": last["longitude_deg"],
            "latitude": last["latitude_deg"],
            "site": last["site"].map(labels),
            "mw": last["it_mw"],
            "area": area.where(last["open"], CANDIDATE_PX2),
            "shown": [amount(POWER, mw) for mw in last["it_mw"]],
            "limit": [amount(POWER, mw) for mw in last["limit_it_mw"]],
            "source": [kind_name(kind[s]) if s in kind else NO_ENERGY for s in last["site"]],
        }
    )
    layers = [_states(states), _candidates(found[~chosen])]
    if chosen.any():
        layers += _opened(found[chosen].sort_values("mw", ascending=False), found)
    description = (
        f"Map of {len(found)} candidate sites in the United States; "
        f"{int(chosen.sum())} of them are open in the last period."
    )
    return styled(layers, description, height="container").project(type="albersUsa")


def _states(states: Mapping[str, Any]) -> alt.Chart:
    data = alt.InlineData(values=dict(states), format=alt.JsonDataFormat(property="features"))
    chart: alt.Chart = alt.Chart(data).mark_geoshape(
        fill="#f1f3f5", stroke="white", strokeWidth=1, aria=False, tooltip=None
    )
    return chart


def _candidates(found: pd.DataFrame) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(values(found))
        .mark_circle(size=CANDIDATE_PX2, color="#b4bcc5", opacity=1)
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            tooltip=[
                alt.Tooltip("site:N", title="Candidate, not opened"),
                alt.Tooltip("limit:N", title="IT limit"),
            ],
        )
    )
    return chart


def _opened(chosen: pd.DataFrame, found: pd.DataFrame) -> list[alt.Chart]:
    names = {kind_name(kind): colour for kind, colour in SOURCE.items()}
    used = [name for name in names if name in set(chosen["source"])]
    used += sorted(set(chosen["source"]) - set(used))
    circles = (
        alt.Chart(values(chosen))
        .mark_circle(opacity=0.9, stroke="white", strokeWidth=1.2)
        .transform_calculate(size=f"datum.area * clamp({ROOM} / {FULL_SIZE_FROM_PX}, 0.4, 1)")
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            size=alt.Size("size:Q", scale=None),
            color=alt.Color(
                "source:N",
                scale=alt.Scale(domain=used, range=[names.get(name, OTHER) for name in used]),
                legend=legend(used, offset=0),
            ),
            tooltip=[
                alt.Tooltip("site:N", title="Site"),
                alt.Tooltip("shown:N", title="IT load"),
                alt.Tooltip("limit:N", title="IT limit"),
                alt.Tooltip("source:N", title="Most energy from"),
            ],
        )
    )
    return [circles, _names(chosen, found)]


def _names(chosen: pd.DataFrame, found: pd.DataFrame) -> alt.Chart:
    """Write each name on the side of its circle where there is room."""
    named = chosen.head(LABELLED_SITES)
    spots = [*_spots(named, named=True), *_spots(found, named=False)]
    ends = (*NAMED_FROM_PX[1:], UNBOUNDED_PX)
    placed = [_placed(named, spots, a, b) for a, b in zip(NAMED_FROM_PX, ends, strict=True)]
    wide_enough = "width >= datum.from && width < datum.to"
    chart: alt.Chart = (
        alt.Chart(values(pd.concat(placed)))
        .mark_text(
            align=alt.ExprRef("datum.align"),
            dx=alt.ExprRef("datum.dx"),
            dy=alt.ExprRef("datum.dy"),
            baseline="middle",
            fontWeight=600,
            aria=False,
        )
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            text="site:N",
            opacity=alt.condition(wide_enough, alt.value(1), alt.value(0)),
        )
    )
    return chart


def _placed(
    named: pd.DataFrame, spots: Sequence[Spot], from_px: float, to_px: float
) -> pd.DataFrame:
    """Place names for the narrowest figure that they are for; on a wider one is more room."""
    anchors = place_names(spots, MAP_OVER_FIGURE * from_px)
    rows = named[named["site"].isin(list(anchors))]
    there = [anchors[name] for name in rows["site"]]
    return rows.assign(
        align=[anchor.align for anchor in there],
        dx=[anchor.dx for anchor in there],
        dy=[anchor.dy for anchor in there],
        **{"from": from_px, "to": to_px},
    )


def _spots(rows: pd.DataFrame, *, named: bool) -> list[Spot]:
    columns = (rows[c] for c in ("longitude", "latitude", "area", "site"))
    return [
        Spot(float(lon), float(lat), sqrt(float(area) / pi), str(site) if named else "")
        for lon, lat, area, site in zip(*columns, strict=True)
    ]
