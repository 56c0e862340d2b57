"""Reading a scenario with all its names and figures checked against the catalog and the sites."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from components.catalog.loader import Entry, changed, load_family
from components.compute.chips import ChipSupply
from components.compute.model import LanguageModel
from components.facility.elements import Element, unbalanced
from components.power.gas import Gas
from components.registry import FAMILIES, POWER_FAMILIES
from planner.errors import Problem, ScenarioError
from planner.gather import GRID_HZ, elements_of
from planner.orbit import FAMILY as SATELLITE
from planner.orbit import satellite_of
from planner.remote import SOURCES
from planner.scenario import Known, Loaded, Located, Scenario, load
from planner.scenario.base import Loc
from planner.scenario.extending import Chain
from planner.workloads import own_model, workload_kind
from sites.errors import SiteFileError
from sites.latency import metros
from sites.site import Site
from sites.table import builtin_sites

SECTIONS = {
    "power": (*POWER_FAMILIES, "gas_lateral", "line", "air_permit", "leaving"),
    "cooling": ("cooling",),
    "blocks": ("block", "site_works", "retrofit", "labour_market"),
    "racks": ("rack",),
    "elements": ("element",),
}
"""Section of the scenario to the families of the catalog whose figures it may change.

The lateral and the works of a site are always there, chosen or not.
"""

ENGINES = ("monolithic", "decomposed")
"""Engines that exist; the schema names those to come."""

OWN_LIMIT = "limit_it_mw"
"""What ``sites.change`` may set that is no field of a site."""


def read_scenario(
    path: Path | Chain, sets: Iterable[str] = (), laid: Iterable[tuple[Loc, Located]] = ()
) -> Loaded:
    """Read a scenario and check it against all that is known; parameters as of `load`.

    Raises
    ------
    ScenarioError
        With every problem found, each with file, line and column.
    """
    sets, laid = tuple(sets), tuple(laid)
    sites = _sites_named(path, sets, laid)
    loaded = load(path, sets, known(sites), laid)
    problems = [
        *_wrong_frequency(loaded),
        *_no_engine(loaded),
        *_bad_figures(loaded),
        *_bad_shares(loaded),
        *_bad_models(loaded),
        *_bad_workloads(loaded),
        *_bad_sites(loaded, sites),
        *_bad_orbits(loaded, sites),
    ]
    if problems:
        raise ScenarioError(problems)
    return loaded


def _sites_named(
    path: Path | Chain, sets: tuple[str, ...], laid: tuple[tuple[Loc, Located], ...]
) -> Mapping[str, Site]:
    """Return the sites that a scenario may name; if it is broken, with its names checked too."""
    try:
        return known_sites(load(path, sets, laid=laid))
    except ScenarioError:
        file = path.files[0] if isinstance(path, Chain) else path
        own_sites = file.is_file() and b"file:" in file.read_bytes()
        if not own_sites:
            load(path, sets, known(builtin_sites()), laid)
        raise


def known_sites(loaded: Loaded) -> Mapping[str, Site]:
    """Return every site that a scenario may name: built in, and the user's own.

    Raises
    ------
    ScenarioError
        If the user's file of sites cannot be used.
    """
    asked = loaded.scenario.sites
    if asked.file is None:
        return builtin_sites()
    from sites.user import merge, read_sites

    try:
        return merge(builtin_sites(), read_sites(Path(asked.file)), replace=asked.replace)
    except (SiteFileError, OSError) as error:
        raise ScenarioError([loaded.places.problem(("sites", "file"), str(error))]) from error


def known(sites: Mapping[str, Site]) -> Known:
    """Return the names that exist, for `planner.scenario.check_names`."""
    chips = frozenset(load_family("chip_supply"))
    racks = frozenset(load_family("rack"))
    plants = frozenset(load_family("plant_supply"))
    products = {
        section: {
            name: frozenset(type(entry.parameters).model_fields)
            for name, entry in _entries(section)
        }
        for section in SECTIONS
    }
    return Known(
        sites=frozenset(sites),
        site_figures=frozenset(Site.model_fields) - {"id"} | {OWN_LIMIT},
        products=products,
        grid_areas=frozenset(site.grid_area for site in sites.values()),
        states=frozenset(site.state for site in sites.values()),
        ingredients=chips,
        plants=plants,
        supply=chips | plants | racks | frozenset(FAMILIES),
        outlooks=chips | _makers(),
        workloads=frozenset(load_family("workload")),
        models=frozenset(load_family("model")),
        model_figures=frozenset(LanguageModel.model_fields) | {"like"},
        metros=frozenset(metros()),
        racks=racks,
        accelerators=_accelerators(),
        satellites={
            name: frozenset(type(entry.parameters).model_fields)
            for name, entry in load_family(SATELLITE).items()
        },
        remote_sources=frozenset(name for f in SOURCES for name in load_family(f)),
        lines=frozenset(load_family("line")),
        retrofits=frozenset(load_family("retrofit")),
    )


def _accelerators() -> frozenset[str]:
    entries = load_family("rack").items()
    kinds = {name: getattr(entry.parameters, "kind", "") for name, entry in entries}
    return frozenset(name for name, kind in kinds.items() if kind == "accelerator")


def _makers() -> frozenset[str]:
    """Return what ingredients move with."""
    entries = load_family("chip_supply").values()
    return frozenset(p.moves_with for e in entries if isinstance(p := e.parameters, ChipSupply))


def _entries(section: str) -> Iterator[tuple[str, Entry]]:
    for family in SECTIONS[section]:
        yield from load_family(family).items()


def _no_engine(loaded: Loaded) -> Iterator[Problem]:
    engine = loaded.scenario.solver.engine
    if engine not in ENGINES:
        loc = ("solver", "engine")
        yield loaded.places.problem(loc, "is not built yet", engine, " or ".join(ENGINES))


def _bad_figures(loaded: Loaded) -> Iterator[Problem]:
    """Find figures of the catalog that are changed to what cannot be."""
    for section in SECTIONS:
        change = getattr(loaded.scenario, section).change
        for name, entry in _entries(section):
            try:
                changed(entry, change.get(name, {}))
            except ValidationError as error:
                yield from _placed(loaded, error, (section, "change", name))


def _bad_shares(loaded: Loaded) -> Iterator[Problem]:
    """Find parts of a plan whose elements do not add up to what the part costs."""
    change = loaded.scenario.elements.change
    if not change:
        return
    try:
        elements = elements_of(loaded.scenario)
    except ValidationError:
        return  # told by `_bad_figures`
    for part, total in unbalanced(elements):
        those = [name for name, element in elements.items() if element.of == part]
        name = next((n for n in change if n in those), next(iter(change)))
        what = f"shares of {part} have to add up to 1"
        yield loaded.places.problem(
            ("elements", "change", name), what, f"{total:.6g}", _balanced(elements, those, change)
        )


def _balanced(
    elements: Mapping[str, Element], those: list[str], change: Mapping[str, object]
) -> str:
    """Say with which share the largest element that was not changed would make up for it."""
    free = [name for name in those if name not in change and elements[name].share]
    rest = {n: 1 - sum(elements[o].share for o in those if o != n) for n in free}
    fits = [name for name in free if 0 <= rest[name] <= 1]
    if not fits:
        return f"other shares of {', '.join(those) or 'an element of this part'}"
    largest = max(fits, key=lambda name: elements[name].share)
    return f"{largest}: {{share: {rest[largest]:.6g}}} besides"


def _bad_models(loaded: Loaded) -> Iterator[Problem]:
    """Find own language models that cannot be."""
    for name, figures in loaded.scenario.serving.models.items():
        try:
            own_model(figures)
        except ValidationError as error:
            yield from _placed(loaded, error, ("serving", "models", name))


def _bad_workloads(loaded: Loaded) -> Iterator[Problem]:
    """Find workloads whose figures do not fit those that the catalog gives them."""
    for name, workload in loaded.scenario.demand.workloads.items():
        loc = ("demand", "workloads", name)
        try:
            kind = workload_kind(name, workload)
        except ValidationError as error:
            yield from _placed(loaded, error, loc)
            continue
        if workload.metros and kind.latency_limit_ms is None:
            what = "is without meaning, for users may be served from anywhere"
            yield loaded.places.problem((*loc, "metros"), what, "", "latency_limit_ms")


def _wrong_frequency(loaded: Loaded) -> Iterator[Problem]:
    """Find machines that are asked for by name and do not run at the frequency of the sites."""
    asked = loaded.scenario.power
    entries = load_family("gas")
    for position, name in enumerate(() if isinstance(asked.use, str) else asked.use):
        if name not in entries:
            continue
        figures = {**entries[name].parameters.model_dump(), **asked.change.get(name, {})}
        if (hz := figures["frequency_hz"]) != GRID_HZ:
            loc = ("power", "use", position)
            what = f"is a machine of {hz} Hz, and the grid of every site has {GRID_HZ} Hz"
            yield loaded.places.problem(loc, what, name, _same_vendor(name, entries))


def _same_vendor(name: str, entries: Mapping[str, Entry]) -> str:
    """Return what the vendor of a machine sells for the grid of the sites."""
    vendor = entries[name].parameters.model_dump()["vendor"]
    found = [
        other
        for other, entry in entries.items()
        if isinstance(entry.parameters, Gas)
        and entry.parameters.vendor == vendor
        and entry.parameters.frequency_hz == GRID_HZ
    ]
    return " or ".join(found) or "another product; gigaplan catalog gas tells their names"


def _bad_sites(loaded: Loaded, sites: Mapping[str, Site]) -> Iterator[Problem]:
    for name, figures in loaded.scenario.sites.change.items():
        change = {key: value for key, value in figures.items() if key != OWN_LIMIT}
        try:
            Site.model_validate(sites[name].model_dump() | change)
        except ValidationError as error:
            yield from _placed(loaded, error, ("sites", "change", name))
        limit = figures.get(OWN_LIMIT, 1.0)
        if not isinstance(limit, int | float) or limit <= 0:
            loc = ("sites", "change", name, OWN_LIMIT)
            yield loaded.places.problem(loc, "must be above 0", str(limit), "MW of IT")


def _bad_orbits(loaded: Loaded, sites: Mapping[str, Site]) -> Iterator[Problem]:
    """Find constellations called like a site, and satellites changed to what cannot be."""
    for name, orbit in loaded.scenario.sites.orbit.items():
        loc = ("sites", "orbit", name)
        if name in sites:
            what = "is a site on the ground already"
            yield loaded.places.problem(loc, what, name, f"{name}_orbit", at_key=True)
        try:
            satellite_of(orbit)
        except ValidationError as error:
            yield from _placed(loaded, error, (*loc, "change"))


def _placed(loaded: Loaded, error: ValidationError, loc: tuple[str, ...]) -> Iterator[Problem]:
    for each in error.errors():
        # Of what is missing or does not go together, the input is all that was given.
        got = "" if isinstance(each["input"], Mapping) else str(each["input"])
        what = each["msg"].removeprefix("Value error, ")
        here = tuple(part for part in each["loc"] if part != "[key]")
        at_key = here != each["loc"]
        yield loaded.places.problem((*loc, *here), what, got, at_key=at_key)


def sites_of(scenario: Scenario, sites: Mapping[str, Site]) -> dict[str, Site]:
    """Return the candidate sites that a scenario chooses, in the table's order."""
    asked = scenario.sites
    return {
        name: site
        for name, site in sites.items()
        if (asked.include == "all" or name in asked.include) and name not in asked.exclude
    }
