"""What one more unit of each limit would be worth."""

import math

import pandas as pd

from planner.engines.outcome import Outcome
from planner.formulate.formulation import Formulation, Limit
from planner.plan.values import number

NEARLY_FULL = 0.95
"""Share of a site's limit above which its price says something: below, the relaxation opens a
fraction of the site, and the price is that of the fraction."""

OF_WHOLE_THINGS = ("site", "slots")
"""Kinds of limit on things that come whole, of which the relaxation takes fractions: it opens part
of a site, and buys a large machine without the spare that it would need."""

LEAST_USD = 1e-3
"""Prices below this per unit are noise of the solver [USD]."""


def shadow_prices_table(formulation: Formulation, outcome: Outcome) -> pd.DataFrame:
    """Return the price of every limit at the continuous relaxation, and how full it is.

    The price is what the plan would save with one more unit in that period, in dollars of that
    period where the limit is one of the period, and in present value where it is cumulative. A
    site's own limits, and a vendor's slots, have a price only where the plan all but fills them.
    """
    rows = [
        {
            "limit": f"{limit.kind}: {limit.name}",
            "site": limit.site,
            "period": formulation.case.periods.labels[limit.period],
            "price": _price_usd(formulation, limit, dual),
            "unit": f"USD/{limit.unit}",
            "used": number(limit.used),
            "bound": number(limit.bound),
            "meaning": _meaning(limit),
        }
        for limit, dual in zip(formulation.limits, outcome.prices, strict=True)
    ]
    columns = ["limit", "site", "period", "price", "unit", "used", "bound", "meaning"]
    table = pd.DataFrame(rows, columns=columns)
    return table


def binding(table: pd.DataFrame) -> pd.DataFrame:
    """Return the limits that have a price, dearest in total first."""
    found = table[table["price"].abs() > LEAST_USD].copy()
    found["worth_usd"] = found["price"] * found["bound"].abs()
    return found.sort_values("worth_usd", ascending=False).drop(columns="worth_usd")


def _price_usd(formulation: Formulation, limit: Limit, dual_kusd: float) -> float:
    price = max(-1000 * dual_kusd, 0.0) if math.isfinite(dual_kusd) else float("nan")
    if limit.kind in OF_WHOLE_THINGS and number(limit.used) < NEARLY_FULL * number(limit.bound):
        return 0.0
    if limit.per_year:
        price /= float(formulation.case.periods.discount[limit.period])
    return price


def _meaning(limit: Limit) -> str:
    money = "dollars of that period" if limit.per_year else "present value"
    return f"saved by one more {limit.unit} of {limit.name} ({limit.kind}), {money}"
