"""Which vendors' products were bought, and why the others were not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from components.base import Floats
from components.catalog.loader import load_family
from components.power.dispatchable import DispatchableParameters
from components.power.plant import in_order
from planner.case import HOURS_PER_YEAR, Case, Product
from planner.engines.outcome import Outcome
from planner.formulate.dispatch import REFERENCE_LOAD_FACTOR, marginal_usd_per_mwh
from planner.formulate.formulation import Formulation, Part, use_prices_kusd, yearly_usd
from planner.plan.values import number

COLUMNS = [
    "family", "component", "vendor", "product", "technology", "unit_mw", "lead_months",
    "first_period", "open_mw", "bought_mw", "usd_per_mwh", "state", "reason",
]  # fmt: skip

BOUGHT, SOLD_OUT, NOT_BOUGHT, TOO_LATE, NOT_ASKED = (
    "bought", "all that was open", "not bought", "too late", "not asked for",
)  # fmt: skip

NEARLY_ALL = 0.99
"""Share of what was open from which all of it counts as bought [1]."""

LEAST_EXCESS = 0.0005
"""Excess costs below this are noise of the solver [1]."""


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A product that could have been bought.

    Attributes
    ----------
    parts
        The product at every site.
    first
        Position of the first period it can be there in.
    open_mw
        What this buyer could have got of it over the horizon; infinite without slots [MW].
    bought_mw : (n,)
        What the plan buys in each period [MW].
    usd_per_mwh
        Of a MWh at `REFERENCE_LOAD_FACTOR` at the cheapest opened site, in the last period.
    sold_out
        Whether all that vendors of its class of plant deliver is bought, whenever it can come.
    excess
        From `planner.engines.outcome.excess_costs`.
    """

    parts: tuple[Part, ...]
    first: int
    open_mw: float
    bought_mw: Floats
    usd_per_mwh: float
    sold_out: bool
    excess: float

    @property
    def total_mw(self) -> float:
        """What the plan buys in all [MW]."""
        return float(self.bought_mw.sum())


def products_table(formulation: Formulation, outcome: Outcome) -> pd.DataFrame:
    """Return every plant of the catalog that runs on fuel: bought or not, and why.

    One row per product: its lead time and the first period it can be there, what this buyer could
    get of it and what the plan buys, what a MWh of it costs at the cheapest opened site (capital
    and upkeep of a unit that enters service in the last period, at full output for 70 % of the
    hours it is in order, and fuel), and the reason in words.
    """
    rows = sorted(_rows(formulation, outcome), key=lambda row: (row["family"], row["component"]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(formulation: Formulation, outcome: Outcome) -> Iterator[dict[str, Any]]:
    case = formulation.case
    offers = _offers(formulation, outcome)
    for name, offer in offers.items():
        state, reason = _verdict(case, offer, offers)
        figures = {"open_mw": offer.open_mw, "bought_mw": offer.total_mw}
        first = case.periods.labels[offer.first]
        known = figures | {"first_period": first, "usd_per_mwh": offer.usd_per_mwh}
        product = case.power[name]
        yield _row(product.family, name, product.figures, state, reason, known)
    standing = {name: product for name, product in case.power.items() if not _comes(case, product)}
    for name, product in {**case.late, **standing}.items():
        if isinstance(product.figures, DispatchableParameters):
            lead = product.figures.lead_months
            reason = f"{lead:.0f} months from order to power end after the horizon"
            yield _row(product.family, name, product.figures, TOO_LATE, reason, {})
    families = {"gas", "fuel_cell"} | {case.power[name].family for name in offers}
    for family in families:
        for name, entry in load_family(family).items():
            if name not in case.power and name not in case.late:
                reason = "power.use does not name it"
                yield _row(family, name, entry.parameters, NOT_ASKED, reason, {})


def _row(
    family: str, name: str, p: Any, state: str, reason: str, known: Mapping[str, Any]
) -> dict[str, Any]:
    blank = {"first_period": "", "open_mw": 0.0, "bought_mw": 0.0, "usd_per_mwh": float("nan")}
    return {
        "family": family,
        "component": name,
        "vendor": p.vendor,
        "product": p.product,
        "technology": getattr(p, "technology", ""),
        "unit_mw": p.unit_mw,
        "lead_months": p.lead_months,
        **blank,
        **known,
        "state": state,
        "reason": reason,
    }


def _offers(formulation: Formulation, outcome: Outcome) -> dict[str, Offer]:
    case = formulation.case
    found: dict[str, list[Part]] = {}
    for part in formulation.parts:
        product = case.power.get(part.name)
        if product and isinstance(part.figures, DispatchableParameters) and _comes(case, product):
            found.setdefault(part.name, []).append(part)
    return {
        name: _offer(formulation, tuple(parts), outcome.excess.get(name, 0.0))
        for name, parts in found.items()
    }


def _comes(case: Case, product: Product) -> bool:
    """Tell whether more of a product can come within the horizon than what stands of it."""
    return case.periods.arrived(case.periods.index[-1], product.figures.lead_months)


def _offer(formulation: Formulation, parts: tuple[Part, ...], excess: float) -> Offer:
    case = formulation.case
    periods, product = case.periods, case.power[parts[0].name]
    first = next(t for t in periods.index if periods.arrived(t, product.figures.lead_months))
    slots = product.figures.slots_mw_per_year
    yearly = float("inf") if slots is None else product.buyer_share * slots
    bought = [
        sum(number(p.investment.units_added[t]) for p in parts) * product.figures.unit_mw
        for t in periods.index
    ]
    return Offer(
        parts=parts,
        first=first,
        open_mw=yearly * float(periods.length_years[first:].sum()),
        bought_mw=np.array(bought),
        usd_per_mwh=min(_usd_per_mwh(case, p) for p in _at_opened(formulation, parts)),
        sold_out=_sold_out(formulation, parts[0], first),
        excess=excess,
    )


def _sold_out(formulation: Formulation, part: Part, first: int) -> bool:
    """Tell whether the supply of a product's class of plant is used up from a period on."""
    technology = getattr(part.figures, "technology", "")
    supply = formulation.case.plant_supply.items()
    classes = {name for name, plant in supply if technology in plant.technologies}
    rows = [
        limit
        for limit in formulation.limits
        if limit.kind == "plant supply" and limit.name in classes and limit.period >= first
    ]
    used = [number(row.used) >= NEARLY_ALL * number(row.bound) for row in rows]
    return bool(used) and all(used)


def _at_opened(formulation: Formulation, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    last = formulation.case.periods.index[-1]
    works = formulation.model.site
    there = [p for p in parts if number(works[p.site].works.built[last]) > 0.5]
    return tuple(there) or parts


def _usd_per_mwh(case: Case, part: Part) -> float:
    p, t = part.figures, case.periods.index[-1]
    assert isinstance(p, DispatchableParameters)
    usd = yearly_usd(part, t) / part.investment.unit_mw
    hours = HOURS_PER_YEAR * REFERENCE_LOAD_FACTOR * in_order(p)
    return usd / hours + marginal_usd_per_mwh(p, use_prices_kusd(case, part.site), t)


def _verdict(case: Case, offer: Offer, offers: Mapping[str, Offer]) -> tuple[str, str]:
    mw = offer.total_mw
    if mw > 0 and mw >= NEARLY_ALL * offer.open_mw:
        return SOLD_OUT, f"{mw:,.0f} MW, all that this buyer could get"
    if mw > 0:
        rest = "" if np.isinf(offer.open_mw) else f" of {offer.open_mw:,.0f} MW open"
        return BOUGHT, f"{mw:,.0f} MW{rest}"
    return NOT_BOUGHT, _why_not(case, offer, [o for o in offers.values() if o.total_mw > 0])


def _why_not(case: Case, offer: Offer, chosen: list[Offer]) -> str:
    labels = case.periods.labels
    if not chosen:
        return "the plan buys no plant at the fence that runs on fuel"
    last = max(int(np.flatnonzero(o.bought_mw > 0)[-1]) for o in chosen)
    if offer.first > last:
        when = f"comes in {labels[offer.first]}; the last plant was bought for {labels[last]}"
        return f"lead time: {when}"
    if offer.sold_out:
        return "slots: all that its class of plant delivers is bought of others"
    if offer.excess > LEAST_EXCESS:
        return f"cost: capital and upkeep would have to be {offer.excess:.0%} lower"
    if offer.open_mw == 0:
        return "slots: none is open to this buyer"
    dearest = max(o.usd_per_mwh for o in chosen)
    if offer.usd_per_mwh > dearest:  # several duals may be right, so that none tells an excess
        mwh = f"{offer.usd_per_mwh:.1f} USD/MWh against {dearest:.1f} of the dearest bought"
        return f"cost: {mwh}"
    return _not_needed(case, offer)


def _not_needed(case: Case, offer: Offer) -> str:
    """Say what speaks against a product that is no dearer than those bought: its size, if any."""
    asked, unit_mw = case.scenario.reliability, offer.parts[0].investment.unit_mw
    if asked.spare_units and unit_mw >= asked.spared_from_mw:
        held_mw = asked.spare_units * unit_mw
        return f"size: every site would hold {held_mw:,.0f} MW of it in reserve"
    return "not needed: on paper no dearer than those bought"
