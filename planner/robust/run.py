"""From a file with scenarios to a folder: one run folder for each, and what they share."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planner.case import Case
from planner.engines.outcome import Report
from planner.gather import make_case, make_periods
from planner.known import known_sites
from planner.places import choose_sites
from planner.plan.folder import manifest, new_folder, write_json, write_tables
from planner.robust.branches import branches_of, mean_of
from planner.robust.planning import Future, Robust, plan_robustly
from planner.robust.summary import first_stage_table, summarise_robust
from planner.run import Run, input_files, peak_memory_mb, placed, quiet, write_run
from planner.scenario import Loaded, dump
from planner.scenario.scenarios import shared_periods


def plan_loaded(
    loaded: Loaded, *, log_file: Path | None = None, report: Report = quiet
) -> tuple[Robust, dict[str, Loaded]]:
    """Plan the scenarios of a file together; return the plan, and each scenario as it was read.

    Raises
    ------
    ScenarioError
        If a scenario is wrong, or its parts do not fit.
    InfeasibleError, StoppedError, BalanceError
        See `planner.robust.planning.plan_robustly`.
    """
    branches = branches_of(loaded)
    mean = mean_of(loaded, branches)
    report("sites", None)
    futures = [
        Future(name, loaded.scenario.scenarios[name].weight, _case(branch))
        for name, branch in branches.items()
    ]
    periods = loaded.scenario.horizon.periods_table()
    shared = shared_periods(loaded.scenario.shared_until, periods)
    assert shared is not None  # checked when the file was read
    found = plan_robustly(
        futures, shared, (_case(mean.loaded), mean.sentence), log_file=log_file, report=report
    )
    return found, branches


def _case(branch: Loaded) -> Case:
    scenario = branch.scenario
    with placed(branch):
        places = choose_sites(scenario, known_sites(branch), make_periods(scenario))
        return make_case(scenario, places)


def run_robustly(
    loaded: Loaded,
    folder: Path,
    *,
    command: Sequence[str],
    overwrite: bool = False,
    page: bool = True,
    report: Report = quiet,
) -> Run:
    """Plan the scenarios of a file together and write their folder, whole or not at all.

    Parameters as of `planner.run.run`. The folder has ``summary.json`` with the part ``robust``,
    the table ``first_stage``, and a run folder for every scenario, each with its report.
    """
    from planner.report.page import write_report

    with new_folder(folder, overwrite=overwrite) as temporary:
        log = temporary / "log.txt"
        found, branches = plan_loaded(loaded, log_file=log, report=report)
        report("write", None)
        for name, branch in branches.items():
            _write_branch(temporary, name, branch, found, command)
        summary = _write_whole(temporary, loaded, found, command)
    # Of runs that are safe: what goes wrong in drawing must not cost the plans.
    if page:
        report("report", None)
        for name in branches:
            write_report(folder / name)
    return Run(folder, summary)


def _write_branch(
    folder: Path, name: str, branch: Loaded, found: Robust, command: Sequence[str]
) -> None:
    here = folder / name
    here.mkdir()
    write_run(here, branch, found.plans[name], command)
    if (folder / "log.txt").is_file():
        shutil.copy(folder / "log.txt", here / "log.txt")


def _write_whole(
    folder: Path, loaded: Loaded, found: Robust, command: Sequence[str]
) -> dict[str, Any]:
    (folder / "scenario.yaml").write_text(dump(loaded.scenario), encoding="utf-8")
    inputs = {f"scenario {i}": Path(path) for i, path in enumerate(loaded.files)}
    inputs |= input_files(loaded.scenario)
    seed = loaded.scenario.sites.weather.seed
    write_json(folder / "manifest.json", manifest(inputs, list(command), seed))
    write_tables(folder, {"first_stage": first_stage_table(found)})
    summary = summarise_robust(loaded.scenario, found, peak_memory_mb())
    write_json(folder / "summary.json", summary)
    return summary
