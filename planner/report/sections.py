"""The sections of the page: which figures and tables stand where, under which headline."""

from collections.abc import Iterator

from planner.report import (
    bridging,
    colocation,
    cooling,
    elements,
    findings,
    serving,
    standing,
    tables,
    vendors,
)
from planner.report.answer import one_of
from planner.report.figures import compute, costs, limits, places, power
from planner.report.figures.bridging import in_service
from planner.report.figures.chips import chips_used, of_racks
from planner.report.figures.elements import built_of
from planner.report.figures.reliability import hours_lost
from planner.report.figures.vendors import ASKED, bought_and_open
from planner.report.figures.week import busiest_week, darkest_week, dispatch_week
from planner.report.folder import RunFolder
from planner.report.labels import site_labels, sources_of
from planner.report.parts import Figure, Section, figure
from planner.report.tables import Table
from planner.report.words import money, name_of
from sites.outlines import us_states


def sections(run: RunFolder) -> tuple[Section, ...]:
    """Return the sections of a run, in the order in which one reads them."""
    nothing = "" if run.summary.sites_opened else "Nothing is built, so there is nothing to show."
    built = tables.builds(run)
    return (
        Section("where", "Where", tuple(_where(run)), _places(run)),
        Section("power", "Power", tuple(_power(run)), _colocated(run), nothing),
        *_bridging(run),
        *_vendors(run),
        Section("reliability", "Reliability", tuple(_reliability(run)), _reliable(run), nothing),
        Section("compute", "Tokens and racks", tuple(_compute(run))),
        serving.section(run),
        *_cooled(run),
        Section("cost", "Cost", tuple(_cost(run)), missing=nothing),
        *_built_of(run),
        Section("limits", "What stops us", tuple(_limits(run)), _binding(run), _free(run)),
        Section("hours", "Hour by hour", tuple(_hours(run)), missing=nothing),
        Section("builds", "What is built", (), (built,) if built.rows else (), nothing),
    )


def _places(run: RunFolder) -> tuple[Table, ...]:
    opened = (tables.sites_opened(run),) if run.summary.sites_opened else ()
    return (*opened, *standing.table(run))


def _where(run: RunFolder) -> Iterator[Figure]:
    table = run.tables
    last = run.summary.periods[-1]
    chart = places.site_map(
        table["sites"], table["power_by_season"], table["capacity"], us_states()
    )
    what = f"Candidate sites; those open in {last} by IT load and by the source of most energy"
    what += findings.beside_the_map(run)
    yield figure("map", findings.on_the_map(run), what, chart, "sites", wide=True)
    if run.summary.sites_opened:
        chart = places.it_by_site(table["sites"])
        what = "Mean draw of the racks, by site and period"
        yield figure("it-load", findings.growth(run), what, chart, "sites", wide=True)


def _power(run: RunFolder) -> Iterator[Figure]:
    table, said = run.tables, run.summary
    if (table["capacity"]["family"] == "power").any():
        chart = power.capacity_by_source(table["capacity"], said.periods)
        what = "Rating in service, by technology and period"
        yield figure("capacity", findings.capacity(run), what, chart, "capacity")
    if len(table["power_by_season"]):
        chart = power.energy_by_source(table["power_by_season"], table["capacity"], said.periods)
        what = "Energy given, by technology and period; batteries move energy and are left out"
        yield figure("energy", findings.energy(run), what, chart, "power_by_season")
    if said.sites_opened:
        chart = power.grid_share(said.grid_share, said.grid_share_limit)
        denominator = name_of(said.grid_share_denominator).lower()
        what = (
            f"Grid energy of all data centres, in and outside the plan, over US electricity "
            f"{denominator}; the line is the limit"
        )
        yield figure("grid-share", findings.grid(run), what, chart, "summary")
    if any(value is not None for value in said.usd_per_mwh.values()):
        chart = costs.cost_per_mwh(table["costs"], table["capacity"], said.usd_per_mwh)
        what = "Cost of power over the energy that reaches the load, gas laterals included"
        yield figure("per-mwh", findings.cost_of_power(run), what, chart, "costs")


def _colocated(run: RunFolder) -> tuple[Table, ...]:
    return () if run.tables["colocation"].empty else (colocation.table(run),)


def _bridging(run: RunFolder) -> Iterator[Section]:
    found = bridging.bridges(run)
    if not found:
        return
    periods = run.summary.periods
    sites = run.tables["sites"]
    figures = []
    for bridge in found[: bridging.MOST_SITES]:
        here = sites[sites["site"] == bridge.site]
        peak_mw = dict(zip(here["period"], here["peak_facility_mw"], strict=True))
        chart = in_service(bridge.capacity, periods, peak_mw)
        what = "Rating in service; the line is the highest load of any hour; batteries are left out"
        headline = bridging.headline(bridge, periods[-1])
        figures.append(figure(f"bridge-{bridge.site}", headline, what, chart, "capacity"))
    yield Section(
        "bridging",
        "Before and after the grid",
        tuple(figures),
        lead=bridging.lead(found),
        told=bridging.moves_in_words(run),
    )


def _vendors(run: RunFolder) -> Iterator[Section]:
    products = run.tables["products"]
    if not run.summary.sites_opened or not products["state"].isin(ASKED).any():
        return
    figures = []
    if products["bought_mw"].any():
        chart = bought_and_open(products)
        what = (
            "MW bought, within the MW that vendors have open to this buyer, by technology; a class "
            "of plant may have less open than its products together"
        )
        headline = findings.vendors(products)
        figures = [figure("vendors", headline, what, chart, "products", wide=True)]
    lead = vendors.lead(products)
    yield Section("vendors", "Vendors", tuple(figures), vendors.tables(run), lead=lead)


def _reliability(run: RunFolder) -> Iterator[Figure]:
    table, said = run.tables, run.summary
    if said.reliability is None or table["reliability"].empty:
        return
    asked = said.reliability.availability_asked
    chart = hours_lost(table["reliability"], site_labels(table["sites"]), said.periods, asked)
    what = (
        "Expected hours in which outages of units leave less than the load, one dot for each site; "
        "sun, wind and batteries as scheduled"
    )
    what += "; the line is the most that the scenario allows" if asked is not None else ""
    yield figure("hours-lost", findings.reliability(run), what, chart, "reliability", wide=True)


def _reliable(run: RunFolder) -> tuple[Table, ...]:
    return () if run.tables["reliability"].empty else (tables.reliability(run),)


def _compute(run: RunFolder) -> Iterator[Figure]:
    table, periods = run.tables, run.summary.periods
    held = set(table["rack_use"]["workload"])
    for i, workload in enumerate(table["tokens"]["workload"].unique()):
        chart = compute.tokens_by_period(table["tokens"], workload)
        what = "Output tokens a day, served and unmet; the whole bar is the demand"
        headline = findings.tokens(run, workload)
        yield figure(f"tokens-{i}", headline, what, chart, "tokens")
        if workload in held:
            chart = compute.racks_by_workload(table["rack_use"], table["racks"], workload, periods)
            what = "Rated power of the racks in order that are held for it, by type"
            headline = findings.rack_mix(run, workload)
            yield figure(f"rack-mix-{i}", headline, what, chart, "rack_use")
    if len(table["racks"]):
        chart = compute.racks_by_type(table["racks"], periods)
        what = "Racks in service, by type and period"
        yield figure("racks", findings.racks(run), what, chart, "racks")


def _cost(run: RunFolder) -> Iterator[Figure]:
    table, per_mtok = run.tables, run.summary.usd_per_mtok
    names = ["all"] if len(per_mtok) <= 2 else list(per_mtok)
    for i, name in enumerate(names):
        if all(price is None for price in per_mtok[name].values()):
            continue
        one = name != "all"
        chart = costs.cost_per_mtok(table["costs"], per_mtok[name], name)
        what = "Cost of a million tokens served, by what it pays for"
        what += "; shared by the racks each workload takes" if one else ""
        headline = findings.cost_of_workload(run, name) if one else findings.cost_of_tokens(run)
        yield figure(f"per-mtok-{i}", headline, what, chart, "costs")
    if len(table["builds"]):
        chart = costs.investment_by_family(table["builds"], run.summary.periods)
        what = "Overnight cost of what is added, by period and purpose"
        yield figure("investment", findings.investment(run), what, chart, "builds")


def _built_of(run: RunFolder) -> Iterator[Section]:
    table = run.tables["elements"]
    if not table["usd"].any():
        return
    what = (
        "Overnight cost of all that is added, by the eleven components of a data centre, and what "
        "stands outside that list"
    )
    chart = built_of(table)
    drawn = figure("elements", elements.headline(table), what, chart, "elements", wide=True)
    lead = elements.lead(table)
    yield Section("elements", "What it is built of", (drawn,), (elements.costs(table),), lead=lead)


def _cooled(run: RunFolder) -> Iterator[Section]:
    if (found := cooling.section(run)) is not None:
        yield found


def _limits(run: RunFolder) -> Iterator[Figure]:
    supply, periods = run.tables["supply"], run.summary.periods
    if len(of_racks(supply)):
        prices = {
            (b.limit, b.period): f"{money(b.price)} per {one_of(b)}" for b in run.summary.binding
        }
        chart = chips_used(supply, prices, periods)
        what = (
            "What racks are made of, used of what there is until then, and new racks that come, "
            "of those that may; red: binds"
        )
        yield figure("chips", findings.chips(run), what, chart, "supply", wide=True)
    binding = {(limit.limit, limit.site) for limit in run.summary.binding}
    rows = limits.fullest(supply, binding)
    if rows.empty:
        return
    chart = limits.supplies_used(supply, binding, site_labels(run.tables["sites"]))
    what = (
        "Used of what there is, in the fullest period; of limits of single sites only those that "
        "bind or are nearly full"
    )
    yield figure("supplies", findings.supplies(rows), what, chart, "supply", wide=True)


def _binding(run: RunFolder) -> tuple[Table, ...]:
    return (tables.what_binds(run),) if run.summary.binding else ()


def _free(run: RunFolder) -> str:
    return "" if len(run.tables["supply"]) else "The scenario sets no limit on any supply."


def _hours(run: RunFolder) -> Iterator[Figure]:
    sites, period = run.tables["sites"], run.summary.periods[-1]
    last = sites[sites["period"] == period]
    if last.empty or float(last["it_mw"].max()) <= 0:
        return
    site = str(last["site"].iloc[int(last["it_mw"].argmax())])
    hours = run.dispatch(site, period)
    if hours.empty:
        return
    label = site_labels(sites)[site]
    kinds = sources_of(run.tables["capacity"]).kinds
    solar = [c for c, kind in kinds.items() if kind == "solar" and c in hours]
    solar = [c for c in solar if (hours[c] > 0).any()]
    weeks = [("week of the highest load", busiest_week(hours))]
    weeks += [("week with the least sun", darkest_week(hours, solar))] if solar else []
    for i, (what, week) in enumerate(weeks):
        chart = dispatch_week(week, run.tables["capacity"])
        headline = findings.week(week, label, what, int(sites["weather_years"].max()))
        told = (
            f"Power by technology, hour by hour, {period}, local standard time; charging is below "
            "zero"
        )
        yield figure(f"week-{i}", headline, told, chart, "dispatch", wide=True)
