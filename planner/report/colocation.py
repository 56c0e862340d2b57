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

KEYS = ["site", "component", "source", "at", "period"]

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
    rows = rows.loc[order.index]
    places = [
        (
            labels.get(str(site), str(site)),
            _plant(str(c), str(source), str(at), labels),
            str(period),
        )
        for site, c, source, at, period in rows[KEYS].itertuples(index=False)
    ]
    usd = rows[[*COSTS]].to_numpy(dtype=float)
    cells = tuple(
        (*place, f"{miles:,.0f}", *(f"{cost:,.1f}".replace("-", MINUS) for cost in costs))
        for place, miles, costs in zip(places, rows["miles"], usd, strict=True)
    )
    caption = (
        "Co-location: $ per MWh over a line, and of the same plant at the fence; gas laterals in "
        "neither"
    )
    return Table("colocation", caption, HEAD, cells[:shown], frozenset({0, 1}), cells[shown:])


def _plant(component: str, source: str, at: str, labels: dict[str, str]) -> str:
    where = f" at {labels.get(at, at)}" if at else ""
    return f"{name_of(component)} ({name_of(source)}{where})"
