"""What a plant beyond the fence costs, against the same plant at the fence: the table."""

import pandas as pd

from planner.report.folder import RunFolder
from planner.report.labels import site_labels
from planner.report.tables import Table
from planner.report.words import MINUS, name_of

HEAD = (
    "Site",
    "Plant beyond the fence",
    "From",
    "Miles",
    "Plant",
    "Line",
    "Losses",
    "Over the line",
    "At the fence",
    "Fence saves",
)

COSTS = (
    "plant_usd_per_mwh",
    "line_usd_per_mwh",
    "loss_usd_per_mwh",
    "arriving_usd_per_mwh",
    "fence_usd_per_mwh",
    "saved_usd_per_mwh",
)


def table(run: RunFolder, shown: int = 12) -> Table:
    """Return the table, open sites first, and of a site what the fence saves most."""
    rows, labels = run.tables["colocation"], site_labels(run.tables["sites"])
    place = {site: i for i, site in enumerate(labels)}
    opened = set(run.summary.sites_opened)
    order = pd.DataFrame(
        {
            "closed": ~rows["site"].isin(opened),
            "place": rows["site"].map(place),
            "saved": -rows["saved_usd_per_mwh"],
        }
    ).sort_values(["closed", "place", "saved"], kind="stable")
    cells = tuple(
        (
            labels.get(row.site, row.site),
            _plant(row.component, row.source, row.at, labels),
            row.period,
            f"{row.miles:,.0f}",
            *(f"{getattr(row, cost):,.1f}".replace("-", MINUS) for cost in COSTS),
        )
        for row in rows.loc[order.index].itertuples(index=False)
    )
    caption = (
        "Co-location: $ per MWh over a line, and of the same plant at the fence; gas laterals in "
        "neither"
    )
    return Table("colocation", caption, HEAD, cells[:shown], frozenset({0, 1}), cells[shown:])


def _plant(component: str, source: str, at: str, labels: dict[str, str]) -> str:
    where = f" at {labels.get(at, at)}" if at else ""
    return f"{name_of(component)} ({name_of(source)}{where})"
