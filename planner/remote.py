"""Plants beyond the fence: products from plant and line, and what each site knows of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from components.base import Floats
from components.catalog.loader import Entry, changed, load_family
from components.power.additions import UnitParameters
from components.power.dispatchable import DispatchableParameters
from components.power.line import Line
from components.power.remote import Remote
from components.power.remote_firm import RemoteFirm
from planner.case import Product, SiteCase
from planner.scenario import Scenario
from planner.scenario.remote import RemotePlant
from sites.normals import distance_km
from sites.site import Site

SOURCES = ("solar", "wind", "gas")
"""Families whose products may stand beyond the fence."""

MILES_PER_KM = 1 / 1.609344

DETOUR = 1.2
"""Route of a line over the great circle between its ends: a planning estimate [1]."""

OF_WEATHER = ("drybulb_c", "wetbulb_c", "solar_capacity_factor", "wind_capacity_factor")
"""Profiles that are those of the plant's place."""


def remote_products(scenario: Scenario) -> dict[str, Product]:
    """Return every plant beyond the fence as a product of the family ``remote``.

    Figures are those of the catalog with the changes of ``power.change``, as on a site. A plant is
    bought with the buyer's share of its own family.
    """
    return {name: _product(scenario, name, asked) for name, asked in scenario.power.remote.items()}


def _product(scenario: Scenario, name: str, asked: RemotePlant) -> Product:
    source = next(
        entries[asked.source] for f in SOURCES if asked.source in (entries := load_family(f))
    )
    plant, line = (
        _changed(scenario, e).parameters for e in (source, load_family("line")[asked.line])
    )
    if not (isinstance(plant, UnitParameters) and isinstance(line, Line)):
        msg = f"{name}: {asked.source} is no plant, or {asked.line} no line"
        raise TypeError(msg)
    if scenario.finance.domestic_content:
        plant = plant.with_domestic_content()
    kind = RemoteFirm if isinstance(plant, DispatchableParameters) else Remote
    figures = kind.of(
        name,
        asked.source,
        plant,
        line,
        at=asked.at or "",
        line_share=asked.line_share,
        whole_circuits=asked.whole_circuits,
    )
    share = scenario.supply.buyer_share.get(source.family, 1.0)
    return Product(name, "remote", figures, share)


def _changed(scenario: Scenario, entry: Entry) -> Entry:
    return changed(entry, scenario.power.change.get(entry.name, {}))


def join_remote(
    scenario: Scenario,
    places: Mapping[str, SiteCase],
    place_of: Callable[[str], SiteCase],
) -> dict[str, SiteCase]:
    """Tell every site how far the plants beyond its fence are, and what weather they have.

    A site gains the figure ``remote_miles@<plant>`` where it may use the plant and, where that
    has a place of its own, profiles of its weather and its ``elevation_m``, each with ``@<place>``
    behind its name and on the site's clock.

    Parameters
    ----------
    scenario
        What was asked.
    places
        The candidate sites.
    place_of
        Makes the numbers of a site by its id, candidate or not.
    """
    asked = scenario.power.remote
    plants = {p.at: places.get(p.at) or place_of(p.at) for p in asked.values() if p.at is not None}
    found = dict(places)
    for name, plant in asked.items():
        there = plants.get(plant.at or "")
        for site, here in found.items():
            miles = line_miles(plant, here.site, there.site if there else None)
            if miles is None:
                continue
            far = _weather_of(there, here) if there else {}
            high = {f"elevation_m@{plant.at}": there.figures["elevation_m"]} if there else {}
            found[site] = replace(
                here,
                profiles={**here.profiles, **far},
                figures={**here.figures, **high, f"remote_miles@{name}": miles},
            )
    return found


def line_miles(plant: RemotePlant, here: Site, there: Site | None) -> float | None:
    """Return the length of a plant's line to a site; None where the site may not use it [mile]."""
    if plant.sites is not None and here.id not in plant.sites:
        return None
    miles = plant.miles
    if miles is None and there is not None:
        far = distance_km(
            here.latitude_deg, here.longitude_deg, there.latitude_deg, there.longitude_deg
        )
        miles = DETOUR * far * MILES_PER_KM
    if not miles or (plant.sites is None and miles > plant.most_miles):
        return None
    return miles


def _weather_of(there: SiteCase, here: SiteCase) -> dict[str, Floats]:
    """Return the weather of a place on the clock of another: standard time of each differs."""
    later = here.site.utc_offset_h - there.site.utc_offset_h
    return {
        f"{name}@{there.site.id}": np.roll(there.profiles[name], later)
        for name in OF_WEATHER
        if name in there.profiles
    }
