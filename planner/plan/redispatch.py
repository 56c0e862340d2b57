"""The plan dispatched product by product: what each class gave, shared among its products."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

import pandas as pd

from components.base import Floats
from components.power.dispatch_class import DispatchClass, shares_by_merit
from components.power.dispatchable import DispatchableParameters, availability
from planner.case import Case
from planner.engines.outcome import Outcome, SiteDispatch
from planner.formulate.dispatch import marginal_usd_per_mwh
from planner.formulate.formulation import Formulation, Part, use_prices_kusd
from planner.plan.values import number

Dispatch: TypeAlias = Mapping[tuple[str, int], SiteDispatch]


def by_product(formulation: Formulation, outcome: Outcome) -> Dispatch:
    """Return the hours with every product on its own, in place of the dispatch classes.

    Within a class the cheapest product runs first, in every hour up to what it can give.

    Returns
    -------
    (site, period) to SiteDispatch
        Injections of products, of the load and of what is curtailed; they sum to the same.
    """
    parts = {(p.site, p.name): p for p in formulation.parts if p.name in formulation.case.power}
    return {
        (s, t): replace(run, power_mw=_of_products(formulation, parts, s, t, run))
        for (s, t), run in outcome.dispatch.items()
    }


def _of_products(
    formulation: Formulation,
    parts: Mapping[tuple[str, str], Part],
    site: str,
    t: int,
    run: SiteDispatch,
) -> dict[str, Floats]:
    case = formulation.case
    found: dict[str, Floats] = {}
    for name, power in run.power_mw.items():
        one = case.classes.get(name)
        if one is None or one.is_single:
            found[name] = power
            continue
        profiles, elevation = case.sites[site].profiles, case.sites[site].figures["elevation_m"]
        drybulb = profiles["drybulb_c"][run.hours.of_year]
        able = {
            product: availability(figures, drybulb, elevation)
            * number(parts[site, product].investment.links["mw"][t])
            for product, figures in _burners(case, one).items()
        }
        found |= shares_by_merit(power, able, _costs(case, one, site, t))
    return found


def _burners(case: Case, one: DispatchClass) -> dict[str, DispatchableParameters]:
    figures = {product: case.power[product].figures for product in one.members}
    return {n: p for n, p in figures.items() if isinstance(p, DispatchableParameters)}


def _costs(case: Case, one: DispatchClass, site: str, t: int) -> dict[str, float]:
    prices = use_prices_kusd(case, site)
    return {n: marginal_usd_per_mwh(p, prices, t) for n, p in _burners(case, one).items()}


COLUMNS = ["site", "period", "class", "component", "mwh", "usd", "model_usd", "discounted_usd"]


def class_difference_table(formulation: Formulation, dispatch: Dispatch) -> pd.DataFrame:
    """Return what dispatch product by product costs, beside what the model charged.

    One row per product of every class of several: energy, its fuel, variable and CO2 cost
    [USD], what the model charged for the same energy (the class's cost of a MWh and the product's
    ``class_difference``), and the difference, discounted.
    """
    rows = list(_differences(formulation, dispatch))
    return pd.DataFrame(rows, columns=COLUMNS)


def _differences(
    formulation: Formulation, dispatch: Dispatch
) -> Iterator[tuple[str, str, str, str, float, float, float, float]]:
    case = formulation.case
    several = {d: one for d, one in case.classes.items() if not one.is_single}
    charged = {
        (p.site, p.name): p.investment.annual_usd["class_difference"]
        for p in formulation.parts
        if "class_difference" in p.investment.annual_usd
    }
    for (s, t), run in dispatch.items():
        prices, length = use_prices_kusd(case, s), float(case.periods.length_years[t])
        for d, one in several.items():
            if not isinstance(one.figures, DispatchableParameters):
                continue
            of_class = marginal_usd_per_mwh(one.figures, prices, t)
            own = _costs(case, one, s, t)
            for product in one.members:
                if product not in run.power_mw:
                    continue
                mwh = float(run.hours.weight @ run.power_mw[product])
                extra = length * number(charged[s, product][t])
                if mwh == 0 and extra == 0:
                    continue
                usd, model = own[product] * mwh, of_class * mwh + extra
                gap = float(case.periods.discount[t]) * (usd - model)
                yield s, case.periods.labels[t], d, product, mwh, usd, model, gap
