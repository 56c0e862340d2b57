"""The section on the price of the grid target."""

from collections.abc import Iterator

import pandas as pd

from planner.report.parts import Figure, Section, figure
from planner.report.tables import Table
from planner.report.words import NOTHING, digits, money
from planner.sweep.analysis import figures
from planner.sweep.analysis.naming import where
from planner.sweep.analysis.prices import TargetPrice, target_prices
from planner.sweep.analysis.studied import Studied

STORE = "points.parquet"


def price_sections(studied: Studied) -> Iterator[Section]:
    """Yield a section for each line of points along which only the grid target moves."""
    for number, found in enumerate(target_prices(studied)):
        line = where(studied, found.others)
        yield Section(
            f"price-{number}",
            f"Price of the grid target{f': {line}' if line else ''}",
            (_price_figure(found),),
            (_price_table(found, number),),
            lead=_price_lead(found),
            told=tuple(_price_told(found)),
        )


def _price_lead(found: TargetPrice) -> str:
    dearest = found.points.iloc[int(found.points["usd_per_point"].fillna(0.0).argmax())]
    if not dearest["binds"]:
        return "The target binds at none of the points: more grid energy would save nothing."
    return (
        f"It is dearest at {dearest['share']:.1%}: there one more MWh of grid energy would save "
        f"${digits(dearest['usd_per_mwh'])}, and one more percentage point of the target "
        f"{money(dearest['usd_per_point'])} in present value."
    )


def _price_told(found: TargetPrice) -> Iterator[str]:
    agree = int(found.steps["agrees"].sum())
    yield (
        f"From point to point the cost itself falls as the prices say, within the gaps, on {agree} "
        f"of {len(found.steps)} steps."
    )
    yield (
        "Prices are those of the relaxation, in which fractions of units may be built; the cost "
        "is that of plans in whole units. Where both disagree, believe the cost."
    )


def _price_figure(found: TargetPrice) -> Figure:
    rows = [
        {
            "kind": "price",
            "x": 100 * point["share"],
            "value": point["usd_per_point"] / 1e6,
            "shown": f"price: {money(float(point['usd_per_point']))} per point",
        }
        for _, point in found.points.dropna(subset=["usd_per_point"]).iterrows()
    ]
    rows += [
        {
            "kind": "slope",
            "x": 100 * step["from_share"],
            "x2": 100 * step["to_share"],
            "value": step["slope"] / 1e6,
            "low": (step["slope"] - step["uncertain"]) / 1e6,
            "high": (step["slope"] + step["uncertain"]) / 1e6,
            "shown": f"cost: {money(float(step['slope']))} per point",
        }
        for _, step in found.steps.iterrows()
    ]
    frame = pd.DataFrame(rows).reindex(columns=["kind", "x", "x2", "value", "low", "high", "shown"])
    chart = figures.steps(frame, "Grid target (% of US electricity)", "million USD per point")
    told = (
        "Dots: shadow prices; lines: slope of the cost between points; grey: what gaps leave open"
    )
    return figure(
        "target-price", "What one more percentage point saves", told, chart, STORE, wide=True
    )


def _price_table(found: TargetPrice, number: int) -> Table:
    slopes = [None, *found.steps["slope"]]
    agrees = [None, *found.steps["agrees"]]
    rows = tuple(
        (
            f"{point['share']:.2%}",
            money(point["objective_usd"], 5),
            digits(point["usd_per_mwh"]) if pd.notna(point["usd_per_mwh"]) else NOTHING,
            money(point["usd_per_point"]) if pd.notna(point["usd_per_point"]) else NOTHING,
            NOTHING if slope is None else money(slope),
            NOTHING if agree is None else ("yes" if agree else "no"),
        )
        for (_, point), slope, agree in zip(found.points.iterrows(), slopes, agrees, strict=True)
    )
    head = ("Target", "Cost", "USD per MWh", "USD per point, by price",
            "by the cost since the point before", "agree")  # fmt: skip
    return Table(f"target-prices-{number}", "Price of the target", head, rows)
