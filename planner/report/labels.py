"""What things are called and which colour they have, the same in every figure and table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from planner.report.palette import CURTAILED, OTHER, SOURCE, shades
from planner.report.words import name_of

SOURCE_NAMES: Mapping[str, str] = {
    "grid": "Grid",
    "fuel_cell": "Fuel cells",
    "gas": "Gas",
    "wind": "Wind",
    "solar": "Solar",
    "battery": "Batteries",
}
"""Kind of power source to its name."""

IN_PROSE: Mapping[str, str] = {"grid": "the grid"}
"""Kind of power source within a sentence, where it is not its name in small letters."""

UPPER = ("CO2", "NOx")
"""Kinds of limit that are names."""

LIGHTEST_SHARE = 0.55
"""White in the lightest of several products of one kind [1]."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The power products of a plan.

    Attributes
    ----------
    kinds : product to kind
        Such as ``ge_7ha02`` to ``gas``; in stacking order from the bottom.
    colours : product's label to colour
        In the same order; ``curtailed`` load last.
    """

    kinds: Mapping[str, str]
    colours: Mapping[str, str]

    def kind(self, component: str) -> str:
        """Return the kind of a product; empty for what is no product."""
        return self.kinds.get(component, "")


def sources_of(capacity: pd.DataFrame) -> Sources:
    """Order the power products of a plan by kind and size, and colour them.

    Parameters
    ----------
    capacity
        The table ``capacity``.
    """
    power = capacity[capacity["family"] == "power"]
    size = power.groupby(["kind", "component"])["mw"].sum().sort_values(ascending=False)
    found = pd.DataFrame(list(size.index), columns=["kind", "component"])
    known = list(SOURCE)
    more = sorted(set(found["kind"]) - set(known))
    kinds: dict[str, str] = {}
    colours: dict[str, str] = {}
    for kind in [*known, *more]:
        here = found.loc[found["kind"] == kind, "component"].tolist()
        kinds |= dict.fromkeys(here, kind)
        names = [name_of(c) for c in here]
        colours |= shades(SOURCE.get(kind, OTHER), names, LIGHTEST_SHARE)
    return Sources(kinds, {**colours, name_of("curtailed"): CURTAILED})


def kind_name(kind: str) -> str:
    """Return the name of a kind of power source.

    Examples
    --------
    >>> kind_name("fuel_cell"), kind_name("nuclear")
    ('Fuel cells', 'Nuclear')
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
    """
    where = f" at {sites.get(site, site)}" if site else ""
    if kind in ("site", "labour"):
        return f"{name_of(name)}{where}"
    if kind == "grid share":
        return "Grid energy, national share"
    if kind == "grid area":
        return f"Grid area {name}"
    return f"{name_of(name)}: {name_of(kind) if kind in UPPER else kind}{where}"
