"""What the plan computes: tokens served and unmet, and the racks that serve them."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from planner.report.charts import Stack, stacked_bars
from planner.report.palette import ALARM, RACK, SERVED, shades
from planner.report.words import TOKENS, amount, counted, fit, name_of

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
    """Draw the racks in service by type and period, those that came first at the bottom.

    Parameters
    ----------
    racks
        The table ``racks``.
    periods
        Every period, in order.
    """
    total = racks.groupby(["period", "rack"], as_index=False, sort=False)[["racks", "it_mw"]].sum()
    total = total.sort_values(["period", "racks"], ascending=[True, False], kind="stable")
    order = list(dict.fromkeys(total["rack"]))
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
        colours=shades(RACK, [name_of(rack) for rack in order], 0.65),
        axis=axis,
        what="Rack",
        description=f"Stacked bars: racks in service by type and period, in {axis}.",
    )
    return stacked_bars(found, stack)
