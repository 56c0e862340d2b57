"""Sites in orbit as tables show them: beside those on the ground, without a place on the map."""

from collections.abc import Iterator, Mapping
from typing import cast

import pandas as pd

from components.orbit.orbital_rack import OrbitalRack, still_running
from planner.formulate.formulation import Formulation
from planner.plan.values import NOISE, number, records

STATE = "orbit"
"""Where such a site lies, in the column for states."""

NAN = float("nan")


def orbit_rows(formulation: Formulation) -> list[dict[str, object]]:
    """Return each constellation in each period as rows of the table ``sites``.

    Open while satellites are in service. Its load is that of the racks that run and of what goes
    with them, the same in every hour; it takes nothing of the ground, and has no limit but those
    of launches and links.
    """
    case = formulation.case
    return [_row(formulation, name, t) for name in case.orbits for t in case.periods.index]


def _row(formulation: Formulation, name: str, t: int) -> dict[str, object]:
    case = formulation.case
    orbit, periods = case.orbits[name], case.periods
    it_mw = mean_it_mw(formulation, name, t)
    hours = 8760 * float(periods.length_years[t])
    pue = orbit.pue if it_mw > NOISE else NAN
    return {
        "site": name,
        "name": f"{name} ({orbit.satellite_name})",
        "state": STATE,
        "latitude_deg": NAN,
        "longitude_deg": NAN,
        "grid_area": "",
        "period": periods.labels[t],
        "open": satellites(formulation, name, t) > NOISE,
        "it_mw": it_mw,
        "limit_it_mw": NAN,
        "peak_facility_mw": it_mw * orbit.pue,
        "load_mwh": it_mw * orbit.pue * hours,
        "peak_pue": pue,
        "mean_pue": pue,
        "water_m3": 0.0,
        "line_miles": NAN,
        "gas_pipeline_miles": NAN,
        "fibre_miles": NAN,
        "distances": "",
        "weather": "",
        "weather_synthetic": False,
        "weather_years": case.scenario.sites.weather_years,
    }


def mean_it_mw(formulation: Formulation, name: str, t: int) -> float:
    """Return the mean draw of the racks of a constellation that run [MW]."""
    draw = formulation.case.scenario.serving.draw_share
    racks = formulation.of(name, "rack")
    return draw * sum(number(p.investment.links["mw"][t]) for p in racks)


def satellites(formulation: Formulation, name: str, t: int) -> float:
    """Return the satellites of a constellation in service [satellites]."""
    return sum(number(p.investment.units[t]) for p in formulation.of(name, "satellite"))


Checked = tuple[str, float, float]
"""What a balance says, how far it is off, and its largest term."""


def checked(formulation: Formulation, tables: Mapping[str, pd.DataFrame]) -> Iterator[Checked]:
    """Add up what is in orbit from the tables: no rack runs that has failed, all that flies weighs.

    Yields
    ------
    Racks that run over those of the builds that are left, by rack and period; tonnes in the table
    ``supply`` against satellites in ``builds``.
    """
    case = formulation.case
    builds = tables["builds"]
    for orbit in case.orbits.values():
        here = builds[builds["site"] == orbit.name]
        for row in records(tables["racks"].query("site == @orbit.name")):
            rack = cast(OrbitalRack, case.racks[row["rack"]].figures)
            left = _left(formulation, rack, here[here["component"] == row["rack"]], row["period"])
            what = f"{row['rack']} that run in {row['period']}"
            yield what, max(row["running"] - left, 0.0), max(left, 1.0)
        yield from _mass(formulation, orbit.name, here, tables["supply"])


def _left(formulation: Formulation, rack: OrbitalRack, builds: pd.DataFrame, label: str) -> float:
    periods = formulation.case.periods
    t = periods.labels.index(label)
    launched = {periods.labels.index(str(row["period"])): row["units"] for row in records(builds)}
    alive = [v for v in periods.alive(t, rack.life_years) if v in launched]
    return sum(
        float(launched[v]) * still_running(periods, v, t, rack.failure_per_year) for v in alive
    )


def _mass(
    formulation: Formulation, name: str, builds: pd.DataFrame, supply: pd.DataFrame
) -> Iterator[Checked]:
    kg_per_kw = formulation.case.orbits[name].mass.total
    mw = builds[builds["kind"] == "satellite"].groupby("period")["mw"].sum()
    for row in records(supply.query("kind == 'launch' and site == @name")):
        t = kg_per_kw * float(mw.get(row["period"], 0.0))  # a kg/kW is a t/MW
        yield f"tonnes to {name} in {row['period']}", abs(t - row["used"]), max(t, 1.0)
