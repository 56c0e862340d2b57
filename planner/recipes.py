"""Ways to serve the workloads of a scenario: racks times modes, as recipes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from components.base import Floats, Periods
from components.compute.rack import Rack
from components.compute.recipe import LeftOut, Recipe, drop_dominated
from components.compute.traffic import Infeasible, Performance, Traffic
from components.finance import annuity
from planner.case import Product
from planner.existing import standing_racks
from planner.fleet import Fleet
from planner.scenario import Scenario
from planner.ways import Way, ways_to_serve
from planner.workloads import Asked

GIVEN = "given"
"""Mode of a recipe whose output stands in the scenario."""


def find_recipes(
    scenario: Scenario,
    periods: Periods,
    asked: Mapping[str, Asked],
    racks: Mapping[str, Product],
) -> tuple[dict[str, Recipe], tuple[LeftOut, ...]]:
    """Return the recipes that the model may choose from, and the ways that are not among them.

    A way that cannot serve at the speed, context and time to first token that are asked for is
    left out with its reason, and so is one that takes no less of anything than another.
    """
    figures = {name: cast(Rack, product.figures) for name, product in racks.items()}
    fleet = Fleet(scenario, figures)
    there = {n: _there(rack, periods) for n, rack in figures.items()}
    standing = standing_racks(scenario, racks, periods)
    there |= {n: there[n] | held for n, held in standing.items()}
    found: list[Recipe] = []
    out: list[LeftOut] = []
    for workload in asked.values():
        computed, failed = _computed(fleet, workload, periods, there)
        given = list(_given(scenario, workload.name, periods, there))
        replaced = {next(iter(recipe.racks)) for recipe in given}
        found += [r for r in computed if next(iter(r.racks)) not in replaced] + given
        out += failed
    kept, dominated = drop_dominated(
        found,
        _takes(scenario, racks, periods, frozenset(standing)),
        scenario.serving.recipe_tolerance,
    )
    return {recipe.name: recipe for recipe in kept}, (*out, *dominated)


@dataclass(slots=True)
class _Grown:
    """A way as it serves in each period."""

    amounts: dict[str, Floats]
    together: bool
    performance: Performance | None = None
    why: str = ""
    late: bool = False


def _computed(
    fleet: Fleet, workload: Asked, periods: Periods, there: Mapping[str, frozenset[int]]
) -> tuple[list[Recipe], list[LeftOut]]:
    """Ask for every period what every way takes; contexts may grow from year to year."""
    grown: dict[tuple[str, tuple[str, ...], int], _Grown] = {}
    ways: dict[Traffic, tuple[Way, ...]] = {}
    for t, year in enumerate(periods.year.tolist()):
        traffic = workload.traffic[year]
        if traffic not in ways:
            ways[traffic] = tuple(ways_to_serve(fleet, workload, traffic))
        for way in ways[traffic]:
            key = (way.mode, way.racks, way.variant)
            blank = {r: np.full(len(periods), np.inf) for r in way.racks}
            one = grown.setdefault(key, _Grown(blank, way.together))
            absent = [r for r in way.racks if t not in there[r]]
            _note(fleet, one, way, absent, periods, t)
    recipes = [
        Recipe(
            _name(workload.name, *key), workload.name, key[0], g.amounts, g.together, g.performance
        )
        for key, g in grown.items()
        if g.performance is not None
    ]
    failed = {
        LeftOut(workload.name, key[0], "+".join(key[1]), g.why, g.late)
        for key, g in grown.items()
        if g.performance is None
    }
    return recipes, sorted(failed, key=lambda each: (each.mode, each.racks))


def _note(fleet: Fleet, one: _Grown, way: Way, absent: list[str], periods: Periods, t: int) -> None:
    """Write down what a way takes in one period.

    Until CPU racks are there, agents' tools run where nobody plans for them.
    """
    if isinstance(way.found, Infeasible):
        one.why = way.found.why
        return
    late = [r for r in absent if fleet.racks[r].kind != "cpu"]
    if late:
        one.why = one.why or f"{late[0]} is not there within the horizon"
        one.late = True
        return
    one.performance = way.found
    for r, racks in way.found.racks_per_ktoken_s.items():
        gain = fleet.software_gain(r, float(periods.year[t]))
        one.amounts[r][t] = 0.0 if r in absent else racks / gain


def _there(rack: Rack, periods: Periods) -> frozenset[int]:
    """Return the periods in which a rack that is ordered at once is there."""
    since_first = max(rack.release_month - periods.first_order_month, 0)
    months = since_first + rack.lead_months
    return frozenset(t for t in periods.index if periods.arrived(t, months))


def _name(workload: str, mode: str, racks: tuple[str, ...], variant: int) -> str:
    name = f"{workload}:{mode}:{'+'.join(racks)}"
    return f"{name}:{variant}" if variant else name


def _given(
    scenario: Scenario, workload: str, periods: Periods, there: Mapping[str, frozenset[int]]
) -> Iterator[Recipe]:
    for rack, outputs in scenario.serving.tokens_per_s_per_rack.items():
        if rack in there and workload in outputs:
            serves = [t in there[rack] for t in periods.index]
            amount = np.where(serves, 1000 / outputs[workload], np.inf)
            name = _name(workload, GIVEN, (rack,), 0)
            yield Recipe(name, workload, GIVEN, {rack: amount}, together=False, performance=None)


def _takes(
    scenario: Scenario,
    racks: Mapping[str, Product],
    periods: Periods,
    standing: frozenset[str],
) -> dict[str, Floats]:
    """Return what one rack takes: yearly money, power, ingredients, and what it shares with none.

    Prices may fall, so that money is an entry for each period in which the rack may be bought.

    Racks on other cooling types, with slots or a ramp of their own, or of which some stand and are
    paid for, are not to be compared by money alone: each such thing is an entry. What stands has
    one of each sign, so that its recipes neither beat others at a price nobody pays nor are beaten.
    """
    figures = {name: cast(Rack, product.figures) for name, product in racks.items()}
    ingredients = sorted({i for rack in figures.values() for i in rack.ingredients})
    coolings = sorted({rack.cooling for rack in figures.values()})
    scarce = [n for n, r in figures.items() if r.ramp_per_year or r.slots_mw_per_year is not None]
    scarce += sorted(standing - set(scarce))
    rate = scenario.finance.cost_of_capital

    def one(name: str, rack: Rack) -> Floats:
        kw = 1000 * rack.unit_mw
        each_year = annuity(rate, rack.life_years) * np.array(rack.capex_path(periods))
        return np.array(
            [
                *(kw * (each_year + rack.fixed_om_usd_per_kw_year)),
                rack.unit_mw,
                *(rack.ingredients.get(i, 0.0) for i in ingredients),
                *(rack.unit_mw if rack.cooling == c else 0.0 for c in coolings),
                *(float(name == each) for each in scarce),
                *(-float(name == each) for each in sorted(standing)),
            ]
        )

    return {name: one(name, rack) for name, rack in figures.items()}
