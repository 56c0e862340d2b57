"""Which tokens are served where, by which rack, and which are not."""

import pandas as pd

from planner.case import SECONDS_PER_YEAR
from planner.formulate.formulation import Formulation
from planner.plan.values import number


def tokens_table(formulation: Formulation) -> pd.DataFrame:
    """Return mean output tokens by workload, site and rack; unmet ones have no site."""
    case, model = formulation.case, formulation.model
    rows = []
    for t, label in enumerate(case.periods.labels):
        seconds = SECONDS_PER_YEAR * float(case.periods.length_years[t])
        for w in case.workloads:
            found = [
                (s, r, "served", number(model.serve[s, r, w, t]))
                for s in case.sites
                for r, at in case.throughput
                if at == w
            ]
            found.append(("", "", "unmet", number(model.unmet[w, t])))
            rows += [
                {
                    "period": label,
                    "workload": w,
                    "kind": kind,
                    "site": s,
                    "rack": r,
                    "tokens_per_s": 1e3 * amount,
                    "tokens": 1e3 * amount * seconds,
                }
                for s, r, kind, amount in found
                if amount > 0 or kind == "unmet"
            ]
    return pd.DataFrame(rows)
