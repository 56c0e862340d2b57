"""The runs to compare: read, named, and what about them does not compare."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.errors import PlannerError
from planner.report.folder import RunFolder, RunFolderError, read_folder
from planner.report.words import joined

TAKEN = frozenset({"topic", "what", "period", "unit"})
"""Columns of the table of figures, which no run can be called."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Runs beside each other; the first is what the others differ from.

    Attributes
    ----------
    names : n texts
        What each is called: its folder's name, or its path where two would be the same.
    runs : n RunFolder
        In the order in which they were named.
    """

    names: tuple[str, ...]
    runs: tuple[RunFolder, ...]

    @property
    def periods(self) -> tuple[str, ...]:
        """Periods of any run, in order of their labels."""
        return tuple(sorted({p for run in self.runs for p in run.summary.periods}))

    @property
    def shared(self) -> tuple[str, ...]:
        """Periods that every run has."""
        return tuple(p for p in self.periods if all(p in r.summary.periods for r in self.runs))


class TooFewError(PlannerError):
    """Less than two runs to compare."""

    exit_code = 2

    def __str__(self) -> str:
        """Say what is needed."""
        return "compare needs two runs at least, try naming a second run folder"


def read_runs(folders: Sequence[Path]) -> Compared:
    """Read the run folders to compare.

    Raises
    ------
    TooFewError
        If there are less than two.
    RunFolderError
        If one of them is no run folder, or lacks something.
    """
    if len(folders) < 2:
        raise TooFewError
    for folder in folders:
        if not (folder / "summary.json").is_file():
            raise RunFolderError(
                folder, "is no run folder, there is no summary.json in it", _hint(folder)
            )
    return Compared(_names(folders), tuple(read_folder(folder) for folder in folders))


def notes(compared: Compared) -> list[str]:
    """Say what about the runs does not compare: periods, versions, ways to count, gaps."""
    return list(_notes(compared))


def _hint(folder: Path) -> str:
    plans = folder / "plans"
    if (folder / "points.parquet").is_file():
        kept = sorted(p.name for p in plans.iterdir()) if plans.is_dir() else []
        if kept:
            return f"a point of this sweep, such as {plans / kept[0]}"
        return "sweeping with plans: all, which keeps a run folder of each point"
    return "the folder of a finished run, or running the scenario again"


def _names(folders: Sequence[Path]) -> tuple[str, ...]:
    short = [folder.resolve().name for folder in folders]
    if len(set(short)) == len(short) and not set(short) & TAKEN:
        return tuple(short)
    long = [f"{folder}/" for folder in folders]
    return tuple(n if long.count(n) == 1 else f"{n} ({i + 1})" for i, n in enumerate(long))


def _notes(compared: Compared) -> Iterator[str]:
    first, shared = compared.runs[0].summary, compared.shared
    for name, run in zip(compared.names[1:], compared.runs[1:], strict=True):
        said = run.summary
        if set(said.periods) != set(first.periods):
            both = [p for p in first.periods if p in said.periods]
            what = f"only {joined(both)} in common" if both else "no period in common"
            yield (
                f"{name} has the periods {joined(said.periods)}, {compared.names[0]} has "
                f"{joined(first.periods)}: {what}; totals over all periods do not compare"
            )
        if said.version != first.version:
            yield (
                f"{name} was made by version {said.version}, {compared.names[0]} by "
                f"{first.version}: catalog and model may differ"
            )
        if said.grid_share_denominator != first.grid_share_denominator:
            yield (
                f"{name} counts the grid share over {said.grid_share_denominator}, "
                f"{compared.names[0]} over {first.grid_share_denominator}"
            )
    if not shared and len(compared.periods) > 0:
        yield "no period is in all of the runs"
    yield from _of_gaps(compared)


def _of_gaps(compared: Compared) -> Iterator[str]:
    """Say where each of two plans could be the cheaper one, as far as their bounds tell."""
    first = compared.runs[0].summary
    for name, run in zip(compared.names[1:], compared.runs[1:], strict=True):
        said = run.summary
        proven = said.objective_usd < first.bound_usd or first.objective_usd < said.bound_usd
        if not proven and said.objective_usd != first.objective_usd:
            yield (
                f"the costs of {name} and {compared.names[0]} differ by less than their gaps "
                "leave open: whose best plan is cheaper is not proven"
            )
