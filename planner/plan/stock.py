"""What stands where and when: sites, builds, capacity, racks."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from components.base import Floats
from components.power.battery import Battery
from planner.engines.outcome import Outcome, SiteDispatch
from planner.formulate.formulation import Formulation, Part
from planner.formulate.water import cooling_water_m3
from planner.plan.orbit import orbit_rows
from planner.plan.values import NOISE, number

GROUP = {
    "block": "block",
    "retrofit": "block",
    "rack": "rack",
    "site_works": "site",
    "gas_lateral": "site",
    "air_permit": "site",
    "satellite": "orbit",
}
"""Family of the catalog to the word of the tables; all others are ``power``."""

NO_CAPACITY = ("site_works", "gas_lateral", "air_permit", "network_upgrade", "retrofit")
"""Families that carry what others make or take."""


HOUSING = ("block", "satellite")
"""Families that hold racks."""


def sites_table(formulation: Formulation, outcome: Outcome) -> pd.DataFrame:
    """Return each site in each period: open or not, IT and facility power, PUE, water, place.

    The plan meets the load of every hour, so the connection and the plant that stand there are
    sized on ``peak_pue``, the highest of the hours, and energy is paid at ``mean_pue``, load over
    IT energy; both are not a number without load. ``water_m3`` is what cooling uses.
    """
    case, model = formulation.case, formulation.model
    rows: list[dict[str, object]] = []
    for s, here in case.sites.items():
        for t in case.periods.index:
            dispatch = outcome.dispatch.get((s, t))
            load = -dispatch.power_mw["load"] if dispatch else np.zeros(1)
            weight = dispatch.hours.weight if dispatch else np.zeros(1)
            it_mw = _hourly_it_mw(formulation, s, t, dispatch) if dispatch else np.zeros(1)
            water = cooling_water_m3(model, case, s, t).values()
            rows.append(
                {
                    "site": s,
                    "name": here.site.name,
                    "state": here.site.state,
                    "latitude_deg": here.site.latitude_deg,
                    "longitude_deg": here.site.longitude_deg,
                    "grid_area": here.site.grid_area,
                    "period": case.periods.labels[t],
                    "open": round(number(model.site[s].works.built[t])) == 1,
                    "it_mw": sum(mean_it_mw(formulation, s, c, t) for c in case.cooling),
                    "limit_it_mw": here.limit_it_mw,
                    "peak_facility_mw": float(load.max()),
                    "load_mwh": float(load @ weight),
                    "peak_pue": _peak_pue(load, it_mw),
                    "mean_pue": _over(float(load @ weight), float(it_mw @ weight)),
                    "water_m3": sum(number(m3) for m3 in water),
                    "line_miles": here.figures["line_miles"],
                    "gas_pipeline_miles": here.figures["gas_pipeline_miles"],
                    "fibre_miles": _or_nan(here.site.fibre_miles),
                    "distances": here.distances,
                    "weather": here.weather_source,
                    "weather_synthetic": here.weather_synthetic,
                    "weather_years": case.scenario.sites.weather_years,
                }
            )
    return pd.DataFrame([*rows, *orbit_rows(formulation)])


def mean_it_mw(formulation: Formulation, s: str, c: str, t: int) -> float:
    """Return the mean draw of the racks on a cooling type, work that may wait and all [MW]."""
    case, model = formulation.case, formulation.model
    shifted = 0.0 if case.defer_h is None else number(model.shift_mean_mw[s, c, t])
    return number(model.it_mw[s, c, t]) + shifted


def _hourly_it_mw(formulation: Formulation, s: str, t: int, run: SiteDispatch) -> Floats:
    """Return the draw of the racks in each hour, work that may wait in the hours it runs [MW]."""
    steady = sum(number(formulation.model.it_mw[s, c, t]) for c in formulation.case.cooling)
    flat = np.full(len(run.hours), steady)
    return np.asarray(sum(run.shifted_mw.values(), flat), dtype=float)


def _peak_pue(load_mw: Floats, it_mw: Floats) -> float:
    runs = it_mw > NOISE
    return float((load_mw[runs] / it_mw[runs]).max()) if runs.any() else float("nan")


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _over(above: float, below: float) -> float:
    return above / below if below > NOISE else float("nan")


def builds_table(formulation: Formulation) -> pd.DataFrame:
    """Return what is added where and when, and its overnight cost.

    What it costs to set up units that come from another site is overnight cost too; if nothing
    new comes with them, it stands in a row of no units.
    """
    rows = []
    for part, t, period in _each(formulation):
        units = number(part.investment.units_added[t])
        if units == 0 and not (part.investment.moved and number(part.investment.capex_usd[t])):
            continue
        rows.append(
            {
                "site": part.site,
                "period": period,
                "family": GROUP.get(part.family, "power"),
                "kind": part.family,
                "component": part.name,
                "cooling": part.cooling,
                "units": units,
                "mw": units * part.investment.unit_mw,
                "capex_usd": number(part.investment.capex_usd[t]),
            }
        )
    columns = ["site", "period", "family", "kind", "component", "cooling", "units", "mw"]
    return pd.DataFrame(rows, columns=[*columns, "capex_usd"])


def capacity_table(formulation: Formulation) -> pd.DataFrame:
    """Return what is in service where and when; ``usable_mw`` leaves out what is held back.

    ``existing_mw`` of it was there before the first period. Blocks stand with the cooling type they
    were built with: retrofits are among the builds.
    """
    rows = []
    for part, t, period in _each(formulation):
        units = number(part.investment.units[t])
        if units == 0 or part.family in NO_CAPACITY:
            continue
        p, before = part.figures, part.investment.existing
        mw = units * part.investment.unit_mw
        hours = p.duration_h * p.usable_share if isinstance(p, Battery) else float("nan")
        rows.append(
            {
                "site": part.site,
                "period": period,
                "family": GROUP.get(part.family, "power"),
                "kind": part.family,
                "component": part.name,
                "technology": getattr(part.figures, "technology", ""),
                "cooling": part.cooling,
                "units": units,
                "mw": mw,
                "existing_mw": before[t] * part.investment.unit_mw if before else 0.0,
                "mwh": mw * hours,
                "usable_mw": mw
                if part.family in HOUSING
                else number(part.investment.links["mw"][t]),
            }
        )
    columns = ["site", "period", "family", "kind", "component", "technology", "cooling"]
    figures = ["units", "mw", "existing_mw", "mwh", "usable_mw"]
    return pd.DataFrame(rows, columns=[*columns, *figures])


def moves_table(formulation: Formulation) -> pd.DataFrame:
    """Return what leaves and arrives before its life ends: sold, shipped, received, in units."""
    rows = []
    for part, t, period in _each(formulation):
        for what, units_of in part.investment.moved.items():
            units = number(units_of[t])
            if units:
                mw = units * part.investment.unit_mw
                rows.append((part.site, period, part.family, part.name, what, units, mw))
    columns = ["site", "period", "kind", "component", "what", "units", "mw"]
    return pd.DataFrame(rows, columns=columns)


def racks_table(formulation: Formulation) -> pd.DataFrame:
    """Return the racks in service, those running, and those added."""
    rows = []
    for part, t, period in _each(formulation):
        units = number(part.investment.units[t])
        if part.family != "rack" or units == 0:
            continue
        rows.append(
            {
                "site": part.site,
                "period": period,
                "rack": part.name,
                "cooling": part.cooling,
                "racks": units,
                "running": number(part.investment.links["mw"][t]) / part.investment.unit_mw,
                "it_mw": units * part.investment.unit_mw,
                "added": number(part.investment.units_added[t]),
            }
        )
    columns = ["site", "period", "rack", "cooling", "racks", "running", "it_mw", "added"]
    return pd.DataFrame(rows, columns=columns)


def _each(formulation: Formulation) -> Iterator[tuple[Part, int, str]]:
    labels = formulation.case.periods.labels
    for part in formulation.parts:
        for t, label in enumerate(labels):
            yield part, t, label
