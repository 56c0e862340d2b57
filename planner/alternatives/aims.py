"""What an alternative is to have most or least of: power of a source, other sites."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from components.base import Expr
from planner.case import Case
from planner.formulate.facility import POWER_GROUPS
from planner.formulate.formulation import Formulation
from planner.plan.plan import Plan
from planner.plan.stock import GROUP, NO_CAPACITY
from planner.plan.values import number

LEAST, MOST = "least", "most"
SITES = "sites"


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """What one alternative is to have least or most of.

    Attributes
    ----------
    name
        Such as ``least_gas``; the name of its run folder.
    sense
        ``least`` or ``most``.
    unit
        Of the measure.
    measure
        Formulation to its measure, linear in the plan.
    scale
        What counts as much of it, in its unit; over zero.
    ceiling
        No plan has more, in its unit.
    """

    name: str
    sense: str
    unit: str
    measure: Callable[[Formulation], Expr]
    scale: float
    ceiling: float

    def lacking(self, formulation: Formulation) -> Expr:
        """Return what is to be as small as it can be, never below zero."""
        measure = self.measure(formulation)
        return measure if self.sense == LEAST else self.ceiling - measure


def source_aims(plan: Plan) -> list[Aim]:
    """Return least and most of each source, those first of which the best plan has most MW.

    The measure is the power in service in the last period. Of a source that the plan does not
    have, only the most is asked for; of those that no site may have, nothing.
    """
    case = plan.formulation.case
    kinds = {p.family for p in case.power.values() if p.family not in NO_CAPACITY}
    mw = {kind: number(source_mw(kind)(plan.formulation)) for kind in sorted(kinds)}
    total = max(sum(mw.values()), 1.0)
    aims = []
    for kind in sorted(kinds, key=lambda k: -mw[k]):
        senses = (LEAST, MOST) if mw[kind] > 1e-6 * total else (MOST,)
        measure, ceiling = source_mw(kind), _most_mw(case, kind)
        aims += [Aim(f"{s}_{kind}", s, "MW", measure, total, ceiling) for s in senses]
    return aims


def sites_aim(plans: Sequence[Plan], number_: int = 1) -> Aim | None:
    """Return the aim of sites that differ most from those of plans before; None of one site.

    The measure is the Hamming distance in the last period, the mean over those plans: sites that
    are open in one and not in the other. Maximising what earlier plans do not have is modelling
    to generate alternatives (DeCarolis 2011, doi:10.1016/j.eneco.2010.05.002).
    """
    case = plans[0].formulation.case
    if len(case.sites) < 2:
        return None
    opened = [open_sites(plan) for plan in plans]

    def distance(formulation: Formulation) -> Expr:
        last = case.periods.index[-1]
        built = {s: formulation.model.site[s].works.built[last] for s in case.sites}
        each = (1 - built[s] if s in before else built[s] for before in opened for s in case.sites)
        return (1 / len(opened)) * sum(each)

    size = float(len(case.sites))
    name = f"other_{SITES}" if number_ == 1 else f"other_{SITES}_{number_}"
    return Aim(name, MOST, "sites", distance, size, size)


def open_sites(plan: Plan) -> frozenset[str]:
    """Return the sites that are open in the last period."""
    case, model = plan.formulation.case, plan.formulation.model
    last = case.periods.index[-1]
    return frozenset(s for s in case.sites if number(model.site[s].works.built[last]) > 0.5)


def source_mw(kind: str) -> Callable[[Formulation], Expr]:
    """Return a measure: MW of a source in service in the last period, at all sites."""

    def measure(formulation: Formulation) -> Expr:
        last = formulation.case.periods.index[-1]
        return sum(
            p.investment.unit_mw * p.investment.units[last]
            for p in formulation.parts
            if p.family == kind and p.family not in GROUP
        )

    return measure


def _most_mw(case: Case, kind: str) -> float:
    """Return what ties a source to open sites: a ceiling on its MW."""
    ratio = max((r for families, r in POWER_GROUPS.values() if kind in families), default=15.0)
    return ratio * sum(here.limit_it_mw for here in case.sites.values())
