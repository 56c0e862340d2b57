r"""Sites in orbit: satellites with racks aboard, within launches and links.

For a constellation o, racks r aboard K_r to a satellite, n units added, and the share of vintage v
that still runs in t (`components.orbit.orbital_rack`),

.. math::

    \sum_r n_{o,r,t} / K_r \le n_{o,t}, \qquad
    1000\, P m\, n_{o,t} \le \mathrm{launch}_{o,t}, \qquad
    \sum_m g_m f_m z_{o,m,t} \le \mathrm{link}_{o,t}

with the power P and mass m per kW of a satellite, what z serves of a recipe's workload, its peak
over the mean f, and g what the links carry for a million tokens. Nothing of it changes from hour to
hour: there is no weather, and what the shade takes is in the share of racks that serve, or in the
mass of the batteries. So a constellation has no hours, no bus and no uses, whichever engine solves.
"""

from dataclasses import replace

import pyomo.environ as pyo

from components.base import Expr, Setting
from components.orbit import orbital_rack, satellite
from components.orbit.orbital_rack import COOLING, OrbitalRack
from planner.case import Case
from planner.formulate.formulation import Limit, Part
from planner.formulate.parts import setting_of
from planner.orbit_case import OrbitCase

FAMILY = "satellite"


def launch_orbits(model: pyo.ConcreteModel, case: Case) -> tuple[Part, ...]:
    """Add satellites and the racks aboard to ``model.orbit[o]``; no site on the ground has them.

    Writes ``launched_aboard[o, t]``: racks fly in satellites that are launched with them, for
    nobody brings a rack to one that is up.
    """
    if not case.orbits:
        return ()
    model.orbit = pyo.Block(list(case.orbits))
    # What is built is paid as anywhere; no figure of a place on the ground comes along.
    setting = replace(setting_of(case, next(iter(case.sites.values()))), figures={})
    parts = tuple(
        part
        for name, orbit in case.orbits.items()
        for part in _parts(model.orbit[name], orbit, setting)
    )
    keys = [(o, t) for o in case.orbits for t in case.periods.index]

    @model.Constraint(keys)
    def launched_aboard(m, o, t):  # type: ignore[no-untyped-def]
        return _satellites_filled(parts, o, t) <= _satellites(parts, o).investment.units_added[t]

    return parts


def _parts(block: pyo.Block, orbit: OrbitCase, setting: Setting) -> list[Part]:
    block.satellite = pyo.Block()
    found = satellite.invest(
        block.satellite,
        orbit.satellite,
        setting,
        launch_usd_per_kg=orbit.launch_usd_per_kg,
        kg_per_kw=orbit.mass.total,
    )
    name = orbit.satellite_name
    parts = [Part(orbit.name, FAMILY, name, COOLING, orbit.satellite, found)]
    block.rack = pyo.Block(list(orbit.racks))
    for rack, figures in orbit.racks.items():
        found = orbital_rack.invest(block.rack[rack], figures, setting)
        parts.append(Part(orbit.name, "rack", rack, COOLING, figures, found))
    return parts


def _satellites(parts: tuple[Part, ...], orbit: str) -> Part:
    return next(p for p in parts if p.site == orbit and p.family == FAMILY)


def _satellites_filled(parts: tuple[Part, ...], orbit: str, t: int) -> Expr:
    return sum(
        p.investment.units_added[t] / p.figures.racks_per_satellite
        for p in parts
        if p.site == orbit and isinstance(p.figures, OrbitalRack)
    )


def limit_launches(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> list[Limit]:
    """Keep what is launched within ``launch_t_per_year``, and traffic within ``link_gbit_s``.

    ``launch_limit[o, t]``: tonnes launched for service in the period. ``link_limit[o, t]``: what
    prompts and answers take of the links at the daily peak [Gbit/s].
    """
    keys = [(o, t) for o in case.orbits for t in case.periods.index]
    model.launch_limit = pyo.Constraint(keys)
    model.link_limit = pyo.Constraint(keys)
    limits = []
    for o, t in keys:
        orbit = case.orbits[o]
        if orbit.launch_t is not None:
            used, bound = _satellites(parts, o).investment.draws["launch_t"][t], orbit.launch_t[t]
            limits += _limit(
                model.launch_limit, "launch", "mass to orbit", (o, t), "t", used, bound
            )
        if orbit.link_gbit_s is not None:
            used, bound = link_gbit_s(model, case, orbit, t), orbit.link_gbit_s[t]
            limits += _limit(
                model.link_limit, "link", "to the ground", (o, t), "Gbit/s", used, bound
            )
    return limits


def _limit(
    rows: pyo.Constraint,
    kind: str,
    name: str,
    key: tuple[str, int],
    unit: str,
    used: Expr,
    most: float,
) -> list[Limit]:
    if isinstance(used, int | float) or not used.is_potentially_variable():
        return []
    rows[key] = used <= float(most)
    return [Limit(kind, name, key[0], key[1], unit, used, float(most), rows[key], True)]


def link_gbit_s(model: pyo.ConcreteModel, case: Case, orbit: OrbitCase, t: int) -> Expr:
    """Return what the links of a constellation carry at the daily peak [Gbit/s]."""
    return sum(
        float(orbit.gbit_per_mtoken[r.workload][t])
        * case.workloads[r.workload].capacity_ratio
        * model.serve_at[orbit.name, name, t]
        for name, r in case.recipes.items()
        if (orbit.name, name, t) in model.serve_at
    )
