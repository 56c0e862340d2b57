"""The storage-investment example of oemof-solph, written with our components.

One site and one year of 8,760 hours: wind and PV of given output, gas at 58 %, storage of six
hours, and a load that must be met. The figures are those of the scripts v1 to v4 in
``examples/storage_investment`` of oemof-solph 0.6.5, in MW where the scripts have kW; its euro
stands where we have a dollar.

**Storage.** oemof books all losses at the way out: ``L[h] = L[h-1] + C[h] - D[h] / e`` with
e = 0.8, ``L <= E`` and ``C, D <= E / 6``. Ours takes sqrt(e) at either way: with
``L' = sqrt(e) L`` the same balance reads ``L'[h] = L'[h-1] + sqrt(e) C[h] - D[h] / sqrt(e)``, and
``L <= E`` reads ``L' <= sqrt(e) E``. So E / 6 is our power, 6 h our duration and sqrt(e) our usable
share. What is charged costs 0.0001 per kWh; ours pays for what is discharged. Empty at both ends,
storage discharges e of what it is charged, so that 0.0001 / e per kWh discharged is the same money.

**Gas.** A price or a limit per MWh of gas becomes one per MMBtu. oemof's plant has 10e10 kW; here
it has `GAS_MW`, more than load and charging together ever ask for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from components.base import Expr, Floats, Hours, Periods, Profile, Setting, World
from components.power import battery, dispatchable, generator, solar
from components.power.additions import UnitParameters, add_units
from solvers.operation import Operation, operation_of_model
from solvers.program import Ints, Program, compile_model
from solvers.subproblem import Subproblem

DATA = Path(__file__).parent / "data" / "oemof_storage_investment.csv.gz"
HOURS = 8760
SEASONS = 4
EFFICIENCY = 0.8
GAS_MW = 1000.0
MMBTU_PER_MWH = 3.412141633
"""International table Btu, ISO 31-4 [MMBtu/MWh]."""
GAS_PER_MWH = 1 / 0.58
"""Heat of the gas over power [1]."""
CURTAILED_USD_PER_MWH = 1e5
"""Keeps the operation of a season possible at any size; too dear ever to be chosen."""
USES = ("fuel_gbtu", "variable_kusd", "curtailed_gwh")
LINKS = ("wind", "pv", "gas", "storage", "start", "end", "load", "budget")

_BOUGHT = {
    "unit_mw": 1.0,
    "fixed_om_usd_per_kw_year": 0.0,
    "lead_months": 0.0,
    "life_years": 20.0,
}
WIND = UnitParameters(**_BOUGHT, capex_usd_per_kw=1000.0)
PV = solar.Solar(
    **_BOUGHT,
    capex_usd_per_kw=1000.0,
    capex_2030_usd_per_kw=1000.0,
    degradation_per_year=0.0,
    land_acres_per_mw=0.0,
)
STORAGE = battery.Battery(
    **_BOUGHT,
    capex_usd_per_kw=6000.0,
    capex_2030_usd_per_kw=6000.0,
    duration_h=6.0,
    usable_share=EFFICIENCY**0.5,
    round_trip_efficiency=EFFICIENCY,
    wear_usd_per_mwh=0.1 / EFFICIENCY,
)
GAS = dispatchable.DispatchableParameters(
    **_BOUGHT,
    capex_usd_per_kw=0.0,
    vendor="oemof",
    product="pp_gas",
    heat_rate_mmbtu_per_mwh=GAS_PER_MWH * MMBTU_PER_MWH,
    heat_rate_margin=0.0,
    variable_om_usd_per_mwh=0.0,
    minimum_load_share=0.0,
    forced_outage_share=0.0,
    planned_outage_h_per_year=0.0,
    nox_lb_per_mwh=0.0,
    derate_per_c=0.0,
)
SETTING = Setting(
    periods=Periods(
        labels=("2012",),
        year=np.array([2012]),
        length_years=np.ones(1),
        start_months=np.zeros(1),
        first_order_month=12 * 2012,
        discount=np.ones(1),
    ),
    cost_of_capital=0.05,
    whole_units_from_mw=np.inf,
)


@dataclass(frozen=True)
class Variant:
    """What is asked of the example.

    Attributes
    ----------
    given_mw
        What is there already and costs nothing [MW].
    gas_usd_per_mwh
        Price of the gas, per MWh of heat.
    gas_share
        Most of the load that gas may serve over the year; none: no limit [1].
    """

    given_mw: Mapping[str, float] = field(default_factory=dict)
    gas_usd_per_mwh: float = 0.0
    gas_share: float | None = None

    def prices_kusd(self) -> Floats:
        """Price of each of `USES` [1000 USD per unit of the use]."""
        return np.array([self.gas_usd_per_mwh / MMBTU_PER_MWH, 1.0, CURTAILED_USD_PER_MWH])

    def most_fuel_gbtu(self) -> float:
        """Return the gas that the share allows."""
        assert self.gas_share is not None
        load_mwh = load_mw() * HOURS
        return float(self.gas_share * load_mwh * GAS_PER_MWH * MMBTU_PER_MWH / 1000)


V1 = Variant(gas_usd_per_mwh=40.0)
V2 = Variant({"wind": 1000.0, "pv": 600.0}, gas_usd_per_mwh=40.0)
V3 = Variant({"wind": 1000.0, "pv": 600.0}, gas_share=0.2)
V4 = Variant(gas_share=0.2)


@cache
def series() -> pd.DataFrame:
    """Hourly ``demand_el`` [kW], ``pv`` and ``wind`` [1]."""
    return pd.read_csv(DATA)


def load_mw() -> float:
    """Mean load [MW]."""
    return float(series()["demand_el"].mean()) / 1000


@dataclass(frozen=True)
class Hourly:
    """What operation hands out: power into the bus by part [MW], and uses."""

    power_mw: Mapping[str, Sequence[Expr]]
    uses: Mapping[str, Expr]


def operate(block: pyo.Block, hours: Hours, link: Mapping[str, Expr], *, spare: bool) -> Hourly:
    """Add the hours of our components and the balance of the bus.

    ``spare`` adds load that is not met, without which the balance cannot hold at every size.
    """
    of_hour = {name: series()[name].to_numpy()[hours.of_year] for name in series()}
    world = World(
        hours,
        {"solar_capacity_factor": of_hour["pv"], "drybulb_c": np.full(len(hours), 15.0)},
        {"elevation_m": 0.0},
    )
    block.wind, block.pv, block.gas, block.storage = (pyo.Block() for _ in range(4))
    blows = Profile(shares={"output_within_capacity": of_hour["wind"]}, amounts={})
    levels = {"level_start_mwh": link["start"], "level_end_mwh": link["end"]}
    found = {
        "wind": generator.generate(block.wind, blows, world, {"mw": link["wind"]}),
        "pv": solar.operate(block.pv, PV, world, {"mw": link["pv"]}),
        "gas": dispatchable.operate(block.gas, GAS, world, {"mw": link["gas"]}),
        "storage": battery.operate(
            block.storage, STORAGE, world, {"mw": link["storage"], **levels}
        ),
    }
    block.curtailed_mw = pyo.Var(hours.index, bounds=(0, None if spare else 0))
    shape = of_hour["demand_el"] / 1000 / load_mw()

    @block.Constraint(hours.index)
    def power_balance(b, h):
        fed = sum(part.power_mw[h] for part in found.values()) + b.curtailed_mw[h]
        return fed - float(shape[h]) * link["load"] == 0

    def total(use: str) -> Expr:
        pairs = [pair for part in found.values() for pair in part.uses.get(use, ())]
        return sum(amount * variable for variable, amount in pairs if amount)

    uses = {use: total(use) for use in USES[:2]}
    uses["curtailed_gwh"] = sum(block.curtailed_mw[h] for h in hours.index) / 1000
    return Hourly({name: part.power_mw for name, part in found.items()}, uses)


def invest(model: pyo.ConcreteModel, variant: Variant) -> tuple[dict[str, Expr], Expr]:
    """Add what is built and what is given; return capacities and load, and yearly cost [kUSD]."""
    given = {"gas": GAS_MW, "load": load_mw(), **variant.given_mw}
    model.given = pyo.Var(given, domain=pyo.NonNegativeReals)
    model.given_as = pyo.Constraint(given, rule=lambda m, name: m.given[name] == given[name])
    links: dict[str, Expr] = {name: model.given[name] for name in given}
    cost = 0.0
    kinds = {"wind": add_units, "pv": solar.invest, "storage": battery.invest}
    figures = {"wind": WIND, "pv": PV, "storage": STORAGE}
    for name in [name for name in kinds if name not in given]:
        model.add_component(name, pyo.Block())
        found = kinds[name](model.component(name), figures[name], SETTING)
        links[name] = found.links["mw"][0]
        cost += sum(by[0] for by in found.annual_usd.values()) / 1000
    return links, cost


def in_one_piece(variant: Variant) -> tuple[pyo.ConcreteModel, dict[str, Expr], Hourly]:
    """Write all hours and the investment as one model; storage is empty at both ends."""
    model = pyo.ConcreteModel(name="in one piece")
    links, cost = invest(model, variant)
    model.hours = pyo.Block()
    hours = Hours(np.arange(HOURS), np.ones(HOURS), np.arange(HOURS) - 1)
    found = operate(model.hours, hours, {**links, "start": 0.0, "end": 0.0}, spare=False)
    model.empty_at_end = pyo.Constraint(expr=model.hours.storage.level_mwh[HOURS - 1] == 0)
    model.cost = pyo.Objective(expr=cost + _priced(variant, found.uses))
    if variant.gas_share is not None:
        model.gas_share = pyo.Constraint(expr=found.uses["fuel_gbtu"] <= variant.most_fuel_gbtu())
    return model, links, found


def operations() -> dict[str, Operation]:
    """Compile the operation of each season, with a budget of fuel."""
    return dict(_operations())


def _operations() -> Iterator[tuple[str, Operation]]:
    length = HOURS // SEASONS
    order = np.arange(length)
    for g in range(SEASONS):
        model = pyo.ConcreteModel(name=f"season {g}")
        model.link = pyo.Var(LINKS, domain=pyo.NonNegativeReals)
        link = {name: model.link[name] for name in LINKS}
        model.hours = pyo.Block()
        hours = Hours(g * length + order, np.ones(length), order - 1)
        found = operate(model.hours, hours, link, spare=True)
        model.budget = pyo.Constraint(expr=found.uses["fuel_gbtu"] <= link["budget"])
        model.uses = pyo.Objective(expr=sum(found.uses.values()))
        operation = operation_of_model(model, link, found.uses)
        yield f"season {g}", replace(operation, domain=_domain())


def in_parts(variant: Variant) -> tuple[Program, list[Subproblem]]:
    """Write the investment as a master, and say which of its columns are which season's.

    A season's budget of fuel is the master's own column of that use, as in the planner.
    """
    model = pyo.ConcreteModel(name="master")
    seasons = range(SEASONS)
    links, cost = invest(model, variant)
    model.use = pyo.Var(USES, seasons, domain=pyo.NonNegativeReals)
    between = range(1, SEASONS)
    model.level = pyo.Var(between, domain=pyo.NonNegativeReals)

    @model.Constraint(between)
    def level_within_battery(m, g):
        return m.level[g] <= STORAGE.usable_mwh_per_mw * links["storage"]

    yearly = {use: sum(model.use[use, g] for g in seasons) for use in USES}
    model.cost = pyo.Objective(expr=cost + _priced(variant, yearly))
    if variant.gas_share is not None:
        model.gas_share = pyo.Constraint(expr=yearly["fuel_gbtu"] <= variant.most_fuel_gbtu())
    program = compile_model(model)
    number = {id(column): j for j, column in enumerate(program.columns)}

    def columns(g: int) -> Ints:
        here = {**links, "budget": model.use["fuel_gbtu", g]}
        here |= {"start": model.level[g]} if g in between else {}
        here |= {"end": model.level[g + 1]} if g + 1 in between else {}
        place = [number[id(here[name])] if name in here else -1 for name in LINKS]
        return np.array(place, dtype=np.int32)

    return program, [
        Subproblem(
            name=f"season {g}",
            cone=f"season {g}",
            links=columns(g),
            uses=np.array([number[id(model.use[use, g])] for use in USES], dtype=np.int32),
            prices=variant.prices_kusd(),
            link_unit=np.ones(len(LINKS)),
            use_unit=np.ones(len(USES)),
        )
        for g in seasons
    ]


def _priced(variant: Variant, uses: Mapping[str, Expr]) -> Expr:
    return sum(float(p) * uses[use] for use, p in zip(USES, variant.prices_kusd(), strict=True))


def _domain() -> Floats:
    """Any sizes, with levels at the ends that the storage can hold."""
    alone = dict(zip(LINKS, np.eye(len(LINKS)), strict=True))
    start, end = alone.pop("start"), alone.pop("end")
    held = STORAGE.usable_mwh_per_mw
    full = [alone["storage"] + held * ends for ends in (start, end, start + end)]
    return np.vstack([*alone.values(), *full])
