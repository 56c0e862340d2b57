"""The sites of a case: which, with what weather, at what prices."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np

from components.base import Floats, Periods
from planner.case import HOURS_PER_YEAR, SiteCase
from planner.errors import Problem, ScenarioError
from planner.grid_profiles import demand_charge_share, grid_profiles
from planner.known import OWN_LIMIT, sites_of
from planner.labour import construction_cost_factor
from planner.layers import with_layers
from planner.remembered import remembered
from planner.remote import join_remote
from planner.scenario import Scenario
from sites.line_cost import line_cost_ratio
from sites.readers import read_weather
from sites.site import Site
from sites.solar import tracker_capacity_factor
from sites.synthetic import synthetic_weather
from sites.weather import Weather, WeatherError
from sites.wind import wind_capacity_factor

_synthetic = remembered(synthetic_weather, most=200)
_tracker = remembered(tracker_capacity_factor, most=200)
_turbine = remembered(wind_capacity_factor, most=200)
"""A process that plans one scenario after another makes the weather of a place once."""

EXTRA_HIGH_VOLTAGE_LINE = "line_345kv_miles"
"""A campus connects to the nearest line of 345 kV or above."""


def choose_sites(
    scenario: Scenario, sites: Mapping[str, Site], periods: Periods
) -> dict[str, SiteCase]:
    """Return the candidate sites of a scenario with weather and prices.

    Raises
    ------
    ScenarioError
        If a file of weather or prices, or a map layer, cannot be used.
    """
    measured, distances = with_layers(scenario, sites)

    def site_case(name: str) -> SiteCase:
        found = _site_case(scenario, measured[name], periods)
        return replace(found, distances=distances[name])

    found = {name: site_case(name) for name in sites_of(scenario, sites)}
    return join_remote(scenario, found, site_case)


def changed_site(scenario: Scenario, site: Site) -> Site:
    """Return a site with what ``sites.change`` says of it."""
    change = {k: v for k, v in scenario.sites.change.get(site.id, {}).items() if k != OWN_LIMIT}
    return Site.model_validate(site.model_dump() | change)


def _site_case(scenario: Scenario, site: Site, periods: Periods) -> SiteCase:
    own = scenario.sites.change.get(site.id, {})
    limit_it_mw = float(cast(float, own.get(OWN_LIMIT, scenario.sites.limit_it_mw)))
    site = changed_site(scenario, site)
    weather = _weather(scenario, site)
    profiles = _one_after_the_other([_profiles(scenario, site, year) for year in weather])
    price = profiles["grid_price_usd_per_mwh"]
    hub = np.array([scenario.power.gas_usd_per_mmbtu.at(int(y)) for y in periods.year])
    by_use = 0.0 if scenario.power.firm_transport else site.gas_transport_usd_per_mmbtu
    adder = site.gas_basis_usd_per_mmbtu + by_use
    years_on = periods.year - scenario.finance.base_year
    ratio = (1 + scenario.grid.price_growth_per_year) ** years_on
    return SiteCase(
        site=site,
        limit_it_mw=limit_it_mw,
        # Energy that is taken is paid for, and never paid: uses of the model are not negative.
        profiles={**profiles, "grid_price_usd_per_mwh": np.maximum(price, 0.0)},
        figures={
            "elevation_m": site.elevation_m,
            "line_miles": getattr(site, EXTRA_HIGH_VOLTAGE_LINE),
            "line_cost_ratio": line_cost_ratio(site.iso, site.grid_area),
            "gas_pipeline_miles": site.gas_pipeline_miles,
            "grid_wait_months": scenario.grid.firm_wait_months.get(site.id, site.grid_wait_months),
            "flexible_wait_months": scenario.grid.flexible_wait_months.get(
                site.id, site.flexible_wait_months
            ),
            "demand_charge_share": demand_charge_share(scenario),
            "land_usd_per_acre": site.land_usd_per_acre,
            "construction_cost_factor": construction_cost_factor(scenario, site.state),
            "geothermal_resource": float(site.state in scenario.power.geothermal_states),
        },
        gas_usd_per_mmbtu=hub + adder,
        grid_price_ratio=np.asarray(ratio, dtype=float),
        weather_source=_source(weather),
        weather_synthetic=weather[0].synthetic,
        free_price_h=int((price < 0).sum()) // len(weather),
    )


def _profiles(scenario: Scenario, site: Site, weather: Weather) -> dict[str, Floats]:
    """Return the profiles of one weather year, each (8760,)."""
    drybulb_c = weather.frame["drybulb_c"].to_numpy(float)
    profiles = {
        "drybulb_c": drybulb_c,
        "wetbulb_c": weather.frame["wetbulb_c"].to_numpy(float),
        "solar_capacity_factor": _tracker(weather, resource_scale=scenario.power.pv_resource_scale),
        "wind_capacity_factor": _turbine(
            weather, resource_scale=scenario.power.wind_resource_scale
        ),
        **grid_profiles(scenario, site, drybulb_c),
    }
    for name, values in profiles.items():
        if values.shape != (HOURS_PER_YEAR,) or not np.isfinite(values).all():
            msg = f"{site.id}: {name} has shape {values.shape} or gaps"
            raise ValueError(msg)
    return profiles


def _one_after_the_other(years: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    return {name: np.concatenate([year[name] for year in years]) for name in years[0]}


def _source(weather: Sequence[Weather]) -> str:
    """Say where the weather comes from: every file once, or the first and the last seed."""
    sources = list(dict.fromkeys(year.source for year in weather))
    if len(sources) > 1 and weather[0].synthetic:
        _, _, last = sources[-1].rpartition(", ")
        return f"{sources[0]} to {last}"
    return "; ".join(sources)


def _weather(scenario: Scenario, site: Site) -> tuple[Weather, ...]:
    """Return every weather year of a site: of its files, or made with one seed after the other."""
    asked = scenario.sites
    if files := asked.weather.of(site.id):
        return tuple(_from_file(site, file) for file in files)
    seeds = range(asked.weather.seed, asked.weather.seed + asked.weather_years)
    return tuple(_synthetic(site, seed=seed) for seed in seeds)


def _from_file(site: Site, file: str) -> Weather:
    try:
        return read_weather(
            Path(file),
            latitude_deg=site.latitude_deg,
            longitude_deg=site.longitude_deg,
            elevation_m=site.elevation_m,
            utc_offset_h=site.utc_offset_h,
        )
    except (WeatherError, OSError) as error:
        key = f"sites.weather.files.{site.id}"
        problem = Problem("scenario", 0, 0, key, str(error), file, "another file, or none")
        raise ScenarioError([problem]) from error
