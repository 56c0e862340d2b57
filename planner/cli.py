"""The command line: it parses and delegates. Heavy imports wait until a command needs them."""

import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from planner import printing
from planner.errors import PlannerError
from planner.printing import (
    err,
    out,
    print_reply,
    print_rows,
    print_run,
    print_table,
    say,
    shown,
)

app = typer.Typer(
    help="Plan the build-out of AI data centres and their power.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
    time_limit: Annotated[float | None, typer.Option(help="Time for solving in s.")] = None,
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
        print_run(done.folder, done.summary, report=report)


Workers = Annotated[
    int | None, typer.Option(help="Processes; by default one a processor.", min=1, max=1024)
]
Memory = Annotated[
    float | None, typer.Option("--memory-mb", help="Most memory of each in MB.", min=256)
]
Scheduler = Annotated[
    str | None, typer.Option(help="Dask cluster, such as tcp://10.0.0.1:8786.", metavar="ADDRESS")
]
Store = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="Store; one that is there is gone on with."),
]


@app.command()
def sweep(
    file: Annotated[Path, typer.Argument(help="Sweep YAML.", show_default=False)],
    output: Store = None,
    sets: Sets = None,
    workers: Workers = None,
    memory_mb: Memory = None,
    scheduler: Scheduler = None,
) -> None:
    """Plan a scenario at many points; what is done already is not done again."""
    with _answers():
        from planner.sweep.command import sweep as run_sweep
        from planner.sweep.sweeping import Means

        means = Means(workers=workers, memory_mb=memory_mb, scheduler=scheduler)
        if code := run_sweep(file, output, sets or [], means):
            raise typer.Exit(code)


@app.command()
def batch(
    scenarios: Annotated[
        list[Path], typer.Argument(help="Scenario YAML files, or folders.", show_default=False)
    ],
    output: Store = None,
    sets: Sets = None,
    plans: Annotated[bool, typer.Option("--plans", help="Keep the run folders too.")] = False,
    workers: Workers = None,
    memory_mb: Memory = None,
    scheduler: Scheduler = None,
) -> None:
    """Plan many scenarios into one store; what is done already is not done again."""
    with _answers():
        from planner.sweep.command import batch as run_batch
        from planner.sweep.sweeping import Means

        means = Means(workers=workers, memory_mb=memory_mb, scheduler=scheduler)
        if code := run_batch(scenarios, output, sets or [], means, keep_plans=plans):
            raise typer.Exit(code)


@app.command()
def check(scenario: ScenarioFile, sets: Sets = None) -> None:
    """Check a scenario without solving it: every problem with file, line and column."""
    with _answers():
        from planner.known import read_scenario

        loaded = read_scenario(scenario, sets or [])
        if loaded.scenario.scenarios:
            from planner.robust.branches import branches_of

            branches_of(loaded)
        horizon = loaded.scenario.horizon
        labels = [period.label for period in horizon.periods_table()]
        say(f"{scenario}: fine: {loaded.scenario.title} ({labels[0]} to {labels[-1]})")


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
        say(f"{file}: written; next: gigaplan run {file}")


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for completion in editors."""
    with _answers():
        from planner.scenario import schema as scenario_schema

        print(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))  # noqa: T201 - for pipes


@app.command()
def site(
    site: Annotated[
        str, typer.Argument(help="Id of a site, such as abilene_tx.", show_default=False)
    ] = "",
    rank: Annotated[
        bool, typer.Option("--rank", help="All sites by cost and time to power instead.")
    ] = False,
    scenario: Annotated[
        Path | None, typer.Option(help="Scenario whose sites, figures and layers count.")
    ] = None,
    within: Annotated[
        float | None, typer.Option(help="With --rank: months until power, at most.", min=0)
    ] = None,
    it_mw: Annotated[
        float, typer.Option(help="With --rank: IT load of the campus in MW.", min=0.1)
    ] = 100.0,
    csv: Annotated[Path | None, typer.Option(help="With --rank: every figure as CSV.")] = None,
    weather: Annotated[Path | None, typer.Option(help="Weather file of a year.")] = None,
    cooling: Annotated[
        str, typer.Option(help="PUE and water of this cooling type by month, or of all.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Print what is known of a site, with sources; what cooling takes there; or rank all sites."""
    with _answers():
        if rank:
            if site or weather:
                _refuse("--rank is of all sites: try it without a site and --weather")
            from planner.site_rank_command import print_ranking

            print_ranking(scenario, within, cooling, it_mw, csv, as_json=as_json)
            return
        if not site:
            _refuse("no site is named: try gigaplan site abilene_tx, or gigaplan site --rank")
        if cooling:
            from planner.site_cooling import cooling_of

            print_rows(site, cooling_of(site, cooling, weather), as_json=as_json)
            return
        from planner.site_facts import facts_of

        facts = facts_of(site, weather, scenario)
        if as_json:
            print(json.dumps(facts, indent=2, ensure_ascii=False))  # noqa: T201 - for pipes
            return
        columns = ("label", "value", "unit", "confidence", "source")
        print_table(site, columns, [[shown(f[c]) for c in columns] for f in facts])


@app.command()
def catalog(
    family: Annotated[str | None, typer.Argument(help="Such as gas, rack or block.")] = None,
    name: Annotated[str | None, typer.Argument(help="One product.")] = None,
) -> None:
    """Print the catalog: families, the products of one, or the figures of one product."""
    with _answers():
        from planner.catalog_facts import catalog_rows

        found = catalog_rows(family, name, printing.width())
        print_table(found.title, found.columns, found.rows)
        for line in found.sources:
            out.print(line, markup=False, soft_wrap=not out.is_terminal)


@app.command()
def perf(
    model: Annotated[str, typer.Option(help="Language model, such as deepseek_r1.")] = "",
    rack: Annotated[str, typer.Option(help="Rack, such as gb200_nvl72.")] = "",
    interactivity: Annotated[
        float | None,
        typer.Option(help="Tokens/s of a user; none: a curve.", min=0.01),
    ] = None,
    input_tokens: Annotated[
        float, typer.Option("--input", help="Input tokens of a request.", min=1)
    ] = 1024,
    output_tokens: Annotated[
        float, typer.Option("--output", help="Output tokens of a request.", min=1)
    ] = 1024,
    cached: Annotated[
        float, typer.Option(help="Share of the input that is cached, 0 to 1.", min=0, max=1)
    ] = 0.0,
    first_token: Annotated[
        float, typer.Option(help="Longest time to first token in s.", min=0.001)
    ] = 10.0,
    mode: Annotated[str, typer.Option(help="colocated, split or afd; by default split.")] = "",
    ffn_rack: Annotated[str, typer.Option(help="Holds feed-forward layers: mode afd.")] = "",
    compare: Annotated[list[str] | None, typer.Option(help="Another rack; repeat it.")] = None,
    vendor_claims: Annotated[
        bool, typer.Option("--vendor-claims", help="Believe data sheets that nobody has measured.")
    ] = False,
    usd_per_mwh: Annotated[float, typer.Option(help="Price of power in USD/MWh.", min=0)] = 60.0,
    pue: Annotated[float, typer.Option(help="Power at the meter over that of racks.", min=1)] = 1.2,
    scenario: Annotated[
        Path | None, typer.Option(help="Scenario whose models, racks and curves are known.")
    ] = None,
    chart: Annotated[
        Path | None, typer.Option("-o", "--chart", help="Chart: .svg, .png or .html.")
    ] = None,
    claims: Annotated[bool, typer.Option("--claims", help="Claims and the model.")] = False,
    measured: Annotated[bool, typer.Option("--measured", help="Measured and the model.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Print what racks give of a language model: tokens, speed, power, cost, and what bounds it."""
    with _answers():
        from components.compute.traffic import Traffic
        from planner.perf import Prices
        from planner.perf_command import Question, checks, reply

        if claims or measured:
            said = checks(claims=claims)
        else:
            lengths = Traffic(input_tokens, output_tokens, 0.0, first_token, cached)
            asked = Question(
                model=model,
                racks=(rack, *(compare or [])),
                traffic=lengths,
                ffn_rack=ffn_rack,
                mode=mode,
                interactivity=interactivity,
                prices=Prices(usd_per_mwh=usd_per_mwh, pue=pue),
                vendor_claims=vendor_claims,
                scenario=scenario,
                output=chart,
            )
            said = reply(asked)
        print_reply(said, as_json=as_json)
        if said.exit_code:
            raise typer.Exit(said.exit_code)


@app.command()
def compare(
    runs: Annotated[list[Path], typer.Argument(help="Run folders; others differ from the first.")],
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    csv: Annotated[Path | None, typer.Option(help="Write every figure as CSV.")] = None,
    excel: Annotated[Path | None, typer.Option(help="Write every figure as .xlsx.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page that sets them apart.")] = None,
) -> None:
    """Set two or more runs side by side: what changed, and what binds."""
    with _answers():
        from planner.compare.command import compare as comparing
        from planner.compare.command import write_comparison

        found = comparing(runs)
        written = write_comparison(found, csv, excel, html)
        if as_json:
            print(found.json())  # noqa: T201 - for pipes
            return
        for table in found.tables():
            print_table(table.caption, table.head, table.rows)
        for line in (*(f"note: {n}" for n in found.notes), *(f"written: {p}" for p in written)):
            say(line)


@app.command()
def alternatives(
    scenario: ScenarioFile,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Gets a run folder for each plan.")
    ] = None,
    slack: Annotated[
        float, typer.Option(help="What they may cost more, over the best.", min=1e-4, max=1)
    ] = 0.02,
    n: Annotated[int, typer.Option("-n", help="How many.", min=1, max=100)] = 5,
    sets: Sets = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace runs.")] = False,
) -> None:
    """Look for plans that cost little more than the best one and differ from it."""
    with _answers():
        from planner.alternatives.command import write_alternatives
        from planner.known import read_scenario
        from planner.progress import live

        loaded = read_scenario(scenario, sets or [])
        folder = output or Path("runs") / f"{scenario.stem}_alternatives"
        command = ["gigaplan", *sys.argv[1:]]
        lines: list[str] = []
        with live(err) as tell:
            write_alternatives(
                loaded, folder, slack, n, command=command, overwrite=overwrite, report=tell,
                say=lines.append,
            )  # fmt: skip
        for line in lines:
            say(line)
        say(f"page: {folder / 'alternatives.html'}")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder of a run or a sweep.")],
    excel: Annotated[Path | None, typer.Option(help="One workbook, a sheet a table.")] = None,
    csv: Annotated[Path | None, typer.Option(help="A folder, one file a table.")] = None,
) -> None:
    """Write all tables of a run or a sweep to Excel or CSV."""
    with _answers():
        from planner.compare.folders import export as exporting

        for line in exporting(folder, excel, csv):
            say(line)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A run's or sweep's folder.", show_default=False)],
) -> None:
    """Write the report of a run or a sweep again."""
    with _answers():
        if (folder / "points").is_dir():
            from planner.sweep.analysis.page import write_sweep_report

            say(f"report: {write_sweep_report(folder)}")
            return
        if not (folder / "summary.json").is_file():
            _refuse(f"{folder}: is no run folder, there is no summary.json in it")
        from planner.report.page import write_report

        say(f"report: {write_report(folder)}")


def _refuse(message: str) -> None:
    err.print(message, markup=False, soft_wrap=True)
    raise typer.Exit(WRONG_INPUT)
