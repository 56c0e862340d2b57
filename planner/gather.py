"""From a scenario to a case: all wrangling of data, no variables."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np

from components.base import Floats, Parameters, Periods
from components.catalog.loader import Entry, changed, load_family
from components.compute.rack import Rack
from components.cooling.parameters import Cooling
from components.facility.elements import Element, added_to_racks
from components.facility.retrofit import Retrofit
from components.facility.site_works import SiteWorks
from components.power.additions import UnitParameters
from components.power.air_permit import AirPermit
from components.power.dispatch_class import HEAT_RATE_TOLERANCE, dispatch_classes
from components.power.fuel_cell import FuelCell
from components.power.gas import Gas
from components.power.gas_lateral import GasLateral
from components.power.leaving import Leaving
from components.power.plant_supply import PlantSupply
from components.registry import POWER_FAMILIES
from planner.case import Case, PlantClass, Product, SiteCase, WorkloadCase
from planner.chips import buyer_supply, ingredients_in
from planner.errors import Problem, ScenarioError
from planner.existing import standing_power, with_existing
from planner.labour import labour_case
from planner.orbit import orbits_of, products_in_orbit, recipes_in_orbit
from planner.orbit_case import OrbitCase
from planner.recipes import find_recipes
from planner.remote import remote_products
from planner.scenario import ByYear, Scenario
from planner.scenario.base import Choice
from planner.users import user_groups
from planner.workloads import Asked, asked_workloads

P = TypeVar("P", bound=Parameters)

SECONDS_PER_DAY = 86_400

GRID_HZ = 60
"""Frequency of the grid at every site [Hz]."""


def make_periods(scenario: Scenario) -> Periods:
    """Return the investment steps of a scenario with their discount factors."""
    table = scenario.horizon.periods_table()
    rate = scenario.finance.discount_rate
    horizon = scenario.horizon
    since_start = np.array([row.start_months for row in table], dtype=float)
    length = np.array([row.length_years for row in table], dtype=float)
    return Periods(
        labels=tuple(row.label for row in table),
        year=np.array([row.year for row in table], dtype=np.int64),
        length_years=length,
        start_months=since_start + horizon.first_month - horizon.first_order_month,
        first_order_month=horizon.first_order_month,
        discount=(1 + rate) ** -(since_start / 12 + length / 2),
    )


def make_case(scenario: Scenario, places: Mapping[str, SiteCase]) -> Case:
    """Join a scenario with the catalog and the sites.

    Parameters
    ----------
    scenario
        A scenario whose names were checked against the catalog and the sites.
    places
        The candidate sites with weather and prices, from `planner.places.choose_sites`.

    Returns
    -------
    Case

    Raises
    ------
    ScenarioError
        If the parts do not fit: a rack without throughput for any workload, an ingredient without
        supply, a by-year figure that does not reach a period.
    """
    periods = make_periods(scenario)
    racks = _products(scenario, "racks", ("rack",))
    us_gwh, other, limit = _grid(scenario, periods)
    products = _products(scenario, "power", POWER_FAMILIES) | remote_products(scenario)
    asked = asked_workloads(scenario, periods.year.tolist())
    recipes, left_out = find_recipes(scenario, periods, asked, racks)
    orbits = orbits_of(scenario, periods, asked, racks)
    above, not_above = recipes_in_orbit(scenario, periods, asked, orbits, racks)
    power, late = _in_time(products, periods, standing_power(scenario))
    blocks = _products(scenario, "blocks", ("block",))
    laterals = _all("gas_lateral", GasLateral, scenario.power)
    exact = scenario.policy.co2_limit_t is not None
    case = Case(
        scenario=scenario,
        periods=periods,
        sites=with_existing(scenario, periods, places, (power, blocks, racks), laterals),
        power=power,
        blocks=blocks,
        retrofits=_retrofits(scenario),
        racks=racks | products_in_orbit(orbits, racks),
        classes=dispatch_classes(
            {name: product.figures for name, product in power.items()},
            0.0 if exact else HEAT_RATE_TOLERANCE,
        ),
        late=late,
        cooling=_cooling(scenario),
        recipes=recipes | above,
        left_out=(*left_out, *not_above),
        workloads=_workloads(scenario, periods, asked, places, orbits),
        chip_supply=_chip_supply(scenario, periods, racks),
        chip_units=_chip_units(racks),
        plant_supply=_plant_supply(scenario, periods),
        other_grid_gwh=other,
        us_gwh=us_gwh,
        grid_limit_gwh=limit,
        laterals=laterals,
        works=_single("site_works", SiteWorks, scenario.blocks),
        air_permit=_air_permit(scenario),
        leaving=_leaving(scenario),
        elements=elements_of(scenario),
        labour=labour_case(scenario, periods, places),
        defer_h=_defer_h(asked),
        orbits=orbits,
    )
    _check(case)
    return case


def by_period(value: ByYear, periods: Periods) -> Floats:
    """Read a by-year value in the calendar year of each period."""
    return np.array([value.at(int(year)) for year in periods.year], dtype=float)


def refuse(key: str, what: str, got: object, try_: str) -> ScenarioError:
    """Make the error for a scenario whose parts do not fit; the file is the whole scenario."""
    return ScenarioError([Problem("scenario", 0, 0, key, what, str(got), try_)])


def elements_of(scenario: Scenario) -> dict[str, Element]:
    """Return the elements of a campus with the scenario's figures.

    Raises
    ------
    pydantic.ValidationError
        If a changed figure cannot be.
    """
    racks = scenario.racks
    given = {"networking": racks.network_share, "storage": racks.storage_share}
    found = {}
    for name, entry in load_family("element").items():
        change = dict(scenario.elements.change.get(name, {}))
        if (share := given.get(name)) is not None:
            change["added_share"] = share
        found[name] = _as(Element, changed(entry, change))
    return found


def _products(scenario: Scenario, section: str, families: Iterable[str]) -> dict[str, Product]:
    asked = getattr(scenario, section)
    added = added_to_racks(elements_of(scenario).values())
    found: dict[str, Product] = {}
    for family in families:
        share = scenario.supply.buyer_share.get(family, 1.0)
        for name, entry in _chosen(load_family(family), asked.use).items():
            figures = changed(entry, asked.change.get(name, {})).parameters
            if not isinstance(figures, UnitParameters):
                msg = f"{family}.{name} is not sold in units"
                raise TypeError(msg)
            if asked.use in ("default", "all") and not _fits_grid(figures):
                continue
            if isinstance(figures, Rack):
                figures = figures.with_added_cost(added)
            if scenario.finance.domestic_content:
                figures = figures.with_domestic_content()
            found[name] = Product(name, family, figures, share)
    return found


def _retrofits(scenario: Scenario) -> dict[str, Product]:
    """Return the retrofits that the scenario offers, with its changes."""
    asked, offered = scenario.blocks, load_family("retrofit")
    names = list(offered) if asked.retrofits == "all" else asked.retrofits
    found = {name: changed(offered[name], asked.change.get(name, {})) for name in names}
    return {
        name: Product(name, "retrofit", _as(Retrofit, entry), 1.0) for name, entry in found.items()
    }


def _fits_grid(figures: Parameters) -> bool:
    """Tell whether a machine runs at the frequency of the sites' grid; all sites are in the US."""
    return not isinstance(figures, Gas) or figures.frequency_hz == GRID_HZ


def _in_time(
    products: Mapping[str, Product], periods: Periods, standing: frozenset[str]
) -> tuple[dict[str, Product], dict[str, Product]]:
    """Tell products that stand or can be there within the horizon from those that come after it."""
    last = len(periods) - 1
    there = {
        n: p
        for n, p in products.items()
        if n in standing or periods.arrived(last, p.figures.lead_months)
    }
    return there, {n: p for n, p in products.items() if n not in there}


def _chosen(entries: Mapping[str, Entry], use: str | tuple[str, ...]) -> dict[str, Entry]:
    if use == "all":
        return dict(entries)
    if use == "default":
        return {name: entry for name, entry in entries.items() if entry.default}
    return {name: entry for name, entry in entries.items() if name in use}


def _cooling(scenario: Scenario) -> dict[str, Cooling]:
    asked = scenario.cooling
    return {
        name: _as(Cooling, changed(entry, asked.change.get(name, {})))
        for name, entry in _chosen(load_family("cooling"), asked.use).items()
    }


def _air_permit(scenario: Scenario) -> AirPermit | None:
    if scenario.policy.air_permits is None:
        return None
    return _single("air_permit", AirPermit, scenario.power)


def _leaving(scenario: Scenario) -> dict[str, Leaving]:
    if not scenario.power.early_retirement:
        return {}
    terms = _all("leaving", Leaving, scenario.power).values()
    return {each.technology: each for each in terms}


def _all(family: str, kind: type[P], asked: Choice) -> dict[str, P]:
    return {
        name: _as(kind, changed(entry, asked.change.get(name, {})))
        for name, entry in load_family(family).items()
    }


def _single(family: str, kind: type[P], asked: Choice) -> P:
    (entry,) = load_family(family).values()
    return _as(kind, changed(entry, asked.change.get(entry.name, {})))


def _as(kind: type[P], entry: Entry) -> P:
    if not isinstance(entry.parameters, kind):
        msg = f"{entry.family}.{entry.name} is a {type(entry.parameters).__name__}"
        raise TypeError(msg)
    return entry.parameters


def _workloads(
    scenario: Scenario,
    periods: Periods,
    asked: Mapping[str, Asked],
    places: Mapping[str, SiteCase],
    orbits: Mapping[str, OrbitCase],
) -> dict[str, WorkloadCase]:
    rtt_ms = {name: orbit.rtt_ms for name, orbit in orbits.items()}
    headroom = scenario.serving.utilisation
    return {
        name: WorkloadCase(
            demand_mtokens_per_s=by_period(w.tokens_per_day, periods) / SECONDS_PER_DAY / 1e6,
            capacity_ratio=asked[name].peak_to_mean / headroom,
            value_usd_per_mtok=w.value_usd_per_mtok,
            must_serve=w.must_serve,
            groups=user_groups(asked[name], [here.site for here in places.values()], rtt_ms),
            may_wait=asked[name].defer_h is not None,
            has_tools=asked[name].cpu_core_s_per_request > 0,
        )
        for name, w in scenario.demand.workloads.items()
    }


def _defer_h(asked: Mapping[str, Asked]) -> int | None:
    """Return the window of work that can wait: the shortest of all, so that none waits longer."""
    return min((each.defer_h for each in asked.values() if each.defer_h is not None), default=None)


def _chip_supply(
    scenario: Scenario, periods: Periods, racks: Mapping[str, Product]
) -> dict[str, Floats]:
    """Return what this buyer can get of what the racks in use are made of, by period."""
    drawn = ingredients_in(product.figures for product in racks.values())
    return buyer_supply(scenario, periods, drawn)


def _chip_units(racks: Mapping[str, Product]) -> dict[str, str]:
    drawn = ingredients_in(product.figures for product in racks.values())
    return {name: supply.unit for name, supply in drawn.items()}


def _plant_supply(scenario: Scenario, periods: Periods) -> dict[str, PlantClass]:
    asked = scenario.supply
    found: dict[str, PlantClass] = {}
    for name, entry in load_family("plant_supply").items():
        supply = _as(PlantSupply, entry)
        given = asked.plant.get(name)
        if given is None:
            open_mw = supply.by_year(asked.plant_outlook)
            mw = np.interp(periods.year, list(open_mw), list(open_mw.values()))
        else:
            mw = by_period(given, periods)
        of_family = asked.buyer_share.get(_family_of(supply.technologies), 1.0)
        share = asked.buyer_share.get(name, of_family)
        found[name] = PlantClass(supply.technologies, share * mw * periods.length_years)
    return found


def _family_of(technologies: tuple[str, ...]) -> str:
    """Return the family of the products of a class."""
    entries = load_family("fuel_cell").values()
    made = {_as(FuelCell, entry).technology for entry in entries}
    return "fuel_cell" if made & set(technologies) else "gas"


def _grid(scenario: Scenario, periods: Periods) -> tuple[Floats, Floats, Floats | None]:
    grid = scenario.grid
    us_gwh = 1000 * by_period(grid.us_twh, periods) * periods.length_years
    other = 1000 * by_period(grid.other_data_centres_twh, periods) * periods.length_years
    if grid.share_limit is None:
        return us_gwh, other, None
    return us_gwh, other, by_period(grid.share_limit, periods) * us_gwh


def _check(case: Case) -> None:
    served = {recipe.workload for recipe in case.recipes.values()}
    served |= {out.workload for out in case.left_out if out.late}
    if missing := sorted(set(case.workloads) - served):
        ways = [out for out in case.left_out if out.workload == missing[0]]
        reasons = [f"{out.racks} ({out.mode}): {out.why}" for out in ways]
        what = "no rack in use serves this workload in any mode"
        tip = f"another rack, slower tokens or a shorter context; {'; '.join(reasons[:4])}"
        raise refuse(key=f"demand.workloads.{missing[0]}", what=what, got=missing, try_=tip)
    if case.grid_limit_gwh is not None and (case.grid_limit_gwh < case.other_grid_gwh).any():
        t = int(np.argmax(case.other_grid_gwh - case.grid_limit_gwh))
        share = case.other_grid_gwh[t] / case.us_gwh[t]
        label = case.periods.labels[t]
        what = f"other data centres alone take {share:.1%} of US electricity in {label}"
        got = f"a limit of {case.grid_limit_gwh[t] / case.us_gwh[t]:.1%}"
        tip = "raise it, or lower grid.other_data_centres_twh"
        raise refuse(key="grid.share_limit", what=what, got=got, try_=tip)
