"""What is known of a site, for the command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import Problem, ScenarioError
from planner.scenario.explaining import nearest
from sites.site import Site
from sites.table import builtin_sites

if TYPE_CHECKING:
    from sites.weather import Weather


def facts_of(
    name: str, weather_file: Path | None, scenario: Path | None = None
) -> list[dict[str, Any]]:
    """Return every fact of a site: label, value, unit, confidence, source.

    Parameters
    ----------
    name
        Id of the site.
    weather_file
        A year of weather, in place of the synthetic one.
    scenario
        Whose sites, changes and map layers count; none: the built-in table.

    Raises
    ------
    ScenarioError
        If there is no such site, or a file cannot be used.
    """
    site = site_named(name) if scenario is None else _in_scenario(name, scenario)

    from dataclasses import asdict

    from sites.describe import describe

    weather = None if weather_file is None else weather_of(site, weather_file)
    return [asdict(fact) for fact in describe(site, weather=weather)]


def _in_scenario(name: str, file: Path) -> Site:
    """Return a site as a plan of a scenario would see it."""
    from planner.known import known_sites, read_scenario
    from planner.layers import with_layers
    from planner.places import changed_site

    loaded = read_scenario(file)
    known = known_sites(loaded)
    site_named(name, known)
    sites, _ = with_layers(loaded.scenario, known)
    return changed_site(loaded.scenario, sites[name])


def site_named(name: str, known: Mapping[str, Site] | None = None) -> Site:
    """Return a site: built in, or of those given.

    Raises
    ------
    ScenarioError
        If there is none of that name.
    """
    known = builtin_sites() if known is None else known
    if name not in known:
        what = "is no site that is known"
        problem = Problem("site", 0, 0, name, what, "", nearest(name, frozenset(known)))
        raise ScenarioError([problem])
    return known[name]


def weather_of(site: Site, file: Path | None) -> "Weather":
    """Return a year of weather at a site: of a file, or synthetic.

    Raises
    ------
    ScenarioError
        If the file cannot be used.
    """
    from sites.readers import read_weather
    from sites.synthetic import synthetic_weather
    from sites.weather import WeatherError

    if file is None:
        return synthetic_weather(site)
    try:
        return read_weather(
            file,
            latitude_deg=site.latitude_deg,
            longitude_deg=site.longitude_deg,
            elevation_m=site.elevation_m,
            utc_offset_h=site.utc_offset_h,
        )
    except (WeatherError, OSError) as error:
        problem = Problem(str(file), 0, 0, "weather", str(error), "", "another file")
        raise ScenarioError([problem]) from error
