"""The section on cooling: which type where, for which racks, and what it takes."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.plan.values import records
from planner.report.figures.cooling import by_climate
from planner.report.folder import RunFolder
from planner.report.labels import site_labels
from planner.report.parts import Section, figure
from planner.report.tables import Table
from planner.report.words import NOTHING, POWER, amount, counted, digits, name_of, share

HEAD = (
    "Site",
    "Cooling",
    "Racks",
    "IT MW",
    "Dry bulb 0.4 %, °C",
    "Wet bulb 0.4 %, °C",
    "Water stress",
    "PUE, mean",
    "PUE, peak",
    "Water m³",
    "l/kWh",
)
"""Titles of the columns of the table."""

SHOWN = 15


def section(run: RunFolder) -> Section | None:
    """Return the section, for the last period in which racks stand; None: none do."""
    rows = of_last_period(run.tables["cooling"])
    if rows.empty:
        return None
    labels = site_labels(run.tables["sites"])
    chart = by_climate(rows, labels)
    what = (
        f"Rating of racks by cooling type, {rows['period'].iloc[0]}; sites from the hottest to the "
        "coolest by the dry bulb that 35 h a year exceed"
    )
    drawn = figure("cooling", headline(rows), what, chart, "cooling", wide=True)
    return Section("cooling", "Cooling", (drawn,), (table(rows, labels),), lead=lead(rows))


def of_last_period(cooling: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the last period in which racks stand."""
    return cooling[cooling["period"] == cooling["period"].iloc[-1]] if len(cooling) else cooling


def headline(rows: pd.DataFrame) -> str:
    """Say how much of the racks each cooling type has."""
    by_type = rows.groupby("cooling")["rack_mw"].sum().sort_values(ascending=False)
    parts = [f"{name_of(str(c))} {share(mw / by_type.sum())}" for c, mw in by_type.items()]
    return f"Cooling of {amount(POWER, by_type.sum())} of racks: {', '.join(parts)}"


def lead(rows: pd.DataFrame) -> str:
    """Say what each cooling type is for: its racks and its climates."""
    said = []
    for cooling, here in rows.groupby("cooling", sort=False):
        sites = here["site"].nunique()
        hot = here["hot_drybulb_c"]
        racks = dict.fromkeys(r for names in here["racks"] for r in names.split(", "))
        said.append(
            f"{name_of(str(cooling))} at {counted(sites, 'site')} of "
            f"{_span(hot.min(), hot.max())} °C for {', '.join(map(name_of, racks))}"
        )
    return (
        f"{'; '.join(said)}. Temperatures are those that 35 h a year exceed; the connection is "
        "sized on the peak of PUE, and energy is paid hour by hour."
    )


def _span(least: float, most: float) -> str:
    low, high = f"{least:.0f}", f"{most:.0f}"
    return low if low == high else f"{low} to {high}"


def table(rows: pd.DataFrame, labels: Mapping[str, str]) -> Table:
    """Return every site with every cooling type there, the hottest first."""
    ordered = rows.sort_values(["hot_drybulb_c", "site"], ascending=[False, True], kind="stable")
    cells = tuple(_cells(row, labels) for row in records(ordered))
    caption = f"Cooling by site, {rows['period'].iloc[0]}, the hottest first"
    text = frozenset({0, 1, 2, 6})
    return Table("cooling-by-site", caption, HEAD, cells[:SHOWN], text, cells[SHOWN:])


def _cells(row: Mapping[str, Any], labels: Mapping[str, str]) -> tuple[str, ...]:
    wet = float(row["water_l_per_kwh"]) > 0
    return (
        labels.get(row["site"], str(row["site"])),
        name_of(row["cooling"]),
        ", ".join(name_of(rack) for rack in row["racks"].split(", ")),
        f"{row['it_mw']:,.0f}",
        f"{row['hot_drybulb_c']:.1f}",
        f"{row['hot_wetbulb_c']:.1f}",
        str(row["water_stress"]),
        f"{row['mean_pue']:.3f}",
        f"{row['peak_pue']:.3f}",
        digits(row["water_m3"]) if wet else NOTHING,
        f"{row['water_l_per_kwh']:.2f}" if wet else NOTHING,
    )
