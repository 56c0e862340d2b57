"""A site in words and numbers, each with its source."""

from dataclasses import dataclass

import numpy as np

from sites.grid_load import SOURCE, area_loads
from sites.site import Site
from sites.solar import tracker_capacity_factor
from sites.synthetic import synthetic_weather
from sites.table import builtin_sites, column_facts
from sites.weather import Weather
from sites.wind import wind_capacity_factor


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known about a site.

    Attributes
    ----------
    label
        What it is.
    value
        How much, or which.
    unit
        Unit of a number; empty for names and classes.
    confidence
        ``H``, ``M`` or ``L`` as in `sites.table.ColumnFact`; empty where a user gave the value.
    source
        Where it comes from.
    """

    label: str
    value: float | str
    unit: str
    confidence: str
    source: str


def describe(site: Site, weather: Weather | None = None) -> list[Fact]:
    """Tell everything known about a site, and its climate.

    Parameters
    ----------
    site
        Built in or a user's.
    weather
        The year to sum up; absent: the synthetic year of seed 0.

    Returns
    -------
    list of Fact
        The filled fields of the site in their order, the load of its grid area, its climate. A
        value that differs from the built-in table is marked as given by the user.
    """
    return [*_fields(site), *_area(site), *climate(weather or synthetic_weather(site))]


def _fields(site: Site) -> list[Fact]:
    table = builtin_sites().get(site.id)
    facts = []
    for name, field in Site.model_fields.items():
        value = getattr(site, name)
        if value is None or value == "":
            continue
        known = column_facts()[name]
        built_in = table is not None and getattr(table, name) == value
        confidence, source = (
            (known.confidence, known.source) if built_in else ("", "given by the user")
        )
        label = (field.description or name).partition(" [")[0]
        facts.append(Fact(label, value, known.unit, confidence, source))
    return facts


def _area(site: Site) -> list[Fact]:
    """Tell how much electricity the site's grid area uses; nothing where that is not known."""
    load = area_loads().get(site.grid_area)
    if load is None:
        return []
    rows = [
        ("Load of the grid area, energy 2024", load.annual_twh, "TWh"),
        ("Load of the grid area, mean 2024", load.mean_mw, "MW"),
        (f"Load of the grid area, peak 2024, in {load.peaks_in}", load.peak_mw, "MW"),
        ("Load of the grid area, mean over peak", load.load_factor, ""),
        ("Load of the grid area, growth 2020-2024", load.growth_per_year, "1/a"),
    ]
    return [Fact(label, value, unit, "H", SOURCE) for label, value, unit in rows]


def climate(weather: Weather) -> list[Fact]:
    """Sum up a year of weather.

    Parameters
    ----------
    weather
        Measured or synthetic.

    Returns
    -------
    list of Fact
        Sunshine, output of tracker and turbine, dry and wet bulb; the source is the weather's.
    """
    drybulb, wetbulb = weather.values("drybulb_c"), weather.values("wetbulb_c")
    ghi = 24 * weather.values("ghi_w_per_m2").mean() / 1000
    output, turbine = tracker_capacity_factor(weather), wind_capacity_factor(weather)
    confidence = "M" if weather.synthetic else "H"
    rows = [
        ("Global irradiation, daily mean", ghi, "kWh/m2"),
        ("Capacity factor of a single-axis tracker", output.mean(), ""),
        ("Capacity factor of a wind turbine, before losses", turbine.mean(), ""),
        ("Dry bulb, mean", drybulb.mean(), "degC"),
        ("Dry bulb exceeded 35 h a year", np.quantile(drybulb, 0.996), "degC"),
        ("Dry bulb, highest", drybulb.max(), "degC"),
        ("Wet bulb, mean", wetbulb.mean(), "degC"),
        ("Wet bulb exceeded 35 h a year", np.quantile(wetbulb, 0.996), "degC"),
        ("Wet bulb, highest", wetbulb.max(), "degC"),
        ("Hours with a dry bulb above 35 degC", float((drybulb > 35).sum()), "h"),
        ("Hours with a wet bulb of 18 degC or less", float((wetbulb <= 18).sum()), "h"),
    ]
    return [
        Fact(label, float(value), unit, confidence, weather.source) for label, value, unit in rows
    ]
