"""Every figure of the runs beside each other: one row each, with its unit and the differences."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import pandas as pd

from planner.compare.runs import Compared
from planner.report.answer import name_of_limit
from planner.report.figures.compute import SECONDS_PER_DAY
from planner.report.folder import ByPeriod, RunFolder
from planner.report.labels import kind_name, site_labels
from planner.report.words import name_of

KEYS = ["topic", "what", "period", "unit"]
"""Columns that say what a row is."""

ALL = ""
"""In the column ``period``: over all periods."""

Row: TypeAlias = tuple[str, str, str, str, float]

ZERO_IF_ABSENT = (
    "IT power by site", "power by source", "racks", "blocks", "cost", "served", "what binds"
)  # fmt: skip
"""Topics of which a run that has the period, and no such thing, has none of it."""

DIFFERENCE = "{} - {}"
"""Name of a column of differences."""


def figures_table(compared: Compared) -> pd.DataFrame:
    """Return every figure that compares.

    Returns
    -------
    DataFrame
        Columns of `KEYS`, one for each run by its name, and one for the difference of each run
        but the first from the first. No number stands where a run has no such period.
    """
    long = pd.concat(
        [
            pd.DataFrame(list(_rows(run)), columns=[*KEYS, "value"]).assign(run=name)
            for name, run in zip(compared.names, compared.runs, strict=True)
        ],
        ignore_index=True,
    )
    order = long[KEYS].drop_duplicates()
    wide = long.pivot_table(
        index=KEYS, columns="run", values="value", aggfunc="sum", sort=False, min_count=1
    )
    wide = wide.reindex(columns=list(compared.names)).reindex(pd.MultiIndex.from_frame(order))
    found = _sorted(wide.reset_index(), order)
    _put_zeros(found, compared)
    first = compared.names[0]
    for name in compared.names[1:]:
        found[DIFFERENCE.format(name, first)] = found[name] - found[first]
    found.columns.name = None
    return found


def _sorted(found: pd.DataFrame, order: pd.DataFrame) -> pd.DataFrame:
    """Keep topics and things as they came, and periods in order within them."""
    topics = {name: i for i, name in enumerate(dict.fromkeys(order["topic"]))}
    pairs = list(dict.fromkeys(zip(order["topic"], order["what"], strict=True)))
    things = {pair: i for i, pair in enumerate(pairs)}
    rank = pd.DataFrame(
        {
            "topic": found["topic"].map(topics),
            "what": [things[p] for p in zip(found["topic"], found["what"], strict=True)],
            "period": found["period"],
        }
    )
    return found.loc[rank.sort_values(["topic", "what", "period"]).index].reset_index(drop=True)


def _put_zeros(found: pd.DataFrame, compared: Compared) -> None:
    for name, run in zip(compared.names, compared.runs, strict=True):
        there = found["period"].isin([ALL, *run.summary.periods])
        absent = there & found["topic"].isin(ZERO_IF_ABSENT)
        found.loc[absent, name] = found.loc[absent, name].fillna(0.0)


def _rows(run: RunFolder) -> Iterator[Row]:
    yield from _of_summary(run)
    yield from _of_sites(run)
    yield from _of_power(run)
    yield from _of_stock(run)
    yield from _of_costs(run)
    yield from _of_tokens(run)
    yield from _of_limits(run)


def _of_summary(run: RunFolder) -> Iterator[Row]:
    said = run.summary
    yield "plan", "present value of all costs", ALL, "USD", said.objective_usd
    yield "plan", "no plan can cost less than", ALL, "USD", said.bound_usd
    yield "plan", "sites opened", ALL, "sites", float(len(said.sites_opened))
    figures: Sequence[tuple[str, str, ByPeriod]] = (
        ("IT load", "MW", said.it_mw),
        ("tokens unmet", "share", said.unmet_share),
        ("cost of tokens served", "USD/million tokens", said.usd_per_mtok["all"]),
        ("cost of power", "USD/MWh", said.usd_per_mwh),
        ("grid energy", "MWh", said.grid_mwh),
        ("grid energy of all data centres over US electricity", "share", said.grid_share),
        ("limit of that share", "share", said.grid_share_limit),
        ("CO₂, stacks and grid", "t", said.co2_t),
    )
    for what, unit, by_period in figures:
        for period, value in by_period.items():
            if value is not None:
                yield "plan", what, period, unit, value


def _of_sites(run: RunFolder) -> Iterator[Row]:
    sites = run.tables["sites"]
    labels = site_labels(sites)
    for (site, period), mw in _sums(sites[sites["open"]], ["site", "period"], "it_mw"):
        yield "IT power by site", labels[site], period, "MW", mw


def _of_power(run: RunFolder) -> Iterator[Row]:
    power = run.tables["capacity"].query("family == 'power'")
    for (kind, period), mw in _sums(power, ["kind", "period"], "mw"):
        yield "power by source", kind_name(kind), period, "MW", mw


def _of_stock(run: RunFolder) -> Iterator[Row]:
    for (rack, period), count in _sums(run.tables["racks"], ["rack", "period"], "racks"):
        yield "racks", name_of(rack), period, "racks", count
    blocks = run.tables["capacity"].query("family == 'block'")
    for (block, cooling, period), mw in _sums(blocks, ["component", "cooling", "period"], "mw"):
        yield "blocks", f"{name_of(block)}, {name_of(cooling)}", period, "MW", mw


def _of_costs(run: RunFolder) -> Iterator[Row]:
    for (family, item), usd in _sums(run.tables["costs"], ["family", "item"], "discounted_usd"):
        yield "cost", f"{name_of(family)}: {name_of(item)}", ALL, "USD", usd


def _of_tokens(run: RunFolder) -> Iterator[Row]:
    served = run.tables["tokens"].query("kind == 'served'")
    for (workload, period), rate in _sums(served, ["workload", "period"], "tokens_per_s"):
        yield "served", name_of(workload), period, "tokens/day", SECONDS_PER_DAY * rate


def _sums(
    table: pd.DataFrame, keys: list[str], column: str
) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield what each group comes to, in the order in which groups first come."""
    total = table.groupby(keys, as_index=False, sort=False)[[column]].sum()
    for row in total.itertuples(index=False, name=None):
        yield tuple(map(str, row[:-1])), float(row[-1])


def _of_limits(run: RunFolder) -> Iterator[Row]:
    labels = site_labels(run.tables["sites"])
    for limit in run.summary.binding:
        yield "what binds", name_of_limit(limit, labels), limit.period, limit.unit, limit.price
