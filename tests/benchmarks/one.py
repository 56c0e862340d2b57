"""One measurement in a process of its own: what to do comes as JSON, what was found goes as JSON.

``python -m tests.benchmarks.one '{"kind": "plan", "scenario": "examples/one_site.yaml"}'`` is
started by `tests.benchmarks.measure`, so that memory and caches of one run do not reach the next.
Imports are made before the clock starts.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from planner.errors import PlannerError, StoppedError
from planner.gather import make_case, make_periods
from planner.known import read_scenario
from planner.places import choose_sites
from planner.run import peak_memory_mb, plan_scenario
from sites.table import builtin_sites
from tests.benchmarks.pypsa_twin import solve_twin

NO_PLAN = "no plan"
DEFECT = 1


def plan(scenario: Path, sets: Sequence[str]) -> dict[str, Any]:
    """Plan a scenario; seconds are from its file to the audited plan."""
    started = perf_counter()
    try:
        found = plan_scenario(read_scenario(scenario, sets).scenario)
    except StoppedError as error:
        return {"status": NO_PLAN, "note": str(error), "seconds": perf_counter() - started}
    seconds = perf_counter() - started
    costs = found.tables["costs"]
    return {
        "status": found.outcome.status,
        "seconds": seconds,
        "objective_kusd": found.outcome.objective_kusd,
        "power_kusd": costs.loc[costs["family"] == "power", "discounted_usd"].sum() / 1000,
        "gap": found.outcome.gap,
        "cuts": found.outcome.cuts,
        "phases": dict(found.outcome.seconds),
    }


def pypsa(scenario: Path, sets: Sequence[str]) -> dict[str, Any]:
    """Solve the PyPSA twin of a scenario; seconds are from its file to PyPSA's answer."""
    import pypsa  # noqa: F401 - before the clock starts

    started = perf_counter()
    asked = read_scenario(scenario, sets).scenario
    places = choose_sites(asked, builtin_sites(), make_periods(asked))
    found = solve_twin(make_case(asked, places))
    return {
        "status": "solved" if found.status == "ok, optimal" else found.status,
        "seconds": perf_counter() - started,
        "objective_kusd": found.objective_usd / 1000,
        "power_kusd": found.objective_usd / 1000,
        "gap": 0.0,
        "phases": {"network": found.build_s, "optimize": found.solve_s},
        "note": f"{found.rows:,} rows, {found.columns:,} columns",
    }


KINDS: dict[str, Callable[[Path, Sequence[str]], dict[str, Any]]] = {"plan": plan, "pypsa": pypsa}


def main(text: str) -> int:
    """Do what is asked and write the answer as the last line."""
    asked = json.loads(text)
    try:
        found = KINDS[asked["kind"]](Path(asked["scenario"]), asked.get("sets", ()))
    except PlannerError as error:
        sys.stderr.write(f"{error}\n")
        return DEFECT
    sys.stdout.write("\n" + json.dumps({**found, "peak_memory_mb": peak_memory_mb()}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
