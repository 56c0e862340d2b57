"""What things are called and which colour they have, the same in every figure and table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from planner.report.palette import CURTAILED, OTHER, SOURCE, TECHNOLOGY, mixed, shades
from planner.report.words import name_of

SOURCE_NAMES: Mapping[str, str] = {
    "grid": "Grid",
    "fuel_cell": "Fuel cells",
    "gas": "Gas",
    "rental": "Rented plants",
    "nuclear": "Nuclear",
    "geothermal": "Geothermal",
    "wind": "Wind",
    "solar": "Solar",
    "remote": "Remote plants",
    "battery": "Batteries",
}
"""Kind of power source to its name."""

TECHNOLOGY_NAMES: Mapping[str, str] = {
    "CC": "Combined cycles",
    "FSC": "Frame turbines",
    "AERO": "Aeroderivative turbines",
    "IGT": "Industrial turbines",
    "MSR": "Medium-speed engines",
    "HSR": "High-speed engines",
    "MT": "Microturbines",
    "SOFC": "Solid-oxide fuel cells",
    "MCFC": "Molten-carbonate fuel cells",
    "PAFC": "Phosphoric-acid fuel cells",
}
"""Technology of gas plants and fuel cells to its name."""

BY_TECHNOLOGY = ("gas", "fuel_cell")
"""Kinds of which technologies are told apart."""

BY_PRODUCT = ("grid",)
"""Kinds of which products are told apart: a firm connection is not a flexible one."""

MOST_SERIES = 10
"""Most series of sources that a figure tells apart."""

IN_PROSE: Mapping[str, str] = {"grid": "the grid"}
"""Kind of power source within a sentence, where it is not its name in small letters."""

INGREDIENTS: Mapping[str, str] = {
    "n4": "N4 wafers",
    "n3": "N3 wafers",
    "sf4": "SF4 wafers",
    "cowos": "CoWoS wafers",
    "hbm3e": "HBM3E stacks",
    "hbm4": "HBM4 stacks",
    "lpddr": "LPDDR and DDR5 of hosts",
    "nand": "Flash",
    "nvl72_racks": "NVL72 racks",
    "kyber_racks": "Kyber racks",
    "lpx_racks": "LPX racks",
}
"""Ingredient of racks to its name."""

ORBIT = "orbit"
"""State of a site that is on no map."""

UPPER = ("CO2", "NOx")
"""Kinds of limit that are names."""

LIGHTEST_SHARE = 0.55
"""White in the lightest of several series of one kind [1]."""

REST_WHITE = 0.7
"""White in the colour of what is left of a kind [1]."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The power products of a plan, and how figures sum them up.

    Attributes
    ----------
    kinds : product to kind
        Such as ``ge_7ha02`` to ``gas``; in stacking order from the bottom.
    series : product to series
        What it is counted with: its technology if it burns gas or is a fuel cell, itself if it is a
        connection, else its kind.
    colours : series to colour
        In stacking order; ``curtailed`` load last.
    """

    kinds: Mapping[str, str]
    series: Mapping[str, str]
    colours: Mapping[str, str]

    def kind(self, component: str) -> str:
        """Return the kind of a product; empty for what is no product."""
        return self.kinds.get(component, "")

    def named(self, component: str) -> str:
        """Return the series of a product; the name of what is no product, such as ``curtailed``."""
        return self.series.get(component) or name_of(component)


def sources_of(capacity: pd.DataFrame) -> Sources:
    """Sum up the power products of a plan in series, order them by kind and size, and colour them.

    A plan may have some forty products; no more than `MOST_SERIES` series are told apart, and of
    the kinds with most of them the smallest are added up.

    Parameters
    ----------
    capacity
        The table ``capacity``.
    """
    power = capacity[capacity["family"] == "power"]
    keys = ["kind", "component", "technology"]
    size = power.groupby(keys)["mw"].sum().sort_values(ascending=False, kind="stable")
    found = size.reset_index()
    found["group"] = [series_name(*row) for row in found[keys].itertuples(index=False)]
    kept = _told_apart(found)
    kinds: dict[str, str] = {}
    series: dict[str, str] = {}
    colours: dict[str, str] = {}
    for kind in [*SOURCE, *sorted(set(found["kind"]) - set(SOURCE))]:
        here = found[found["kind"] == kind]
        names = _series(kind, here, kept)
        kinds |= dict.fromkeys(here["component"], kind)
        series |= names
        colours |= _colours(kind, here.assign(series=here["component"].map(names)))
    return Sources(kinds, series, {**colours, name_of("curtailed"): CURTAILED})


def series_name(kind: str, component: str, technology: str) -> str:
    """Return what a product is counted with in figures.

    Examples
    --------
    >>> series_name("gas", "wartsila_18v50sg", "MSR"), series_name("solar", "pv_tracker", "")
    ('Medium-speed engines', 'Solar')
    """
    if kind in BY_PRODUCT:
        return name_of(component)
    if kind in BY_TECHNOLOGY and technology:
        return TECHNOLOGY_NAMES.get(technology, f"{kind_name(kind)}, {technology}")
    return kind_name(kind)


def _told_apart(found: pd.DataFrame) -> set[str]:
    """Return the series of kinds that have several, the largest, for which there is room."""
    size = found.groupby(["kind", "group"])["mw"].sum().sort_values(ascending=False, kind="stable")
    count = size.groupby("kind").size()
    several = [str(group) for kind, group in size.index if count[kind] > 1]
    room = MOST_SERIES - len(count)
    return set(several if len(size) <= MOST_SERIES else several[: max(room, 0)])


def _series(kind: str, here: pd.DataFrame, kept: set[str]) -> dict[str, str]:
    """Name each product's series: its group's, or one for all groups that are not told apart."""
    groups = list(dict.fromkeys(here["group"]))
    left = [group for group in groups if group not in kept]
    rest = kind_name(kind) if len(left) == len(groups) else f"{kind_name(kind)}, other"
    alone = left[0] if len(left) == 1 else rest
    return {
        str(component): group if group in kept else alone
        for component, group in zip(here["component"], here["group"], strict=True)
    }


def _colours(kind: str, here: pd.DataFrame) -> dict[str, str]:
    """Colour a kind's series; a technology has its own colour, whatever else is there."""
    hue, names = SOURCE.get(kind, OTHER), list(dict.fromkeys(here["series"]))
    if kind not in BY_TECHNOLOGY:
        return shades(hue, names, LIGHTEST_SHARE)
    return {name: series_colour(kind, name) for name in names}


def series_colour(kind: str, series: str) -> str:
    """Return the colour of a series whose kind has but one, or is told by technology.

    Examples
    --------
    >>> series_colour("solar", "Solar"), series_colour("gas", "Industrial turbines")
    ('#f4c430', '#86612d')
    """
    own = {TECHNOLOGY_NAMES[code]: colour for code, colour in TECHNOLOGY.items()}
    hue = SOURCE.get(kind, OTHER)
    return own.get(series, hue if series == kind_name(kind) else mixed(hue, REST_WHITE))


def kind_name(kind: str) -> str:
    """Return the name of a kind of power source.

    Examples
    --------
    >>> kind_name("fuel_cell"), kind_name("tidal_barrage")
    ('Fuel cells', 'Tidal barrage')
    """
    return SOURCE_NAMES.get(kind, name_of(kind))


def kind_in_prose(kind: str) -> str:
    """Return the name of a kind of power source within a sentence.

    Examples
    --------
    >>> kind_in_prose("grid"), kind_in_prose("fuel_cell")
    ('the grid', 'fuel cells')
    """
    return IN_PROSE.get(kind, kind_name(kind).lower())


def site_labels(sites: pd.DataFrame) -> dict[str, str]:
    """Return a short name with the state for each site; the id where two would be the same.

    Parameters
    ----------
    sites
        The table ``sites``.
    """
    first = sites.drop_duplicates("site")
    rows = zip(first["site"], first["name"], first["state"], strict=True)
    short = {str(site): _short(str(name), str(state)) for site, name, state in rows}
    names = list(short.values())
    return {site: label if names.count(label) == 1 else site for site, label in short.items()}


def _short(name: str, state: str) -> str:
    bare = re.sub(r"\s*\([^)]*\)", "", name).split(" / ")[0].strip() or name
    return f"{bare}, {state}" if state else bare


def limit_label(kind: str, name: str, site: str, sites: Mapping[str, str]) -> str:
    """Return what a limit is called.

    Examples
    --------
    >>> limit_label("slots", "ge_7ha02", "", {})
    'GE 7HA02: slots'
    >>> limit_label("site", "IT power", "a", {"a": "Abilene, TX"})
    'IT power at Abilene, TX'
    >>> limit_label("chips", "hbm4", "", {}), limit_label("ramp", "kyber_nvl144", "", {})
    ('HBM4 stacks', 'Kyber NVL144: ramp-up')
    """
    where = f" at {sites.get(site, site)}" if site else ""
    if kind in ("site", "grid site", "labour"):
        return f"{name_of(name)}{where}"
    if kind == "grid share":
        return "Grid energy, national share"
    if kind == "grid area share":
        return f"Grid energy, share of {name}"
    if kind == "grid area":
        return f"Grid area {name}"
    if kind == "chips" and name in INGREDIENTS:
        return INGREDIENTS[name]
    if kind == "ramp":
        return f"{name_of(name)}: ramp-up"
    return f"{name_of(name)}: {name_of(kind) if kind in UPPER else kind}{where}"
