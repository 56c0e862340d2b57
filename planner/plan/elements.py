"""What a plan is built of: its overnight cost by element, to the dollar."""

from collections.abc import Mapping
from typing import cast

import pandas as pd

from components.compute.rack import Rack
from components.facility.elements import Bought, weights
from planner.case import Case
from planner.plan.values import records

COLUMNS = ["site", "period", "element", "number", "part", "mw", "usd", "share", "lead_weeks"]
COLUMNS += ["published_usd_per_kw"]

PART: Mapping[str, Bought] = {
    "grid": "connection",
    "network_upgrade": "connection",
    "retrofit": "cooling",
}
"""Kind of build to the part whose elements it is made of, where it is one part."""


def elements_table(case: Case, builds: pd.DataFrame) -> pd.DataFrame:
    """Return the overnight cost of what is added, by site, period and element.

    Parameters
    ----------
    case
        With the elements, and the prices from which a block's cooling plant and a site's land are
        told.
    builds
        The table ``builds``.

    Returns
    -------
    DataFrame
        ``element`` and its ``number`` among the eleven, 0 outside; ``part`` of the plan that it is
        of; ``mw`` added of that part, in IT power where it is racks, blocks or cooling plant, or
        in units of power plant [MW]; ``usd``; its ``share`` in the overnight cost of the whole
        plan [1]; ``lead_weeks``, not a number where it is never the longest; what is published or
        estimated of it elsewhere, ``published_usd_per_kw`` of IT [USD/kW].
    """
    rows = [row for build in records(builds) for row in _of_build(case, build)]
    table = pd.DataFrame(rows, columns=["site", "period", "element", "part", "mw", "usd"])
    keys = ["site", "period", "element", "part"]
    table = table.groupby(keys, as_index=False, sort=False)[["mw", "usd"]].sum()
    elements, total = case.elements, float(table["usd"].sum())
    found = table.assign(
        number=[elements[name].number for name in table["element"]],
        share=table["usd"] / total if total else 0.0,
        lead_weeks=[_weeks(elements[name].lead_weeks) for name in table["element"]],
        published_usd_per_kw=[elements[name].published_usd_per_kw for name in table["element"]],
    )
    return found[COLUMNS].astype({"number": int, "share": float, "published_usd_per_kw": float})


def _weeks(lead_weeks: float | None) -> float:
    return float("nan") if lead_weeks is None else lead_weeks


def _of_build(case: Case, build: Mapping[str, object]) -> list[tuple[object, ...]]:
    usd, mw = cast(float, build["capex_usd"]), cast(float, build["mw"])
    return [
        (build["site"], build["period"], element, part, mw, usd * of_build * of_part)
        for part, of_build in _parts(case, build).items()
        for element, of_part in weights(case.elements, part).items()
    ]


def _parts(case: Case, build: Mapping[str, object]) -> dict[Bought, float]:
    """Return the parts of what is added, by their share in its cost; the shares add up to 1."""
    kind, name = str(build["kind"]), str(build["component"])
    if kind == "rack":
        rack = cast(Rack, case.racks[name].figures)
        return {"storage_rack" if rack.kind == "storage" else "rack": 1.0}
    if kind == "block":
        t = case.periods.labels.index(str(build["period"]))
        hall = case.blocks[name].figures.capex_path(case.periods)[t]
        plant = case.cooling[str(build["cooling"])].capex_usd_per_kw
        return _in_proportion({"block": hall, "cooling": plant})
    if kind == "site_works":
        acre = case.sites[str(build["site"])].figures["land_usd_per_acre"]
        land = case.works.land_acres * acre
        return _in_proportion({"site_works": case.works.works_usd, "land": land})
    if kind == "satellite":
        t = case.periods.labels.index(str(build["period"]))
        orbit = case.orbits[str(build["site"])]
        ride = orbit.mass.total * float(orbit.launch_usd_per_kg[t])
        bought = orbit.satellite.capex_path(case.periods)[t]
        return _in_proportion({"satellite": bought, "launch": ride})
    return {PART.get(kind, "generation"): 1.0}


def _in_proportion(prices: Mapping[Bought, float]) -> dict[Bought, float]:
    total = sum(prices.values())
    first = next(iter(prices))
    return {part: usd / total for part, usd in prices.items()} if total else {first: 1.0}
