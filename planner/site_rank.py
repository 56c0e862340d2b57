"""All sites by time to power and cost of power, for the command line: screening before a plan.

Every site is rated alone, with the figures that a plan of the scenario would read and without
solving anything (`planner.site_ways`). Sites compete for nothing here: slots, chips and the share
of the grid are the plan's business.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.case import Case, SiteCase
from planner.errors import Problem, ScenarioError
from planner.gather import make_case, make_periods
from planner.known import known_sites, read_scenario
from planner.places import choose_sites
from planner.scenario import Loaded, Scenario
from planner.scenario.explaining import nearest
from planner.site_costs import campus_at, site_usd_per_mwh
from planner.site_ways import GAS, WAYS, Way, ways_of
from sites.site import Site
from sites.table import builtin_sites

DEFAULT_IT_MW = 100.0
"""Campus that is rated if nothing else is asked: what a few engines or a substation carry [MW]."""

USUAL_COOLING = "liquid_dry"


@dataclass(frozen=True, slots=True)
class Rated:
    """A site and the ways to power it.

    Attributes
    ----------
    site
        The place.
    ways
        All that there are.
    site_usd_per_mwh
        Land and works of opening it [USD/MWh].
    building_cost_factor
        What building costs in its state, over the national mean [1].
    pue_mean
        Mean of the year's power use effectiveness [1].
    moratorium
        Month from which no site opens there; empty: none.
    closed
        Whether it cannot open before that.
    """

    site: Site
    ways: tuple[Way, ...]
    site_usd_per_mwh: float
    building_cost_factor: float
    pue_mean: float
    moratorium: str
    closed: bool

    def best(self, within: float | None, kind: str = "") -> Way | None:
        """Return the cheapest way within so many months, of one kind or of all."""
        chosen = [w for w in self.ways if _counts(w, within, kind)]
        return min(chosen, key=lambda w: (w.usd_per_mwh, w.months), default=None)

    def soonest(self, kind: str = "") -> Way | None:
        """Return the way that is there first, the cheapest of those that are."""
        chosen = [w for w in self.ways if _counts(w, None, kind)]
        return min(chosen, key=lambda w: (w.months, w.usd_per_mwh), default=None)


def _counts(way: Way, within: float | None, kind: str) -> bool:
    return (not kind or way.kind == kind) and (within is None or way.months <= within + 1e-9)


def rank_sites(
    file: Path | None,
    *,
    within: float | None = None,
    cooling: str = "",
    it_mw: float = DEFAULT_IT_MW,
    sets: Iterable[str] = (),
) -> list[dict[str, Any]]:
    """Rate all sites of a scenario and rank them.

    Parameters
    ----------
    file
        A scenario, whose sites, products, prices, waits, moratoria and layers count; none: the
        defaults.
    within
        Months in which power has to be there; none: whenever it is.
    cooling
        Cooling type of the campus; empty: ``liquid_dry``, or the first in use.
    it_mw
        Draw of its racks [MW].
    sets
        Values laid over the scenario, as ``KEY=VALUE``.

    Returns
    -------
    list of dict
        One row a site, the best first. ``rank`` goes by ``usd_per_mwh``, the cheapest way that is
        there in time with land and works, then by months; sites without such a way, or closed by a
        moratorium, have none and come last. ``on_front`` says that no other site has a way that is
        both sooner and cheaper.

    Raises
    ------
    ScenarioError
        If the scenario, a file that it names, or the cooling type cannot be used.
    """
    scenario, sites = _asked(file, tuple(sets))
    periods = make_periods(scenario)
    places = choose_sites(scenario, sites, periods)
    case = make_case(_without_demand(scenario), places)
    known: dict[tuple[object, ...], tuple[float, float]] = {}
    kind = _cooling(case, cooling)
    rated = [rate(case, here, kind, it_mw, known) for here in places.values()]
    return rows_of(rated, within)


def _asked(file: Path | None, sets: tuple[str, ...]) -> tuple[Scenario, Mapping[str, Site]]:
    if file is None:
        return Scenario.model_validate({"title": "screening"}), builtin_sites()
    loaded: Loaded = read_scenario(file, sets)
    return loaded.scenario, known_sites(loaded)


def _without_demand(scenario: Scenario) -> Scenario:
    """Return the scenario with nothing to serve: no racks are looked at, and no share binds."""
    demand = scenario.demand.model_copy(update={"workloads": {}})
    grid = scenario.grid.model_copy(update={"share_limit": None})
    return scenario.model_copy(update={"demand": demand, "grid": grid})


def _cooling(case: Case, asked: str) -> str:
    if asked:
        if asked not in case.cooling:
            what = "is no cooling type that the scenario uses"
            tip = nearest(asked, frozenset(case.cooling))
            raise ScenarioError([Problem("site", 0, 0, "cooling", what, asked, tip)])
        return asked
    return USUAL_COOLING if USUAL_COOLING in case.cooling else next(iter(case.cooling))


def rate(
    case: Case,
    here: SiteCase,
    cooling: str,
    it_mw: float,
    known: dict[tuple[object, ...], tuple[float, float]],
) -> Rated:
    """Rate one site of a case; ``known`` carries costs from one site to the next."""
    campus = campus_at(case, here, cooling, min(it_mw, here.limit_it_mw), known)
    month = _moratorium(case, here.site)
    return Rated(
        site=here.site,
        ways=tuple(ways_of(campus)),
        site_usd_per_mwh=site_usd_per_mwh(campus),
        building_cost_factor=here.figures.get("construction_cost_factor", 1.0),
        pue_mean=float(campus.load_mw.mean()) / campus.it_mw,
        moratorium=month,
        closed=bool(month) and not _opens_before(case, month),
    )


def _moratorium(case: Case, site: Site) -> str:
    """Return the first month in which a moratorium holds at a site; empty: none does."""
    regions = (site.id, site.state, site.grid_area)
    found = case.scenario.policy.moratoria
    return min((found[region] for region in regions if region in found), default="")


def _opens_before(case: Case, month: str) -> bool:
    """Tell whether a site can open in a period that starts before a month."""
    first = 12 * int(month[:4]) + int(month[5:]) - 1
    periods, lead = case.periods, case.works.lead_months
    return any(
        periods.arrived(t, lead)
        and periods.first_order_month + round(float(periods.start_months[t])) < first
        for t in periods.index
    )


def rows_of(rated: Sequence[Rated], within: float | None) -> list[dict[str, Any]]:
    """Return a row for each site, ranked; see `rank_sites`."""
    front = _front(rated)
    rows = [_row(each, each.best(within), on_front=each.site.id in front) for each in rated]
    rows.sort(key=lambda row: (row["rank"] is None, row["usd_per_mwh"] or 0.0, row["months"] or 0))
    for position, row in enumerate(rows, start=1):
        row["rank"] = None if row["rank"] is None else position
    return rows


def _front(rated: Sequence[Rated]) -> set[str]:
    """Return the sites of the Pareto front of months and cost, those closed left out."""
    points = [
        (way.months, way.usd_per_mwh + each.site_usd_per_mwh, each.site.id)
        for each in rated
        if not each.closed
        for way in each.ways
    ]
    found, cheapest = set(), float("inf")
    for _, usd, site in sorted(points):
        if usd < cheapest:
            found.add(site)
            cheapest = usd
    return found


def _row(each: Rated, best: Way | None, *, on_front: bool) -> dict[str, Any]:
    site, ranked = each.site, best is not None and not each.closed
    total = None if best is None else round(best.usd_per_mwh + each.site_usd_per_mwh, 2)
    row: dict[str, Any] = {
        "rank": 0 if ranked else None,
        "site": site.id,
        "name": site.name,
        "state": site.state,
        "grid_area": site.grid_area,
        "months": best.months if best else None,
        "usd_per_mwh": total,
        "way": best.kind if best else None,
        "products": best.products if best else None,
        "power_usd_per_mwh": round(best.usd_per_mwh, 2) if best else None,
        "site_usd_per_mwh": round(each.site_usd_per_mwh, 2),
        "on_front": on_front,
    }
    for kind in WAYS:
        row |= _of_kind(kind.replace(" ", "_"), each.best(None, kind))
    row |= _of_kind("soonest_gas", each.soonest(GAS)) | _of_kind("soonest", each.soonest())
    return row | {
        "building_cost_factor": round(each.building_cost_factor, 3),
        "pue_mean": round(each.pue_mean, 4),
        "water_stress": site.water_stress,
        "moratorium": each.moratorium or None,
        "closed": each.closed,
    }


def _of_kind(prefix: str, way: Way | None) -> dict[str, Any]:
    return {
        f"{prefix}_months": way.months if way else None,
        f"{prefix}_usd_per_mwh": round(way.usd_per_mwh, 2) if way else None,
        f"{prefix}_products": way.products if way else None,
    }
