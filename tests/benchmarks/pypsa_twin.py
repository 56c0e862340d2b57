"""The power problem of one site built with PyPSA's API, from the same numbers as ours.

What a MW costs, gives and takes comes from the components; balance, storage and investment are
PyPSA's own algebra. PyPSA is imported inside functions, since it is an optional dependency.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo

from components.base import Floats, Hours, World
from components.cooling import load
from components.power.additions import UnitParameters
from components.power.battery import Battery
from components.registry import POWER
from planner.case import Case, Product
from planner.engines.monolithic import hours_of
from planner.formulate.formulation import use_prices_kusd
from planner.formulate.operation import world_of
from planner.formulate.parts import setting_of

if TYPE_CHECKING:
    import pypsa

BUS = "site"
PERIOD = 0
"""The twin has one period."""


@dataclass(frozen=True, slots=True)
class Twin:
    """What PyPSA found.

    Attributes
    ----------
    status
        Of the solver, in PyPSA's words: ``ok`` and its condition.
    objective_usd
        Yearly capital, fixed and hourly costs of the period [USD].
    mw : product to number
        Capacity [MW].
    columns, rows
        Of the linear program [1].
    build_s, solve_s
        To write the network; to turn it into a program and solve that [s].
    """

    status: str
    objective_usd: float
    mw: Mapping[str, float]
    columns: int
    rows: int
    build_s: float
    solve_s: float


def solve_twin(case: Case, *, method: str = "choose") -> Twin:
    """Build the twin of a case and solve it with HiGHS through PyPSA.

    Parameters
    ----------
    case
        One site and one period, with one rack on one cooling type that must serve all demand, and
        hours that are one unbroken chronology.
    method
        HiGHS's option ``solver``: ``choose`` (its default, the simplex method), ``ipm``.

    Raises
    ------
    ValueError
        If the case has no twin.
    """
    started = perf_counter()
    network = build_network(case)
    build_s, started = perf_counter() - started, perf_counter()
    # `direct` hands arrays to HiGHS, which is faster than PyPSA's default of an LP file.
    status, condition = network.optimize(
        solver_name="highs",
        io_api="direct",
        include_objective_constant=False,
        solver_options={"solver": method, "output_flag": False, "log_to_console": False},
    )
    return Twin(
        status=f"{status}, {condition}",
        objective_usd=float(network.objective),
        mw=_capacities(network),
        columns=int(network.model.nvars),
        rows=int(network.model.ncons),
        build_s=build_s,
        solve_s=perf_counter() - started,
    )


def build_network(case: Case) -> "pypsa.Network":
    """Write the network: one bus, one load, every product that can be had, and what is curtailed.

    Raises
    ------
    ValueError
        If the case has no twin.
    """
    import pypsa

    logging.getLogger("pypsa").setLevel(logging.WARNING)
    logging.getLogger("linopy").setLevel(logging.WARNING)
    site, hours = _only_site(case), _chronology(case)
    world = world_of(case, site, hours)
    prices = {use: float(by[PERIOD]) for use, by in use_prices_kusd(case, site).items()}

    network = pypsa.Network(snapshots=hours.index)
    network.snapshot_weightings["objective"] = hours.weight
    network.add("Carrier", "AC")
    network.add("Bus", BUS)
    network.add("Load", "load", bus=BUS, p_set=it_mw(case) * _pue(case, world))
    for name, product in case.power.items():
        yearly = _yearly_usd_per_mw(case, site, product.figures)
        if yearly is not None:
            _add(network, product, name, yearly, _most_mw(case, site, product), world, prices)
    network.add(
        "Generator", "curtailed", bus=BUS, p_nom=np.inf, marginal_cost=prices["curtailed_gwh"]
    )
    return network


def it_mw(case: Case) -> float:
    """Return the mean draw of the racks that the demand asks for [MW].

    Demand x capacity ratio / output of a rack / racks in order x nameplate x draw share.
    """
    serving = case.scenario.serving
    if len(case.racks) != 1 or len(case.cooling) != 1:
        msg = f"a twin has one rack on one cooling type, got {[*case.racks]} on {[*case.cooling]}"
        raise ValueError(msg)
    ((rack, product),) = case.racks.items()
    if not all(workload.must_serve for workload in case.workloads.values()):
        msg = "a twin has a given load: every workload must be served"
        raise ValueError(msg)
    racks = sum(
        1e3
        * float(workload.demand_mtokens_per_s[PERIOD])
        * workload.capacity_ratio
        * min(
            float(recipe.racks[rack][PERIOD])
            for recipe in case.recipes.values()
            if recipe.workload == name and list(recipe.racks) == [rack]
        )
        for name, workload in case.workloads.items()
    )
    return racks / serving.availability * product.figures.unit_mw * serving.draw_share


def _only_site(case: Case) -> str:
    if len(case.sites) != 1 or len(case.periods) != 1:
        msg = f"a twin has one site and one period, got {len(case.sites)} and {len(case.periods)}"
        raise ValueError(msg)
    return next(iter(case.sites))


def _chronology(case: Case) -> Hours:
    hours = hours_of(case, PERIOD)
    if not np.array_equal(hours.before, np.roll(hours.index, 1)):
        msg = "a twin has one unbroken chronology: hours: all, or one week"
        raise ValueError(msg)
    return hours


def _pue(case: Case, world: World) -> Floats:
    (cooling,) = case.cooling.values()
    return load.profile(cooling, world)


def _yearly_usd_per_mw(case: Case, site: str, figures: UnitParameters) -> float | None:
    """Return what a MW costs per year before any operation; None if it cannot be there in time.

    Asked of the component: what it writes into an empty block, at one MW.
    """
    block = pyo.ConcreteModel()
    found = POWER[type(figures)].invest(block, figures, setting_of(case, case.sites[site]))
    if block.units_added[PERIOD].fixed:
        return None
    block.units_added[PERIOD].set_value(1 / figures.unit_mw, skip_validation=True)
    return sum(float(pyo.value(by[PERIOD])) for by in found.annual_usd.values())


def _most_mw(case: Case, site: str, product: Product) -> float:
    """Return the least of what vendors and grid area allow; infinite if neither does [MW]."""
    most = np.inf
    if product.figures.slots_mw_per_year is not None:
        years = float(case.periods.length_years[PERIOD])
        most = product.buyer_share * product.figures.slots_mw_per_year * years
    if product.family == "grid":
        area = case.sites[site].site.grid_area
        most = min(most, case.scenario.grid.area_limit_mw.get(area, np.inf))
    return float(most)


def _add(
    network: "pypsa.Network",
    product: Product,
    name: str,
    yearly_usd_per_mw: float,
    most_mw: float,
    world: World,
    prices: Mapping[str, float],
) -> None:
    figures = product.figures
    years = world.hours.weight.sum() / 8760
    shared: dict[str, Any] = {
        "bus": BUS,
        "p_nom_extendable": True,
        "p_nom_max": most_mw,
        "capital_cost": yearly_usd_per_mw * years,
    }
    if isinstance(figures, Battery):
        one_way = figures.round_trip_efficiency**0.5
        network.add(
            "StorageUnit",
            name,
            **shared,
            max_hours=figures.usable_mwh_per_mw,
            efficiency_store=one_way,
            efficiency_dispatch=one_way,
            cyclic_state_of_charge=True,
            marginal_cost=figures.wear_usd_per_mwh * prices["variable_kusd"],
        )
        return
    profile = POWER[type(figures)].profile(figures, world)
    usd_per_mwh = sum(
        (prices[use] * amount for use, amount in profile.amounts.items()),
        start=np.zeros(len(world.hours)),
    )
    network.add(
        "Generator",
        name,
        **shared,
        p_max_pu=profile.shares["output_within_capacity"],
        marginal_cost=usd_per_mwh,
    )


def _capacities(network: "pypsa.Network") -> dict[str, float]:
    found = {**network.generators["p_nom_opt"], **network.storage_units["p_nom_opt"]}
    return {str(name): float(mw) for name, mw in found.items() if np.isfinite(mw)}
