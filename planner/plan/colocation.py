"""What co-location saves: a MWh over a line, and the same plant at the fence, from figures alone.

In closed form, before any plan is made: what a MW of plant and its line cost in a year, over what
it can give at the capacity factor of its place. Nothing is said of when the energy comes, nor of
what firms it up.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from components.base import Floats, Hours, Setting, World
from components.finance import charge_rate
from components.power.additions import UnitParameters
from components.power.remote import OUTPUT, Remote, own_profile, profile
from components.taxes import TRANSMISSION_YEARS
from planner.case import HOURS_PER_YEAR, Case, SiteCase
from planner.formulate.formulation import Prices, site_prices_kusd
from planner.formulate.parts import setting_of

COLUMNS = [
    "site", "component", "source", "at", "period", "miles",
    "plant_capacity_factor", "arriving_capacity_factor", "loss_share",
    "plant_usd_per_mwh", "line_usd_per_mwh", "loss_usd_per_mwh", "arriving_usd_per_mwh",
    "fence_capacity_factor", "fence_usd_per_mwh", "saved_usd_per_mwh",
]  # fmt: skip
"""Of `colocation_table`."""


def colocation_table(case: Case) -> pd.DataFrame:
    """Compare every plant beyond the fence with the same plant at the fence of each site.

    One row per site, plant and line, in the first period in which it can be there. USD per MWh
    at the campus: ``plant`` (capital, fixed and running cost at the plant, per MWh generated),
    ``line`` (its charge over what arrives), ``loss`` (what is generated and does not arrive);
    ``arriving`` is their sum. ``fence`` is the same plant in the weather of the campus, with no
    line; ``saved`` is what co-location saves, negative where the far place is worth its line. A gas
    plant runs whenever it can; its lateral is in neither.
    """
    rows = [
        row
        for here in case.sites.values()
        for product in case.power.values()
        if isinstance(product.figures, Remote)
        for row in _rows(case, here, product.figures)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(case: Case, here: SiteCase, p: Remote) -> Iterator[dict[str, object]]:
    there = [t for t in case.periods.index if case.periods.arrived(t, p.lead_months)]
    miles = here.figures.get(p.miles_figure)
    if miles is None or not there:
        return
    t, setting, world = there[0], setting_of(case, here), _world(here)
    prices = site_prices_kusd(case, here)
    far = p.model_copy(update={"at": ""})

    arriving = profile(p, world).shares[OUTPUT].sum(axis=0)
    factor, running = _own(p, world, prices, t)
    at_fence, running_at_fence = _own(far, world, prices, t)
    fixed = _yearly_usd_per_mw(p.plant, setting, t)
    plant = fixed / (factor * HOURS_PER_YEAR) + running
    arrived = float(arriving.mean())
    line = _line_usd_per_mw(p, miles, setting) / (arrived * HOURS_PER_YEAR)
    loss = plant * (factor / arrived - 1)
    fence = fixed / (at_fence * HOURS_PER_YEAR) + running_at_fence
    yield {
        "site": here.site.id,
        "component": p.name,
        "source": p.source,
        "at": p.at,
        "period": case.periods.labels[t],
        "miles": miles,
        "plant_capacity_factor": factor,
        "arriving_capacity_factor": arrived,
        "loss_share": 1 - arrived / factor,
        "plant_usd_per_mwh": plant,
        "line_usd_per_mwh": line,
        "loss_usd_per_mwh": loss,
        "arriving_usd_per_mwh": plant + line + loss,
        "fence_capacity_factor": at_fence,
        "fence_usd_per_mwh": fence,
        "saved_usd_per_mwh": plant + line + loss - fence,
    }


def _world(here: SiteCase) -> World:
    """Return every hour of every weather year of a site."""
    order = np.arange(len(here.profiles["drybulb_c"]))
    hours = Hours(of_year=order, weight=np.ones(len(order)), before=np.roll(order, 1))
    return World(hours, here.profiles, here.figures)


def _own(p: Remote, world: World, prices: Prices, t: int) -> tuple[float, float]:
    """Return a plant's capacity factor, and what a MWh it generates takes [USD/MWh]."""
    own = own_profile(p, world)
    share: Floats = own.shares[OUTPUT]
    paid = sum(
        (amount * float(prices[use][t]) for use, amount in own.amounts.items()),
        np.zeros(len(world.hours)),
    )
    return float(share.mean()), float(share @ paid / share.sum())


def _yearly_usd_per_mw(p: UnitParameters, setting: Setting, t: int) -> float:
    """Return capital and fixed cost of a MW that enters service in a period [USD/(MW a)]."""
    year = int(setting.periods.year[t])
    rate = charge_rate(
        setting,
        p.life_years,
        credit_share=1 - p.net_of_credit(year),
        recovery_years=p.depreciation_years,
    )
    return 1000 * (rate * p.capex_path(setting.periods)[t] + p.fixed_om_usd_per_kw_year)


def _line_usd_per_mw(p: Remote, miles: float, setting: Setting) -> float:
    """Return the yearly charge of the line that a MW of plant has [USD/(MW a)]."""
    rate = charge_rate(setting, p.line.life_years, recovery_years=TRANSMISSION_YEARS)
    usd = p.line_usd_per_mw(miles, setting.figures["line_cost_ratio"])
    return usd * (rate + p.line.fixed_om_share)
