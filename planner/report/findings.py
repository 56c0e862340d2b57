"""What each figure shows, in one line: the headline over it, made from the numbers."""

import math

import pandas as pd

from planner.report.answer import IN_A_LIST, energy_shares, name_of_limit, one_of, or_none
from planner.report.figures.chips import KINDS, of_racks
from planner.report.figures.compute import held_mw
from planner.report.figures.costs import cost_parts, power_cost_parts
from planner.report.figures.reliability import hours_text, per_cent
from planner.report.figures.vendors import by_technology
from planner.report.folder import ByPeriod, RunFolder
from planner.report.labels import ORBIT, kind_in_prose, kind_name, limit_label, site_labels
from planner.report.ways import mode_in_prose
from planner.report.words import (
    ENERGY,
    POWER,
    amount,
    counted,
    digits,
    joined,
    money,
    name_of,
    share,
)

AT_LIMIT = 1e-3
"""A share is at its limit where this part of it or less is left [1]."""

MOST_MODES = 3
"""Most modes that a headline names."""


def on_the_map(run: RunFolder) -> str:
    """Say how many candidates open and which is the largest."""
    sites = run.tables["sites"]
    opened, candidates = run.summary.sites_opened, sites["site"].nunique()
    if not opened:
        return f"None of {counted(candidates, 'candidate site')} opens"
    last = sites[sites["period"] == run.summary.periods[-1]]
    top = last.iloc[int(last["it_mw"].argmax())]
    name = site_labels(sites)[str(top["site"])]
    verb = "open" if len(opened) > 1 else "opens"
    largest = f"{name} {'is the largest with' if len(opened) > 1 else 'runs'}"
    return (
        f"{len(opened)} of {counted(candidates, 'candidate')} {verb}; {largest} {_mw(top['it_mw'])}"
    )


def beside_the_map(run: RunFolder) -> str:
    """Say what of the sites is in orbit, where no map shows it; empty: none is."""
    sites = run.tables["sites"]
    above = sites[(sites["state"] == ORBIT) & (sites["period"] == run.summary.periods[-1])]
    if above.empty:
        return ""
    names = site_labels(sites)
    load = zip(above["site"], above["it_mw"], strict=True)
    said = [f"{names[str(site)]} with {or_none(float(mw))}" for site, mw in load]
    return f"; not on the map: {joined(said)}"


def growth(run: RunFolder) -> str:
    """Say from what to what the IT load grows."""
    load = run.summary.it_mw
    first, last = run.summary.periods[0], run.summary.periods[-1]
    if first == last:
        return f"{_mw(load[last])} of IT load in {last}"
    verb = "grows" if load[last] >= load[first] else "falls"
    return f"IT load {verb} from {or_none(load[first])} in {first} to {_mw(load[last])} in {last}"


def reliability(run: RunFolder) -> str:
    """Say where and when power is least available, and for how long."""
    least = run.summary.reliability
    if least is None:
        return "Nothing stands that could fail"
    name = site_labels(run.tables["sites"]).get(least.site, least.site)
    hours, found = hours_text(least.lole_h_per_year), per_cent(least.availability)
    said = f"Least available is {name} in {least.period}: {found}, {hours} short"
    if least.availability_asked is None:
        return said
    return f"{said}; asked for was {per_cent(least.availability_asked)}"


def capacity(run: RunFolder) -> str:
    """Say which kinds of source have the most power in the last period."""
    table = run.tables["capacity"]
    last = run.summary.periods[-1]
    here = table[(table["family"] == "power") & (table["period"] == last)]
    by_kind = here.groupby("kind")["mw"].sum().sort_values(ascending=False, kind="stable")
    most = [f"{_mw(mw)} of {kind_name(str(kind)).lower()}" for kind, mw in by_kind.head(2).items()]
    return f"{joined(most)} {'lead' if len(most) > 1 else 'stand'} in {last}"


def energy(run: RunFolder) -> str:
    """Say who gives the most energy in the last period."""
    last = run.summary.periods[-1]
    parts = energy_shares(run, last)
    most = [(kind_in_prose(kind), share(part, IN_A_LIST)) for kind, part in list(parts.items())[:3]]
    (first, part), rest = most[0], most[1:]
    verb = "give" if first.endswith("s") and first != "gas" else "gives"
    then = "".join(f", {name} {part}" for name, part in rest)
    return f"{first[:1].upper()}{first[1:]} {verb} {part} of the energy in {last}{then}"


def vendors(products: pd.DataFrame) -> str:
    """Say which technology sells most of what was open.

    Parameters
    ----------
    products
        The table ``products``, with a product that is bought.
    """
    rows = by_technology(products)
    top = rows.iloc[0]
    name, mw = _plain(str(top["series"])), float(top["bought_mw"])
    told = f"Most is bought of {name}: {_mw(mw)}"
    if not math.isfinite(top["open_mw"]):
        return told
    return f"{told}, {share(mw / float(top['open_mw']))} of what is open"


def grid(run: RunFolder) -> str:
    """Say where the grid's share stands against its limit."""
    shares, limits = run.summary.grid_share, run.summary.grid_share_limit
    last = run.summary.periods[-1]
    known = [(p, shares[p], limits.get(p)) for p in shares]
    full = [p for p, s, most in known if s and most and s >= (1 - AT_LIMIT) * most]
    if full:
        return f"The share of data centres in US electricity is at its limit in {joined(full)}"
    most, taken = limits.get(last), shares.get(last) or 0.0
    against = f", of {share(most)} allowed" if most is not None else ""
    mwh = run.summary.grid_mwh.get(last) or 0.0
    own = f"{amount(ENERGY, mwh)} of it" if mwh > 0 else "nothing"
    return f"Data centres take {share(taken)} of US electricity in {last}{against}; this plan {own}"


def tokens(run: RunFolder, workload: str) -> str:
    """Say how much of a workload stays unmet."""
    table = run.tables["tokens"]
    rows = table[table["workload"] == workload]
    asked = rows.groupby("period", sort=False)["tokens"].sum()
    unmet = rows[rows["kind"] == "unmet"].groupby("period", sort=False)["tokens"].sum()
    part = (unmet / asked.where(asked > 0)).dropna()
    name = name_of(workload)
    if not len(part) or float(part.max()) == 0:
        return f"{name}: every token is served"
    if float(part.min()) == 1:
        return f"{name}: no token is served"
    worst, last = str(part.idxmax()), str(part.index[-1])
    then = f", {_none_or(float(part.iloc[-1]))} in {last}" if worst != last else ""
    return f"{name}: {share(float(part.max()))} unmet in {worst}{then}"


def racks(run: RunFolder) -> str:
    """Say how many racks stand, and which kind is most of them."""
    table = run.tables["racks"]
    last = run.summary.periods[-1]
    here = table[table["period"] == last].groupby("rack")["racks"].sum()
    if here.empty:
        return f"No rack is in service in {last}"
    top = str(here.idxmax())
    part = float(here.max() / here.sum())
    told = f"all {name_of(top)}" if len(here) == 1 else f"{share(part)} of them {name_of(top)}"
    return f"{counted(float(here.sum()), 'rack')} in {last}, {told}"


def rack_mix(run: RunFolder, workload: str) -> str:
    """Say which racks serve a workload in the last period in which any does."""
    held = held_mw(run.tables["rack_use"], run.tables["racks"])
    here = held[held["workload"] == workload]
    last = [p for p in run.summary.periods if p in set(here["period"])][-1]
    mw = here[here["period"] == last].set_index("rack")["mw"]
    top, part = str(mw.idxmax()), float(mw.max() / mw.sum())
    of = f"all {name_of(top)}" if len(mw) == 1 else f"{share(part)} of it {name_of(top)}"
    return f"{name_of(workload)}: {_mw(mw.sum())} of racks in {last}, {of}"


def modes(run: RunFolder) -> str:
    """Say how the racks that serve are used in the last period in which any do: by their power."""
    tokens = run.tables["tokens"]
    mw = tokens[tokens["racks_mw"] > 0].groupby(["period", "mode"])["racks_mw"].sum()
    last = [p for p in run.summary.periods if p in mw.index][-1]
    here = mw[last].sort_values(ascending=False, kind="stable")
    if len(here) == 1:
        return f"In {last} all tokens are served {mode_in_prose(str(here.index[0]))}"
    parts = (here / here.sum()).head(MOST_MODES)
    said = [f"{share(part, IN_A_LIST)} {mode_in_prose(str(mode))}" for mode, part in parts.items()]
    if len(here) > MOST_MODES:
        said.append(f"{share(1 - float(parts.sum()), IN_A_LIST)} otherwise")
    return f"Racks that serve in {last}, by power: {joined(said)}"


def chips(run: RunFolder) -> str:
    """Say which ingredient of racks, or ramp of a new one, binds first and at what price."""
    order = {period: i for i, period in enumerate(run.summary.periods)}
    found = [b for b in run.summary.binding if b.limit.partition(": ")[0] in KINDS]
    rows = of_racks(run.tables["supply"])
    if not found:
        top = rows.iloc[int(rows["part"].argmax())]
        name = limit_label(str(top["kind"]), str(top["name"]), "", {})
        fullest = f"fullest is {name} with {share(float(top['part']))} in {top['period']}"
        return f"No supply of chips binds; {fullest}"
    first = min(found, key=lambda limit: order.get(limit.period, len(order)))
    return (
        f"First to bind is {name_of_limit(first, {})}, in {first.period}: "
        f"one more {one_of(first)} would save {money(first.price)}"
    )


def cost_of_tokens(run: RunFolder) -> str:
    """Say what a million tokens of all workloads cost, and what most of it pays for."""
    period, price = _known(run.summary.usd_per_mtok["all"])[-1]
    top, part = _largest(cost_parts(run.tables["costs"]), period)
    return f"A million tokens: ${digits(price)} in {period}, {share(part)} of it for {_plain(top)}"


def cost_of_workload(run: RunFolder, workload: str) -> str:
    """Say what a million tokens of one workload cost, first and last."""
    known = _known(run.summary.usd_per_mtok[workload])
    (first, before), (period, price) = known[0], known[-1]
    then = f", after ${digits(before)} in {first}" if first != period else ""
    return f"{name_of(workload)}, a million tokens: ${digits(price)} in {period}{then}"


def cost_of_power(run: RunFolder) -> str:
    """Say what a megawatt-hour costs, and what most of it pays for."""
    period, price = _known(run.summary.usd_per_mwh)[-1]
    top, part = _largest(power_cost_parts(run.tables["costs"], run.tables["capacity"]), period)
    return (
        f"Power costs ${digits(price)} per MWh in {period}, {share(part)} of it for {_plain(top)}"
    )


def investment(run: RunFolder) -> str:
    """Say how much is invested in all, and in which period most."""
    by_period = run.tables["builds"].groupby("period", sort=False)["capex_usd"].sum()
    total = float(by_period.sum())
    told = f"{money(total)} is invested"
    if len(by_period) < 2:
        return f"{told}, all in {by_period.index[0]}"
    return f"{told}, most of it in {by_period.idxmax()} ({money(float(by_period.max()))})"


def supplies(rows: pd.DataFrame) -> str:
    """Say how many limits bind.

    Parameters
    ----------
    rows
        As of `planner.report.figures.limits.fullest`.
    """
    count = int(rows["binds"].sum())
    if not count:
        return "No limit binds: more of any supply would save nothing"
    return (
        f"{count} of {len(rows)} limits that the plan draws on {'bind' if count > 1 else 'binds'}"
    )


def week(hours: pd.DataFrame, site: str, what: str, weather_years: int = 1) -> str:
    """Say how high the load of a week is; of several weather years, which is it."""
    year = int(hours["weather_year"].iloc[0])
    within = f", weather year {year} of {weather_years}" if weather_years > 1 else ""
    return f"{site}, {what}{within}: load up to {_mw(-float(hours['load'].min()))}"


def _known(by_period: ByPeriod) -> list[tuple[str, float]]:
    return [(period, value) for period, value in by_period.items() if value is not None]


def _largest(parts: pd.DataFrame, period: str) -> tuple[str, float]:
    here = parts[parts["period"] == period].set_index("series")["usd"]
    return str(here.idxmax()), float(here.max() / here.sum())


def _plain(series: str) -> str:
    return series if series.startswith("CO") else series[:1].lower() + series[1:]


def _none_or(value: float) -> str:
    return "none" if value == 0 else share(value)


def _mw(mw: float) -> str:
    return amount(POWER, float(mw))
