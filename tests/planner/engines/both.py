"""One question, put to both engines."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from planner.case import Case
from planner.engines.monolithic import solve_monolithic
from planner.engines.outcome import Outcome
from planner.errors import InfeasibleError
from planner.formulate.build import build
from planner.gather import make_case, make_periods
from planner.known import read_scenario
from planner.places import choose_sites
from planner.plan.plan import Plan
from planner.run import plan_case, quiet
from planner.scenario import Scenario
from sites.table import builtin_sites
from solvers import errors as solver_errors

EXAMPLES = Path(__file__).parents[3] / "examples"


def case_of(scenario: Scenario) -> Case:
    """The case of a scenario at real sites."""
    return make_case(scenario, choose_sites(scenario, builtin_sites(), make_periods(scenario)))


def example(name: str, *sets: str) -> Case:
    """The case of an example with other settings."""
    return case_of(read_scenario(EXAMPLES / f"{name}.yaml", sets).scenario)


def asked(case: Case, **solver: Any) -> Case:
    """The same case with other settings of the solver; all in one process."""
    settings = case.scenario.solver.model_copy(update={"threads": 1, **solver})
    return replace(case, scenario=case.scenario.model_copy(update={"solver": settings}))


def by_cuts(case: Case, store: Path, **solver: Any) -> Plan:
    """The plan of the decomposed engine, audited; what it learns is kept in a folder."""
    return plan_case(asked(case, engine="decomposed", cone_store=str(store), **solver))


def whole(case: Case, **solver: Any) -> Outcome:
    """The outcome of the monolithic engine."""
    return solve_monolithic(
        build(asked(case, engine="monolithic", **solver)), log_file=None, report=quiet
    )


def assert_they_agree(case: Case, store: Path, **solver: Any) -> tuple[Plan, Outcome] | None:
    """Both find a plan within the gap asked for, or both find that there is none.

    Two optima cannot be told apart where each lies between the other's plan and bound. That the
    engine by cuts is not just lucky is in its own gap: it has to be proven.
    """
    try:
        wanted = whole(case, **solver)
    except solver_errors.InfeasibleError:
        wanted = None
    try:
        plan = by_cuts(case, store, **solver)
    except InfeasibleError:
        plan = None
    assert (plan is None) == (wanted is None), "only one of the engines finds a plan"
    if plan is None or wanted is None:
        return None
    found, gap = plan.outcome, solver.get("gap", case.scenario.solver.gap)
    rounding = 1e-6 * abs(wanted.objective_kusd)
    assert found.status == wanted.status == "solved"
    assert max(found.gap, wanted.gap) <= gap + 1e-9
    assert found.bound_kusd <= wanted.objective_kusd + rounding
    assert wanted.bound_kusd <= found.objective_kusd + rounding
    return plan, wanted
