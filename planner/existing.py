"""Campuses that stand before the first period: what is there, by site, product and period."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from components.base import Floats, Periods
from components.power.gas_lateral import GasLateral
from planner.case import Product, SiteCase
from planner.errors import Problem, ScenarioError
from planner.scenario import Scenario
from planner.scenario.existing import Existing, Standing, StandingBlock, StandingPower, StandingRack

Products = Mapping[str, Product]

Row = tuple[str, str, Standing, str, str, Products]
"""Name, cooling type, what stands, key of the scenario, section, what that section has in use."""


def with_existing(
    scenario: Scenario,
    periods: Periods,
    places: Mapping[str, SiteCase],
    products: tuple[Products, Products, Products],
    laterals: Mapping[str, GasLateral],
) -> dict[str, SiteCase]:
    """Return the sites with what stands there.

    Parameters
    ----------
    scenario, periods
        What was asked, and the investment steps.
    places
        The candidate sites.
    products
        Power products, blocks and racks in use.
    laterals
        Sizes of pipe.

    Raises
    ------
    ScenarioError
        If something stands there that is not in use, or more halls than the site's limit of IT
        power; `planner.formulate.standing` refuses what is in use and cannot be operated there.
    """
    found = dict(places)
    for site, asked in scenario.sites.existing.items():
        if site not in places:
            key, what = f"sites.existing.{site}", "is not among the candidate sites"
            raise _refusal(key, what, site, "sites.include with it")
        rows = list(_rows(f"sites.existing.{site}", asked, products))
        for name, cooling, _, key, section, in_use in rows:
            _check(scenario, name, cooling, key, section, in_use)
        pipe = asked.gas_lateral or ""
        if pipe and pipe not in laterals:
            key = f"sites.existing.{site}.gas_lateral"
            raise _refusal(key, "is no size of pipe", pipe, ", ".join(laterals))
        found[site] = replace(
            places[site],
            stands=True,
            existing_lateral=pipe,
            existing_mw=_by_period(rows, periods),
            halls_until=_halls_until(rows, periods),
        )
        _check_room(found[site], asked)
    return found


def standing_power(scenario: Scenario) -> frozenset[str]:
    """Return the power products that stand at any site."""
    return frozenset(
        one.product for asked in scenario.sites.existing.values() for one in asked.power
    )


def standing_racks(
    scenario: Scenario, racks: Products, periods: Periods
) -> dict[str, frozenset[int]]:
    """Return each rack that stands at any site, with the periods in which some of it is there."""
    found: dict[str, frozenset[int]] = {}
    for asked in scenario.sites.existing.values():
        for one in asked.racks:
            if one.rack in racks:
                last = _last_year(one, racks[one.rack])
                there = {t for t in periods.index if last is None or periods.year[t] <= last}
                found[one.rack] = found.get(one.rack, frozenset()) | there
    return found


def _rows(
    key: str, asked: Existing, products: tuple[Products, Products, Products]
) -> Iterator[Row]:
    power, blocks, racks = products
    each: tuple[tuple[str, tuple[Standing, ...], Products], ...] = (
        ("blocks", asked.blocks, blocks),
        ("racks", asked.racks, racks),
        ("power", asked.power, power),
    )
    for section, standing, in_use in each:
        for i, one in enumerate(standing):
            name, cooling, field = _named(one)
            yield name, cooling, one, f"{key}.{section}.{i}.{field}", section, in_use


def _named(one: Standing) -> tuple[str, str, str]:
    if isinstance(one, StandingBlock):
        return one.block, one.cooling, "block"
    if isinstance(one, StandingRack):
        return one.rack, one.cooling, "rack"
    assert isinstance(one, StandingPower)
    return one.product, "", "product"


def _check(
    scenario: Scenario, name: str, cooling: str, key: str, section: str, in_use: Products
) -> None:
    if name not in in_use:
        tip = f"{section}.use with it; in use are {', '.join(in_use)}"
        raise _refusal(key, "is not in use, so that it cannot be operated", name, tip)
    fits = getattr(in_use[name].figures, "cooling", (cooling,))
    if cooling and cooling not in fits:
        place = f"{key.rpartition('.')[0]}.cooling"
        raise _refusal(place, f"does not go with {name}", cooling, f"one of {', '.join(fits)}")
    chosen = scenario.cooling.use
    if cooling and not isinstance(chosen, str) and cooling not in chosen:
        place = f"{key.rpartition('.')[0]}.cooling"
        raise _refusal(place, "is not in use", cooling, "cooling.use with it")


def _check_room(here: SiteCase, asked: Existing) -> None:
    mw = sum(hall.mw for hall in asked.blocks)
    if mw > here.limit_it_mw:
        key = f"sites.existing.{here.site.id}.blocks"
        what = f"are more than the site's limit of {here.limit_it_mw:g} MW"
        tip = f"sites.change.{here.site.id}.limit_it_mw"
        raise _refusal(key, what, f"{mw:g} MW", tip)


def _by_period(rows: list[Row], periods: Periods) -> dict[tuple[str, str], Floats]:
    found: dict[tuple[str, str], Floats] = {}
    for name, cooling, one, _, _, in_use in rows:
        last = _last_year(one, in_use[name])
        stands = np.ones(len(periods)) if last is None else periods.year <= last
        before = found.get((name, cooling), np.zeros(len(periods)))
        found[name, cooling] = before + one.mw * stands
    return found


def _last_year(one: Standing, product: Product) -> int | None:
    """Return the last calendar year in which something stands; None: beyond the horizon."""
    if one.since is None:
        return one.until
    return one.since + math.floor(product.figures.life_years) - 1


def _halls_until(rows: list[Row], periods: Periods) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, cooling, one, _, section, in_use in rows:
        last = _last_year(one, in_use[name]) if section == "blocks" else None
        if last is not None and last >= periods.year[-1]:
            found[cooling] = min(found.get(cooling, last), last)
    return found


def _refusal(key: str, what: str, got: str, tip: str) -> ScenarioError:
    return ScenarioError([Problem("scenario", 0, 0, key, what, got, tip)])
