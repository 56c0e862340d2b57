"""What the plan costs: by site, component and item, and what it adds up to."""

from collections.abc import Iterator

import pandas as pd

from components.base import USES
from planner.formulate.formulation import Formulation, use_prices_kusd
from planner.formulate.labour import travelling_usd
from planner.formulate.objective import unmet_usd_per_mtoken_s
from planner.formulate.water import water_usd
from planner.plan.stock import GROUP
from planner.plan.values import number

USE_ITEM = {
    "fuel_gbtu": ("power", "gas", "fuel"),
    "variable_kusd": ("power", "plant", "variable_om"),
    "grid_gwh": ("power", "grid", "co2"),
    "grid_energy_kusd": ("power", "grid", "energy"),
    "curtailed_gwh": ("power", "load", "curtailed"),
    "co2_kt": ("power", "plant", "co2"),
    "fired_gwh": ("power", "plant", "fired"),
}
"""Family, component and item under which each use is booked."""

COLUMNS = ["site", "period", "family", "component", "item", "usd", "discounted_usd"]


def costs_table(formulation: Formulation) -> pd.DataFrame:
    """Return every cost of every period [USD], as paid and discounted."""
    discount = formulation.case.periods.discount
    labels = formulation.case.periods.labels
    rows = [
        (site, labels[t], family, component, item, usd, usd * float(discount[t]))
        for site, t, family, component, item, usd in _costs(formulation)
        if usd != 0
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _costs(formulation: Formulation) -> Iterator[tuple[str, int, str, str, str, float]]:
    yield from _of_parts(formulation)
    yield from _of_uses(formulation)
    case, model = formulation.case, formulation.model
    for region, paid in travelling_usd(model, case).items():
        for t in case.periods.index:
            yield "", t, "block", f"crews {region}", "travelling_crews", number(paid[t])
    for s in case.sites:
        for t in case.periods.index:
            for c, usd_of_water in water_usd(model, case, s, t).items():
                yield s, t, "block", c, "water", number(usd_of_water)
    for w in case.workloads:
        for t in case.periods.index:
            usd = unmet_usd_per_mtoken_s(case, w, t) * number(model.unmet[w, t])
            yield "", t, "demand", w, "unmet", usd


def _of_parts(formulation: Formulation) -> Iterator[tuple[str, int, str, str, str, float]]:
    length = formulation.case.periods.length_years
    for part in formulation.parts:
        family = GROUP.get(part.family, "power")
        for item, yearly in part.investment.annual_usd.items():
            for t, usd in enumerate(yearly):
                yield part.site, t, family, part.name, item, float(length[t]) * number(usd)


def _of_uses(formulation: Formulation) -> Iterator[tuple[str, int, str, str, str, float]]:
    case, model = formulation.case, formulation.model
    for s in case.sites:
        prices = use_prices_kusd(case, s)
        for u in USES:
            for t in case.periods.index:
                usd = 1000 * float(prices[u][t]) * number(model.use[s, u, t])
                yield s, t, *USE_ITEM[u], usd
