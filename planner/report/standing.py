"""What stood before the first period: the table."""

import pandas as pd

from planner.report.figures.costs import FAMILIES
from planner.report.folder import RunFolder
from planner.report.labels import site_labels
from planner.report.tables import Table
from planner.report.words import digits, name_of

COLUMN = "existing_mw"
KEYS = ["site", "family", "component", "cooling"]


def table(run: RunFolder, shown: int = 15) -> tuple[Table, ...]:
    """Return the table, one row for each thing and a column for each period; empty: none stood."""
    capacity, periods = run.tables["capacity"], run.summary.periods
    if COLUMN not in capacity or not (capacity[COLUMN] > 0).any():
        return ()
    there = capacity[capacity[COLUMN] > 0].assign(cooling=lambda rows: rows["cooling"].fillna(""))
    mw = there.pivot_table(
        index=KEYS, columns="period", values=COLUMN, aggfunc="sum", sort=False
    ).reindex(columns=periods)
    labels = site_labels(run.tables["sites"])
    rows = tuple(
        (*_named(key, labels), *("" if pd.isna(v) else digits(float(v)) for v in values))
        for key, values in zip(mw.index, mw.to_numpy(), strict=True)
    )
    head = ("Site", "For", "Product", "Cooling", *(f"MW {period}" for period in periods))
    caption = "What stood before the first period, and is paid its upkeep alone"
    found = Table("standing", caption, head, rows[:shown], frozenset(range(4)), rows[shown:])
    return (found,)


def _named(key: tuple[str, str, str, str], labels: dict[str, str]) -> tuple[str, ...]:
    site, family, component, cooling = key
    kind = FAMILIES.get(family, name_of(family))
    return labels.get(site, site), kind, name_of(component), name_of(cooling)
