"""Candidate sites in orbit: which racks fly in which satellites, and what they serve there."""

from collections.abc import Iterator, Mapping
from typing import cast

import numpy as np

from components.base import Floats, Periods
from components.catalog.loader import changed, load_family
from components.compute.rack import Rack
from components.compute.recipe import LeftOut, Recipe
from components.orbit.orbital_rack import OrbitalRack, aboard, why_not_aboard
from components.orbit.satellite import Satellite
from planner.case import Product
from planner.errors import Problem, ScenarioError
from planner.orbit_case import OrbitCase
from planner.recipes import find_recipes
from planner.scenario import ByYear, Scenario
from planner.scenario.orbit import Orbit
from planner.workloads import Asked

FAMILY = "satellite"

MODE = "orbit"
"""Mode under which the table ``recipes`` tells of racks that cannot fly."""

GBIT_PER_BYTE_MTOKEN = 8e6 / 1e9
"""A byte for each of a million tokens [Gbit]."""


def orbits_of(
    scenario: Scenario,
    periods: Periods,
    asked: Mapping[str, Asked],
    racks: Mapping[str, Product],
) -> dict[str, OrbitCase]:
    """Return the constellations of a scenario with the racks that fit them.

    Parameters
    ----------
    scenario
        With names that were checked.
    periods
        The investment steps.
    asked
        The workloads, for what their tokens take of the links.
    racks
        Racks in use on the ground.

    Raises
    ------
    ScenarioError
        If a rack that is asked for does not fit into one satellite, or none in use does.
    """
    return {
        name: _orbit(scenario, periods, asked, racks, name, orbit)
        for name, orbit in scenario.sites.orbit.items()
    }


def _orbit(
    scenario: Scenario,
    periods: Periods,
    asked: Mapping[str, Asked],
    racks: Mapping[str, Product],
    name: str,
    orbit: Orbit,
) -> OrbitCase:
    satellite = satellite_of(orbit)
    flying, refused = _aboard(racks, name, orbit, satellite)
    dark_share = 1 - orbit.sunlit_share
    per_year = periods.length_years
    launched = _by_period(orbit.launch_t_per_year, periods)
    running = 1.0 if orbit.eclipse_battery else orbit.sunlit_share
    return OrbitCase(
        name=name,
        satellite_name=orbit.satellite,
        satellite=satellite.model_copy(
            update={"lead_months": satellite.lead_months + orbit.integration_months}
        ),
        mass=satellite.mass(dark_share if orbit.eclipse_battery else 0.0),
        racks=flying,
        refused=refused,
        launch_usd_per_kg=cast(Floats, _by_period(orbit.launch_usd_per_kg, periods)),
        launch_t=None if launched is None else launched * per_year,
        link_gbit_s=_by_period(orbit.link_gbit_s, periods),
        gbit_per_mtoken={w: _gbit(each, orbit, periods) for w, each in asked.items()},
        in_order=orbit.availability * running,
        rtt_ms=orbit.rtt_ms,
    )


def satellite_of(orbit: Orbit) -> Satellite:
    """Return the satellite of a constellation, with the scenario's changes.

    Raises
    ------
    pydantic.ValidationError
        If a changed figure cannot be.
    """
    entry = changed(load_family(FAMILY)[orbit.satellite], dict(orbit.change))
    return cast(Satellite, entry.parameters)


def _aboard(
    racks: Mapping[str, Product], name: str, orbit: Orbit, satellite: Satellite
) -> tuple[dict[str, OrbitalRack], dict[str, str]]:
    figures = {r: cast(Rack, p.figures) for r, p in racks.items()}
    if absent := [r for r in orbit.racks or () if r not in figures]:
        what, tip = "is no rack in use", f"adding {absent[0]} to racks.use"
        raise _refuse((name, "racks"), what, absent[0], tip)
    wanted = {r: p for r, p in figures.items() if orbit.racks is None or r in orbit.racks}
    reasons = {r: why_not_aboard(p, satellite) for r, p in wanted.items()}
    refused = {r: why for r, why in reasons.items() if why}
    tip = "a larger satellite, another rack, or sites.orbit.*.change: {unit_mw: ...}"
    if refused and orbit.racks is not None:
        rack, why = next(iter(refused.items()))
        raise _refuse((name, "racks"), " ".join((rack, why)), rack, tip)
    if not any(p.kind == "accelerator" for r, p in wanted.items() if r not in refused):
        said = "; ".join(f"{rack} {why}" for rack, why in refused.items())
        what = f"no rack in use that serves fits into one satellite: {said}"
        raise _refuse((name, "satellite"), what, orbit.satellite, tip)
    flying = {
        f"{r}_in_{name}": aboard(
            r,
            p,
            satellite,
            failure_per_year=orbit.failure_per_year,
            more_months=orbit.integration_months,
        )
        for r, p in wanted.items()
        if r not in refused
    }
    return flying, refused


def _refuse(at: tuple[str, str], what: str, got: str, try_: str) -> ScenarioError:
    key = ".".join(("sites", "orbit", *at))
    return ScenarioError([Problem("scenario", 0, 0, key, what, got, try_)])


def _by_period(value: ByYear | None, periods: Periods) -> Floats | None:
    if value is None:
        return None
    return np.array([value.at(year) for year in periods.year.tolist()], dtype=float)


def _gbit(asked: Asked, orbit: Orbit, periods: Periods) -> Floats:
    """Return what the links carry for a million output tokens, by period [Gbit].

    Every request brings all of its input along, also what the racks still hold of it.
    """
    traffic = [asked.traffic[year] for year in periods.year.tolist()]
    tokens = np.array([1 + each.input_tokens / each.output_tokens for each in traffic])
    return np.asarray(GBIT_PER_BYTE_MTOKEN * orbit.bytes_per_token * tokens, dtype=float)


def products_in_orbit(
    orbits: Mapping[str, OrbitCase], racks: Mapping[str, Product]
) -> dict[str, Product]:
    """Return the racks that may fly as products, with the buyer's share of the rack they are."""
    return {
        name: Product(name, "rack", figures, racks[figures.source].buyer_share)
        for orbit in orbits.values()
        for name, figures in orbit.racks.items()
    }


def recipes_in_orbit(
    scenario: Scenario,
    periods: Periods,
    asked: Mapping[str, Asked],
    orbits: Mapping[str, OrbitCase],
    racks: Mapping[str, Product],
) -> tuple[dict[str, Recipe], tuple[LeftOut, ...]]:
    """Return how racks in orbit serve, each constellation for itself, and what they cannot.

    Racks that exchange what cannot travel have to be aboard one satellite together. Work whose
    tools need CPU racks stays on the ground where such racks are in use and none flies.
    """
    found: dict[str, Recipe] = {}
    out: list[LeftOut] = []
    flying = products_in_orbit(orbits, racks)
    for orbit in orbits.values():
        here = {name: flying[name] for name in orbit.racks}
        can = {w: each for w, each in asked.items() if not _lacks_tools(each, orbit, racks)}
        recipes, left = find_recipes(_renamed(scenario, orbit), periods, can, here)
        apart = {n: why for n, r in recipes.items() if (why := _why_apart(r, orbit))}
        found |= {n: r for n, r in recipes.items() if n not in apart}
        out += left
        out += [_left_out(recipes[n], why) for n, why in apart.items()]
        out += _refused(orbit, asked)
        out += [
            LeftOut(w, MODE, "+".join(orbit.racks), f"{orbit.name}: its tools need CPU racks")
            for w in asked
            if w not in can
        ]
    return found, tuple(out)


def _lacks_tools(asked: Asked, orbit: OrbitCase, racks: Mapping[str, Product]) -> bool:
    on_ground = any(cast(Rack, p.figures).kind == "cpu" for p in racks.values())
    there = any(p.kind == "cpu" for p in orbit.racks.values())
    return asked.cpu_core_s_per_request > 0 and on_ground and not there


def _why_apart(recipe: Recipe, orbit: OrbitCase) -> str:
    """Say why the racks of a recipe cannot be together aboard; empty: they can, or need not."""
    if not recipe.together:
        return ""
    kw = sum(1000 * orbit.racks[r].unit_mw for r in recipe.racks)
    most_kw = 1000 * orbit.satellite.unit_mw
    if kw <= most_kw:
        return ""
    return f"its racks take {kw:g} kW together; a satellite of {orbit.name} gives {most_kw:g} kW"


def _left_out(recipe: Recipe, why: str) -> LeftOut:
    return LeftOut(recipe.workload, recipe.mode, "+".join(recipe.racks), why)


def _refused(orbit: OrbitCase, asked: Mapping[str, Asked]) -> Iterator[LeftOut]:
    for rack, why in orbit.refused.items():
        for workload in asked:
            yield LeftOut(workload, MODE, rack, f"{orbit.name}: {why}")


def _renamed(scenario: Scenario, orbit: OrbitCase) -> Scenario:
    """Return the scenario with what it says of racks also said of them in orbit."""
    serving = scenario.serving
    given = serving.tokens_per_s_per_rack
    own = {n: given[p.source] for n, p in orbit.racks.items() if p.source in given}
    curves = [
        curve.model_copy(update={"rack": n})
        for n, p in orbit.racks.items()
        for curve in serving.curves
        if curve.rack == p.source
    ]
    more = {"tokens_per_s_per_rack": {**given, **own}, "curves": (*serving.curves, *curves)}
    return scenario.model_copy(update={"serving": serving.model_copy(update=more)})
