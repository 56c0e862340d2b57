"""What one site runs on before and after the grid reaches it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import altair as alt
import pandas as pd

from planner.report.charts import Stack, stacked_bars
from planner.report.figures.power import by_series
from planner.report.labels import Sources, kind_name, sources_of
from planner.report.palette import OTHER, SOURCE
from planner.report.words import POWER, fit

BOUGHT, LEASED, SUN = "Bought plants", "Leased plants", "Sun and wind"

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "gas": BOUGHT,
        "fuel_cell": BOUGHT,
        "nuclear": BOUGHT,
        "geothermal": BOUGHT,
        "rental": LEASED,
        "wind": SUN,
        "solar": SUN,
    }
)
"""Kind of plant at the fence to its group; a connection is told by its own name."""

GRID, STORES = "grid", "battery"
"""Kind of a connection, and of what gives no energy of its own."""

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        BOUGHT: SOURCE["gas"],
        LEASED: SOURCE["rental"],
        SUN: SOURCE["solar"],
        kind_name("remote"): SOURCE["remote"],
    }
)
"""Groups from the bottom up, over the connections."""


def groups_of(capacity: pd.DataFrame) -> Sources:
    """Return the power products of a plan by how they bridge the time to the grid.

    Parameters
    ----------
    capacity
        The table ``capacity``.

    Returns
    -------
    Sources
        Batteries have no series: they give no energy of their own.
    """
    found = sources_of(capacity)
    series = {
        component: found.named(component) if kind == GRID else GROUPS.get(kind, kind_name(kind))
        for component, kind in found.kinds.items()
        if kind != STORES
    }
    grid = {name: c for name, c in found.colours.items() if name in _grid(found)}
    more = {name: OTHER for name in series.values() if name not in {*grid, *COLOURS}}
    return Sources(found.kinds, series, {**grid, **COLOURS, **more})


def _grid(found: Sources) -> set[str]:
    return {found.named(component) for component, kind in found.kinds.items() if kind == GRID}


def in_service(
    capacity: pd.DataFrame, periods: Sequence[str], peak_mw: Mapping[str, float]
) -> alt.LayerChart:
    """Draw the MW of one site by group and period, and its highest load as lines.

    Parameters
    ----------
    capacity
        Rows of the table ``capacity`` of one site.
    periods
        Every period, in order.
    peak_mw
        Period to the site's highest load; none where nothing runs [MW].
    """
    groups = groups_of(capacity)
    rows = capacity[capacity["component"].isin(list(groups.series))]
    total = rows.groupby(["period", "component"], as_index=False, sort=False)[["mw"]].sum()
    unit = fit(POWER, [*total.groupby("period")["mw"].sum(), *peak_mw.values()])
    stack = Stack(
        periods=periods,
        colours=groups.colours,
        axis=unit.name,
        what="Source",
        description=(
            f"Stacked bars: rating in service at one site by period, bought, leased and of the "
            f"grid, in {unit.name}, with its highest load as lines."
        ),
        lines={period: mw / unit.size for period, mw in peak_mw.items() if mw > 0},
    )
    return stacked_bars(by_series(total, "mw", groups, POWER, unit), stack)
