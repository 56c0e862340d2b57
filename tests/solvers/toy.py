"""A toy capacity expansion: solar, battery, gas and grid at sites, seasons in unbroken order.

The same problem twice: whole, as one Pyomo model, and in parts, as master and operations.
Units: MW and MWh in the operation, and in the master too unless a test says otherwise; money in
the master is thousands, in the operation units.
"""

from dataclasses import dataclass, field

import numpy as np
import pyomo.environ as pyo

from solvers.operation import Operation, operation_of_model
from solvers.program import Floats, Program, compile_model
from solvers.subproblem import Subproblem

LINKS = ("solar", "power", "energy", "gas", "grid", "load", "start", "end", "budget")
USES = ("fuel", "wear", "bought", "curtailed")
MONEY = 1e3


@dataclass(frozen=True)
class Toy:
    """All figures of one problem.

    ``grid_cap_mwh`` limits what is bought in a period over all sites, ``curtailed_cap_mwh`` what is
    curtailed in all; ``unit_mw`` > 0 makes gas come in whole units; ``load_mw`` has one entry per
    period.
    """

    sites: int = 1
    seasons: int = 2
    hours: int = 24
    load_mw: tuple[float, ...] = (50.0,)
    grid_mw: float = 0.0
    grid_cap_mwh: float = float("inf")
    curtailed_cap_mwh: float = float("inf")
    unit_mw: float = 0.0
    seed: int = 0
    solar_cost: float = 300.0
    energy_cost: float = 60.0
    gas_cost: float = 800.0
    prices: tuple[float, ...] = field(default=(60.0, 1.0, 40.0, 5000.0))

    def sunshine(self, site: int, season: int) -> Floats:
        rng = np.random.default_rng((self.seed, site, season))
        hour = np.arange(self.hours)
        clear = np.maximum(0.0, np.sin(2 * np.pi * (hour % 24 - 6) / 24))
        return np.round(clear * rng.uniform(0.2, 1.0, self.hours), 3)

    def need(self, site: int, season: int) -> Floats:
        rng = np.random.default_rng((self.seed, site, season, 1))
        return np.round(rng.uniform(1.1, 1.4, self.hours), 3)

    def period_prices(self, period: int) -> Floats:
        """Fuel rises by a tenth from period to period."""
        return np.array(self.prices) * np.array([1 + 0.1 * period, 1.0, 1.0, 1.0])


def _add_operation(block: pyo.Block, toy: Toy, site: int, season: int) -> dict[str, object]:
    """Add one season's hours; links must be there as ``block.link``. Return the uses."""
    hours = range(toy.hours)
    sun, need, link = toy.sunshine(site, season), toy.need(site, season), block.link
    for name in ("solar", "charge", "discharge", "level", "gas", "grid", "curtailed"):
        setattr(block, name, pyo.Var(hours, bounds=(0, None)))
    block.short = pyo.Var(bounds=(0, None))

    def limit(part: str, quantity: str, share: Floats | None = None) -> pyo.Constraint:
        factor = np.ones(toy.hours) if share is None else share
        return pyo.Constraint(
            hours,
            rule=lambda b, t: getattr(b, part)[t] <= float(factor[t]) * link[quantity],
        )

    block.solar_limit = limit("solar", "solar", sun)
    block.charge_limit = limit("charge", "power")
    block.discharge_limit = limit("discharge", "power")
    block.level_limit = limit("level", "energy")
    block.gas_limit = limit("gas", "gas")
    block.grid_limit = limit("grid", "grid")

    @block.Constraint(hours)
    def balance(b, t):
        feed = b.solar[t] + b.discharge[t] - b.charge[t] + b.gas[t] + b.grid[t] + b.curtailed[t]
        return feed >= float(need[t]) * link["load"]

    @block.Constraint(hours)
    def storage(b, t):
        before = b.level[t - 1] if t else link["start"]
        return b.level[t] <= before + 0.9 * b.charge[t] - b.discharge[t] / 0.9

    block.at_end = pyo.Constraint(expr=block.level[toy.hours - 1] + block.short >= link["end"])
    block.within = pyo.Constraint(expr=sum(block.grid[t] for t in hours) <= link["budget"])
    return {
        "fuel": sum(block.gas[t] for t in hours),
        "wear": sum(block.discharge[t] for t in hours),
        "bought": sum(block.grid[t] for t in hours),
        "curtailed": sum(block.curtailed[t] for t in hours) + block.short,
    }


def operations(toy: Toy) -> dict[str, Operation]:
    """One operation per site and season, by key."""
    found = {}
    for site in range(toy.sites):
        for season in range(toy.seasons):
            model = pyo.ConcreteModel(name="season")
            model.link = pyo.Var(LINKS, bounds=(0, None))
            uses = _add_operation(model, toy, site, season)
            model.cost = pyo.Objective(expr=sum(uses.values()))
            links = {name: model.link[name] for name in LINKS}
            found[key(site, season)] = operation_of_model(model, links, uses)
    return found


def key(site: int, season: int) -> str:
    return f"site{site}-season{season}"


def _add_investment(model: pyo.ConcreteModel, toy: Toy) -> object:
    """Add capacities, levels, budgets; return their cost [thousand]."""
    sites, periods = range(toy.sites), range(len(toy.load_mw))
    seasons = range(toy.seasons)
    model.add = pyo.Var(["solar", "power", "energy"], sites, periods, bounds=(0, 1000))
    kind = pyo.NonNegativeIntegers if toy.unit_mw else pyo.NonNegativeReals
    model.units = pyo.Var(sites, periods, within=kind, bounds=(0, 100))
    model.cap = pyo.Var(["solar", "power", "energy", "gas"], sites, periods, bounds=(0, None))
    model.served = pyo.Var(sites, periods, bounds=(0, None))
    model.level = pyo.Var(sites, periods, seasons, bounds=(0, None))
    model.budget = pyo.Var(sites, periods, seasons, bounds=(0, 1e5))

    @model.Constraint(["solar", "power", "energy"], sites, periods)
    def capacity(m, p, s, t):
        return m.cap[p, s, t] == m.add[p, s, t] + (m.cap[p, s, t - 1] if t else 0)

    @model.Constraint(sites, periods)
    def gas_capacity(m, s, t):
        new = (toy.unit_mw or 1.0) * m.units[s, t]
        return m.cap["gas", s, t] == new + (m.cap["gas", s, t - 1] if t else 0)

    @model.Constraint(periods)
    def demand(m, t):
        return sum(m.served[s, t] for s in sites) == toy.load_mw[t]

    @model.Constraint(sites, periods, seasons)
    def level_within(m, s, t, g):
        return m.level[s, t, g] <= m.cap["energy", s, t]

    if np.isfinite(toy.grid_cap_mwh):

        @model.Constraint(periods)
        def grid_cap(m, t):
            return sum(m.budget[s, t, g] for s in sites for g in seasons) <= toy.grid_cap_mwh

    price = {"solar": toy.solar_cost, "power": 50.0, "energy": toy.energy_cost}
    size = toy.unit_mw or 1.0
    return (
        sum(
            price[p] * (1 + 0.05 * s) * m_cap
            for p in price
            for s in sites
            for t in periods
            for m_cap in [model.cap[p, s, t]]
        )
        + sum(toy.gas_cost * size * model.units[s, t] for s in sites for t in periods)
    ) / MONEY


def whole_model(toy: Toy) -> pyo.ConcreteModel:
    """The problem as one model, with every hour in unbroken order."""
    model = pyo.ConcreteModel(name="whole")
    cost = _add_investment(model, toy)
    sites, periods = range(toy.sites), range(len(toy.load_mw))
    model.hours = pyo.Block(sites, periods, range(toy.seasons))
    curtailed = []
    for (s, t, g), block in model.hours.items():
        block.link = {
            **{p: model.cap[p, s, t] for p in ("solar", "power", "energy", "gas")},
            "grid": toy.grid_mw,
            "load": model.served[s, t],
            "start": model.level[s, t, g],
            "end": model.level[s, t, (g + 1) % toy.seasons],
            "budget": model.budget[s, t, g],
        }
        uses = _add_operation(block, toy, s, g)
        curtailed.append(uses["curtailed"])
        cost += sum(p * u for p, u in zip(toy.period_prices(t), uses.values(), strict=True)) / MONEY
    if np.isfinite(toy.curtailed_cap_mwh):
        model.most_curtailed = pyo.Constraint(expr=sum(curtailed) <= toy.curtailed_cap_mwh)
    model.cost = pyo.Objective(expr=cost)
    return model


def in_parts(toy: Toy) -> tuple[Program, list[Subproblem]]:
    """The master and its subproblems."""
    model = pyo.ConcreteModel(name="master")
    cost = _add_investment(model, toy)
    sites, periods = range(toy.sites), range(len(toy.load_mw))
    seasons = range(toy.seasons)
    model.use = pyo.Var(USES, sites, periods, seasons, bounds=(0, None))
    model.grid = pyo.Var(bounds=(toy.grid_mw, toy.grid_mw))
    model.hold = pyo.Constraint(expr=model.grid == toy.grid_mw)
    if np.isfinite(toy.curtailed_cap_mwh):
        curtailed = sum(model.use["curtailed", ...])
        model.most_curtailed = pyo.Constraint(expr=curtailed <= toy.curtailed_cap_mwh)
    cost += sum(
        price * model.use[u, s, t, g]
        for t in periods
        for price, u in zip(toy.period_prices(t) / MONEY, USES, strict=True)
        for s in sites
        for g in seasons
    )
    model.cost = pyo.Objective(expr=cost)
    program = compile_model(model)
    number = {id(column): j for j, column in enumerate(program.columns)}

    def place(variable: object) -> int:
        return number.get(id(variable), -1)

    subproblems = []
    for s in sites:
        for t in periods:
            for g in seasons:
                links = [
                    *(model.cap[p, s, t] for p in ("solar", "power", "energy", "gas")),
                    model.grid,
                    model.served[s, t],
                    model.level[s, t, g],
                    model.level[s, t, (g + 1) % toy.seasons],
                    model.budget[s, t, g],
                ]
                subproblems.append(
                    Subproblem(
                        name=f"site {s} period {t} season {g}",
                        cone=key(s, g),
                        links=np.array([place(v) for v in links], dtype=np.int32),
                        uses=np.array([place(model.use[u, s, t, g]) for u in USES], dtype=np.int32),
                        prices=toy.period_prices(t),
                        link_unit=np.ones(len(LINKS)),
                        use_unit=np.ones(len(USES)),
                    )
                )
    return program, subproblems
