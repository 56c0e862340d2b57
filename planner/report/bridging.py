"""Before and after the grid: which sites bridge the time to it, and what becomes of their plant."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from planner.report.figures.bridging import GRID, LEASED, groups_of
from planner.report.folder import RunFolder
from planner.report.labels import site_labels
from planner.report.words import POWER, amount, counted, joined, name_of

MOST_SITES = 6
"""Most sites that are shown, the largest."""

MOST_TOLD = 12
"""Most sentences on what moves."""

LEAST_MW = 0.01
"""Less is not told [MW]."""


@dataclass(frozen=True, slots=True, eq=False)
class Bridge:
    """A site that runs on plant of its own before the grid comes, or whose plant moves.

    Attributes
    ----------
    site, label
        Its id, and its name on the page.
    capacity
        Its rows of the table ``capacity`` that are power.
    own_mw, leased_mw, grid_mw : period to MW
        Plant that is no connection and no battery, what of it is leased, and connections.
    """

    site: str
    label: str
    capacity: pd.DataFrame
    own_mw: Mapping[str, float]
    leased_mw: Mapping[str, float]
    grid_mw: Mapping[str, float]

    @property
    def own_from(self) -> str:
        """Return the first period with plant of its own; empty without."""
        return _first(self.own_mw)

    @property
    def grid_from(self) -> str:
        """Return the first period with a connection; empty without."""
        return _first(self.grid_mw)


def bridges(run: RunFolder) -> tuple[Bridge, ...]:
    """Return the sites that bridge the time to the grid, the largest first.

    A site is one of them if plant of its own stands before its first connection, or if plant is
    sold, leaves or arrives.
    """
    sites, moves = run.tables["sites"], run.tables["moves"]
    size = sites[sites["open"]].groupby("site")["it_mw"].max()
    moving = set(moves.loc[moves["mw"] >= LEAST_MW, "site"])
    order = {period: t for t, period in enumerate(run.summary.periods)}
    found = []
    for site in size.sort_values(ascending=False, kind="stable").index:
        bridge = _bridge(run, str(site))
        own, grid = bridge.own_from, bridge.grid_from
        if site in moving or (own and grid and order[own] < order[grid]):
            found.append(bridge)
    return tuple(found)


def _bridge(run: RunFolder, site: str) -> Bridge:
    table, periods = run.tables["capacity"], run.summary.periods
    here = table[(table["site"] == site) & (table["family"] == "power")]
    groups = groups_of(table)
    series = here["component"].map(groups.series)
    grid = here["kind"] == GRID

    def mw(rows: pd.DataFrame) -> dict[str, float]:
        found = rows.groupby("period")["mw"].sum()
        return {period: float(found.get(period, 0.0)) for period in periods}

    return Bridge(
        site=site,
        label=site_labels(run.tables["sites"]).get(site, site),
        capacity=here,
        own_mw=mw(here[series.notna() & ~grid]),
        leased_mw=mw(here[series == LEASED]),
        grid_mw=mw(here[grid]),
    )


def _first(mw: Mapping[str, float]) -> str:
    return next((period for period, much in mw.items() if much >= LEAST_MW), "")


def lead(found: Sequence[Bridge]) -> str:
    """Say how many sites run before the grid reaches them, and how many are shown.

    Parameters
    ----------
    found
        From `bridges`; not empty.
    """
    before = [b for b in found if b.own_from and (not b.grid_from or b.own_from < b.grid_from)]
    shown = f" The {MOST_SITES} largest are shown." if len(found) > MOST_SITES else ""
    if not before:
        return f"Plant moves at {counted(len(found), 'site')}.{shown}"
    run = "runs" if len(before) == 1 else "run"
    return f"{counted(len(before), 'site')} {run} on plant of its own before the grid comes.{shown}"


def headline(bridge: Bridge, last: str) -> str:
    """Say from when a site has plant of its own, from when the grid, and what stands in the end.

    Parameters
    ----------
    bridge
        The site.
    last
        The last period.
    """
    own, grid = bridge.own_from, bridge.grid_from
    parts = [f"{_power(bridge.own_mw[own])} of its own from {own}{_leased(bridge, own)}"] * bool(
        own
    )
    parts += [f"the grid from {grid} ({_power(bridge.grid_mw[grid])})"] if grid else ["no grid"]
    end = [f"{_power(bridge.own_mw[last])} of its own"] if bridge.own_mw[last] >= LEAST_MW else []
    end += [f"{_power(bridge.grid_mw[last])} of grid"] if bridge.grid_mw[last] >= LEAST_MW else []
    then = f"; {joined(end)} in {last}" if end and last not in (own, grid) else ""
    return f"{bridge.label}: {', '.join(parts)}{then}"


def _leased(bridge: Bridge, period: str) -> str:
    leased, own = bridge.leased_mw[period], bridge.own_mw[period]
    if leased < LEAST_MW:
        return ""
    return ", all leased" if own - leased < LEAST_MW else f", {_power(leased)} of it leased"


def moves_in_words(run: RunFolder) -> tuple[str, ...]:
    """Say which plant is sold, and which goes from where to where, a sentence for each."""
    told = list(_moves(run))
    more = len(told) - MOST_TOLD
    rest = [f"{more} more stand in the table moves of the run folder."] if more > 0 else []
    return (*told[:MOST_TOLD], *rest)


def _moves(run: RunFolder) -> Iterator[str]:
    labels = site_labels(run.tables["sites"])
    moves = run.tables["moves"]
    moves = moves[moves["mw"] >= LEAST_MW]
    for period in run.summary.periods:
        here = moves[moves["period"] == period]
        sold = here[here["what"] == "sold"]
        for site, rows in sold.groupby("site", sort=False):
            yield f"{period}: {labels.get(str(site), str(site))} sells {_plants(rows)}."
        for component, rows in here[here["what"] != "sold"].groupby("component", sort=False):
            yield _journey(period, str(component), rows, labels)


def _plants(rows: pd.DataFrame) -> str:
    by_product = rows.groupby("component")["mw"].sum().sort_values(ascending=False, kind="stable")
    return joined([f"{_power(float(mw))} of {name_of(str(c))}" for c, mw in by_product.items()])


def _journey(period: str, component: str, rows: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Say from where to where a product goes; what leaves also arrives."""

    def places(what: str) -> str:
        there = rows[rows["what"] == what].sort_values("mw", ascending=False, kind="stable")
        names = [labels.get(str(s), str(s)) for s in there["site"].unique()]
        if len(names) < 2:
            return "".join(names)
        mw = there.groupby("site", sort=False)["mw"].sum()
        return joined([f"{n} ({_power(float(m))})" for n, m in zip(names, mw, strict=True)])

    much = float(rows.loc[rows["what"] == "shipped", "mw"].sum())
    plant = f"{_power(much)} of {name_of(component)}"
    return f"{period}: {plant} goes from {places('shipped')} to {places('received')}."


def _power(mw: float) -> str:
    return amount(POWER, mw)
