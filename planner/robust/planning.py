"""Planning scenarios together, each alone, and after the first decisions of one for their mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from planner.case import Case
from planner.engines.first_stage import SAME, check_same, decisions_of, hold, values_of
from planner.engines.joint import Branches, JointOutcome
from planner.engines.outcome import Report
from planner.engines.robust import solve_jointly
from planner.errors import InfeasibleError, StoppedError
from planner.formulate.build import build
from planner.formulate.formulation import Formulation
from planner.formulate.words import in_words
from planner.plan.audit import audit
from planner.plan.plan import Plan, read_plan
from planner.robust.value import Cost, Difference, difference, expected
from planner.run import plan_case, quiet
from solvers import errors as solver_errors

BETTER = 1e-6
"""By what share a plan has to cost less to be another one, and not rounding [1]."""


@dataclass(frozen=True, slots=True, eq=False)
class Future:
    """One scenario.

    Attributes
    ----------
    name, weight
        What it is called, and how likely it is [1].
    case
        Its numbers.
    """

    name: str
    weight: float
    case: Case


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What a plan for the mean scenario is worth, and the stochastic one over it.

    Attributes
    ----------
    mean
        Cost of the plan for the mean in the mean: nothing that will happen; None: there is no plan.
    by_name : scenario to Cost
        Of the best plan with the first decisions of that plan; None: there is no plan.
    eev
        Their expected cost; None if there is no plan in some scenario.
    vss
        Value of the stochastic solution; None if it is infinite or not known.
    is_infinite
        Whether the first decisions of the plan for the mean leave no plan in some scenario.
    sentence
        What the mean scenario is, and why a figure is missing.
    """

    mean: Cost | None
    by_name: Mapping[str, Cost | None]
    eev: Cost | None
    vss: Difference | None
    is_infinite: bool
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class Robust:
    """A robust plan.

    Attributes
    ----------
    futures
        What was planned for.
    shared_periods
        So many first periods have the same decisions.
    plans : scenario to Plan
        One for each, audited; their first decisions are the same.
    joint
        How the joint solve ended.
    alone : scenario to Cost
        Of a plan that knows its scenario.
    rp, ws, evpi
        Expected cost of the robust plan and of plans that know; value of perfect information.
    worth
        Of the plan for the mean, and of the stochastic solution.
    seconds : phase to seconds
        ``alone``, ``together``, ``mean``.
    """

    futures: tuple[Future, ...]
    shared_periods: int
    plans: Mapping[str, Plan]
    joint: JointOutcome
    alone: Mapping[str, Cost]
    rp: Cost
    ws: Cost
    evpi: Difference
    worth: Worth
    seconds: Mapping[str, float]


def plan_robustly(
    futures: Sequence[Future],
    shared_periods: int,
    mean: tuple[Case, str],
    *,
    log_file: Path | None = None,
    report: Report = quiet,
) -> Robust:
    """Plan scenarios together, and measure what knowing and planning for several is worth.

    Each is planned alone first: what that teaches of operation, the joint solve starts from. The
    time limit of the scenario is that of each solve.

    Parameters
    ----------
    futures
        At least one; weights add up to 1.
    shared_periods
        So many first periods have the same decisions.
    mean
        The mean scenario, and what it is.
    log_file
        Where the joint solve writes its log.
    report
        Told of phases and progress.

    Raises
    ------
    InfeasibleError
        With the requirements that conflict, and the scenario that each is of.
    StoppedError
        If a limit came before a plan.
    BalanceError
        If an answer does not add up.
    """
    started = perf_counter()
    alone = {f.name: _alone(f, report) for f in futures}
    ws = expected((f.weight, alone[f.name]) for f in futures)
    seconds = {"alone": perf_counter() - started}

    started = perf_counter()
    joint, plans = _together(futures, shared_periods, alone, log_file, report)
    # What holds for plans that know holds for one that does not.
    rp = Cost(min(max(joint.bound_kusd, ws.bound_kusd), joint.objective_kusd), joint.objective_kusd)
    seconds["together"] = perf_counter() - started

    started = perf_counter()
    worth, after_mean = _worth(futures, shared_periods, mean, rp, report)
    if worth.eev is not None and worth.eev.plan_kusd < (1 - BETTER) * rp.plan_kusd:
        # Within the gap, what was found on the way is the better plan.
        plans = {
            n: _shared(plan, alone[n], futures, shared_periods) for n, plan in after_mean.items()
        }
        check_same([plan.formulation for plan in plans.values()], shared_periods)
        rp = Cost(min(rp.bound_kusd, worth.eev.plan_kusd), worth.eev.plan_kusd)
        worth = replace(worth, vss=difference(worth.eev, rp))
    seconds["mean"] = perf_counter() - started
    return Robust(
        futures=tuple(futures),
        shared_periods=shared_periods,
        plans=plans,
        joint=joint,
        alone=alone,
        rp=rp,
        ws=ws,
        evpi=difference(rp, ws),
        worth=worth,
        seconds=seconds,
    )


def _alone(future: Future, report: Report) -> Cost:
    report(f"planning {future.name} alone", None)
    try:
        return _cost(plan_case(future.case, report=report))
    except InfeasibleError as error:
        raise InfeasibleError(
            tuple(f"in {future.name}: {each}" for each in error.conflicts)
            or (f"in {future.name}: all that is asked",)
        ) from error


def _cost(plan: Plan) -> Cost:
    return Cost(plan.outcome.bound_kusd, plan.outcome.objective_kusd)


def _together(
    futures: Sequence[Future],
    shared_periods: int,
    alone: Mapping[str, Cost],
    log_file: Path | None,
    report: Report,
) -> tuple[JointOutcome, dict[str, Plan]]:
    report("planning all scenarios together", None)
    report("build", None)
    branches = Branches(
        names=tuple(f.name for f in futures),
        weights=tuple(f.weight for f in futures),
        formulations=tuple(build(f.case) for f in futures),
        shared_periods=shared_periods,
    )
    joint = _solved(branches, log_file, report)
    report("audit", None)
    plans: dict[str, Plan] = {}
    for future, formulation, outcome in zip(
        futures, branches.formulations, joint.outcomes, strict=True
    ):
        known = replace(outcome, status=joint.status, seconds=joint.seconds, cuts=joint.cuts)
        plan = read_plan(formulation, known)
        audit(plan)
        plans[future.name] = _shared(plan, alone[future.name], futures, shared_periods)
    return joint, plans


def _shared(plan: Plan, alone: Cost, futures: Sequence[Future], shared_periods: int) -> Plan:
    """Give a plan the bound of its scenario alone, and say what of it is not its own."""
    outcome = plan.outcome
    labels = plan.formulation.case.periods.labels[:shared_periods]
    until = labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
    sentence = (
        f"what is added in {until} is the same in all {len(futures)} scenarios; the bound "
        "is that of a plan for this scenario alone, so that the gap has in it what it costs not "
        "to know which one comes"
    )
    said = (sentence,) if len(futures) > 1 else ()
    return replace(
        plan,
        outcome=replace(
            outcome,
            bound_kusd=min(alone.bound_kusd, outcome.objective_kusd),
            approximations=(*outcome.approximations, *said),
        ),
    )


def _solved(branches: Branches, log_file: Path | None, report: Report) -> JointOutcome:
    try:
        return solve_jointly(branches, log_file, report)
    except solver_errors.InfeasibleError as error:
        raise InfeasibleError(tuple(_in_words(branches, error.rows))) from error
    except solver_errors.StoppedError as error:
        raise StoppedError(str(error)) from error


def _in_words(branches: Branches, rows: Sequence[str]) -> list[str]:
    """Say the rows of the joint problem in the words of their scenarios."""
    said: list[str] = []
    for name, formulation in zip(branches.names, branches.formulations, strict=True):
        own = tuple(row.partition(": ")[2] for row in rows if row.startswith(f"{name}: "))
        if own:
            said += [f"in {name}: {each}" for each in in_words(formulation, own)]
    if said:
        said.append("scenarios: what is added in the shared periods is the same in all of them")
    return said


def _worth(
    futures: Sequence[Future],
    shared_periods: int,
    mean: tuple[Case, str],
    rp: Cost,
    report: Report,
) -> tuple[Worth, dict[str, Plan]]:
    case, sentence = mean
    report("planning for the mean scenario", None)
    try:
        plan = plan_case(case, report=report)
    except (InfeasibleError, StoppedError) as error:
        sentence += f"; there is no plan for it: {_in_a_line(error)}"
        return Worth(None, {}, None, None, False, sentence), {}
    decided, of_mean = values_of(plan.formulation, shared_periods), _cost(plan)
    del plan
    plans: dict[str, Plan] = {}
    is_infinite = False
    for future in futures:
        report(f"planning {future.name} after the first decisions of the mean scenario", None)
        try:
            keep = _keeping(decided, shared_periods)
            plans[future.name] = plan_case(future.case, report=report, prepare=keep)
        except (InfeasibleError, StoppedError) as error:
            is_infinite |= isinstance(error, InfeasibleError)
            sentence += f"; after its first decisions, in {future.name}: {_in_a_line(error)}"
    found = {f.name: _cost(plans[f.name]) if f.name in plans else None for f in futures}
    if len(plans) < len(futures):
        return Worth(of_mean, found, None, None, is_infinite, sentence), plans
    eev = expected((f.weight, _cost(plans[f.name])) for f in futures)
    return Worth(of_mean, found, eev, difference(eev, rp), False, sentence), plans


def _in_a_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _keeping(decided: Mapping[str, float], periods: int) -> Callable[[Formulation], None]:
    """Return what holds first decisions in a formulation."""

    def prepare(formulation: Formulation) -> None:
        decisions = decisions_of(formulation, periods)
        for name, value in decided.items():
            data = decisions.get(name)
            impossible = data is None or (data.fixed and abs(data.value - value) > SAME)
            if impossible and abs(value) > SAME:
                raise InfeasibleError((f"{name} is {value:g}, which is not possible here",))
            if data is not None and not data.fixed:
                hold(data, value)
        for name in decisions.keys() - decided.keys():
            if not decisions[name].fixed:
                hold(decisions[name], 0.0)

    return prepare
