"""The balance audit: energy, tokens, chips, labour, power and money, from the tables alone.

Works on the numbers that are handed out, not on the solver's rows: what a reader could add up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from components.base import Floats, Ints, Parameters
from components.compute.rack import Rack
from components.cooling.pue import pue
from components.cooling.water import water_l_per_kwh
from components.facility.block import Block
from components.facility.elements import POWER_PARTS
from components.power.remote import Remote
from planner.errors import BalanceError
from planner.formulate.formulation import Formulation, use_prices_kusd
from planner.formulate.hours import hours_of
from planner.formulate.labour import craft_h
from planner.formulate.operation import spans_of
from planner.plan.lines import generated_afar
from planner.plan.orbit import checked
from planner.plan.plan import Plan
from planner.plan.retrofits import converted_mw, retrofit_of
from planner.plan.values import number, records

FACILITY_AND_IT = ("rack", "block", "retrofit", "site_works", "satellite")
"""Kinds of builds that are the facility and what computes in it."""

TOLERANCE = 1e-6
"""Most a balance may be off, relative to its largest term."""


@dataclass(frozen=True, slots=True)
class Balance:
    """One balance: what it says, and how far it is off.

    Attributes
    ----------
    what
        Such as ``energy of abilene_tx in 2028``.
    off, scale
        Largest deviation and the largest term, in the same unit.
    """

    what: str
    off: float
    scale: float

    @property
    def relative(self) -> float:
        """Deviation over the largest term [1]."""
        return self.off / max(self.scale, 1e-9) if self.off > 0 else 0.0


def audit(plan: Plan) -> tuple[Balance, ...]:
    """Check every balance of a plan.

    Raises
    ------
    BalanceError
        If any is off by more than `TOLERANCE`, naming the worst.
    """
    found = tuple(_balances(plan))
    worst = max(found, key=lambda balance: balance.relative)
    if not worst.relative <= TOLERANCE:
        what = f"{worst.what} (largest term {worst.scale:.6g}, allowed {TOLERANCE:.0e} of it)"
        raise BalanceError(what, worst.off)
    return found


def _balances(plan: Plan) -> Iterator[Balance]:
    yield from _energy(plan)
    yield from _products(plan)
    yield from _load(plan)
    yield from _water(plan)
    yield from _shifted(plan)
    yield from _capacity(plan)
    yield from _tokens(plan)
    yield from _supplies(plan)
    for what, off, scale in checked(plan.formulation, plan.tables):
        yield Balance(what, off, scale)
    yield from _elements(plan)
    yield _money(plan)
    yield from _fuel_and_grid(plan)


def _energy(plan: Plan) -> Iterator[Balance]:
    """Injections add up to zero in every hour."""
    for (s, t), run in plan.outcome.dispatch.items():
        power = np.array(list(run.power_mw.values()))
        off = float(np.abs(power.sum(axis=0)).max())
        yield Balance(
            f"energy of {s} in {_label(plan, t)}", off, max(float(np.abs(power).max()), 1.0)
        )


def _products(plan: Plan) -> Iterator[Balance]:
    """In every hour the products of a dispatch class give what the class gives."""
    for (s, t), run in plan.outcome.dispatch.items():
        own = plan.dispatch[s, t].power_mw
        for name, one in plan.formulation.case.classes.items():
            if name in run.power_mw:
                off = float(np.abs(run.power_mw[name] - sum(own[n] for n in one.members)).max())
                scale = max(float(np.abs(run.power_mw[name]).max()), 1.0)
                yield Balance(f"products of {name} at {s} in {_label(plan, t)}", off, scale)


def _load(plan: Plan) -> Iterator[Balance]:
    """Load is the draw of the running racks times the power use effectiveness of every hour.

    Racks held for work that may wait draw what the hours say; the site's IT power has their mean.
    """
    case, shift_mw = plan.formulation.case, _shift_mw(plan, "shift_mw")
    mean_mw = _shift_mw(plan, "shift_mean_mw")
    draw = plan.formulation.case.scenario.serving.draw_share
    racks = plan.tables["racks"]
    unit_mw = racks["it_mw"] / racks["racks"]
    running = (racks["running"] * unit_mw * draw).groupby([racks["site"], racks["period"]]).sum()
    sites = plan.tables["sites"].set_index(["site", "period"])["it_mw"].copy()
    for (s, t, c), mw in shift_mw.items():
        sites[s, _label(plan, t)] += mw - mean_mw[s, t, c]
    found = sites.sub(running, fill_value=0.0).abs()
    yield Balance("IT power of racks and sites", float(found.max()), float(sites.max()))
    drawn = (racks["running"] * unit_mw * draw).groupby(
        [racks["site"], racks["period"], racks["cooling"]]
    )
    it_mw = drawn.sum().to_dict()
    for (s, t), run in plan.outcome.dispatch.items():
        load = run.power_mw["load"] + sum(
            (
                it_mw.get((s, _label(plan, t), name), 0.0)
                - shift_mw.get((s, t, name), 0.0)
                + run.shifted_mw.get(name, 0.0)
            )
            * pue(cooling, *_outdoors(plan, s, run.hours.of_year))
            for name, cooling in case.cooling.items()
        )
        scale = max(float(np.abs(run.power_mw["load"]).max()), 1.0)
        yield Balance(f"load of {s} in {_label(plan, t)}", float(np.abs(load).max()), scale)


def _water(plan: Plan) -> Iterator[Balance]:
    """Water of the sites is what cooling uses for the racks that run, added up over the hours.

    Racks held for work that may wait count with their mean.
    """
    case = plan.formulation.case
    most_mw, mean_mw = _shift_mw(plan, "shift_mw"), _shift_mw(plan, "shift_mean_mw")
    racks = plan.tables["racks"]
    draw_mw = racks["running"] * racks["it_mw"] / racks["racks"]
    draw_mw *= case.scenario.serving.draw_share
    it_mw = draw_mw.groupby([racks["site"], racks["period"], racks["cooling"]]).sum().to_dict()
    told = plan.tables["sites"].set_index(["site", "period"])["water_m3"]
    for s in case.sites:
        for t, label in enumerate(case.periods.labels):
            hours, used = hours_of(case, t), 0.0
            for c, cooling in case.cooling.items():
                mw = it_mw.get((s, label, c), 0.0)
                mw += mean_mw.get((s, t, c), 0.0) - most_mw.get((s, t, c), 0.0)
                litres = water_l_per_kwh(cooling, *_outdoors(plan, s, hours.of_year))
                used += mw * float(hours.weight @ litres)
            yield Balance(f"water of {s} in {label}", abs(used - told[s, label]), max(used, 1.0))
    shown = plan.tables["cooling"]["water_m3"].sum() - told.sum()
    yield Balance("water of cooling types and sites", abs(shown), max(float(told.sum()), 1.0))


def _shifted(plan: Plan) -> Iterator[Balance]:
    """Work that may wait is done within its span, by the racks held for it."""
    case = plan.formulation.case
    most_mw, mean_mw = _shift_mw(plan, "shift_mw"), _shift_mw(plan, "shift_mean_mw")
    for (s, t), run in plan.outcome.dispatch.items():
        where = f"of {s} in {_label(plan, t)}"
        for c, drawn_mw in run.shifted_mw.items():
            most, mean = most_mw[s, t, c], mean_mw[s, t, c]
            over = max(float(drawn_mw.max()) - most, 0.0)
            yield Balance(f"draw of work that waits {where}", over, max(most, 1.0))
            spans = spans_of(hours_of(case, t), cast(int, case.defer_h))
            missing = max(len(span) * mean - float(drawn_mw[span].sum()) for span in spans)
            scale = max(max(map(len, spans)) * mean, 1.0)
            yield Balance(f"work that waits {where}", max(missing, 0.0), scale)


def _shift_mw(plan: Plan, name: str) -> dict[tuple[str, int, str], float]:
    """Return what of the IT load may wait, by site, period and cooling type; empty: none [MW]."""
    case, model = plan.formulation.case, plan.formulation.model
    if case.defer_h is None:
        return {}
    found = model.component(name)
    return {
        (s, t, c): number(found[s, c, t])
        for s in case.sites
        for c in case.cooling
        for t in case.periods.index
    }


def _outdoors(plan: Plan, site: str, hours: Ints) -> tuple[Floats, Floats]:
    profiles = plan.formulation.case.sites[site].profiles
    return profiles["drybulb_c"][hours], profiles["wetbulb_c"][hours]


def _capacity(plan: Plan) -> Iterator[Balance]:
    """No component gives more than what of it is usable; no more racks than blocks."""
    capacity = plan.tables["capacity"]
    usable = capacity.groupby(["site", "period", "component"])["usable_mw"].sum().to_dict()
    for (s, t), run in plan.dispatch.items():
        for name in plan.formulation.case.power:
            most = usable.get((s, _label(plan, t), name), 0.0)
            peak = float(np.abs(run.power_mw[name]).max()) if name in run.power_mw else 0.0
            yield Balance(f"output of {name} at {s}", max(peak - most, 0.0), max(peak, 1.0))
    by = capacity.replace({"family": {"orbit": "block"}})  # satellites hold racks like blocks
    by = by[by["family"].isin(["rack", "block"])]
    mw = by.pivot_table(
        index=["site", "period", "cooling"], columns="family", values="mw", aggfunc="sum"
    ).reindex(columns=["rack", "block"])
    halls = mw["block"].add(
        converted_mw(plan.formulation.case, plan.tables["builds"]), fill_value=0
    )
    over = (mw["rack"].fillna(0) - halls.reindex(mw.index).fillna(0)).clip(lower=0)
    if len(over):
        yield Balance("racks within blocks", float(over.max()), float(mw["block"].max()))


def _tokens(plan: Plan) -> Iterator[Balance]:
    """Check that served and unmet tokens add up to the demand; no rack serves beyond its means."""
    case = plan.formulation.case
    tokens = plan.tables["tokens"]
    total = tokens.groupby(["period", "workload"])["tokens_per_s"].sum()
    for w, workload in case.workloads.items():
        for t, label in enumerate(case.periods.labels):
            asked = 1e6 * float(workload.demand_mtokens_per_s[t])
            off = abs(float(total.get((label, w), 0.0)) - asked)
            yield Balance(f"tokens of {w} in {label}", off, max(asked, 1.0))
    yield from _serving(plan)


def _serving(plan: Plan) -> Iterator[Balance]:
    """No more racks are held for workloads than are in order, at each site."""
    keys = ["site", "period", "rack"]
    there = plan.tables["racks"].groupby(keys)["running"].sum()
    busy = plan.tables["rack_use"].groupby(keys)["racks"].sum()
    in_order = there.index.get_level_values("site").map(plan.formulation.case.in_order)
    free = there * in_order.to_numpy(dtype=float)
    over = busy.sub(free.reindex(busy.index).fillna(0.0)).clip(lower=0)
    if len(over):
        yield Balance("racks that serve", float(over.max()), float(busy.max()))
    yield from _held(plan)


def _held(plan: Plan) -> Iterator[Balance]:
    """Check that racks are held for the tokens that are served, as the recipes say, at the peak."""
    case = plan.formulation.case
    position = {label: t for t, label in enumerate(case.periods.labels)}
    asked: dict[tuple[str, str], float] = {}
    for row in records(plan.tables["tokens"].query("kind == 'served'")):
        t, peak = position[row["period"]], case.workloads[row["workload"]].capacity_ratio
        for rack, amount in case.recipes[row["recipe"]].racks.items():
            held = row["tokens_per_s"] / 1000 * float(amount[t]) * peak
            asked[row["period"], rack] = asked.get((row["period"], rack), 0.0) + held
    use: dict[tuple[str, str], float] = {}
    for row in records(plan.tables["rack_use"]):
        use[row["period"], row["rack"]] = use.get((row["period"], row["rack"]), 0.0) + row["racks"]
    for label, rack in {**asked, **use}:
        wanted, held = asked.get((label, rack), 0.0), use.get((label, rack), 0.0)
        yield Balance(f"{rack} racks held in {label}", abs(held - wanted), max(wanted, held))


def _supplies(plan: Plan) -> Iterator[Balance]:
    """No supply is overdrawn, and chips in racks are chips drawn."""
    for row in records(plan.tables["supply"]):
        over = max(row["used"] - row["limit"], 0.0)
        what = f"{row['kind']}: {row['name']} {row['site']} in {row['period']}"
        yield Balance(what, over, max(row["limit"], 1))
    builds = plan.tables["builds"]
    for draw, used in _final_draws(plan.formulation).items():
        off = abs(_drawn_by(builds, plan.formulation, draw) - used)
        scale = max(used, _of_a_unit(plan.formulation, draw))
        yield Balance(f"{draw} in what is built", off, scale)


def _of_a_unit(formulation: Formulation, draw: str) -> float:
    """Return what one unit draws at most: of what is noise of a unit, the builds know nothing."""
    case = formulation.case
    racks = [cast(Rack, p.figures) for p in case.racks.values()]
    blocks = [cast(Block, p.figures) for p in case.blocks.values()]
    amounts = [rack.ingredients.get(draw, 0.0) for rack in racks]
    if draw == "craft_hours":
        amounts = [b.craft_hours_per_mw * b.unit_mw for b in blocks]
    return max([1.0, *amounts])


def _final_draws(formulation: Formulation) -> dict[str, float]:
    last = len(formulation.case.periods) - 1
    chips = {
        limit.name: number(limit.used)
        for limit in formulation.limits
        if limit.kind == "chips" and limit.period == last
    }
    hours = [number(limit.used) for limit in formulation.limits if limit.kind == "labour"]
    return chips | {"craft_hours": sum(hours)}


def _drawn_by(builds: pd.DataFrame, formulation: Formulation, draw: str) -> float:
    case = formulation.case
    total = 0.0
    for row in records(builds):
        if draw == "craft_hours" and row["kind"] == "block":
            block = cast(Block, case.blocks[row["component"]].figures)
            t = case.periods.labels.index(row["period"])
            total += craft_h(case.labour, block, row["mw"], t)
        elif draw == "craft_hours" and row["kind"] == "retrofit":
            t = case.periods.labels.index(row["period"])
            total += craft_h(case.labour, retrofit_of(case, row["component"]), row["mw"], t)
        elif draw == "craft_hours" and row["kind"] == "rack" and case.labour is not None:
            total += row["units"] * case.labour.rack_install_h.get(row["component"], 0.0)
        elif row["kind"] == "rack":
            rack = cast(Rack, case.racks[row["component"]].figures)
            total += row["units"] * rack.ingredients.get(draw, 0.0)
    return total


def _elements(plan: Plan) -> Iterator[Balance]:
    """Elements add up to the overnight cost of what is built, at each site in each period.

    Besides in two sums: facility and IT, and power from elsewhere than them.
    """
    builds, elements = plan.tables["builds"], plan.tables["elements"]
    keys = ["site", "period"]
    built = builds.groupby(keys)["capex_usd"].sum()
    off = built.sub(elements.groupby(keys)["usd"].sum(), fill_value=0.0).abs()
    if len(off):
        yield Balance("elements and overnight cost", float(off.max()), float(built.max()))
    inside = builds[builds["kind"].isin(FACILITY_AND_IT)]["capex_usd"].sum()
    of_them = elements[~elements["part"].isin(POWER_PARTS)]["usd"].sum()
    what = "elements and the cost of facility and IT"
    yield Balance(what, abs(float(inside - of_them)), float(inside))


def _money(plan: Plan) -> Balance:
    """Check that the costs add up to the objective."""
    booked = float(plan.tables["costs"]["discounted_usd"].sum())
    objective = 1000 * plan.outcome.objective_kusd
    return Balance("costs and the objective", abs(booked - objective), abs(objective))


def _fuel_and_grid(plan: Plan) -> Iterator[Balance]:
    """Booked fuel and grid energy are those of the hours that are shown."""
    case = plan.formulation.case
    for (s, t), run in plan.outcome.dispatch.items():
        prices = case.sites[s].profiles["grid_price_usd_per_mwh"][run.hours.of_year]
        prices = prices * float(case.sites[s].grid_price_ratio[t])
        bought = sum(
            float((run.hours.weight * prices) @ run.power_mw[name])
            for name in case.classes
            if case.family_of(name) == "grid" and name in run.power_mw
        )
        paid = (
            1000
            * float(case.sites[s].grid_price_ratio[t])
            * number(plan.formulation.model.use[s, "grid_energy_kusd", t])
        )
        yield Balance(f"grid energy of {s}", abs(paid - bought), max(abs(paid), 1e3))
    costs = plan.tables["costs"].groupby(["site", "period", "item"])["usd"].sum()
    for (s, t), run in plan.outcome.dispatch.items():
        price = 1000 * float(use_prices_kusd(case, s)["fuel_gbtu"][t])
        made = {**run.power_mw, **generated_afar(plan.formulation, s, t, run)}
        fuel = sum(
            float(run.hours.weight @ made[name]) * rate / 1000
            for name, one in case.classes.items()
            if name in made and (rate := _heat_rate(one.figures))
        )
        booked = float(costs.get((s, _label(plan, t), "fuel"), 0.0))
        yield Balance(f"fuel of {s}", abs(booked - price * fuel), max(abs(booked), 1e3))


def _heat_rate(figures: Parameters) -> float:
    """Return what a MWh takes where it is made [MMBtu/MWh]; 0: nothing."""
    plant = figures.plant if isinstance(figures, Remote) else figures
    return float(getattr(plant, "net_heat_rate_mmbtu_per_mwh", 0.0))


def _label(plan: Plan, t: int) -> str:
    return plan.formulation.case.periods.labels[t]
