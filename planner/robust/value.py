"""What it is worth to know the future, and to plan for several of them.

Birge and Louveaux, Introduction to Stochastic Programming, 2nd ed., chapter 4
(doi:10.1007/978-1-4614-0237-4): with WS the expected cost of plans that know their scenario, RP
that of the plan whose first decisions are shared, and EEV that of the first decisions of a plan for
the mean scenario,

    WS <= RP <= EEV,    EVPI = RP - WS,    VSS = EEV - RP.

Each cost is known between a proven bound and a plan, so each difference lies in an interval.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """A least cost as far as it is known.

    Attributes
    ----------
    bound_kusd, plan_kusd
        No plan costs less; a plan that was found costs this [1000 USD].
    """

    bound_kusd: float
    plan_kusd: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of least costs that cannot be negative.

    Attributes
    ----------
    low_kusd, high_kusd
        It is at least and at most this [1000 USD].
    kusd
        That of the plans that were found, within these [1000 USD].
    """

    low_kusd: float
    high_kusd: float
    kusd: float


def expected(costs: Iterable[tuple[float, Cost]]) -> Cost:
    """Return the expected cost of pairs of weight and cost."""
    pairs = list(costs)
    return Cost(
        bound_kusd=sum(weight * cost.bound_kusd for weight, cost in pairs),
        plan_kusd=sum(weight * cost.plan_kusd for weight, cost in pairs),
    )


def difference(more: Cost, less: Cost) -> Difference:
    """Return how much more one least cost is than another that cannot be above it.

    >>> difference(Cost(99.0, 100.0), Cost(89.0, 90.0))
    Difference(low_kusd=9.0, high_kusd=11.0, kusd=10.0)
    """
    low = max(0.0, more.bound_kusd - less.plan_kusd)
    high = max(low, more.plan_kusd - less.bound_kusd)
    return Difference(low, high, min(max(more.plan_kusd - less.plan_kusd, low), high))
