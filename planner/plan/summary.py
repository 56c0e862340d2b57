"""The summary of a plan: what a reader asks first, as plain data."""

from typing import Any, TypeAlias

import pandas as pd

from planner.plan.plan import Plan
from planner.plan.prices import binding
from planner.plan.redispatch import class_difference_table
from planner.plan.values import records
from planner.version import installed

ByLabel: TypeAlias = dict[str, float | None]


def summarise(plan: Plan, peak_memory_mb: float) -> dict[str, Any]:
    """Return the summary of a plan; every figure by period unless its name says otherwise.

    Parameters
    ----------
    plan
        The plan.
    peak_memory_mb
        Most memory the process has held [MB].

    Returns
    -------
    dict
        JSON data. ``usd_per_mtok`` is undiscounted cost without unmet tokens over tokens served;
        ``usd_per_mwh`` is the cost of power over the energy that reached the load.
    """
    case, outcome = plan.formulation.case, plan.outcome
    sites = plan.tables["sites"]
    it_mw = sites.groupby("period", sort=False)["it_mw"].sum()
    return {
        "title": case.scenario.title,
        "status": outcome.status,
        "objective_usd": 1000 * outcome.objective_kusd,
        "bound_usd": 1000 * outcome.bound_kusd,
        "gap": outcome.gap,
        "unmet_share": _unmet_share(plan),
        "sites_opened": sorted(sites.loc[sites["open"], "site"].unique()),
        "existing_mw": _existing_mw(plan),
        "it_mw": {label: float(mw) for label, mw in it_mw.items()},
        **_grid(plan),
        "usd_per_mtok": _usd_per_mtok(plan),
        "usd_per_mwh": _usd_per_mwh(plan),
        **_co2(plan),
        "power_water_m3": _power_water_m3(plan),
        "cooling_water_m3": _cooling_water_m3(plan),
        "product_dispatch": _product_dispatch(plan),
        "reliability": _reliability(plan),
        "binding": _binding(plan),
        "seconds": {phase: round(s, 3) for phase, s in outcome.seconds.items()},
        "peak_memory_mb": round(peak_memory_mb, 1),
        "engine": case.scenario.solver.engine,
        "cuts": outcome.cuts,
        "version": installed(),
        "approximations": list(outcome.approximations),
        "weather_years": case.scenario.sites.weather_years,
        "synthetic_weather": sorted(s for s, h in case.sites.items() if h.weather_synthetic),
    }


def _existing_mw(plan: Plan) -> dict[str, dict[str, float]]:
    """Return what stood before the first period, by site and component [MW]; empty: nothing."""
    table = plan.tables["capacity"]
    first = plan.formulation.case.periods.labels[0]
    there = table[(table["period"] == first) & (table["existing_mw"] > 0)]
    found: dict[str, dict[str, float]] = {}
    for row in records(there):
        here = found.setdefault(row["site"], {})
        mw = here.get(row["component"], 0.0) + row["existing_mw"]
        here[row["component"]] = round(mw, 6)  # the tables have units times MW of one
    return found


def _ratio(above: pd.Series, below: pd.Series, labels: tuple[str, ...]) -> ByLabel:
    """Divide by label; null where there is nothing to divide by."""
    found: ByLabel = {}
    for label in labels:
        base = float(below.get(label, 0.0))
        found[label] = float(above.get(label, 0.0)) / base if base > 0 else None
    return found


def _unmet_share(plan: Plan) -> ByLabel:
    tokens = plan.tables["tokens"]
    asked = tokens.groupby("period")["tokens"].sum()
    unmet = tokens[tokens["kind"] == "unmet"].groupby("period")["tokens"].sum()
    return _ratio(unmet, asked, plan.formulation.case.periods.labels)


def _grid(plan: Plan) -> dict[str, Any]:
    case = plan.formulation.case
    labels = case.periods.labels
    power = plan.tables["power_by_season"]
    connections = {name for name, p in case.power.items() if p.family == "grid"}
    taken = power[power["component"].isin(connections)].groupby("period")["mwh"].sum()
    share: dict[str, float] = {}
    limit: ByLabel = {}
    for t, label in enumerate(labels):
        all_gwh = float(taken.get(label, 0.0)) / 1000 + float(case.other_grid_gwh[t])
        share[label] = all_gwh / float(case.us_gwh[t])
        limit[label] = (
            None if case.grid_limit_gwh is None else float(case.grid_limit_gwh[t] / case.us_gwh[t])
        )
    return {
        "grid_mwh": {label: float(taken.get(label, 0.0)) for label in labels},
        "grid_share": share,
        "grid_share_limit": limit,
        "grid_share_denominator": case.scenario.grid.denominator,
    }


def _usd_per_mtok(plan: Plan) -> dict[str, ByLabel]:
    """Cost per million tokens served; a workload bears the racks that are held for it."""
    labels = plan.formulation.case.periods.labels
    costs = plan.tables["costs"]
    paid = costs[costs["family"] != "demand"].groupby("period")["usd"].sum()
    served = plan.tables["tokens"].query("kind == 'served'")
    mtok = served["tokens"] / 1e6
    found = {"all": _ratio(paid, mtok.groupby(served["period"]).sum(), labels)}
    usd = _usd_of_workloads(plan, paid)
    for workload, of_workload in mtok.groupby(served["workload"]):
        by_period = of_workload.groupby(served["period"]).sum()
        found[str(workload)] = _ratio(usd.loc[workload], by_period, labels)
    return found


def _usd_of_workloads(plan: Plan, paid: pd.Series) -> pd.Series:
    """Share what is paid among workloads: racks by use of their kind, all else by their power."""
    case, costs, use = plan.formulation.case, plan.tables["costs"], plan.tables["rack_use"]
    keys = [use["period"], use["rack"]]
    of_racks = costs[costs["family"] == "rack"].groupby(["period", "component"])["usd"].sum()
    used = use["racks"].groupby(keys).transform("sum")
    price = pd.Series(
        [float(of_racks.get(key, 0.0)) for key in zip(*keys, strict=True)], index=use.index
    )
    own = price * use["racks"] / used
    mw = use["racks"] * use["rack"].map({n: p.figures.unit_mw for n, p in case.racks.items()})
    rest = use["period"].map(paid).astype(float) - own.groupby(use["period"]).transform("sum")
    shared = rest * mw / mw.groupby(use["period"]).transform("sum")
    return (own + shared).groupby([use["workload"], use["period"]]).sum()


def _usd_per_mwh(plan: Plan) -> ByLabel:
    costs = plan.tables["costs"]
    case = plan.formulation.case
    power = costs["family"].eq("power") | costs["component"].isin([*case.laterals, "air_permit"])
    paid = costs[power & costs["item"].ne("curtailed")].groupby("period")["usd"].sum()
    season = plan.tables["power_by_season"]
    drawn = season[season["component"] == "load"].groupby("period")["mwh"].sum()
    curtailed = season[season["component"] == "curtailed"].groupby("period")["mwh"].sum()
    served = (-drawn).sub(curtailed, fill_value=0.0)
    return _ratio(paid, served, case.periods.labels)


def _power_water_m3(plan: Plan) -> dict[str, float]:
    """Return the water that making power uses up: energy of each product times its rate [m3]."""
    case = plan.formulation.case
    l_per_mwh = {n: getattr(p.figures, "water_l_per_mwh", 0.0) for n, p in case.power.items()}
    power = plan.tables["power_by_season"]
    m3 = power["mwh"] * power["component"].map(l_per_mwh).fillna(0.0) / 1000
    by_period = m3.groupby(power["period"]).sum()
    return {label: float(by_period.get(label, 0.0)) for label in case.periods.labels}


def _cooling_water_m3(plan: Plan) -> dict[str, float]:
    """Return the water that cooling uses at all sites [m3]."""
    by_period = plan.tables["sites"].groupby("period")["water_m3"].sum()
    return {label: float(by_period[label]) for label in plan.formulation.case.periods.labels}


def _co2(plan: Plan) -> dict[str, Any]:
    """Emissions of the sites' stacks, of the grid's average mix, and of both [t]."""
    case, model = plan.formulation.case, plan.formulation.model
    stacks: dict[str, float] = {}
    grid: dict[str, float] = {}
    for t, label in enumerate(case.periods.labels):
        stacks[label] = sum(1000 * float(model.use[s, "co2_kt", t].value) for s in case.sites)
        grid[label] = sum(
            1000 * float(model.use[s, "grid_gwh", t].value) * here.site.co2_grid_t_per_mwh
            for s, here in case.sites.items()
        )
    both = {label: stacks[label] + grid[label] for label in stacks}
    return {"co2_t": both, "co2_stacks_t": stacks, "co2_grid_t": grid}


def _product_dispatch(plan: Plan) -> dict[str, float]:
    """Return what dispatch product by product costs over dispatch by classes, discounted."""
    table = class_difference_table(plan.formulation, plan.dispatch)
    usd = float(table["discounted_usd"].sum())
    share = usd / (1000 * plan.outcome.objective_kusd) if plan.outcome.objective_kusd else 0.0
    return {"difference_usd": usd, "share_of_cost": share}


def _reliability(plan: Plan) -> dict[str, Any] | None:
    """Return the least available site and period; null where nothing is built."""
    table = plan.tables["reliability"]
    if table.empty:
        return None
    worst = records(table.sort_values("availability", kind="stable").head(1))[0]
    return {
        "availability": worst["availability"],
        "availability_asked": plan.formulation.case.scenario.reliability.availability,
        "site": worst["site"],
        "period": worst["period"],
        "lole_h_per_year": worst["lole_h_per_year"],
        "worst_lolp": float(table["worst_lolp"].max()),
        "eue_mwh": _eue_mwh(plan),
        "outage_h": worst["outage_h"],
        "survival_least": float(table["survival_least"].min()),
    }


def _eue_mwh(plan: Plan) -> ByLabel:
    """Return the expected energy not served of all sites in each period [MWh]."""
    periods = plan.formulation.case.periods
    by_year = plan.tables["reliability"].groupby("period")["eue_mwh_per_year"].sum()
    return {
        label: float(by_year.get(label, 0.0)) * float(years)
        for label, years in zip(periods.labels, periods.length_years, strict=True)
    }


def _binding(plan: Plan) -> list[dict[str, Any]]:
    table = binding(plan.tables["shadow_prices"])
    columns = ["limit", "site", "period", "price", "unit", "used", "bound", "meaning"]
    return records(table[columns])
