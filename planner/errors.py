"""What can go wrong in the planner, and what the command line then answers.

* PlannerError            exit code 1: a defect of ours
  + ScenarioError         2: the input is wrong; carries every problem
  + RunExistsError        2: the run folder is there already
  + InfeasibleError       3: the requirements conflict; carries their names
  + StoppedError          4: a limit was reached before there was a plan
  + BalanceError          1: an answer does not add up
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the input, and where.

    Attributes
    ----------
    path
        File as the user named it, or ``--set``.
    line, column
        Counted from 1; 0 where there is none, as on the command line.
    key
        Dotted key, such as ``power.gas_usd_per_mmbtu.2028``; empty for a whole file.
    what
        What is wrong.
    got
        What stands there; empty if nothing can be shown.
    try_
        What to do; empty if nothing can be said.

    Examples
    --------
    >>> print(Problem("a.yaml", 2, 18, "finance.discount_rate", "must be at most 0.5", "8", "0.08"))
    a.yaml:2:18: finance.discount_rate: must be at most 0.5, got 8, try 0.08
    """

    path: str
    line: int
    column: int
    key: str
    what: str
    got: str = ""
    try_: str = ""

    def __str__(self) -> str:
        """Return ``file:line:column: key: what, got X, try Y``."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        said = [self.what]
        said += [f"got {self.got}"] if self.got else []
        said += [f"try {self.try_}"] if self.try_ else []
        return ": ".join(part for part in (place, self.key, ", ".join(said)) if part)


class PlannerError(Exception):
    """Any failure that the planner itself can name."""

    exit_code: ClassVar[int] = 1


class ScenarioError(PlannerError):
    """The input is wrong; ``problems`` holds all that was found, in the order of the files.

    Parameters
    ----------
    problems
        At least one.

    Examples
    --------
    >>> print(ScenarioError([Problem("a.yaml", 1, 1, "title", "is missing")]))
    a.yaml:1:1: title: is missing
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return one line per problem."""
        return "\n".join(str(problem) for problem in self.problems)


class RunExistsError(PlannerError):
    """The place of a run folder is taken.

    Parameters
    ----------
    folder
        Where the run was to stand.
    is_run
        Whether a run stands there, which may be replaced; other things never are.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, folder: Path, *, is_run: bool = True) -> None:
        self.folder = folder
        self.is_run = is_run
        super().__init__(folder)

    def __str__(self) -> str:
        """Return the folder and what to do."""
        if self.is_run:
            return f"{self.folder}: there is a run here already, try another folder or --overwrite"
        return f"{self.folder}: something that is no run is in the way, try another folder"


class InfeasibleError(PlannerError):
    """No plan meets every requirement.

    Parameters
    ----------
    conflicts
        Requirements, in the scenario's own words, that cannot hold together; empty if not known.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, conflicts: tuple[str, ...] = ()) -> None:
        self.conflicts = conflicts
        super().__init__(conflicts)

    def __str__(self) -> str:
        """Return the conflicting requirements, one per line."""
        if not self.conflicts:
            return "no plan meets every requirement; which of them conflict is not known"
        found = "".join(f"\n  {conflict}" for conflict in self.conflicts)
        return f"no plan meets every requirement; these conflict, try relaxing one:{found}"


class StoppedError(PlannerError):
    """A limit of time, rounds or memory was reached before there was a plan."""

    exit_code: ClassVar[int] = 4

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        """Return the limit that was reached."""
        return f"stopped without a plan: {self.reason}"


class UnreliableError(PlannerError):
    """No plan was found that is as available as asked for.

    Parameters
    ----------
    site, period
        Where it is missed the most.
    found, target
        Availability there, and the one asked for [1].
    why
        Why no further plan was made.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, site: str, period: str, found: float, target: float, why: str) -> None:
        self.site = site
        self.period = period
        self.found = found
        self.target = target
        self.why = why
        super().__init__(site, period, found, target, why)

    def __str__(self) -> str:
        """Return where, by how much, why, and what to do."""
        return (
            f"{self.site} in {self.period}: availability {self.found:.7g}, asked for "
            f"{self.target:.7g} (reliability.availability): {self.why}; try a lower target, more "
            "reliability.most_rounds, or products in power.use that come in time to stand in for "
            "what fails, such as gas beside the grid"
        )


class BalanceError(PlannerError):
    """An answer does not add up: what flows in and what flows out differ.

    Parameters
    ----------
    what
        The balance that is violated, with its place and its unit.
    residual
        By how much, in that unit.
    """

    def __init__(self, what: str, residual: float) -> None:
        self.what = what
        self.residual = residual
        super().__init__(what, residual)

    def __str__(self) -> str:
        """Return the balance and by how much it is missed."""
        return f"the plan does not balance: {self.what} is off by {self.residual:g}"
