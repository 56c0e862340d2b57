"""What the plan costs: a million tokens, a megawatt-hour, and the investment."""

from collections.abc import Iterable, Mapping, Sequence

import altair as alt
import pandas as pd

from planner.report.charts import Stack, stacked_bars
from planner.report.labels import kind_name, sources_of
from planner.report.palette import COST, OTHER, SOURCE, mixed
from planner.report.words import MONEY, digits, fit, money, name_of

FAMILIES: Mapping[str, str] = {
    "site": "Site",
    "power": "Power",
    "block": "Blocks",
    "rack": "Racks",
    "orbit": "Satellites and launch",
}
"""Word of the tables to that of the page."""

DEMAND = "demand"
"""Family of the value of unmet tokens: no money that is paid."""

POWER_COST: Mapping[str, str] = {
    "Grid energy": SOURCE["grid"],
    "Grid connection": mixed(SOURCE["grid"], 0.55),
    "Fuel": SOURCE["gas"],
    "Gas plant": mixed(SOURCE["gas"], 0.5),
    "Gas lateral": mixed(SOURCE["gas"], 0.75),
    "Air permit": mixed(SOURCE["gas"], 0.88),
    "Fuel cells": SOURCE["fuel_cell"],
    "Rented plants": SOURCE["rental"],
    "Nuclear": SOURCE["nuclear"],
    "Geothermal": SOURCE["geothermal"],
    "Wind": SOURCE["wind"],
    "Solar": SOURCE["solar"],
    "Remote plants": SOURCE["remote"],
    "Batteries": SOURCE["battery"],
    "Variable O&M": OTHER,
    "CO₂ price": "#5d6875",
}
"""What a megawatt-hour pays for, in stacking order."""

PLANT: Mapping[str, str] = {"grid": "Grid connection", "gas": "Gas plant"}
"""Kind of source to the word for what is built of it, where its name says more than that."""

ITEMS: Mapping[str, str] = {
    "fuel": "Fuel",
    "energy": "Grid energy",
    "co2": "CO₂ price",
    "variable_om": "Variable O&M",
}
"""Item of running cost to its word; all other items are of what is built."""


def cost_parts(costs: pd.DataFrame) -> pd.DataFrame:
    """Return what is paid in each period by what it is for; unmet tokens cost nothing here.

    Returns
    -------
    DataFrame
        Columns ``period``, ``series``, ``usd``.
    """
    paid = costs[costs["family"] != DEMAND]
    series = _families(paid["family"]).where(paid["item"] != "curtailed", "Curtailed load")
    return paid.assign(series=series).groupby(["period", "series"], as_index=False)[["usd"]].sum()


def cost_per_mtok(
    costs: pd.DataFrame, usd_per_mtok: Mapping[str, float | None], workload: str
) -> alt.LayerChart:
    """Draw the cost of a million tokens served, by what it pays for.

    Costs that serve several workloads are shared by the racks that each takes, so the split is
    that of the whole plan.

    Parameters
    ----------
    costs
        The table ``costs``.
    usd_per_mtok
        Period to cost, of ``summary.json``; null where nothing is served [USD/Mtok].
    workload
        Its name in the scenario, or ``all``.
    """
    of = "all workloads" if workload == "all" else name_of(workload)
    parts = cost_parts(costs)
    total = parts.groupby("period")["usd"].transform("sum")
    price = parts["period"].map({p: v or 0.0 for p, v in usd_per_mtok.items()}).astype(float)
    value = price * parts["usd"] / total
    found = parts.assign(value=value, shown=[f"{_usd(v)} per million tokens" for v in value])
    stack = Stack(
        periods=list(usd_per_mtok),
        colours=_coloured(COST, found["series"]),
        axis="$ per million tokens",
        what="Pays for",
        description=f"Stacked bars: cost of a million tokens by period and purpose, {of}.",
    )
    return stacked_bars(found, stack)


def cost_per_mwh(
    costs: pd.DataFrame,
    capacity: pd.DataFrame,
    usd_per_mwh: Mapping[str, float | None],
) -> alt.LayerChart:
    """Draw the cost of a megawatt-hour that reaches the load, by what it pays for.

    Parameters
    ----------
    costs, capacity
        The tables of these names.
    usd_per_mwh
        Period to cost, of ``summary.json``; null where nothing runs [USD/MWh].
    """
    parts = power_cost_parts(costs, capacity)
    total = parts.groupby("period")["usd"].transform("sum")
    price = parts["period"].map({p: v or 0.0 for p, v in usd_per_mwh.items()}).astype(float)
    value = price * parts["usd"] / total
    found = parts.assign(value=value, shown=[f"{_usd(v)} per MWh" for v in value])
    stack = Stack(
        periods=list(usd_per_mwh),
        colours=_coloured(POWER_COST, found["series"]),
        axis="$ per MWh",
        what="Pays for",
        description="Stacked bars: cost of a megawatt-hour by period and purpose.",
    )
    return stacked_bars(found, stack)


def power_cost_parts(costs: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return what power costs in each period by what it is for, gas laterals included.

    Returns
    -------
    DataFrame
        Columns ``period``, ``series``, ``usd``.
    """
    sources = sources_of(capacity)
    lateral = costs["component"].str.startswith("gas_lateral") | (
        costs["component"] == "air_permit"
    )
    paid = costs[((costs["family"] == "power") | lateral) & (costs["item"] != "curtailed")]
    series = [
        _power_series(str(component), str(item), sources.kind(str(component)))
        for component, item in zip(paid["component"], paid["item"], strict=True)
    ]
    return paid.assign(series=series).groupby(["period", "series"], as_index=False)[["usd"]].sum()


def _power_series(component: str, item: str, kind: str) -> str:
    if component.startswith("gas_lateral"):
        return "Gas lateral"
    if component == "air_permit":
        return "Air permit"
    if component == "network_upgrades":
        return PLANT["grid"]
    if item in ITEMS:
        return ITEMS[item]
    return PLANT.get(kind) or kind_name(kind)


def investment_by_family(builds: pd.DataFrame, periods: Sequence[str]) -> alt.LayerChart:
    """Draw the overnight cost of what is added in each period.

    Parameters
    ----------
    builds
        The table ``builds``.
    periods
        Every period, in order.
    """
    total = builds.groupby(["period", "family"], as_index=False, sort=False)[["capex_usd"]].sum()
    unit = fit(MONEY, total.groupby("period")["capex_usd"].sum())
    found = total.assign(
        series=_families(total["family"]),
        value=total["capex_usd"] / unit.size,
        shown=[money(usd) for usd in total["capex_usd"]],
    )
    axis = f"{unit.name} $".strip()
    stack = Stack(
        periods=periods,
        colours=_coloured(COST, found["series"]),
        axis=axis,
        what="For",
        description=f"Stacked bars: overnight cost of additions by period and purpose, in {axis}.",
    )
    return stacked_bars(found, stack)


def _families(family: "pd.Series[str]") -> "pd.Series[str]":
    return family.map(lambda word: FAMILIES.get(word) or name_of(word))


def _coloured(colours: Mapping[str, str], series: Iterable[str]) -> dict[str, str]:
    """Add what has no colour of its own, in grey and on top."""
    return {**colours, **dict.fromkeys(sorted(set(series) - set(colours)), OTHER)}


def _usd(value: float) -> str:
    return f"${digits(value)}"
