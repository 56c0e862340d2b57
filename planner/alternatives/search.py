"""Plans within a budget of the best cost that have least or most of something.

The formulation stays as it is but for its objective and one row:

    min   cost + P lacking + O overrun
    s.t.  cost <= (1 + slack) best + overrun

``lacking`` is the measure, or a ceiling less the measure; P is such that all of the slack is worth
no more than `CARE` of the measure's scale, so that the cost only decides between plans that are
alike in it, and operation has its true prices. ``overrun`` is zero in the monolithic engine. The
decomposed one has to price points before it knows what operation there costs, so that a point may
overrun for a while, at a price `OVERRUN` that no plan pays gladly. Where the plan found still does,
the search is done again with as much less to spend, `TRIES` times at most; then there is none.

What is proven. Every plan within the budget has cost + P lacking >= the engine's bound, which is
honest for any objective: so lacking >= (bound - (1 + slack) best) / P. The cost's own bound
remains that of the best plan.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pyomo.environ as pyo

from planner.alternatives.aims import LEAST, Aim, open_sites, sites_aim, source_aims
from planner.case import Case
from planner.engines.outcome import Outcome, Report
from planner.errors import InfeasibleError, PlannerError, StoppedError
from planner.formulate.formulation import Formulation
from planner.plan.plan import Plan
from planner.plan.values import number
from planner.run import plan_case, quiet

CARE = 0.01
"""What all of the slack is worth, as a share of the measure's scale [1]."""

OVERRUN = 1e3
"""Price of overrunning the budget, over what cost itself weighs [1]."""

TRIES = 3
"""Searches for an alternative, each with less to spend if the one before overran."""

LESS = 1.5
"""What there is less to spend after an overrun, over it [1]."""

TOLERANCE = 1e-3
"""Overrun over the slack that is a solver's tolerance: of 2 % slack, 2.002 % [1]."""

NOTE = (
    "an alternative to the cheapest plan, within {slack:.1%} of its cost: {name}; limits have no "
    "prices, as it is not the cost that is least"
)


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """A plan within the budget.

    Attributes
    ----------
    name
        ``best``, or that of its aim.
    plan
        Audited as any.
    cost_over_best
        What it costs more, over the best plan's cost [1].
    measure, proven
        What it has of what it aimed at, and the least or most that any plan within the budget may
        have, in ``unit``; None of the best plan.
    unit
        Of both.
    """

    name: str
    plan: Plan
    cost_over_best: float = 0.0
    measure: float | None = None
    proven: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class NotFound:
    """An aim without a plan: its name, and why."""

    name: str
    why: str


@dataclass(slots=True)
class _Search:
    """Changes a formulation for an aim, and reads what the engine made of it."""

    aim: Aim
    best_kusd: float
    bound_kusd: float
    slack: float
    measure: float = 0.0
    proven: float = 0.0
    cost_kusd: float = 0.0
    overrun_kusd: float = 0.0
    held_back_kusd: float = 0.0

    @property
    def price_kusd(self) -> float:
        """What a unit of the measure is worth: P."""
        return self.slack * self.best_kusd / (CARE * self.aim.scale)

    @property
    def budget_kusd(self) -> float:
        """The most that an alternative may cost."""
        return (1 + self.slack) * self.best_kusd

    def prepare(self, formulation: Formulation) -> None:
        """Put the budget's row and the other objective into a formulation."""
        model = formulation.model
        cost = model.cost_kusd.expr
        spend_kusd = self.budget_kusd - self.held_back_kusd
        hard = formulation.case.scenario.solver.engine == "monolithic"
        model.overrun_kusd = pyo.Var(domain=pyo.NonNegativeReals)
        if hard:
            model.overrun_kusd.fix(0.0)
        model.within_budget = pyo.Constraint(expr=cost - model.overrun_kusd <= spend_kusd)
        model.cost_kusd.deactivate()
        lacking = self.aim.lacking(formulation)
        model.alternative = pyo.Objective(
            expr=cost + self.price_kusd * lacking + OVERRUN * model.overrun_kusd
        )

    def finish(self, formulation: Formulation, outcome: Outcome) -> Outcome:
        """Give the outcome its cost back, with the bound that is proven of the cost."""
        model = formulation.model
        self.cost_kusd = float(pyo.value(model.cost_kusd.expr))
        self.overrun_kusd = self.cost_kusd - self.budget_kusd
        self.measure = number(self.aim.measure(formulation))
        if not self.held_back_kusd:  # a bound of less to spend says nothing of the budget
            self._prove(outcome.bound_kusd)
        return replace(
            outcome,
            objective_kusd=self.cost_kusd,
            bound_kusd=min(self.bound_kusd, self.cost_kusd),
            prices=(float("nan"),) * len(outcome.prices),
            excess={},
            approximations=(
                *outcome.approximations,
                NOTE.format(slack=self.slack, name=self.aim.name.replace("_", " ")),
            ),
        )

    def _prove(self, bound_kusd: float) -> None:
        lacking = max((bound_kusd - self.budget_kusd) / self.price_kusd, 0.0)
        self.proven = lacking if self.aim.sense == LEAST else self.aim.ceiling - lacking

    def is_within(self) -> bool:
        """Tell whether the plan costs no more than the budget."""
        return self.overrun_kusd <= TOLERANCE * self.slack * abs(self.best_kusd)


def alternatives(
    case: Case,
    slack: float,
    n: int,
    *,
    report: Report = quiet,
    on_found: Callable[[Alternative | NotFound], None] | None = None,
) -> list[Alternative | NotFound]:
    """Return the best plan, then ``n`` alternatives: other sites, least and most of each source.

    In turn, those of which the best plan has most first; where sources are exhausted, further
    sites that differ from those of all plans before.

    Parameters
    ----------
    case
        The problem.
    slack
        What they may cost more, over the best plan [1].
    n
        How many are looked for.
    report
        Told of phases and progress.
    on_found
        Told of each as it is there, the best plan first.

    Raises
    ------
    PlannerError
        As `planner.run.plan_case` of the best plan; an alternative that fails is a `NotFound`.
    """
    tell = on_found or (lambda _: None)
    best = Alternative("best", plan_case(case, report=report))
    found: list[Alternative | NotFound] = [best]
    tell(best)
    for aim in _aims(best.plan, found, n):
        each = _alternative(case, aim, best.plan, slack, report)
        found.append(each)
        tell(each)
    return found


def _aims(best: Plan, found: list[Alternative | NotFound], n: int) -> Iterator[Aim]:
    """Yield n aims; that of other sites looks at what was found before."""
    sources, sites = iter(source_aims(best)), 0
    for position in range(n):
        aim = None if position == 0 else next(sources, None)
        if aim is None:
            plans = [each.plan for each in found if isinstance(each, Alternative)]
            sites += 1
            aim = sites_aim(plans, sites) or next(sources, None)
        if aim is None:
            return
        yield aim


def _alternative(
    case: Case, aim: Aim, best: Plan, slack: float, report: Report
) -> Alternative | NotFound:
    best_kusd = best.outcome.objective_kusd
    search = _Search(aim, best_kusd, best.outcome.bound_kusd, slack)
    try:
        plan = _within_budget(case, search, report)
    except (InfeasibleError, StoppedError) as error:
        return NotFound(aim.name, str(error))
    except PlannerError as error:
        return NotFound(aim.name, f"{type(error).__name__}: {error}")
    if not search.is_within():
        usd = 1000 * search.overrun_kusd
        why = f"the plan that was found overruns the budget by {usd:,.0f} USD"
        return NotFound(aim.name, f"{why}; try the engine monolithic, or a larger slack")
    over = search.cost_kusd / best_kusd - 1
    return Alternative(aim.name, plan, over, search.measure, search.proven, aim.unit)


def _within_budget(case: Case, search: _Search, report: Report) -> Plan:
    """Plan for an aim, again with less to spend while the plan overruns the budget."""
    for _ in range(TRIES):
        plan = plan_case(case, report=report, prepare=search.prepare, finish=search.finish)
        if search.is_within():
            break
        search.held_back_kusd += LESS * search.overrun_kusd
    return plan


def differing_sites(plan: Plan, best: Plan) -> int:
    """Return how many sites are open in one of two plans and not in the other."""
    return len(open_sites(plan) ^ open_sites(best))
