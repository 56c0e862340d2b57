"""Ways to power a campus at one site: when each is there, and what a MWh from it costs.

In closed form, with the figures that a plan of the scenario reads: nothing is solved. Every way has
to meet the load of every hour alone, a flat IT load times the power use effectiveness of the hour.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.base import Floats
from components.power import air_permit
from components.power.battery import Battery
from components.power.dispatchable import DispatchableParameters
from components.power.gas_lateral import mmcf_per_day
from components.power.grid import WAIT, Grid
from components.power.permits import potential_to_emit
from components.power.solar import Solar
from components.registry import POWER
from planner.case import HOURS_PER_YEAR, Product
from planner.formulate.permits import ceiling_t
from planner.off_grid import sizes
from planner.site_costs import (
    Campus,
    connection_usd,
    in_units,
    once_usd,
    pipes_for,
    pipes_usd,
    running_usd,
    sold_out,
    standing_usd,
    wear_usd,
    works_months,
)

FIRM, FLEXIBLE, GAS, SUN = "firm grid", "flexible grid", "gas on site", "solar and battery"
WAYS = (FIRM, FLEXIBLE, GAS, SUN)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to power a campus.

    Attributes
    ----------
    kind
        Of `WAYS`.
    products
        What is built, in words.
    months
        From the first possible order to power [months].
    usd_per_mwh
        Of power, over the energy that reaches the load [USD/MWh].
    """

    kind: str
    products: str
    months: float
    usd_per_mwh: float


def ways_of(campus: Campus) -> Iterator[Way]:
    """Yield every way to power a campus that the scenario's products allow."""
    products = {**campus.case.power, **campus.case.late}
    suns = [p for p in products.values() if isinstance(p.figures, Solar)]
    batteries = [p for p in products.values() if isinstance(p.figures, Battery)]
    for product in products.values():
        p = product.figures
        if isinstance(p, Grid):
            yield from _grid(campus, product, p, batteries)
        elif isinstance(p, DispatchableParameters) and POWER[type(p)].NEEDS_GAS:
            yield from _gas(campus, product, p)
    for sun in suns:
        for battery in batteries:
            yield from _sun(campus, sun, battery)


def _grid(campus: Campus, product: Product, p: Grid, batteries: list[Product]) -> Iterator[Way]:
    """Yield a connection for the highest hour; a flexible one with what carries its cuts."""
    share = POWER[Grid].profile(p, campus.world()).shares["output_within_capacity"]
    months = max(works_months(campus), p.lead_months, campus.here.figures[WAIT[p.kind]])
    if share.all():
        usd = connection_usd(campus, product, campus.load_mw, months)
        if usd is not None:
            yield Way(FIRM, product.name, months, usd / campus.mwh)
        return
    yield from _cut(campus, product, share, months, batteries)


def _cut(
    campus: Campus, product: Product, share: Floats, months: float, batteries: list[Product]
) -> Iterator[Way]:
    """Yield a connection that is cut, with batteries through the cuts or with load curtailed."""
    cut = share < 0.5
    short = np.where(cut, campus.load_mw, 0.0)
    grid = campus.case.scenario.grid
    if grid.flexible_backed_share == 0:
        usd = connection_usd(campus, product, campus.load_mw - short, months)
        lost_mwh = float(short.mean()) * HOURS_PER_YEAR
        paid = campus.case.scenario.power.curtailed_load_usd_per_mwh * lost_mwh
        if usd is not None:
            cost = (usd + paid) / campus.mwh
            yield Way(FLEXIBLE, f"{product.name}, load curtailed", months, cost)
    for battery in batteries:
        p = battery.figures
        assert isinstance(p, Battery)
        one_way = p.round_trip_efficiency**0.5
        longest_mwh = max((float(short[run].sum()) for run in _runs(cut)), default=0.0)
        mw = max(float(short.max()), longest_mwh / one_way / p.usable_mwh_per_mw)
        # What is charged back is taken in the hours that are not cut, evenly.
        back = np.where(cut, 0.0, short.sum() / p.round_trip_efficiency / (~cut).sum())
        there = max(months, p.lead_months)
        usd = connection_usd(campus, product, campus.load_mw - short + back, there)
        if usd is None or sold_out(battery):
            continue
        usd += standing_usd(campus, battery, mw, there) + wear_usd(p, float(short.mean()))
        yield Way(FLEXIBLE, f"{product.name}, {battery.name}", there, usd / campus.mwh)


def _runs(cut: NDArray[np.bool_]) -> Iterator[slice]:
    """Yield every run of hours that are cut."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], cut.astype(int), [0]])))
    yield from (slice(int(a), int(b)) for a, b in edges.reshape(-1, 2))


def _gas(campus: Campus, product: Product, p: DispatchableParameters) -> Iterator[Way]:
    """Yield a plant with its spare units, and the pipe and permit that it needs."""
    profile = POWER[type(p)].profile(p, campus.world())
    able = profile.shares["output_within_capacity"]
    if sold_out(product) or not able.all():
        return
    usable_mw = float((campus.load_mw / able).max())
    reliability = campus.case.scenario.reliability
    spares = reliability.spare_units if p.unit_mw >= reliability.spared_from_mw else 0
    mw = in_units(campus, p, usable_mw + spares * p.unit_mw)
    pipes = pipes_for(campus, mmcf_per_day(mw, p.net_heat_rate_mmbtu_per_mwh))
    if pipes is None:
        return
    permit_months, permitted = _permit(campus, p, mw)
    months = max(works_months(campus), p.lead_months, permit_months, pipes[0])
    t = campus.period(months)
    usd = standing_usd(campus, product, mw, months, usable_mw) + pipes_usd(campus, pipes[1], t)
    usd += running_usd(campus, p, campus.load_mw, t)
    if permitted and campus.case.air_permit is not None:
        usd += once_usd(campus, air_permit, "air_permit", campus.case.air_permit, t)
    yield Way(GAS, product.name, months, usd / campus.mwh)


def _permit(campus: Campus, p: DispatchableParameters, mw: float) -> tuple[float, bool]:
    """Return the months that a permit to emit takes, and whether it is a major source's."""
    asked, permit = campus.case.scenario.policy.air_permits, campus.case.air_permit
    if asked is None or permit is None:
        return 0.0, False
    major = potential_to_emit(mw, p.nox_lb_per_mwh) > ceiling_t(asked, campus.here.site.id)
    return (permit.lead_months if major else permit.minor_lead_months), major


def _sun(campus: Campus, sun: Product, battery: Product) -> Iterator[Way]:
    """Yield the cheapest of the fields tried with the battery that each needs."""
    p, b = sun.figures, battery.figures
    assert isinstance(p, Solar)
    assert isinstance(b, Battery)
    months = max(works_months(campus), p.lead_months, b.lead_months)
    if sold_out(sun) or sold_out(battery):
        return
    share = POWER[Solar].profile(p, campus.world()).shares["output_within_capacity"]
    best = math.inf
    for each in sizes(campus.load_mw, share, b):
        usd = standing_usd(campus, sun, each.solar_mw, months)
        usd += standing_usd(campus, battery, each.battery_mw, months)
        usd += wear_usd(b, each.discharged_mwh)
        if usd > best:
            break  # least cost is convex in the size of the field
        best = usd
    if best < math.inf:
        yield Way(SUN, f"{sun.name}, {battery.name}", months, best / campus.mwh)
