"""What is known of a site, for the command line."""

from pathlib import Path
from typing import Any

from planner.errors import Problem, ScenarioError
from planner.scenario.explaining import nearest
from sites.table import builtin_sites


def facts_of(name: str, weather_file: Path | None) -> list[dict[str, Any]]:
    """Return every fact of a built-in site: label, value, unit, confidence, source.

    Parameters
    ----------
    name
        Id of the site.
    weather_file
        A year of weather, in place of the synthetic one.

    Raises
    ------
    ScenarioError
        If there is no such site, or the file cannot be used.
    """
    known = builtin_sites()
    if name not in known:
        what = "is no site that is known"
        problem = Problem("site", 0, 0, name, what, "", nearest(name, frozenset(known)))
        raise ScenarioError([problem])

    from dataclasses import asdict

    from sites.describe import describe
    from sites.readers import read_weather
    from sites.weather import WeatherError

    try:
        site = known[name]
        weather = None
        if weather_file is not None:
            weather = read_weather(
                weather_file,
                latitude_deg=site.latitude_deg,
                longitude_deg=site.longitude_deg,
                elevation_m=site.elevation_m,
                utc_offset_h=site.utc_offset_h,
            )
    except (WeatherError, OSError) as error:
        problem = Problem(str(weather_file), 0, 0, "weather", str(error), "", "another file")
        raise ScenarioError([problem]) from error
    return [asdict(fact) for fact in describe(known[name], weather=weather)]
