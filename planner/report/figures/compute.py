"""What the plan computes: tokens served and unmet, and the racks that serve them."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from planner.report.charts import Stack, stacked_bars
from planner.report.palette import ALARM, SERVED
from planner.report.ways import rack_colours
from planner.report.words import POWER, TOKENS, amount, counted, fit, name_of

SECONDS_PER_DAY = 86_400


def tokens_by_period(tokens: pd.DataFrame, workload: str) -> alt.LayerChart:
    """Draw the tokens of a workload that are served and unmet; both make up the demand.

    Parameters
    ----------
    tokens
        The table ``tokens``.
    workload
        Its name in the scenario.

    Raises
    ------
    KeyError
        If the plan has no such workload.
    """
    rows = tokens[tokens["workload"] == workload]
    if rows.empty:
        raise KeyError(workload)
    found = rows.groupby(["period", "kind"], as_index=False, sort=False)["tokens_per_s"].sum()
    daily = SECONDS_PER_DAY * found["tokens_per_s"]
    unit = fit(TOKENS, daily.groupby(found["period"]).sum())
    found = found.assign(
        series=found["kind"].map(name_of),
        value=daily / unit.size,
        shown=[f"{amount(TOKENS, value)} tokens a day" for value in daily],
    )
    axis = f"{unit.name} tokens a day".strip()
    stack = Stack(
        periods=list(tokens["period"].unique()),
        colours={"Served": SERVED, "Unmet": ALARM},
        axis=axis,
        what=name_of(workload),
        description=f"Stacked bars: tokens of {name_of(workload)} served and unmet, in {axis}.",
    )
    return stacked_bars(found, stack)


def racks_by_type(racks: pd.DataFrame, periods: Sequence[str]) -> alt.LayerChart:
    """Draw the racks in service by type and period.

    Parameters
    ----------
    racks
        The table ``racks``.
    periods
        Every period, in order.
    """
    total = racks.groupby(["period", "rack"], as_index=False, sort=False)[["racks", "it_mw"]].sum()
    thousands = 1000.0 if total.groupby("period")["racks"].sum().max() >= 10_000 else 1.0
    axis = "thousand racks" if thousands > 1 else "racks"
    found = total.assign(
        series=total["rack"].map(name_of),
        value=total["racks"] / thousands,
        shown=[
            f"{counted(n, 'rack')}, {mw:,.0f} MW nameplate"
            for n, mw in zip(total["racks"], total["it_mw"], strict=True)
        ],
    )
    stack = Stack(
        periods=periods,
        colours=rack_colours(total["rack"]),
        axis=axis,
        what="Rack",
        description=f"Stacked bars: racks in service by type and period, in {axis}.",
    )
    return stacked_bars(found, stack)


def held_mw(rack_use: pd.DataFrame, racks: pd.DataFrame) -> pd.DataFrame:
    """Return the power of the racks that are held, over all sites and modes.

    Parameters
    ----------
    rack_use, racks
        The tables of these names; the second tells what one rack of each type is rated at.

    Returns
    -------
    DataFrame
        Columns ``period``, ``workload``, ``rack``, ``racks`` and ``mw``.
    """
    of_type = racks.groupby("rack")[["racks", "it_mw"]].sum()
    unit_mw = of_type["it_mw"] / of_type["racks"]
    keys = ["period", "workload", "rack"]
    held = rack_use.groupby(keys, as_index=False, sort=False)[["racks"]].sum()
    return held.assign(mw=held["racks"] * held["rack"].map(unit_mw).astype(float))


def racks_by_workload(
    rack_use: pd.DataFrame, racks: pd.DataFrame, workload: str, periods: Sequence[str]
) -> alt.LayerChart:
    """Draw the power of the racks that are held for a workload, by type and period.

    Parameters
    ----------
    rack_use, racks
        The tables of these names.
    workload
        Its name in the scenario.
    periods
        Every period, in order.
    """
    held = held_mw(rack_use, racks)
    here = held[held["workload"] == workload]
    unit = fit(POWER, here.groupby("period")["mw"].sum())
    found = here.assign(
        series=here["rack"].map(name_of),
        value=here["mw"] / unit.size,
        shown=[
            f"{amount(POWER, mw)}, {counted(n, 'rack')}"
            for mw, n in zip(here["mw"], here["racks"], strict=True)
        ],
    )
    stack = Stack(
        periods=periods,
        colours=rack_colours(here["rack"]),
        axis=unit.name,
        what="Rack",
        description=(
            f"Stacked bars: {unit.name} of racks in order that are held for {name_of(workload)}, "
            "by type and period."
        ),
    )
    return stacked_bars(found, stack)
