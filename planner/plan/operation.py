"""How sites run: hour by hour, and by season."""

import numpy as np
import pandas as pd

from planner.case import HOURS_PER_YEAR
from planner.formulate.formulation import Formulation
from planner.formulate.hours import season_of, weather_year_of
from planner.formulate.operation import CURTAILED, LOAD
from planner.plan.lines import generated_afar
from planner.plan.redispatch import Dispatch

KEYS = ("site", "period", "weather_year", "hour", "weight")
"""Columns of `dispatch_table` that are not components."""


def dispatch_table(formulation: Formulation, dispatch: Dispatch) -> pd.DataFrame:
    """Return net injection of every component, hour by hour [MW].

    One row per site, period and hour; one column per component, ``load`` negative. ``weather_year``
    counts from 1, ``hour`` is the hour of that year, 0 to 8759, and ``weight`` the number of hours
    of the period that the row stands for.
    """
    case = formulation.case
    columns = [*case.power, CURTAILED, LOAD]
    frames = [
        pd.DataFrame(
            {
                "site": s,
                "period": case.periods.labels[t],
                "weather_year": weather_year_of(run.hours.of_year) + 1,
                "hour": run.hours.of_year % HOURS_PER_YEAR,
                "weight": run.hours.weight,
                **{c: run.power_mw.get(c, np.zeros(len(run.hours))) for c in columns},
            }
        )
        for (s, t), run in dispatch.items()
        if np.abs(run.power_mw[LOAD]).max() > 0
    ]
    if not frames:
        return pd.DataFrame(columns=[*KEYS, *columns])
    return pd.concat(frames, ignore_index=True)


def power_by_season_table(formulation: Formulation, dispatch: Dispatch) -> pd.DataFrame:
    """Return energy by component and season: generation positive, load and charging negative.

    Of several weather years the mean.

    ``line_loss_mwh`` is what was generated beyond the fence besides, and lost on the line; in
    ``mwh`` is what arrived.
    """
    labels = formulation.case.periods.labels
    rows = []
    for (s, t), run in dispatch.items():
        season = season_of(run.hours.of_year)
        made = generated_afar(formulation, s, t, run)
        for component, power in run.power_mw.items():
            lost_mw = made.get(component, power) - power
            lost = np.bincount(season, weights=lost_mw * run.hours.weight, minlength=4)
            for direction, mw in (("out", power.clip(min=0)), ("in", power.clip(max=0))):
                mwh = np.bincount(season, weights=mw * run.hours.weight, minlength=4)
                rows += [
                    {
                        "site": s,
                        "period": labels[t],
                        "season": f"S{g + 1}",
                        "component": component,
                        "direction": direction,
                        "mwh": float(mwh[g]),
                        "line_loss_mwh": float(lost[g]),
                    }
                    for g in np.flatnonzero(mwh)
                ]
    columns = ["site", "period", "season", "component", "direction", "mwh", "line_loss_mwh"]
    return pd.DataFrame(rows, columns=columns)
