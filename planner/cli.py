"""The command line: it parses and delegates. Heavy imports wait until a command needs them."""

import json
import re
import shutil
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import HEAVY_HEAD, SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from planner.errors import PlannerError

app = typer.Typer(
    help="Plan the build-out of AI data centres and their power.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

NARROW = 160
"""Columns of a terminal below which tables do without rules, and with heads of short lines."""

HEAD_LETTERS, HEAD_LETTERS_NARROW = 16, 7
"""Letters on a line of a head."""

WORD_LETTERS = 24
"""Longest cell that is kept on one line where its column is of single words."""

DEFECT = 1
WRONG_INPUT = 2
INTERRUPTED = 130

ScenarioFile = Annotated[Path, typer.Argument(help="Scenario YAML.", show_default=False)]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Lay one value over the scenario."),
]


def main() -> None:
    """Run the command line and leave with its exit code.

    Exit codes: 0 solved, 1 a defect of ours, 2 wrong input, 3 infeasible, 4 stopped at a limit
    without a plan, 130 interrupted.
    """
    app()


@contextmanager
def _answers() -> Iterator[None]:
    """Turn what we can name into a message and an exit code; the rest is a defect."""
    try:
        yield
    except PlannerError as error:
        style = "red" if error.exit_code == DEFECT else None
        err.print(str(error), style=style, markup=False, soft_wrap=True)
        raise typer.Exit(error.exit_code) from None
    except typer.Exit:
        raise
    except KeyboardInterrupt:  # typer would leave with the same code, but without a word
        err.print("interrupted; nothing half done is left behind")
        raise typer.Exit(INTERRUPTED) from None
    except Exception:
        err.print(traceback.format_exc(), markup=False, soft_wrap=True)
        err.print("this is a defect of gigaplan; please report it with the scenario")
        raise typer.Exit(DEFECT) from None


@app.command()
def run(
    scenario: ScenarioFile,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Run folder; by default runs/ and the file's name."),
    ] = None,
    sets: Sets = None,
    engine: Annotated[str | None, typer.Option(help="monolithic or decomposed.")] = None,
    gap: Annotated[float | None, typer.Option(help="Relative gap that will do.")] = None,
    time_limit: Annotated[float | None, typer.Option(help="Time for solving [s].")] = None,
    cold: Annotated[
        bool, typer.Option("--cold", help="Start without what earlier runs learnt.")
    ] = False,
    report: Annotated[bool, typer.Option(help="Write report.html.")] = True,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a run.")] = False,
) -> None:
    """Plan a scenario and write its run folder."""
    with _answers():
        from planner.known import read_scenario
        from planner.plan.folder import refuse_if_there
        from planner.progress import live

        asked = {"engine": engine, "gap": gap, "time_limit_s": time_limit}
        asked |= {"cold": "true" if cold else None}
        more = [f"solver.{key}={value}" for key, value in asked.items() if value is not None]
        loaded = read_scenario(scenario, [*(sets or []), *more])
        folder = output or Path("runs") / scenario.stem
        refuse_if_there(folder, overwrite=overwrite)

        from planner import run as running

        with live(err) as tell:
            done = running.run(
                loaded,
                folder,
                command=["gigaplan", *sys.argv[1:]],
                overwrite=overwrite,
                page=report,
                report=tell,
            )
        _print_summary(done.summary)
        out.print(f"run folder: {done.folder}", markup=False, soft_wrap=True)
        if report:
            out.print(f"report: {done.folder / 'report.html'}", markup=False, soft_wrap=True)


@app.command()
def check(scenario: ScenarioFile, sets: Sets = None) -> None:
    """Check a scenario without solving it: every problem with file, line and column."""
    with _answers():
        from planner.known import read_scenario

        loaded = read_scenario(scenario, sets or [])
        horizon = loaded.scenario.horizon
        labels = [period.label for period in horizon.periods_table()]
        out.print(
            f"{scenario}: fine: {loaded.scenario.title} ({labels[0]} to {labels[-1]})",
            markup=False,
            soft_wrap=True,
        )


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="Where to write it.", show_default=False)],
) -> None:
    """Write a small scenario with comments, to start from."""
    with _answers():
        from planner.scenario import template

        if file.exists():
            _refuse(f"{file}: is there already, try another name")
        if not file.parent.is_dir():
            _refuse(f"{file}: there is no folder {file.parent}, try making it first")
        file.write_text(template(), encoding="utf-8")
        out.print(f"{file}: written; next: gigaplan run {file}", markup=False, soft_wrap=True)


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for completion in editors."""
    with _answers():
        from planner.scenario import schema as scenario_schema

        print(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))  # noqa: T201 - for pipes


@app.command()
def site(
    site: Annotated[str, typer.Argument(help="Id of a site, such as abilene_tx.")],
    weather: Annotated[Path | None, typer.Option(help="Weather file of a year.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Print what is known of a site, with sources."""
    with _answers():
        from planner.site_facts import facts_of

        facts = facts_of(site, weather)
        if as_json:
            print(json.dumps(facts, indent=2, ensure_ascii=False))  # noqa: T201 - for pipes
            return
        columns = ("label", "value", "unit", "confidence", "source")
        _print_table(site, columns, [[_shown(f[c]) for c in columns] for f in facts])


@app.command()
def catalog(
    family: Annotated[str | None, typer.Argument(help="Such as gas, rack or block.")] = None,
    name: Annotated[str | None, typer.Argument(help="One product.")] = None,
) -> None:
    """Print the catalog: families, the products of one, or the figures of one product."""
    with _answers():
        from planner.catalog_facts import catalog_rows

        found = catalog_rows(family, name, _width())
        _print_table(found.title, found.columns, found.rows)
        for line in found.sources:
            out.print(line, markup=False, soft_wrap=not out.is_terminal)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A run folder.", show_default=False)],
) -> None:
    """Write the report of a run folder again."""
    with _answers():
        if not (folder / "summary.json").is_file():
            _refuse(f"{folder}: is no run folder, there is no summary.json in it")
        from planner.report.page import write_report

        out.print(f"report: {write_report(folder)}", markup=False, soft_wrap=True)


def _refuse(message: str) -> None:
    err.print(message, markup=False, soft_wrap=True)
    raise typer.Exit(WRONG_INPUT)


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,.4g}" if isinstance(value, float) and abs(value) < 1e4 else str(value)


def _print_table(title: str, columns: tuple[str, ...], rows: list[list[str]]) -> None:
    width = _width()
    narrow = width < NARROW
    table = Table(
        title=title,
        title_justify="left",
        box=SIMPLE_HEAD if narrow else HEAVY_HEAD,
        padding=(0, 0) if narrow else (0, 1),
    )
    letters = HEAD_LETTERS_NARROW if narrow else HEAD_LETTERS
    for position, column in enumerate(columns):
        cells = [row[position] for row in rows]
        words = all(" " not in cell and len(cell) <= WORD_LETTERS for cell in cells)
        head = _folded(column, letters) if words or "_" in column else column
        table.add_column(head, no_wrap=position == 0 or words, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, width=width).print(table, markup=False)


def _folded(name: str, letters: int) -> str:
    """Break a name into lines of so many letters, after underscores where it has some."""
    lines = [""]
    for word in re.split(r"(?<=_)", name):
        for part in (word[k : k + letters] for k in range(0, len(word), letters)):
            if lines[-1] and len(lines[-1] + part) > letters:
                lines.append("")
            lines[-1] += part
    return "\n".join(lines)


def _width() -> int:
    """Return the columns of the terminal; a pipe has none of its own, a terminal keeps its."""
    columns = shutil.get_terminal_size().columns
    return out.width if out.is_terminal else max(columns, 200)


def _print_summary(summary: dict[str, Any]) -> None:
    gap = summary["gap"]
    out.print(
        f"{summary['status']}: {summary['objective_usd'] / 1e9:,.3f} billion USD, "
        f"within {gap:.2%} of the best possible",
        markup=False,
    )
    table = Table("period", "IT MW", "unmet", "USD/Mtok", "USD/MWh", "grid share", "limit")
    for period, mw in summary["it_mw"].items():
        table.add_row(
            period,
            f"{mw:,.0f}",
            _share(summary["unmet_share"][period]),
            _money(summary["usd_per_mtok"]["all"][period]),
            _money(summary["usd_per_mwh"][period]),
            _share(summary["grid_share"][period]),
            _share(summary["grid_share_limit"][period]),
        )
    out.print(table)
    for sentence in summary["approximations"]:
        out.print(f"note: {sentence}", markup=False, soft_wrap=True)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2%}"


def _money(value: float | None) -> str:
    return "-" if value is None else f"{value:,.2f}"
