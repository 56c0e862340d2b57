"""The tables of the page: text in cells, ready to print."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import TypeAlias

import pandas as pd

from planner.report.answer import name_of_limit, one_of
from planner.report.figures.compute import SECONDS_PER_DAY
from planner.report.figures.costs import FAMILIES
from planner.report.figures.places import dominant_kind
from planner.report.figures.reliability import per_cent
from planner.report.folder import BindingLimit, ByPeriod, RunFolder
from planner.report.labels import ORBIT, kind_name, site_labels
from planner.report.words import (
    ENERGY,
    MASS,
    MINUS,
    MONEY,
    NOTHING,
    POWER,
    TOKENS,
    Unit,
    aligned,
    counted,
    digits,
    fit,
    money,
    name_of,
)

Cells: TypeAlias = tuple[str, ...]

HOURS_PER_YEAR = 8760
PARTS_OF_YEAR = {"H": 2, "Q": 4}
"""Letter in the label of a period to how many such periods a year has."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the page.

    Attributes
    ----------
    id, caption
        Its anchor and what it shows.
    head : n column titles
    rows : each n cells
        The first cell of each names the row.
    text
        Positions of columns that hold text: they are set flush left.
    more
        Rows that are shown on demand; if there are no others, all of the table is.
    """

    id: str
    caption: str
    head: Cells
    rows: tuple[Cells, ...]
    text: frozenset[int] = frozenset({0})
    more: tuple[Cells, ...] = field(default=())


def key_figures(run: RunFolder) -> Table:
    """Return the key figures by period."""
    periods = run.summary.periods
    rows = tuple((what, unit, *cells) for what, unit, cells in _key_rows(run))
    head = ("", "Unit", *periods)
    return Table("key-figures", "Key figures by period", head, rows, frozenset({0, 1}))


def _key_rows(run: RunFolder) -> Iterator[tuple[str, str, list[str]]]:
    said, tables = run.summary, run.tables
    periods, sites = said.periods, tables["sites"]

    def total(rows: pd.DataFrame, column: str) -> list[float | None]:
        found = rows.groupby("period")[column].sum()
        return [float(found.get(p, 0.0)) for p in periods]

    def given(by_period: ByPeriod) -> list[float | None]:
        return [by_period.get(p) for p in periods]

    served = tables["tokens"].query("kind == 'served'")
    yield "Sites open", "", [f"{v:.0f}" for v in total(sites, "open") if v is not None]
    yield _scaled("IT load", POWER, given(said.it_mw))
    yield _scaled("Peak power of the sites", POWER, total(sites, "peak_facility_mw"))
    yield _scaled("Energy used", ENERGY, total(sites, "load_mwh"))
    yield "Power use effectiveness, mean", "", _pue(run)
    daily = [SECONDS_PER_DAY * (v or 0.0) for v in total(served, "tokens_per_s")]
    yield _scaled("Tokens served", TOKENS, daily, "{} a day")
    yield "Tokens unmet", "%", _per_cent(given(said.unmet_share))
    yield "Cost of tokens served", "$ per million", aligned(given(said.usd_per_mtok["all"]))
    yield "Cost of power", "$ per MWh", aligned(given(said.usd_per_mwh))
    yield _scaled("Investment", MONEY, total(tables["builds"], "capex_usd"), "{} $")
    yield _scaled("Grid energy", ENERGY, given(said.grid_mwh))
    denominator = name_of(said.grid_share_denominator).lower()
    label = f"Grid energy of all data centres over US {denominator}"
    yield label, "%", _per_cent(given(said.grid_share))
    yield "Limit of that share", "%", _per_cent(given(said.grid_share_limit))
    yield _scaled("CO₂, stacks and grid", MASS, given(said.co2_t))


def _scaled(
    what: str, ladder: Sequence[Unit], amounts: Sequence[float | None], text: str = "{}"
) -> tuple[str, str, list[str]]:
    """Write one row in the unit that fits its largest amount."""
    unit = fit(ladder, [a for a in amounts if a is not None])
    cells = aligned([None if a is None else a / unit.size for a in amounts])
    return what, text.format(unit.name).strip(), cells


def _per_cent(shares: Sequence[float | None]) -> list[str]:
    return [NOTHING if s is None else f"{100 * s:.1f}" for s in shares]


def _pue(run: RunFolder) -> list[str]:
    sites = run.tables["sites"]
    found = sites.groupby("period")[["load_mwh", "it_mw"]].sum()
    cells: list[float | None] = []
    for period in run.summary.periods:
        it_mwh = float(found["it_mw"].get(period, 0.0)) * hours_of(period)
        load_mwh = float(found["load_mwh"].get(period, 0.0))
        cells.append(load_mwh / it_mwh if it_mwh > 0 else None)
    return aligned(cells)


def hours_of(period: str) -> float:
    """Return the length of a period from its label [h].

    Examples
    --------
    >>> hours_of("2028"), hours_of("2028-Q3")
    (8760.0, 2190.0)
    """
    _, _, part = period.partition("-")
    return HOURS_PER_YEAR / PARTS_OF_YEAR.get(part[:1], 1)


def sites_opened(run: RunFolder, shown: int = 15) -> Table:
    """Return the sites that open, the largest first."""
    sites, periods = run.tables["sites"], run.summary.periods
    last = periods[-1]
    labels = site_labels(sites)
    kinds = dominant_kind(run.tables["power_by_season"], run.tables["capacity"], last)
    opened = sites[sites["open"]]
    first = opened.drop_duplicates("site").set_index("site")["period"]
    rows = opened[opened["period"] == last].sort_values("it_mw", ascending=False)
    of_weather = rows["weather_synthetic"], rows["weather_years"]
    columns = (*(rows[c] for c in ("site", "state", "it_mw", "limit_it_mw")), *of_weather)
    cells = tuple(
        (
            labels[site],
            str(first[site]),
            f"{mw:,.0f}",
            NOTHING if isnan(limit) else f"{limit:,.0f}",
            _energy_in_words(site, state, kinds),
            NOTHING if state == ORBIT else _weather_in_words(synthetic=made, years=int(years)),
        )
        for site, state, mw, limit, made, years in zip(*columns, strict=True)
    )
    head = ("Site", "Opens", f"IT MW {last}", "IT limit MW", "Most energy from", "Weather")
    return Table(
        "sites-opened",
        "Sites opened, largest first",
        head,
        cells[:shown],
        frozenset({0, 4, 5}),
        cells[shown:],
    )


def _energy_in_words(site: str, state: str, kinds: Mapping[str, str]) -> str:
    """Say where most energy of a site comes from; a satellite has its own sun."""
    if state == ORBIT:
        return "Sun in orbit"
    return kind_name(kinds[site]) if site in kinds else NOTHING


def _weather_in_words(*, synthetic: bool, years: int) -> str:
    """Say whether weather was made or read, and how many years of it.

    Examples
    --------
    >>> _weather_in_words(synthetic=True, years=3), _weather_in_words(synthetic=False, years=1)
    ('synthetic, 3 years', 'of a file')
    """
    if synthetic:
        return "synthetic" if years == 1 else f"synthetic, {years} years"
    return "of a file" if years == 1 else f"of files, {years} years"


def reliability(run: RunFolder, shown: int = 15) -> Table:
    """Return how reliable power is by site and period, the least available first."""
    table, labels = run.tables["reliability"], site_labels(run.tables["sites"])
    table = table.sort_values("availability", kind="stable")
    columns = (
        table[c]
        for c in (
            "site",
            "period",
            "availability",
            "lole_h_per_year",
            "eue_mwh_per_year",
            "spare_mw",
            "survival_mean",
            "survival_least",
        )
    )
    rows = tuple(
        (
            labels.get(site, str(site)),
            str(period),
            per_cent(available),
            digits(hours, 2),
            digits(mwh, 2),
            f"{spare:,.0f}".replace("-", MINUS),
            per_cent(mean),
            per_cent(least),
        )
        for site, period, available, hours, mwh, spare, mean, least in zip(*columns, strict=True)
    )
    outage = f"{table['outage_h'].iloc[0]:.0f} h without grid" if len(table) else "Without grid"
    head = (
        "Site",
        "Period",
        "Availability",
        "Lost h/a",
        "Lost MWh/a",
        "Spare MW, tightest hour",
        f"{outage}, mean",
        "at worst",
    )
    caption = "Reliability of power, the least available first"
    text = frozenset({0, 1})
    return Table("reliability-by-site", caption, head, rows[:shown], text, rows[shown:])


def what_binds(run: RunFolder, shown: int = 15) -> Table:
    """Return the limits that have a price and what it is by period, the dearest in all first."""
    sites = site_labels(run.tables["sites"])
    named = {limit.period for limit in run.summary.binding}
    periods = [period for period in run.summary.periods if period in named]
    found: dict[tuple[str, str], dict[str, BindingLimit]] = {}
    for limit in run.summary.binding:
        found.setdefault((limit.limit, limit.site), {})[limit.period] = limit
    rows = []
    for by_period in found.values():
        one = next(iter(by_period.values()))
        prices = [by_period.get(p) for p in periods]
        cells = [NOTHING if p is None else money(p.price) for p in prices]
        rows.append((name_of_limit(one, sites), one_of(one), *cells, one.meaning))
    head = ("Limit", "One more", *periods, "Meaning of the price")
    caption = "What binds, and what one more unit of it would save"
    text = frozenset({0, 1, len(head) - 1})
    return Table("what-binds", caption, head, tuple(rows[:shown]), text, tuple(rows[shown:]))


def builds(run: RunFolder, shown: int = 24) -> Table:
    """Return what is added where and when."""
    labels = site_labels(run.tables["sites"])
    order = {"period": run.summary.periods, "site": list(labels), "family": list(FAMILIES)}
    table = _in_order(run.tables["builds"], order)
    columns = (
        table[c]
        for c in ("period", "site", "family", "component", "cooling", "units", "mw", "capex_usd")
    )
    rows = tuple(
        (
            str(period),
            labels.get(site, str(site)),
            FAMILIES.get(family, name_of(family)),
            name_of(component),
            name_of(cooling),
            f"{units:,.1f}".removesuffix(".0"),
            digits(mw) if mw else NOTHING,
            money(usd),
        )
        for period, site, family, component, cooling, units, mw, usd in zip(*columns, strict=True)
    )
    head = ("Period", "Site", "For", "Product", "Cooling", "Units", "MW", "Overnight cost")
    text = frozenset(range(5))
    return Table("builds", "Additions by period and site", head, rows[:shown], text, rows[shown:])


def _in_order(table: pd.DataFrame, order: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Sort by columns whose values have an order of their own; unknown values come last."""
    ranks = {c: table[c].map({n: i for i, n in enumerate(names)}) for c, names in order.items()}
    rank = pd.DataFrame(ranks, index=table.index).sort_values(list(order), kind="stable")
    return table.loc[rank.index]


def seconds(run: RunFolder) -> Table:
    """Return where the time of the run went."""
    spent = run.summary.seconds
    rows = [(name_of(phase), f"{s:,.1f}") for phase, s in spent.items()]
    rows.append(("All phases", f"{sum(spent.values()):,.1f}"))
    return Table("seconds", "Time by phase", ("Phase", "Seconds"), tuple(rows))


def weather_note(run: RunFolder) -> str:
    """Say which weather the plan has seen."""
    first = run.tables["sites"].drop_duplicates("site")
    years = int(first["weather_years"].max()) if len(first) else 1
    in_turn = f" Every site is operated over {years} weather years, one after the other."
    return _where_weather_is_from(first) + (in_turn if years > 1 else "")


def _where_weather_is_from(first: pd.DataFrame) -> str:
    made = int(first["weather_synthetic"].sum())
    read = len(first) - made
    if not read:
        return f"The weather of all {counted(len(first), 'site')} is synthetic: no measured year."
    if not made:
        return f"The weather of all {counted(len(first), 'site')} was read from files."
    labels = site_labels(first)
    named = [labels[s] for s in first.loc[~first["weather_synthetic"], "site"]]
    return (
        f"The weather of {counted(made, 'site')} is synthetic; that of {', '.join(named)} was read "
        "from files."
    )
