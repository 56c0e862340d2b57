"""What axes and figures of a sweep are called, and the unit they are shown in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.compare.units import unit_of
from planner.report.words import ENERGY, MASS, MONEY, POWER, TOKENS, Unit, digits, fit, name_of
from planner.sweep.analysis.studied import OBJECTIVE, Studied

YEAR = re.compile(r"^(19|20)\d\d\w*$")
PER_CENT = Unit(0.01, "%")
PLAIN = Unit(1.0, "")

COUNTED = ("sites", "racks")
"""Units that are counted in whole numbers."""

LEAST_SHARE = 1e-5
"""Shares below this are a solver's tolerance, or nothing that a reader would act on [1]."""


@dataclass(frozen=True, slots=True)
class Named:
    """A column as a reader wants it.

    Attributes
    ----------
    column
        In the store.
    name
        In words.
    unit
        That fits its largest value: what it is divided by, and its name.
    """

    column: str
    name: str
    unit: Unit

    @property
    def title(self) -> str:
        """Name with the unit."""
        return f"{self.name} ({self.unit.name})" if self.unit.name else self.name

    def number(self, value: float) -> str:
        """Return a value as text in its unit, without it."""
        if self.unit.name in COUNTED:
            return f"{value:,.0f}"
        if self.unit == PER_CENT and 0 < abs(value) < LEAST_SHARE:
            return f"<{100 * LEAST_SHARE:g}"
        return digits(float(value) / self.unit.size)

    def shown(self, value: Any) -> str:
        """Return a value as text with its unit; texts as they are."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return str(value)
        return f"{self.number(float(value))} {self.unit.name}".strip()


LADDERS: dict[str, Sequence[Unit]] = {
    "USD": tuple(Unit(u.size, f"{u.name} USD".strip()) for u in MONEY),
    "MW": POWER,
    "MWh": ENERGY,
    "t": MASS,
    "tokens": tuple(Unit(u.size, f"{u.name} tokens".strip()) for u in TOKENS),
    "tokens/day": tuple(Unit(u.size, f"{u.name} tokens a day".strip()) for u in TOKENS),
    "1": (PER_CENT,),
}
"""Unit of a column to those it is shown in."""

KNOWN = {
    OBJECTIVE: "Present value of all costs",
    "capex_usd": "Investment",
    "sites_open": "Sites opened",
    "unmet_share": "Tokens unmet",
    "tokens_served": "Tokens served",
    "co2_t": "CO₂, stacks and grid",
    "grid_share": "Grid energy of all data centres over US electricity",
    "grid_mwh": "Grid energy",
    "it_mw": "IT load",
    "usd_per_mwh": "Cost of power",
    "usd_per_mtok.all": "Cost of a million tokens",
    "gap": "Gap",
}
"""First part of a column to its name."""


def named(studied: Studied, column: str) -> Named:
    """Return the name and unit of a figure of the store."""
    first, _, period = column.rpartition(".")
    known = KNOWN.get(column) or (f"{KNOWN[first]}, {period}" if first in KNOWN else "")
    unit = unit_of(column)
    return Named(column, known or name_of(column.replace(".", " ")), _unit(studied, column, unit))


def named_axis(studied: Studied, axis: str) -> Named:
    """Return the name and unit of an axis: by its key where it moves but one."""
    keys = studied.keys(axis)
    if axis not in studied.numeric_axes or len(keys) != 1:
        return Named(axis, name_of(axis), PLAIN)
    parts = [part for part in keys[0].split(".") if not YEAR.match(part)]
    year = next((f", {part}" for part in keys[0].split(".") if YEAR.match(part)), "")
    last = parts[-1]
    unit = "1" if "share" in last.split("_") else unit_of(last)
    return Named(axis, f"{name_of(axis)}{year if year[2:] not in axis else ''}",
                 _unit(studied, axis, unit))  # fmt: skip


def period_of(studied: Studied, axis: str = "") -> str:
    """Return the period to show: that of the axis's key if it has one, else the last."""
    labels = [str(c).removeprefix("it_mw.") for c in studied.table if str(c).startswith("it_mw.")]
    if not labels:
        return ""
    for key in studied.keys(axis) if axis else ():
        year = next((part for part in key.split(".") if YEAR.match(part)), None)
        found = [label for label in labels if year is not None and label.startswith(year)]
        if found:
            return found[-1]
    return sorted(labels)[-1]


def where(studied: Studied, at: dict[str, object]) -> str:
    """Return what the other axes are on a line, in words."""
    moving = [a for a in at if a in studied.moving]
    return ", ".join(f"{named_axis(studied, a).name} {level(studied, a, at[a])}" for a in moving)


def moves(studied: Studied, column: str) -> bool:
    """Tell whether a figure differs between points by more than a solver's tolerance."""
    numbers = pd.to_numeric(studied.planned[column], errors="coerce").dropna()
    if numbers.empty:
        return False
    least = max(LEAST_SHARE * float(numbers.abs().max()), 0.0)
    floor = LEAST_SHARE if unit_of(column) == "1" else 0.0
    return float(numbers.max() - numbers.min()) > max(least, floor)


def level(studied: Studied, axis: str, value: object) -> str:
    """Return a value of an axis with its unit; texts as they are."""
    one = named_axis(studied, axis)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{float(value) / one.unit.size:g}{f' {one.unit.name}' if one.unit.name else ''}"
    return str(value)


def _unit(studied: Studied, column: str, unit: str) -> Unit:
    ladder = LADDERS.get(unit)
    if ladder is None:
        return Unit(1.0, unit)
    if len(ladder) == 1:
        return ladder[0]
    numbers = pd.to_numeric(studied.planned[column], errors="coerce").dropna()
    return fit(ladder, numbers.abs())
