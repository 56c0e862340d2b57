"""From a scenario file to a run folder: read, build, solve, read back, audit, write."""

import logging
import resource
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

from planner.case import Case
from planner.engines.decomposed import solve_decomposed
from planner.engines.monolithic import solve_monolithic
from planner.engines.outcome import Outcome, Report
from planner.errors import InfeasibleError, ScenarioError, StoppedError
from planner.formulate.build import build
from planner.formulate.formulation import Formulation
from planner.formulate.words import in_words
from planner.gather import make_case, make_periods, refuse
from planner.known import known_sites
from planner.places import choose_sites
from planner.plan.audit import audit
from planner.plan.folder import manifest, new_folder, write_json, write_tables
from planner.plan.plan import Plan, read_plan
from planner.plan.summary import summarise
from planner.reliable import plan_reliably
from planner.scenario import Loaded, Scenario, dump
from sites.site import Site
from sites.table import builtin_sites
from solvers import errors as solver_errors
from solvers.conflict import find_conflict
from solvers.decomposition import Round
from solvers.options import Progress
from solvers.program import compile_model

ENGINES = {"monolithic": solve_monolithic, "decomposed": solve_decomposed}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run.

    Attributes
    ----------
    folder
        Where everything stands.
    summary
        What ``summary.json`` says.
    """

    folder: Path
    summary: dict[str, Any]


def quiet(phase: str, progress: Progress | Round | None) -> None:
    """Report nothing."""


Prepare: TypeAlias = Callable[[Formulation], None]
"""Changes a formulation before it is solved."""


Finish: TypeAlias = Callable[[Formulation, Outcome], Outcome]
"""Changes what an engine hands back before it is read and audited."""


def leave_as_it_is(formulation: Formulation) -> None:
    """Change nothing."""


def as_it_is(formulation: Formulation, outcome: Outcome) -> Outcome:
    """Return the outcome."""
    return outcome


def plan_scenario(
    scenario: Scenario,
    sites: Mapping[str, Site] | None = None,
    *,
    log_file: Path | None = None,
    report: Report = quiet,
) -> Plan:
    """Plan a scenario, and check that the answer adds up.

    Parameters
    ----------
    scenario
        A scenario whose names were checked.
    sites
        Every site that it may name; by default those built in.
    log_file
        Where the solver writes its log.
    report
        Told of phases and progress.

    Raises
    ------
    ScenarioError
        If the scenario's parts do not fit.
    InfeasibleError
        With the requirements that conflict, in the scenario's words.
    StoppedError
        If a limit came before a plan.
    UnreliableError
        If no plan was found that is as available as asked for.
    BalanceError
        If the answer does not add up.
    """
    if scenario.scenarios:
        key, what = "scenarios", "can be planned by gigaplan run alone, which plans them together"
        raise refuse(key, what, ", ".join(scenario.scenarios), "leaving scenarios out")
    started = perf_counter()
    report("sites", None)
    places = choose_sites(scenario, sites or builtin_sites(), make_periods(scenario))
    case = make_case(scenario, places)
    seconds = {"sites": perf_counter() - started}
    plan = plan_case(case, log_file=log_file, report=report)
    outcome = replace(plan.outcome, seconds=seconds | dict(plan.outcome.seconds))
    return replace(plan, outcome=outcome)


def plan_case(
    case: Case,
    *,
    log_file: Path | None = None,
    report: Report = quiet,
    prepare: Prepare = leave_as_it_is,
    finish: Finish = as_it_is,
) -> Plan:
    """Plan a case: what `plan_scenario` does once the numbers are joined.

    Several times if the scenario asks for an availability that the first plan does not have.
    ``prepare`` may narrow a formulation before it is solved; ``finish`` may change the outcome
    before it is read.
    """
    return plan_reliably(case, lambda each: _plan_once(each, log_file, report, prepare, finish))


def _plan_once(
    case: Case, log_file: Path | None, report: Report, prepare: Prepare, finish: Finish
) -> Plan:
    started = perf_counter()
    report("build", None)
    formulation = build(case)
    prepare(formulation)
    build_s = perf_counter() - started
    outcome = finish(formulation, _solve(formulation, log_file, report))
    started = perf_counter()
    report("audit", None)
    plan = read_plan(formulation, outcome)
    audit(plan)
    seconds = {"build": build_s, **outcome.seconds, "audit": perf_counter() - started}
    return replace(plan, outcome=replace(outcome, seconds=seconds))


def run(
    loaded: Loaded,
    folder: Path,
    *,
    command: Sequence[str],
    overwrite: bool = False,
    page: bool = True,
    report: Report = quiet,
) -> Run:
    """Plan a scenario and write its run folder, whole or not at all; then draw its report.

    Parameters
    ----------
    loaded
        A scenario as read from its files.
    folder
        Where the run is to stand.
    command
        The command line, for the manifest.
    overwrite
        Whether a run that stands there may be replaced.
    page
        Whether to write ``report.html``.
    report
        Told of phases and progress.

    Returns
    -------
    Run
    """
    from planner.report.page import write_report

    if loaded.scenario.scenarios:
        from planner.robust.run import run_robustly

        return run_robustly(
            loaded, folder, command=command, overwrite=overwrite, page=page, report=report
        )
    with new_folder(folder, overwrite=overwrite) as temporary:
        with placed(loaded):
            plan = plan_scenario(
                loaded.scenario, known_sites(loaded), log_file=temporary / "log.txt", report=report
            )
        report("write", None)
        summary = write_run(temporary, loaded, plan, command)
    # Of a run that is safe: what goes wrong in drawing must not cost the plan.
    if page:
        report("report", None)
        write_report(folder)
    return Run(folder, summary)


def write_run(folder: Path, loaded: Loaded, plan: Plan, command: Sequence[str]) -> dict[str, Any]:
    """Write all of a run but its report into a folder that is there, and return the summary."""
    (folder / "scenario.yaml").write_text(dump(loaded.scenario), encoding="utf-8")
    inputs = {f"scenario {i}": Path(path) for i, path in enumerate(loaded.files)}
    inputs |= input_files(loaded.scenario)
    seed = loaded.scenario.sites.weather.seed
    write_json(folder / "manifest.json", manifest(inputs, list(command), seed))
    write_tables(folder, plan.tables)
    summary = summarise(plan, peak_memory_mb())
    write_json(folder / "summary.json", summary)
    return summary


def peak_memory_mb() -> float:
    """Return the most memory that this process has held [MB]."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


@contextmanager
def placed(loaded: Loaded) -> Iterator[None]:
    """Give problems that only a key names their place in the files."""
    try:
        yield
    except ScenarioError as error:
        raise ScenarioError(
            p if p.line else loaded.places.problem(tuple(p.key.split(".")), p.what, p.got, p.try_)
            for p in error.problems
        ) from error


def input_files(scenario: Scenario) -> dict[str, Path]:
    """Return every file beside the YAML that a scenario reads, by what it is for."""
    found = dict(_weather_files(scenario))
    found |= {f"prices {name}": Path(file) for name, file in scenario.grid.price_files.items()}
    maps = {k: Path(file) for k, file in scenario.sites.layers if file is not None}
    found |= {f"layer {kind}": file for kind, file in maps.items()}
    if scenario.sites.file is not None:
        found["sites"] = Path(scenario.sites.file)
    curves = enumerate(scenario.serving.curves)
    found |= {f"curve {position}": Path(curve.file) for position, curve in curves}
    return found


def _weather_files(scenario: Scenario) -> Iterator[tuple[str, Path]]:
    weather = scenario.sites.weather
    for site in weather.files:
        files = weather.of(site)
        for year, file in enumerate(files):
            name = f"weather {site}" if len(files) == 1 else f"weather {site}, year {year + 1}"
            yield name, Path(file)


def _solve(formulation: Formulation, log_file: Path | None, report: Report) -> Outcome:
    try:
        return ENGINES[formulation.case.scenario.solver.engine](formulation, log_file, report)
    except solver_errors.InfeasibleError as error:
        report("conflict", None)
        rows = error.rows or find_conflict(compile_model(formulation.model))
        raise InfeasibleError(in_words(formulation, rows)) from error
    except solver_errors.StoppedError as error:
        raise StoppedError(str(error)) from error
