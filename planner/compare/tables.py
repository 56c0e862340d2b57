"""Tables of a comparison for people: cells with units that fit, a column for each run."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from planner.compare.figures_table import ALL, DIFFERENCE
from planner.report.answer import ONE_OF
from planner.report.tables import Table
from planner.report.words import GAP, MINUS, NOTHING, TOKENS, digits, share

CAPTIONS = {
    "plan": "What each comes to",
    "served": "Tokens served",
    "power by source": "Power in service by source",
    "racks": "Racks in service",
    "blocks": "Blocks in service",
    "IT power by site": "IT power of open sites",
    "cost": "Cost by part, present value",
    "what binds": "What binds, with what one more unit would save",
}
"""Topic to the caption of its table; their order is that of the page."""

LADDER = tuple((unit.size, f"{GAP}{unit.name}" if unit.name else "") for unit in TOKENS)
"""Words for large numbers."""

LARGEST_PART = 10.0
"""Change over what was there, above which it says nothing: there was next to nothing [1]."""

LARGE = 1e6
"""From here on numbers have words."""

COUNTED = ("sites", "racks")
"""Units that are counted in whole numbers."""


def topic_table(table: pd.DataFrame, names: Sequence[str], topic: str, period: str) -> Table:
    """Return the rows of a topic: those of one period and of all, and the other periods on demand.

    Parameters
    ----------
    table
        From `planner.compare.figures_table.figures_table`.
    names
        Of the runs, the first the one that others differ from.
    topic
        One of `CAPTIONS`.
    period
        The one that is shown first; empty for every period.
    """
    here = table[(table["topic"] == topic) & table[list(names)].notna().any(axis=1)]
    first = here["period"].isin([ALL, period]) if period else here["period"].eq(here["period"])
    first &= ~(here[list(names)].fillna(0.0) == 0).all(axis=1)
    return Table(
        topic.replace(" ", "-"),
        CAPTIONS[topic],
        ("", "Period", "Unit", *names, *_differences(names)),
        tuple(_cells(row, names) for row in here[first].to_dict("records")),
        frozenset({0, 1, 2}),
        tuple(_cells(row, names) for row in here[~first].to_dict("records")),
    )


def number(value: float, unit: str) -> str:
    r"""Return a number as its unit wants it: shares in per cent, large numbers in words.

    Examples
    --------
    >>> number(0.105, "share"), number(2.5e9, "USD"), number(float("nan"), "MW") == NOTHING
    ('10.50%', '2.50\u202fbillion', True)
    """
    if pd.isna(value):
        return NOTHING
    if unit == "share":
        return f"{value:.2%}".replace("-", MINUS)
    if unit in COUNTED and abs(value) < LARGE:
        return f"{value:,.0f}".replace("-", MINUS)
    size, word = next(((s, w) for s, w in LADDER if abs(value) >= s), (1.0, ""))
    return f"{digits(value / size)}{word}"


def _differences(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{name} against {names[0]}" for name in names[1:])


def _cells(row: Mapping[Any, Any], names: Sequence[str]) -> tuple[str, ...]:
    unit = str(row["unit"])
    values = [number(float(str(row[name])), unit) for name in names]
    return (_name(row), str(row["period"] or "all"), _unit(unit), *values, *_changes(row, names))


def _name(row: Mapping[Any, Any]) -> str:
    what = str(row["what"])
    return what[:1].upper() + what[1:]


def _unit(unit: str) -> str:
    paid, _, per = unit.partition("/")
    return f"{paid} per {ONE_OF.get(per, per)}" if per else ("%" if unit == "share" else unit)


def _changes(row: Mapping[Any, Any], names: Sequence[str]) -> list[str]:
    base, unit = float(str(row[names[0]])), str(row["unit"])
    return [_change(float(str(row[DIFFERENCE.format(n, names[0])])), base, unit) for n in names[1:]]


def _change(change: float, base: float, unit: str) -> str:
    if pd.isna(change) or change == 0:
        return NOTHING if pd.isna(change) else "0"
    sign = "+" if change > 0 else ""
    if unit == "share":
        return f"{sign}{digits(100 * change)} points"
    part = f" ({_per_cent(change / base)})" if base and abs(change / base) < LARGEST_PART else ""
    return f"{sign}{number(change, unit)}{part}"


def _per_cent(part: float) -> str:
    sign = MINUS if part < 0 else "+"
    text = share(abs(part))
    return text if text.startswith("<") else f"{sign}{text}"
