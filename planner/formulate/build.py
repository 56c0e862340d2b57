"""The investment model, family by family; planner/README.md has it symbol by symbol."""

import pyomo.environ as pyo

from planner.case import Case
from planner.formulate.bridging import move_between_sites
from planner.formulate.compute import choose_recipes, serve_demand
from planner.formulate.deferral import hold_racks
from planner.formulate.dispatch import join_classes
from planner.formulate.facility import draw_load, house_racks, open_sites
from planner.formulate.formulation import Formulation
from planner.formulate.gas import lay_gas
from planner.formulate.grid import back_flexible, limit_connections, upgrade_network
from planner.formulate.labour import limit_labour
from planner.formulate.objective import minimise_cost
from planner.formulate.orbit import launch_orbits, limit_launches
from planner.formulate.parts import add_parts
from planner.formulate.permits import permit_emissions
from planner.formulate.policy import (
    close_regions,
    limit_area_share,
    limit_budget,
    limit_co2,
    limit_fired,
    limit_grid_share,
    limit_nox,
    open_by_order,
)
from planner.formulate.power import spare_units, use_world
from planner.formulate.ramp import limit_ramps
from planner.formulate.retrofits import retrofit_halls
from planner.formulate.supply import limit_supplies
from planner.formulate.water import limit_water


def build(case: Case) -> Formulation:
    """Write the investment model: least cost of serving the demand, operation seen as uses.

    Returns
    -------
    Formulation
        Its ``model.use`` is free but for its sign: an engine has to say what operation needs.
    """
    model = pyo.ConcreteModel(name=case.scenario.title)
    parts = add_parts(model, case)
    parts = (*upgrade_network(model, case, parts), *launch_orbits(model, case))
    operated = use_world(model, case, parts)

    limits = open_sites(model, case, parts)
    limits += limit_connections(model, case, parts)
    back_flexible(model, case, parts)
    lay_gas(model, case, parts)
    move_between_sites(model, case, parts)
    spare_units(model, case, parts)
    join_classes(model, case, parts)
    retrofit_halls(model, case, parts)
    house_racks(model, case, parts)
    choose_recipes(model, case)
    hold_racks(model, case, parts)
    serve_demand(model, case, parts)
    draw_load(model, case, parts)
    limits += limit_supplies(model, case, parts)
    limits += limit_labour(model, case, parts)
    limits += limit_ramps(model, case, parts)
    limits += [*limit_grid_share(model, case), *limit_area_share(model, case)]
    limits += [*limit_co2(model, case), *limit_fired(model, case)]
    limits += limit_nox(model, case, parts)
    limits += limit_water(model, case, parts)
    limits += permit_emissions(model, case, parts)
    limits += [*limit_launches(model, case, parts), *limit_budget(model, case, parts)]
    close_regions(model, case)
    open_by_order(model, case)
    minimise_cost(model, case, parts)
    return Formulation(case, model, parts, tuple(limits), tuple(operated))
