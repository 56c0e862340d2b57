"""How racks are cooled: by site, period and cooling type, beside the climate that decided it."""

import numpy as np
import pandas as pd

from components.base import Floats
from components.cooling.pue import pue
from components.cooling.water import water_l_per_kwh
from planner.formulate.formulation import Formulation
from planner.formulate.hours import hours_of
from planner.plan.stock import mean_it_mw
from planner.plan.values import records

HOT_SHARE = 0.996
"""Share of the hours that are cooler: 35 h a year are hotter, as in ASHRAE's design conditions."""

COLUMNS = (
    "site",
    "period",
    "cooling",
    "racks",
    "rack_mw",
    "it_mw",
    "mean_pue",
    "peak_pue",
    "water_m3",
    "water_l_per_kwh",
    "hot_drybulb_c",
    "hot_wetbulb_c",
    "water_stress",
)


def cooling_table(formulation: Formulation, racks: pd.DataFrame) -> pd.DataFrame:
    """Return each cooling type that has racks, with what it takes and the climate of the site.

    Parameters
    ----------
    formulation
        The solved model.
    racks
        The table ``racks``.

    Returns
    -------
    DataFrame
        ``racks`` names what stands there, the most power first; ``rack_mw`` is its rating and
        ``it_mw`` the mean draw of what runs. ``mean_pue`` and ``peak_pue`` are those of racks that
        draw the same in every hour, ``water_m3`` what cooling uses in the period, and
        ``water_l_per_kwh`` that over the IT energy. ``hot_drybulb_c`` and ``hot_wetbulb_c`` are
        exceeded in 0.4 % of the hours.
    """
    case = formulation.case
    labels = case.periods.labels
    rows = []
    for key, here in racks.groupby(["site", "period", "cooling"], sort=False):
        s, label, c = map(str, key)
        if s in case.orbits:  # radiators know no climate and use no water
            continue
        t = labels.index(label)
        hours = hours_of(case, t)
        profiles = case.sites[s].profiles
        dry_c, wet_c = (profiles[name][hours.of_year] for name in ("drybulb_c", "wetbulb_c"))
        factor = pue(case.cooling[c], dry_c, wet_c)
        litres = water_l_per_kwh(case.cooling[c], dry_c, wet_c)
        mw = mean_it_mw(formulation, s, c, t)
        row = (
            *(s, label, c, _names(here), float(here["it_mw"].sum()), mw),
            *(_mean(factor, hours.weight), float(factor.max())),
            *(mw * float(hours.weight @ litres), _mean(litres, hours.weight)),
            *(_hot(profiles["drybulb_c"]), _hot(profiles["wetbulb_c"])),
            case.sites[s].site.water_stress,
        )
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _names(racks: pd.DataFrame) -> str:
    """Name the racks, the most power first."""
    ordered = racks.sort_values("it_mw", ascending=False, kind="stable")
    return ", ".join(str(row["rack"]) for row in records(ordered))


def _mean(values: Floats, weight: Floats) -> float:
    return float(values @ weight / weight.sum())


def _hot(values: Floats) -> float:
    return float(np.quantile(values, HOT_SHARE))
