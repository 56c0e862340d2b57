"""One point, in whatever process it is: from its scenario to its record. It never raises.

An error of ours, a limit, requirements that conflict: each is a record with its reason, so that
it does not stop the rest.
"""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from planner.engines.neighbour import Neighbour, chained
from planner.engines.staff import Staff, staying
from planner.errors import (
    BalanceError,
    InfeasibleError,
    PlannerError,
    ScenarioError,
    StoppedError,
    UnreliableError,
)
from planner.known import known_sites
from planner.plan.folder import new_folder
from planner.plan.plan import Plan
from planner.run import placed, plan_scenario, write_run
from planner.scenario import Loaded, Scenario
from planner.sweep.figures import figures_of, varying_of
from planner.sweep.point import Point, Record

STATUS: Mapping[type[Exception], str] = {
    InfeasibleError: "infeasible",
    UnreliableError: "unreliable",
    StoppedError: "no_plan",
    ScenarioError: "wrong_input",
    BalanceError: "defect",
    MemoryError: "died",
}
"""How a point ends that has no plan."""


_BEFORE: dict[str, Neighbour] = {}
"""What this process keeps of its last point."""

_STAFFS: dict[str, Staff] = {}
"""Who operates the sites of the last point, and goes on with those of the next."""


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans points; it can be sent to another process.

    Attributes
    ----------
    plans
        Folder for run folders; None: none are kept.
    threads
        Threads of each point, in place of ``solver.threads``; 0: as the scenario says.
    """

    plans: Path | None = None
    threads: int = 0

    def __call__(self, point: Point) -> Record:
        """Plan a point."""
        began = perf_counter()
        try:
            return self._planned(point, began)
        except Exception as error:
            return failed(point, error, perf_counter() - began)

    def _planned(self, point: Point, began: float) -> Record:
        assert point.loaded is not None
        loaded = point.loaded
        with placed(loaded), chained(_BEFORE), staying(_STAFFS):
            plan = plan_scenario(_with_threads(loaded, self.threads), known_sites(loaded))
        if self.plans is not None:
            self._keep(point, loaded, plan)
        seconds = perf_counter() - began
        figures, varying = figures_of(plan), varying_of(plan, seconds)
        status = plan.outcome.status
        return Record(point.number, point.key, point.axes, status, "", figures, varying)

    def _keep(self, point: Point, loaded: Loaded, plan: Plan) -> None:
        assert self.plans is not None
        with new_folder(self.plans / f"{point.number:04d}", overwrite=True) as temporary:
            write_run(temporary, loaded, plan, ["gigaplan", "sweep"])


def failed(point: Point, error: BaseException, seconds: float) -> Record:
    """Return the record of a point that has no plan."""
    status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), "defect")
    varying = {"seconds": round(seconds, 3)}
    return Record(point.number, point.key, point.axes, status, _reason(error), {}, varying)


def _reason(error: BaseException) -> str:
    if isinstance(error, PlannerError):
        return str(error)
    if isinstance(error, MemoryError):
        return "out of memory; try fewer workers, or more for each (--memory-mb)"
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f" ({Path(each.filename).name}:{each.lineno})" for each in last)
    return f"{type(error).__name__}: {error}{place}"


def _with_threads(loaded: Loaded, threads: int) -> Scenario:
    scenario = loaded.scenario
    if not threads:
        return scenario
    return scenario.model_copy(
        update={"solver": scenario.solver.model_copy(update={"threads": threads})}
    )
