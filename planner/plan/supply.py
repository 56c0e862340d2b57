"""What the plan takes from limited supplies."""

import pandas as pd

from planner.formulate.formulation import Formulation
from planner.plan.values import number


def supply_table(formulation: Formulation) -> pd.DataFrame:
    """Return used and limit of every limited thing, by period."""
    labels = formulation.case.periods.labels
    rows = [
        {
            "period": labels[limit.period],
            "kind": limit.kind,
            "name": limit.name,
            "site": limit.site,
            "unit": limit.unit,
            "used": number(limit.used),
            "limit": number(limit.bound),
            "cumulative": not limit.per_year,
        }
        for limit in formulation.limits
    ]
    columns = ["period", "kind", "name", "site", "unit", "used", "limit", "cumulative"]
    return pd.DataFrame(rows, columns=columns)
