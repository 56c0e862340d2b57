"""What retrofits have changed of the halls, from the builds alone."""

from typing import cast

import pandas as pd

from components.facility.retrofit import Retrofit
from planner.case import Case
from planner.formulate.retrofits import FAMILY, MARK, left_by
from planner.plan.values import records

KEYS = ["site", "period", "cooling"]


def retrofit_of(case: Case, component: str) -> Retrofit:
    """Return the figures of a retrofit from its name among the builds."""
    return cast(Retrofit, case.retrofits[component.rpartition(MARK)[0]].figures)


def converted_mw(case: Case, builds: pd.DataFrame) -> pd.Series:
    """Return the MW that halls of each cooling type have gained, or lost, by retrofits.

    Parameters
    ----------
    case
        With the retrofits and their lives.
    builds
        The table ``builds``.

    Returns
    -------
    Series
        By site, period and cooling type; empty without retrofits [MW].
    """
    labels = case.periods.labels
    rows = []
    for row in records(builds[builds["kind"] == FAMILY]):
        figures = retrofit_of(case, row["component"])
        added, lost_mw = labels.index(row["period"]), row["mw"] / figures.kept_share
        for t in case.periods.index[added:]:
            rows.append((row["site"], labels[t], left_by(row["component"]), -lost_mw))
            if added in case.periods.alive(t, figures.life_years):
                rows.append((row["site"], labels[t], row["cooling"], row["mw"]))
    table = pd.DataFrame(rows, columns=[*KEYS, "mw"])
    return table.groupby(KEYS)["mw"].sum()
