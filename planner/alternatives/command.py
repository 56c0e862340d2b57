"""What ``gigaplan alternatives`` does: a run folder for each plan, a table and a page of all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from planner.alternatives.aims import open_sites, source_mw
from planner.alternatives.search import Alternative, NotFound, alternatives, differing_sites
from planner.compare.export import write_csv
from planner.compare.figures_table import figures_table
from planner.compare.page import comparison
from planner.compare.runs import read_runs
from planner.engines.outcome import Report
from planner.gather import make_case, make_periods, refuse
from planner.known import known_sites
from planner.places import choose_sites
from planner.plan.folder import new_folder, refuse_if_there
from planner.plan.values import number
from planner.report.labels import kind_name
from planner.report.plain import write_page
from planner.report.tables import Table
from planner.report.words import NOTHING, digits, name_of
from planner.run import placed, quiet, write_run
from planner.scenario import Loaded
from sites.table import builtin_sites

TABLE, PAGE = "alternatives", "alternatives.html"


def write_alternatives(
    loaded: Loaded,
    folder: Path,
    slack: float,
    n: int,
    *,
    command: Sequence[str],
    overwrite: bool = False,
    report: Report = quiet,
    say: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Look for alternatives, and write each as a run folder as soon as it is there.

    Parameters
    ----------
    loaded
        A scenario as read from its files.
    folder
        Gets a run folder for each plan, ``alternatives.csv``, ``alternatives.parquet`` and
        ``alternatives.html``, which sets all of them side by side.
    slack, n
        As `planner.alternatives.search.alternatives` takes them.
    command
        The command line, for the manifests.
    overwrite
        Whether runs that stand there may be replaced.
    report
        Told of phases and progress.
    say
        Told a line of each plan.

    Returns
    -------
    DataFrame
        A row for each: see `row_of`.
    """
    if loaded.scenario.scenarios:
        key, what = "scenarios", "has no alternatives: they are of a single scenario"
        raise refuse(key, what, ", ".join(loaded.scenario.scenarios), "leaving it out")
    refuse_if_there(folder / "best", overwrite=overwrite)
    rows: list[dict[str, Any]] = []
    best: list[Alternative] = []

    def keep(found: Alternative | NotFound) -> None:
        if isinstance(found, Alternative):
            best.append(found)
            with new_folder(folder / found.name, overwrite=overwrite) as temporary:
                write_run(temporary, loaded, found.plan, command)
        rows.append(row_of(found, best[0]))
        say(in_words(rows[-1]))

    with placed(loaded):
        periods = make_periods(loaded.scenario)
        places = choose_sites(loaded.scenario, known_sites(loaded) or builtin_sites(), periods)
        case = make_case(loaded.scenario, places)
        alternatives(case, slack, n, report=report, on_found=keep)
    table = pd.DataFrame(rows)
    write_csv(folder / f"{TABLE}.csv", table)
    table.to_parquet(folder / f"{TABLE}.parquet", index=False)
    _write_page(folder, table, slack)
    return table


def row_of(found: Alternative | NotFound, best: Alternative) -> dict[str, Any]:
    """Return a row of the table of alternatives.

    ``alternative``; ``status``, ``not found`` where there is no plan, with its ``reason``;
    ``cost_usd`` and ``cost_over_best_share``; ``measure`` and ``proven`` in ``unit``; ``sites``
    that are open in the last period, and how many ``sites_differ``; ``mw.K`` of each source then.
    """
    if isinstance(found, NotFound):
        return {"alternative": found.name, "status": "not found", "reason": found.why}
    formulation = found.plan.formulation
    kinds = dict.fromkeys(p.family for p in formulation.case.power.values())
    return {
        "alternative": found.name,
        "status": found.plan.outcome.status,
        "reason": "",
        "cost_usd": 1000 * found.plan.outcome.objective_kusd,
        "cost_over_best_share": found.cost_over_best,
        "measure": found.measure,
        "proven": found.proven,
        "unit": found.unit,
        "sites": ", ".join(sorted(open_sites(found.plan))),
        "sites_differ": differing_sites(found.plan, best.plan),
        **{f"mw.{kind}": number(source_mw(kind)(formulation)) for kind in kinds},
    }


def in_words(row: dict[str, Any]) -> str:
    """Return a row in a line."""
    name = name_of(row["alternative"])
    if row["status"] == "not found":
        return f"{name}: {row['reason']}"
    if row["measure"] is None:
        return f"{name}: {row['cost_usd'] / 1e9:,.3f} billion USD"
    way = "no plan within the budget has less" if "least" in name.lower() else "at most"
    return (
        f"{name}: {row['measure']:,.4g} {row['unit']} at {row['cost_over_best_share']:+.2%} cost "
        f"({way}{'' if way == 'at most' else ' than'} {row['proven']:,.4g} in theory)"
    )


def _write_page(folder: Path, table: pd.DataFrame, slack: float) -> None:
    found = table[table["status"] != "not found"]
    if len(found) < 2:
        return
    compared = read_runs([folder / name for name in found["alternative"]])
    page = comparison(compared, figures_table(compared))
    own = (
        f"Every alternative costs at most {slack:.1%} more than the best plan that was found, and "
        "was planned and audited like any other. “Proven” is what no plan within that budget "
        "goes beyond.",
        "The best plan is so to its gap, so that an alternative may cost a little less.",
    )
    page = replace(
        page,
        title=f"{compared.runs[0].summary.title}: alternatives within {slack:.1%}",
        kicker="Alternatives",
        tables=(_table(table), *page.tables),
        notes=(*own, *page.notes),
    )
    write_page(folder / PAGE, page)


def _table(table: pd.DataFrame) -> Table:
    kinds = [str(c) for c in table if str(c).startswith("mw.") and (table[c].fillna(0) > 0.5).any()]
    rows = tuple(
        (
            name_of(str(row["alternative"])),
            _number(row, "cost_over_best_share", "{:+.2%}"),
            _number(row, "measure", "{:,.4g}"),
            _number(row, "proven", "{:,.4g}"),
            str(row["unit"]) if pd.notna(row.get("unit")) else "",
            *(_number(row, kind, "{:,.0f}") for kind in kinds),
            str(row["sites"]) if pd.notna(row.get("sites")) else str(row["reason"]),
        )
        for _, row in table.iterrows()
    )
    names = [f"{kind_name(kind.removeprefix('mw.'))}, MW" for kind in kinds]
    head = ("", "Cost over best", "Has", "Proven", "Unit", *names, "Open sites")
    text = frozenset({0, 4, len(head) - 1})
    return Table("alternatives", "Best plan and alternatives, last period", head, rows, text)


def _number(row: "pd.Series[Any]", column: str, text: str) -> str:
    value = row.get(column)
    if value is None or pd.isna(value):
        return NOTHING
    return text.format(value).replace("-", "\u2212") if value else digits(0.0)
