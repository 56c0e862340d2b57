"""Whether the names in a scenario exist: sites, products and their figures, areas, ingredients."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from planner.errors import Problem
from planner.scenario.base import Choice, Complaint, Loc
from planner.scenario.demand import Workload
from planner.scenario.existing import named
from planner.scenario.explaining import nearest, place
from planner.scenario.grid import ALL_AREAS
from planner.scenario.places import Located
from planner.scenario.power import GEOTHERMAL_STATES
from planner.scenario.remote import RemotePlant
from planner.scenario.scenario import Scenario
from sites.site import WaterStress

FAMILIES = ("power", "cooling", "blocks", "racks")
"""The sections that choose from the catalog."""

TRAFFIC = ("model", "input_tokens", "output_tokens", "tokens_per_s_per_user")
"""What a workload needs that is in the catalog neither itself nor under ``like``."""


@dataclass(frozen=True, slots=True)
class Known:
    """The names that exist. None: not known, and so not checked.

    Attributes
    ----------
    sites
        Ids of sites.
    site_figures
        Fields of a site that ``sites.change`` may replace, ``limit_it_mw`` included.
    products
        Section (`FAMILIES`, and ``elements``) to product to the figures that ``change`` may
        replace.
    grid_areas, states
        Of the sites.
    ingredients
        What chips are made of: keys of ``supply.chips``.
    plants
        Classes of power plant: keys of ``supply.plant``.
    supply
        Ingredients, families of products, classes of plant and racks: keys of
        ``supply.buyer_share``.
    outlooks
        Ingredients and their makers: keys of ``supply.chip_outlook_of``.
    workloads
        Workloads of the catalog: names in ``demand.workloads``, or what they are ``like``.
    models
        Language models of the catalog.
    model_figures
        What ``serving.models`` may say of one.
    metros
        Metropolitan areas.
    racks, accelerators
        Keys of ``serving.tokens_per_s_per_rack``; those of them that run whole models, keys of
        ``serving.modes_of``.
    satellites
        Satellite of the catalog to the figures that ``change`` may replace.
    remote_sources, lines
        What may be ``source`` and ``line`` in ``power.remote``.
    retrofits
        Of the catalog: names in ``blocks.retrofits``.
    """

    sites: frozenset[str]
    site_figures: frozenset[str]
    products: Mapping[str, Mapping[str, frozenset[str]]]
    grid_areas: frozenset[str] | None = None
    states: frozenset[str] | None = None
    ingredients: frozenset[str] | None = None
    plants: frozenset[str] | None = None
    supply: frozenset[str] | None = None
    outlooks: frozenset[str] | None = None
    workloads: frozenset[str] | None = None
    models: frozenset[str] | None = None
    model_figures: frozenset[str] | None = None
    metros: frozenset[str] | None = None
    racks: frozenset[str] | None = None
    accelerators: frozenset[str] | None = None
    satellites: Mapping[str, frozenset[str]] | None = None
    remote_sources: frozenset[str] | None = None
    lines: frozenset[str] | None = None
    retrofits: frozenset[str] | None = None


def check_names(scenario: Scenario, located: Located, known: Known) -> tuple[Problem, ...]:
    """Find the names that do not exist, each with its place and the nearest that does.

    Parameters
    ----------
    scenario
        What was read.
    located
        The same with places, as in `Loaded.places`.
    known
        What exists.
    """
    complaints = (
        *_sites(scenario, known),
        *_grid_and_policy(scenario, known),
        *_supply_and_demand(scenario, known),
        *_serving(scenario, known),
        *_remote(scenario, known),
        *_orbits(scenario, known),
        *(c for family in FAMILIES for c in _products(scenario, family, known)),
        *_standing(scenario, known),
        *_elements(scenario, known),
        *_cooling_of_racks(scenario, known),
    )
    return tuple(place(complaint, located) for complaint in complaints)


def _sites(scenario: Scenario, known: Known) -> Iterator[Complaint]:
    sites = scenario.sites
    include = () if sites.include == "all" else sites.include
    yield from _listed(("sites", "include"), include, "site", known.sites)
    yield from _listed(("sites", "exclude"), sites.exclude, "site", known.sites)
    yield from _changed(
        ("sites", "change"), sites.change, "site", dict.fromkeys(known.sites, known.site_figures)
    )
    yield from _keys(("sites", "weather", "files"), sites.weather.files, "site", known.sites)
    yield from _keys(("sites", "existing"), sites.existing, "site", known.sites)


def _grid_and_policy(scenario: Scenario, known: Known) -> Iterator[Complaint]:
    grid, policy = scenario.grid, scenario.policy
    areas, states = known.grid_areas, known.states
    yield from _keys(("grid", "price_usd_per_mwh"), grid.price_usd_per_mwh, "site", known.sites)
    by_site = ("firm_wait_months", "flexible_wait_months", "site_limit_mw", "site_upgrades")
    for key in by_site:
        yield from _keys(("grid", key), getattr(grid, key), "site", known.sites)
    places = known.sites | areas if areas is not None else None
    yield from _keys(("grid", "price_files"), grid.price_files, "site or grid area", places)
    yield from _keys(("grid", "area_limit_mw"), grid.area_limit_mw, "grid area", areas)
    shares = areas | {ALL_AREAS} if areas is not None else None
    yield from _keys(("grid", "area_share_limit"), grid.area_share_limit, "grid area", shares)
    for key in ("area_twh", "area_other_data_centres_twh"):
        yield from _keys(("grid", key), getattr(grid, key), "grid area", areas)
    yield from _listed(("policy", "must_open"), policy.must_open, "site", known.sites)
    if isinstance(policy.water_limit_m3_per_site, Mapping):
        limits, key = policy.water_limit_m3_per_site, "water_limit_m3_per_site"
        what = "site or class of water stress"
        yield from _keys(("policy", key), limits, what, known.sites | set(get_args(WaterStress)))
    if policy.air_permits is not None:
        for key in ("ozone_areas", "site_ceiling_t"):
            loc = ("policy", "air_permits", key)
            yield from _keys(loc, getattr(policy.air_permits, key), "site", known.sites)
    if scenario.power.geothermal_states != GEOTHERMAL_STATES and states is not None:
        chosen = scenario.power.geothermal_states
        yield from _listed(("power", "geothermal_states"), chosen, "state", states)
    regions = known.sites | areas | states if areas is not None and states is not None else None
    what = "site, state or grid area"
    yield from _keys(("policy", "moratoria"), policy.moratoria, what, regions)


def _supply_and_demand(scenario: Scenario, known: Known) -> Iterator[Complaint]:
    supply = scenario.supply
    what = "ingredient, family, class of plant or rack"
    yield from _keys(("supply", "buyer_share"), supply.buyer_share, what, known.supply)
    what = "ingredient or maker of some"
    yield from _keys(("supply", "chip_outlook_of"), supply.chip_outlook_of, what, known.outlooks)
    yield from _keys(("supply", "chips"), supply.chips, "ingredient", known.ingredients)
    yield from _keys(("supply", "plant"), supply.plant, "class of plant", known.plants)
    if (labour := supply.labour) is not None:
        loc = ("supply", "labour")
        yield from _keys((*loc, "regions"), labour.regions, "site", known.sites)
        yield from _keys((*loc, "rack_install_h"), labour.rack_install_h, "rack", known.racks)
        regions = known.states | set(labour.regions.values()) if known.states else None
        what = "state of a site, or region of labour.regions"
        yield from _keys((*loc, "craft_h_per_year"), labour.craft_h_per_year, what, regions)
    for name, workload in scenario.demand.workloads.items():
        yield from _workload(scenario, name, workload, known)


def _workload(
    scenario: Scenario, name: str, workload: Workload, known: Known
) -> Iterator[Complaint]:
    loc = ("demand", "workloads", name)
    missing = [key for key in TRAFFIC if getattr(workload, key) is None]
    if workload.like is None and missing and known.workloads and name not in known.workloads:
        what = f"is no workload that is known, like none, and lacks {', '.join(missing)}"
        yield Complaint(loc, what, name, nearest(name, known.workloads), at_key=True)
    yield from _named((*loc, "like"), workload.like, "workload", known.workloads)
    yield from _named((*loc, "model"), workload.model, "model", _models(scenario, known))
    metros = workload.metros or {}
    yield from _keys((*loc, "metros"), metros, "metropolitan area", known.metros)


def _models(scenario: Scenario, known: Known) -> frozenset[str] | None:
    return known.models | set(scenario.serving.models) if known.models is not None else None


def _serving(scenario: Scenario, known: Known) -> Iterator[Complaint]:
    serving = scenario.serving
    given = serving.tokens_per_s_per_rack
    yield from _keys(("serving", "tokens_per_s_per_rack"), given, "rack", known.racks)
    what = "rack of accelerators"
    yield from _keys(("serving", "modes_of"), serving.modes_of, what, known.accelerators)
    for position, curve in enumerate(serving.curves):
        at = ("serving", "curves", position)
        yield from _named((*at, "model"), curve.model, "model", _models(scenario, known))
        yield from _named((*at, "rack"), curve.rack, "rack", known.racks)
    for name, figures in serving.models.items():
        loc = ("serving", "models", name)
        if known.models is not None and name in known.models:
            what = "is a model of the catalog already"
            yield Complaint(loc, what, name, f"{name}_own with like: {name}", at_key=True)
        like = figures.get("like")
        yield from _named((*loc, "like"), str(like) if like else None, "model", known.models)
        yield from _keys(loc, figures, "figure of a language model", known.model_figures)


def _remote(scenario: Scenario, known: Known) -> Iterator[Complaint]:
    for name, plant in scenario.power.remote.items():
        loc = ("power", "remote", name)
        if name in known.products.get("power", {}):
            what = "is a product of the catalog already"
            yield Complaint(loc, what, name, f"{name}_far", at_key=True)
        yield from _named((*loc, "source"), plant.source, "plant", known.remote_sources)
        yield from _named((*loc, "line"), plant.line, "line", known.lines)
        yield from _named((*loc, "at"), plant.at, "site", known.sites)
        yield from _listed((*loc, "sites"), plant.sites or (), "site", known.sites)
        yield from _far_sites(scenario, plant, loc)


def _orbits(scenario: Scenario, known: Known) -> Iterator[Complaint]:
    satellites = known.satellites
    for name, orbit in scenario.sites.orbit.items():
        loc = ("sites", "orbit", name)
        names = None if satellites is None else frozenset(satellites)
        yield from _named((*loc, "satellite"), orbit.satellite, "satellite", names)
        if satellites is not None and orbit.satellite in satellites:
            figures = satellites[orbit.satellite]
            yield from _keys((*loc, "change"), orbit.change, "figure of a satellite", figures)
        if known.racks is not None:
            yield from _listed((*loc, "racks"), orbit.racks or (), "rack", known.racks)


def _far_sites(scenario: Scenario, plant: RemotePlant, loc: Loc) -> Iterator[Complaint]:
    sites = scenario.sites
    for position, site in enumerate(plant.sites or ()):
        where = (*loc, "sites", position)
        if site in sites.exclude or (sites.include != "all" and site not in sites.include):
            what = "is to use a plant but is not among the sites"
            yield Complaint(where, what, site, f"adding {site} to sites.include")
        elif site == plant.at and plant.miles is None:
            yield Complaint(where, "is where the plant stands", site, "giving miles")


def _named(
    loc: Loc, name: str | None, kind: str, known: frozenset[str] | None
) -> Iterator[Complaint]:
    if name is not None and known is not None and name not in known:
        yield Complaint(loc, f"is no {kind} that is known", name, nearest(name, known))


def _products(scenario: Scenario, family: str, known: Known) -> Iterator[Complaint]:
    chosen: Choice = getattr(scenario, family)
    products = known.products.get(family, {})
    use = () if isinstance(chosen.use, str) else chosen.use
    yield from _listed((family, "use"), use, "product", frozenset(products))
    yield from _changed((family, "change"), chosen.change, "product", products)


def _standing(scenario: Scenario, known: Known) -> Iterator[Complaint]:
    far = frozenset(scenario.power.remote)
    for loc, section, name in named(scenario.sites.existing):
        there = frozenset(known.products.get(section, {}))
        yield from _named(loc, name, str(loc[-1]), there | far if section == "power" else there)
    asked = scenario.blocks.retrofits
    if known.retrofits is not None and asked != "all":
        yield from _listed(("blocks", "retrofits"), asked, "retrofit", known.retrofits)


def _cooling_of_racks(scenario: Scenario, known: Known) -> Iterator[Complaint]:
    """Find cooling types that racks are changed to and that are none."""
    types = frozenset(known.products.get("cooling", {}))
    for rack, figures in scenario.racks.change.items():
        names = figures.get("cooling", ())
        if isinstance(names, tuple):
            loc = ("racks", "change", rack, "cooling")
            yield from _listed(loc, names, "cooling type", types)


def _elements(scenario: Scenario, known: Known) -> Iterator[Complaint]:
    elements = known.products.get("elements")
    if elements is not None:
        yield from _changed(("elements", "change"), scenario.elements.change, "element", elements)


def _listed(
    loc: Loc, names: Iterable[str], kind: str, known: frozenset[str]
) -> Iterator[Complaint]:
    for position, name in enumerate(names):
        if name not in known:
            what = f"is no {kind} that is known"
            yield Complaint((*loc, position), what, name, nearest(name, known))


def _keys(
    loc: Loc, names: Iterable[str], kind: str, known: frozenset[str] | None
) -> Iterator[Complaint]:
    for name in names:
        if known is not None and name not in known:
            what = f"is no {kind} that is known"
            yield Complaint((*loc, name), what, name, nearest(name, known), at_key=True)


def _changed(
    loc: Loc,
    change: Mapping[str, Mapping[str, object]],
    kind: str,
    known: Mapping[str, frozenset[str]],
) -> Iterator[Complaint]:
    yield from _keys(loc, change, kind, frozenset(known))
    for name, figures in change.items():
        if name in known:
            yield from _keys((*loc, name), figures, f"figure of {name}", known[name])
