"""The section on what the plan is built of: its words and its table."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from components.facility.elements import NAMES, OUTSIDE, POWER_PARTS
from planner.plan.values import records
from planner.report.figures.elements import PLANTS, by_component, kw_of_blocks, kw_of_racks
from planner.report.tables import Table
from planner.report.words import NOTHING, POWER, amount, digits, money, share

HEAD = (
    "Component",
    "Overnight cost",
    "Share",
    "Million $ per MW of IT",
    "as published",
    "Share, published",
    "Lead weeks",
)
"""Titles of the columns of the table."""


def headline(elements: pd.DataFrame) -> str:
    """Say what costs most, and what of the cost the eleven are.

    Parameters
    ----------
    elements
        The table ``elements``.
    """
    rows = by_component(elements)
    most = max(records(rows), key=lambda row: float(row["usd"]))
    listed = float(rows.loc[rows["number"] != OUTSIDE, "share"].sum())
    name = NAMES.get(int(most["number"]), str(most["label"])).lower()
    return (
        f"{share(listed)} of {money(float(rows['usd'].sum()))} is spent on the eleven components; "
        f"{share(float(most['share']))} on {name}"
    )


def lead(elements: pd.DataFrame) -> str:
    """Say what the cost is of, so that it can be added up."""
    inside = elements.loc[~elements["part"].isin(POWER_PARTS), "usd"].sum()
    power = elements.loc[elements["part"].isin(POWER_PARTS), "usd"].sum()
    return (
        f"Facility and IT cost {money(float(inside))}, and {money(float(power))} what brings power "
        "to them: connections to the grid, counted as power supply, and plants and pipes. The rows "
        "add up to both."
    )


def costs(elements: pd.DataFrame) -> Table:
    """Return the cost of every component, over IT power, beside what is published of it.

    Plants for power come last, after the sum of all else: nothing is published to compare them
    with.
    """
    rows = by_component(elements)
    plants = rows["label"] == PLANTS
    published = float(rows["published_usd_per_kw"].sum())
    cells = [
        *(_cells(row, published) for row in records(rows[~plants])),
        _cells(_sum(rows[~plants], f"All but {PLANTS.lower()}"), published),
        *(_cells(row, published) for row in records(rows[plants])),
        _cells(_sum(rows, "All") | {"usd_per_kw": 0.0, "published_usd_per_kw": 0.0}, published),
    ]
    caption = (
        f"Servers, networking and storage over {amount(POWER, kw_of_racks(elements) / 1000)} of "
        f"racks, all else over {amount(POWER, kw_of_blocks(elements) / 1000)} of blocks; published "
        "for a campus of Vera Rubin class"
    )
    return Table("elements-cost", caption, HEAD, tuple(cells))


def _sum(rows: pd.DataFrame, label: str) -> dict[str, Any]:
    columns = ("usd", "share", "usd_per_kw", "published_usd_per_kw")
    sums = {column: float(rows[column].sum()) for column in columns}
    return {"label": label, "lead_weeks": float("nan"), **sums}


def _cells(row: Mapping[str, Any], published: float) -> tuple[str, ...]:
    of_published = row["published_usd_per_kw"]
    return (
        str(row["label"]),
        money(row["usd"]),
        share(row["share"]),
        _millions(row["usd_per_kw"]),
        _millions(of_published),
        share(of_published / published) if of_published > 0 else NOTHING,
        NOTHING if math.isnan(row["lead_weeks"]) else f"{row['lead_weeks']:.0f}",
    )


def _millions(usd_per_kw: float) -> str:
    """Write USD/kW as million USD/MW."""
    return digits(usd_per_kw / 1000, 3) if usd_per_kw > 0 else NOTHING
