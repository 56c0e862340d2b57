"""The commands ``gigaplan sweep`` and ``gigaplan batch``, without the parsing."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.table import Table

from planner.errors import Problem, ScenarioError
from planner.printing import err, out, say
from planner.sweep.columns import WITH_PLAN
from planner.sweep.display import points_live
from planner.sweep.points import Points, points_of, points_of_batch
from planner.sweep.reading import read_sweep
from planner.sweep.sweeping import Means, refuse_if_other, sweep_points, write_about

MOST_ROWS = 40
"""Points that are printed at the end; the store has all."""

DEFECT, NO_PLAN = 1, 3


def sweep(file: Path, output: Path | None, sets: Sequence[str], means: Means) -> int:
    """Plan every point of a sweep file; return the exit code."""
    read = read_sweep(file, sets)
    folder = output or Path("runs") / file.stem
    refuse_if_other(folder)
    points = points_of(read)
    write_about(folder, [file, *read.base.files], _command(), read)
    code = _run(points, folder, means, keep_plans=read.sweep.plans == "all")
    from planner.sweep.answering import answer

    answer(read, folder, say)
    return code


def batch(
    given: Sequence[Path],
    output: Path | None,
    sets: Sequence[str],
    means: Means,
    *,
    keep_plans: bool,
) -> int:
    """Plan many scenario files, or those of a folder; return the exit code."""
    files = scenario_files(given)
    folder = output or Path("runs") / "batch"
    refuse_if_other(folder)
    points = points_of_batch(files, sets)
    write_about(folder, files, _command())
    return _run(points, folder, means, keep_plans=keep_plans)


def scenario_files(given: Sequence[Path]) -> list[Path]:
    """Return the files that are named, and the YAML files of folders that are, by name.

    Raises
    ------
    ScenarioError
        If a folder has none, or a file is not there.
    """
    found: list[Path] = []
    problems = []
    for path in given:
        inside = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
        if not inside:
            problems.append(Problem(str(path), 0, 0, "", "holds no scenario", "", "a .yaml file"))
        elif not inside[0].is_file():
            problems.append(Problem(str(path), 0, 0, "", "is no file and no folder"))
        found += inside
    if problems:
        raise ScenarioError(problems)
    return list(dict.fromkeys(found))


def _command() -> list[str]:
    return ["gigaplan", *sys.argv[1:]]


def _run(points: Points, folder: Path, means: Means, *, keep_plans: bool) -> int:
    say(f"{len(points.points)} points in {folder}; they stay there if this is interrupted")
    table = sweep_points(
        points, folder, means=means, keep_plans=keep_plans, display=lambda n: points_live(err, n)
    )
    _print(table, tuple(points.points[0].axes))
    say(f"table: {folder / 'points.parquet'}")
    from planner.sweep.analysis.page import write_sweep_report

    say(f"report: {write_sweep_report(folder)}")
    return exit_code(table)


def exit_code(table: pd.DataFrame) -> int:
    """Return 1 if a point ended in a defect, 3 if none has a plan, else 0."""
    statuses = set(table["status"])
    if "defect" in statuses:
        return DEFECT
    return 0 if statuses & set(WITH_PLAN) else NO_PLAN


def _print(table: pd.DataFrame, axes: tuple[str, ...]) -> None:
    shown = Table("point", *axes, "status", "billion USD", "sites", "binds first")
    for row in table.head(MOST_ROWS).to_dict(orient="records"):
        usd, sites = row.get("objective_usd"), row.get("sites_open")
        shown.add_row(
            str(row["point"]),
            *(_cell(row[axis]) for axis in axes),
            str(row["status"]),
            "-" if pd.isna(usd) else f"{usd / 1e9:,.3f}",
            "-" if pd.isna(sites) else f"{sites:.0f}",
            "" if pd.isna(row.get("binding")) else str(row["binding"]).partition(";")[0],
        )
    out.print(shown)
    counts = ", ".join(f"{n} {status}" for status, n in Counter(table["status"]).most_common())
    more = f"; the first {MOST_ROWS} are shown" if len(table) > MOST_ROWS else ""
    say(f"{len(table)} points: {counts}{more}")


def _cell(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
