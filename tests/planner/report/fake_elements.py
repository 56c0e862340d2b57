"""The table ``elements`` of a made-up run: its builds, split by the shares of the catalog."""

from typing import cast

import pandas as pd

from components.catalog.loader import load_family
from components.facility.elements import Bought, Element, weights
from planner.plan.values import records

PLANT_SHARE, LAND_SHARE = 0.2, 0.1
"""Of cooling plant in the cost of a block, of land in that of a site."""

COLUMNS = ["site", "period", "element", "number", "part", "mw", "usd", "share", "lead_weeks"]


def make_elements(builds: pd.DataFrame) -> pd.DataFrame:
    """Split every build of a made-up run."""
    elements = {n: cast(Element, e.parameters) for n, e in load_family("element").items()}
    total = float(builds["capex_usd"].sum())
    rows = []
    for build in records(builds):
        for part, of_build in _parts(build["kind"], build["component"]).items():
            for name, of_part in weights(elements, part).items():
                usd, one = build["capex_usd"] * of_build * of_part, elements[name]
                weeks = float("nan") if one.lead_weeks is None else one.lead_weeks
                what = (build["site"], build["period"], name, one.number, part, build["mw"])
                rows.append((*what, usd, usd / total, weeks, one.published_usd_per_kw))
    table = pd.DataFrame(rows, columns=[*COLUMNS, "published_usd_per_kw"])
    sums = {**dict.fromkeys(("mw", "usd", "share"), "sum"), **dict.fromkeys(("number",), "first")}
    sums |= dict.fromkeys(("lead_weeks", "published_usd_per_kw"), "first")
    return table.groupby(["site", "period", "element", "part"], as_index=False).agg(sums)


def _parts(kind: str, component: str) -> dict[Bought, float]:
    if kind == "block":
        return {"block": 1 - PLANT_SHARE, "cooling": PLANT_SHARE}
    if kind == "site_works":
        return {"site_works": 1 - LAND_SHARE, "land": LAND_SHARE}
    if kind == "rack":
        return {"storage_rack" if component.startswith("stx") else "rack": 1.0}
    return {"connection" if kind == "grid" else "generation": 1.0}
