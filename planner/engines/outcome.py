"""What an engine hands back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.base import Floats, Hours


@dataclass(frozen=True, slots=True, eq=False)
class SiteDispatch:
    """The hours of one site in one period, as numbers.

    Attributes
    ----------
    hours
        The hours operated.
    power_mw : component to (H,)
        Net injection; ``load`` is negative, ``curtailed`` positive [MW].
    """

    hours: Hours
    power_mw: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """How a solve ended; the plan's values are in the formulation's model.

    Attributes
    ----------
    status
        ``solved`` to the gap asked for, or ``stopped`` at a limit with a plan.
    objective_kusd, bound_kusd
        Of the plan, and proven; discounted [1000 USD].
    dispatch : (site, period) to SiteDispatch
        Wherever something runs.
    prices : per row of `Formulation.limits`
        Change of the discounted objective per unit of the limit, at the continuous relaxation
        [1000 USD per unit].
    seconds : phase to seconds
        Where the time went.
    cuts
        Cuts in the master at the end; none in a monolithic solve.
    approximations
        Sentences on what the answer does not see.
    """

    status: str
    objective_kusd: float
    bound_kusd: float
    dispatch: Mapping[tuple[str, int], SiteDispatch]
    prices: tuple[float, ...]
    seconds: Mapping[str, float]
    cuts: int = 0
    approximations: tuple[str, ...] = field(default_factory=tuple)

    @property
    def gap(self) -> float:
        """Relative distance of the plan from the proven bound [1]."""
        scale = max(abs(self.objective_kusd), 1e-9)
        return max(self.objective_kusd - self.bound_kusd, 0.0) / scale
