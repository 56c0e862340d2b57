"""What cooling takes at a site: PUE and water by month, for the command line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from components.base import Floats
from components.catalog.loader import load_family
from components.cooling.parameters import Cooling
from components.cooling.pue import pue
from components.cooling.water import water_l_per_kwh
from planner.errors import Problem, ScenarioError
from planner.scenario.explaining import nearest
from planner.site_facts import site_named, weather_of

ALL = "all"
"""In place of a cooling type: each of the catalog."""

HIGH_SHARE = 0.996
"""Share of the hours that the high PUE is not exceeded in, as in ASHRAE's design conditions."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def cooling_of(site: str, cooling: str, weather_file: Path | None) -> list[dict[str, Any]]:
    """Return PUE and WUE of a year at a built-in site.

    Parameters
    ----------
    site
        Id of the site.
    cooling
        A cooling type of the catalog: a row for the year and one for each month; or ``all``: the
        year of each type.
    weather_file
        A year of weather, in place of the synthetic one.

    Returns
    -------
    list
        Rows of ``cooling``, ``months``, ``pue_mean``, ``pue_high`` (exceeded in 0.4 % of the
        hours), ``pue_peak`` and ``water_l_per_kwh``.

    Raises
    ------
    ScenarioError
        If there is no such site or type, or the file cannot be used.
    """
    types = load_family("cooling")
    if cooling != ALL and cooling not in types:
        what = "is no cooling type that is known"
        tip = nearest(cooling, frozenset(types) | {ALL})
        raise ScenarioError([Problem("site", 0, 0, "cooling", what, cooling, tip)])
    place = site_named(site)
    weather = weather_of(place, weather_file)
    outdoors = weather.values("drybulb_c"), weather.values("wetbulb_c")
    chosen = types if cooling == ALL else [cooling]
    return [
        row
        for name in chosen
        if isinstance(p := types[name].parameters, Cooling)
        for row in _rows(name, p, *outdoors, monthly=cooling != ALL)
    ]


def _rows(
    name: str, p: Cooling, drybulb_c: Floats, wetbulb_c: Floats, *, monthly: bool
) -> Iterator[dict[str, Any]]:
    factor, litres = pue(p, drybulb_c, wetbulb_c), water_l_per_kwh(p, drybulb_c, wetbulb_c)
    yield _row(name, "year", factor, litres)
    if monthly:
        ends = 24 * np.cumsum(DAYS)[:-1]
        months = zip(MONTHS, np.split(factor, ends), np.split(litres, ends), strict=True)
        yield from (_row(name, *month) for month in months)


def _row(name: str, months: str, factor: Floats, litres: Floats) -> dict[str, Any]:
    return {
        "cooling": name,
        "months": months,
        "pue_mean": round(float(factor.mean()), 4),
        "pue_high": round(float(np.quantile(factor, HIGH_SHARE)), 4),
        "pue_peak": round(float(factor.max()), 4),
        "water_l_per_kwh": round(float(litres.mean()), 4),
    }
