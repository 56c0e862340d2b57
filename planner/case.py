"""The numbers of one planning problem: what the formulation reads.

A `Case` joins the scenario with the catalog and the sites; `planner.gather` makes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from components.base import Floats, Periods
from components.compute.recipe import LeftOut, Recipe
from components.cooling.parameters import Cooling
from components.facility.elements import Element
from components.facility.site_works import SiteWorks
from components.power.additions import UnitParameters
from components.power.air_permit import AirPermit
from components.power.dispatch_class import DispatchClass
from components.power.gas_lateral import GasLateral
from components.power.leaving import Leaving
from planner.orbit_case import OrbitCase
from planner.scenario import Scenario
from sites.site import Site

HOURS_PER_YEAR = 8760
SECONDS_PER_YEAR = HOURS_PER_YEAR * 3600


@dataclass(frozen=True, slots=True, eq=False)
class SiteCase:
    """All numbers of one candidate site.

    Attributes
    ----------
    site
        What is known of the place.
    limit_it_mw
        Most IT power that may stand there [MW].
    profiles : name to (8760 N,), N weather years one after the other
        ``drybulb_c``, ``wetbulb_c``, ``solar_capacity_factor``, ``wind_capacity_factor``,
        ``grid_price_usd_per_mwh``, ``grid_stress_rank``.
    figures
        ``elevation_m``, ``line_miles``, ``gas_pipeline_miles``, ``grid_wait_months``,
        ``flexible_wait_months``, ``demand_charge_share``, ``land_usd_per_acre``,
        ``construction_cost_factor``, ``geothermal_resource`` (1 where the ground is hot).
    gas_usd_per_mmbtu : (n,)
        Delivered price of gas in each period [USD/MMBtu].
    grid_price_ratio : (n,)
        Price of grid energy over that of the base year [1].
    weather_source, weather_synthetic
        Where the weather comes from.
    distances
        Where its distances come from: the site table, a map layer, ``sites.change``.
    free_price_h
        Hours of a year whose price of grid energy is below zero, and counts as nothing [h].
    stands
        Whether a campus stands there before the first period.
    existing_mw : (name, cooling type) to (n,)
        What is in service from before, in each period; power has no cooling type [MW].
    existing_lateral
        Size of the pipe that is there; empty: none.
    halls_until : cooling type to year
        Last year of the first of its halls that stand through the horizon and are known to end
        [a].
    """

    site: Site
    limit_it_mw: float
    profiles: Mapping[str, Floats]
    figures: Mapping[str, float]
    gas_usd_per_mmbtu: Floats
    grid_price_ratio: Floats
    weather_source: str
    weather_synthetic: bool
    free_price_h: int = 0
    distances: str = ""
    stands: bool = False
    existing_mw: Mapping[tuple[str, str], Floats] = field(default_factory=dict)
    existing_lateral: str = ""
    halls_until: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """One thing of the catalog as the scenario sees it.

    Attributes
    ----------
    name, family
        As in the catalog.
    figures
        The parameters, with the scenario's changes.
    buyer_share
        Share of the product's open supply that this buyer can get [1].
    """

    name: str
    family: str
    figures: UnitParameters
    buyer_share: float


@dataclass(frozen=True, slots=True, eq=False)
class UserGroup:
    """Users who can be served in time from the same sites.

    Attributes
    ----------
    metros
        The metropolitan areas they live in.
    share
        Their share of the workload [1].
    sites
        Sites within the latency limit.
    """

    metros: tuple[str, ...]
    share: float
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WorkloadCase:
    """What one workload asks for.

    Attributes
    ----------
    demand_mtokens_per_s : (n,)
        Mean output tokens [10^6 tokens/s].
    capacity_ratio
        Capacity in order over mean use: peak over mean, and headroom for queueing [1].
    value_usd_per_mtok
        What a million unmet tokens cost [USD/Mtok].
    must_serve
        Whether every token has to be served.
    groups : name to UserGroup
        Users by the sites that reach them in time; empty: every site does.
    may_wait
        Whether it can be served later in the same window of hours.
    has_tools
        Whether its requests run programs on CPUs.
    """

    demand_mtokens_per_s: Floats
    capacity_ratio: float
    value_usd_per_mtok: float
    must_serve: bool
    groups: Mapping[str, UserGroup] = field(default_factory=dict)
    may_wait: bool = False
    has_tools: bool = False

    def sites(self, sites: Iterable[str]) -> tuple[str, ...]:
        """Return those of the sites that can serve any of its users in time."""
        near = {s for group in self.groups.values() for s in group.sites}
        return tuple(s for s in sites if not self.groups or s in near)


@dataclass(frozen=True, slots=True, eq=False)
class PlantClass:
    """Power plant that all vendors of a class deliver together.

    Attributes
    ----------
    technologies
        Of the products that are of this class.
    mw : (n,)
        What this buyer can have delivered in each period [MW].
    """

    technologies: tuple[str, ...]
    mw: Floats


@dataclass(frozen=True, slots=True, eq=False)
class LabourCase:
    """Craft labour by region.

    Attributes
    ----------
    region : site to region
        Whose crews a site draws on.
    local_h : region to (n,)
        Hours of local crews that this buyer can have in each period [h].
    most_travelling_share
        Most hours of crews from elsewhere over those of local crews [1].
    premium_usd_per_h
        What an hour of a crew from elsewhere costs over a local one [USD/h].
    hours_ratio : (n,)
        Craft hours per MW over those of the catalog, after learning [1].
    rack_install_h : rack to hours
        That set and connect one [h].
    """

    region: Mapping[str, str]
    local_h: Mapping[str, Floats]
    most_travelling_share: float
    premium_usd_per_h: float
    hours_ratio: Floats
    rack_install_h: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Case:
    """All numbers of one planning problem.

    Attributes
    ----------
    scenario
        What was asked.
    periods
        The investment steps.
    sites : id to SiteCase
        The candidate sites.
    power, blocks, racks : name to Product
        What may be bought.
    classes : name to DispatchClass
        What is operated: power products that are dispatched alike are one.
    late : name to Product
        Power products that were asked for but come only after the horizon.
    cooling : name to Cooling
        Ways to cool racks.
    recipes : name to Recipe
        Ways to serve the workloads.
    left_out
        Ways that were looked at and are not among them.
    workloads : name to WorkloadCase
        What is asked for.
    chip_supply : ingredient to (n,)
        What this buyer can get for the racks of each period, in the unit of the ingredient.
    plant_supply : class to PlantClass
        Power plant that this buyer can get, over the slots of each vendor.
    other_grid_gwh, grid_limit_gwh : (n,)
        Data centres outside the plan, and the most that all may take; None: no limit [GWh].
    us_gwh : (n,)
        Electricity of the United States [GWh].
    laterals : name to GasLateral
        Sizes of pipe that bring gas to a site.
    works
        Opening of a site.
    air_permit
        Permits to emit; None: none are needed.
    leaving : technology to Leaving
        Terms on which plant may leave a site before its life ends; empty: none may.
    spare_units : (site, period) to number
        k of N+k where more is held back than the scenario asks for everywhere.
    backed
        Sites and periods in which on-site units stand ready for the loss of the connection.
    chip_units : ingredient to text
        What it is counted in, such as ``wafers``.
    elements : name to Element
        What racks, blocks, cooling plant and sites are made of.
    retrofits : name to Product
        Ways to bring halls to another cooling type; empty: none are offered.
    labour
        Craft labour by region; None: each site has a constant of its own.
    defer_h
        Hours within which work that may wait is done, the shortest of all workloads; None: no
        work may wait.
    orbits : name to OrbitCase
        Candidate sites in orbit. They are not among ``sites``: nothing of the ground is there, and
        as nothing changes from hour to hour they have no hours. Their racks are among ``racks``.
    """

    scenario: Scenario
    periods: Periods
    sites: Mapping[str, SiteCase]
    power: Mapping[str, Product]
    blocks: Mapping[str, Product]
    racks: Mapping[str, Product]
    classes: Mapping[str, DispatchClass]
    late: Mapping[str, Product]
    cooling: Mapping[str, Cooling]
    recipes: Mapping[str, Recipe]
    left_out: tuple[LeftOut, ...]
    workloads: Mapping[str, WorkloadCase]
    chip_supply: Mapping[str, Floats]
    plant_supply: Mapping[str, PlantClass]
    other_grid_gwh: Floats
    us_gwh: Floats
    grid_limit_gwh: Floats | None
    laterals: Mapping[str, GasLateral]
    works: SiteWorks
    air_permit: AirPermit | None
    leaving: Mapping[str, Leaving]
    spare_units: Mapping[tuple[str, int], int] = field(default_factory=dict)
    backed: frozenset[tuple[str, int]] = frozenset()
    chip_units: Mapping[str, str] = field(default_factory=dict)
    elements: Mapping[str, Element] = field(default_factory=dict)
    retrofits: Mapping[str, Product] = field(default_factory=dict)
    labour: LabourCase | None = None
    defer_h: int | None = None
    orbits: Mapping[str, OrbitCase] = field(default_factory=dict)

    @property
    def everywhere(self) -> tuple[str, ...]:
        """Sites on the ground and in orbit."""
        return (*self.sites, *self.orbits)

    def in_orbit(self, recipe: Recipe) -> bool:
        """Tell whether a recipe serves with racks in orbit."""
        return any(orbit.carries(recipe) for orbit in self.orbits.values())

    def places_of(self, recipe: Recipe) -> tuple[str, ...]:
        """Return the sites, on the ground or in orbit, where a recipe can serve users in time."""
        there = [name for name, orbit in self.orbits.items() if orbit.carries(recipe)]
        return self.workloads[recipe.workload].sites(there or self.sites)

    def in_order(self, place: str) -> float:
        """Return the share of the racks that run somewhere that serve at any time [1]."""
        if place in self.orbits:
            return self.orbits[place].in_order
        return self.scenario.serving.availability

    def may_wait(self, recipe: Recipe) -> bool:
        """Tell whether what a recipe serves may be served later; in orbit nothing gains by it."""
        return self.workloads[recipe.workload].may_wait and not self.in_orbit(recipe)

    @cached_property
    def tied(self) -> dict[str, Recipe]:
        """Recipes that belong to a place: by their racks, their users, or hours that shift."""
        return {n: r for n, r in self.recipes.items() if self._is_tied(r)}

    @cached_property
    def anywhere(self) -> dict[str, Recipe]:
        """Recipes of which only the sum over all sites matters."""
        return {n: r for n, r in self.recipes.items() if not self._is_tied(r)}

    def _is_tied(self, recipe: Recipe) -> bool:
        workload = self.workloads[recipe.workload]
        tied = recipe.together or bool(workload.groups) or workload.may_wait
        return tied or self.in_orbit(recipe)

    def spares_of(self, site: str, period: int) -> int:
        """Return k of N+k at a site in a period."""
        return self.spare_units.get((site, period), self.scenario.reliability.spare_units)

    def family_of(self, name: str) -> str:
        """Return the family of a dispatch class: that of its products."""
        return self.power[next(iter(self.classes[name].members))].family
