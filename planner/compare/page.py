"""One page that sets runs side by side: tokens, their cost, power by source, what binds."""

from collections.abc import Iterator

import pandas as pd

from planner.compare import figures
from planner.compare.runs import Compared, notes
from planner.compare.tables import topic_table
from planner.report.figures.compute import SECONDS_PER_DAY
from planner.report.folder import RunFolder
from planner.report.parts import Figure, Section, figure
from planner.report.plain import Page
from planner.report.tables import Table
from planner.report.words import TOKENS, amount, counted, digits, joined, money, share

TITLED_UP_TO = 4
"""Most runs that the title names."""


def comparison(compared: Compared, table: pd.DataFrame) -> Page:
    """Return the page of a comparison.

    Parameters
    ----------
    compared
        The runs.
    table
        Their figures, from `planner.compare.figures_table.figures_table`.
    """
    period = compared.shared[-1] if compared.shared else ""
    names, count = compared.names, len(compared.names)
    return Page(
        title=joined(names) if count <= TITLED_UP_TO else f"{counted(count, 'run')} side by side",
        kicker=f"Comparison of {counted(count, 'run')}",
        first="What differs",
        lead=tuple(_lead(compared, period)),
        tables=(topic_table(table, names, "plan", period),),
        sections=tuple(_sections(compared, table, period)),
        notes=(*notes(compared), *_words(compared, period)),
    )


def _words(compared: Compared, period: str) -> Iterator[str]:
    if period:
        yield f"Figures show {period}, the last period that all runs have; tables have the others."
    yield f"Differences are against the first run, {compared.names[0]}."
    yield (
        "Money is real US dollars of each scenario's base year; costs are in present value, but "
        "for those of a million tokens and of a MWh, which are of the period."
    )
    yield (
        "What one more unit of a limit saves is its price where fractions of units could be "
        "built: read it as a direction, for a small step."
    )


def _lead(compared: Compared, period: str) -> Iterator[str]:
    first = compared.runs[0]
    cost = money(first.summary.objective_usd)
    yield f"{compared.names[0]} costs {cost} in present value{_serves(first, period)}."
    for name, run in zip(compared.names[1:], compared.runs[1:], strict=True):
        yield f"{name} costs {_against(run, first)}{_serves(run, period)}."


def _serves(run: RunFolder, period: str) -> str:
    if not period:
        return ""
    tokens = run.tables["tokens"].query("kind == 'served' and period == @period")
    per_day = SECONDS_PER_DAY * float(tokens["tokens_per_s"].sum())
    usd = run.summary.usd_per_mtok["all"].get(period)
    price = "" if usd is None else f" at ${digits(usd)} per million"
    return f" and serves {amount(TOKENS, per_day)} tokens a day in {period}{price}"


def _against(run: RunFolder, first: RunFolder) -> str:
    base = first.summary.objective_usd
    usd = run.summary.objective_usd - base
    if usd == 0:
        return "the same"
    part = f" ({share(abs(usd) / base)})" if base > 0 else ""
    return f"{money(abs(usd))}{part} {'more' if usd > 0 else 'less'}"


def _sections(compared: Compared, table: pd.DataFrame, period: str) -> Iterator[Section]:
    def of(*topics: str) -> tuple[Table, ...]:
        made = (topic_table(table, compared.names, topic, period) for topic in topics)
        return tuple(found for found in made if found.rows or found.more)

    drawn = _figures(compared, period)
    yield Section("tokens", "Tokens", drawn[:2], of("served"))
    yield Section("power", "Power", drawn[2:3], of("power by source"))
    binds = of("what binds")
    nothing = "" if binds else "No limit that has a price binds in any of the runs."
    yield Section("binds", "What binds", tables=binds, missing=nothing)
    yield Section("racks", "Racks and blocks", drawn[3:], of("racks", "blocks"))
    yield Section("sites", "Sites", tables=of("IT power by site"))
    chart = figures.present_value(compared)
    what = "Present value of all periods, with the value of unmet tokens"
    cost = figure("present-value", "What all of it costs", what, chart, "costs", wide=True)
    yield Section("cost", "Cost", (cost,), of("cost"))


def _figures(compared: Compared, period: str) -> tuple[Figure, ...]:
    if not period:
        return ()
    return (
        figure("tokens-served", f"Tokens served in {period}", "Tokens a day by workload",
               figures.tokens_served(compared, period), "tokens"),
        figure("cost-of-tokens", f"Cost of a million tokens in {period}",
               "USD by what it pays for, without the value of unmet tokens",
               figures.cost_of_tokens(compared, period), "costs, summary.json"),
        figure("power-by-source", f"Power in service in {period}", "Rated power by source",
               figures.power_by_source(compared, period), "capacity", wide=True),
        figure("racks-by-type", f"Racks in service in {period}", "Nameplate by type",
               figures.racks_by_type(compared, period), "capacity", wide=True),
    )  # fmt: skip
