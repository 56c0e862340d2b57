"""The types that cross between a component and the planner.

The planner hands a component a `Setting` (what may be known when deciding) or a `World` (what may
be known when operating); the component hands back an `Investment` or an `Operation`. Nobody looks
inside the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from components.taxes import Taxes

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Expr: TypeAlias = Any
"""A Pyomo variable, expression or number; Pyomo ships no types."""

USES = (
    "fuel_gbtu",
    "variable_kusd",
    "grid_gwh",
    "grid_energy_kusd",
    "curtailed_gwh",
    "co2_kt",
    "fired_gwh",
)
"""What operation takes from the rest of the world, per period.

Fuel is HHV [1000 MMBtu]; ``grid_energy_kusd`` is at the base year's prices; ``co2_kt`` is what
leaves the site's own stacks; ``fired_gwh`` is what plants that burn or convert fuel make.
"""


class Parameters(BaseModel):
    """Figures of one kind of thing: frozen, unknown keys refused.

    Every number says its unit in square brackets at the end of its description.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """The investment steps, in order.

    Attributes
    ----------
    labels : n names
        Such as ``2028`` or ``2028-H1``.
    year : (n,)
        Calendar year.
    length_years : (n,)
        Length of each period [a].
    start_months : (n,)
        Months from the first possible order to the start of each period.
    first_order_month : months
        The month of the first possible order, counted from year 0: ``12 * year + month - 1``.
    discount : (n,)
        Present value, at the start of the first period, of one dollar spent at mid-period [1].
    """

    labels: tuple[str, ...]
    year: Ints
    length_years: Floats
    start_months: Floats
    first_order_month: int
    discount: Floats

    def __len__(self) -> int:
        """Return how many periods there are."""
        return len(self.labels)

    @property
    def index(self) -> range:
        """Positions of the periods: what Pyomo variables are indexed by."""
        return range(len(self.labels))

    def arrived(self, t: int, lead_months: float) -> bool:
        """Tell whether a thing ordered at once is there when period ``t`` starts."""
        return bool(self.start_months[t] >= lead_months - 1e-9)

    def alive(self, t: int, life_years: float) -> list[int]:
        """List the periods whose additions are still in service in period ``t``."""
        start = self.start_months / 12
        return [v for v in range(t + 1) if start[t] - start[v] < life_years - 1e-9]


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """Hours that are operated together, in order of time.

    Attributes
    ----------
    of_year : (H,)
        Hour of the year, 0 to 8759, and 8760 more for each weather year before its own: where
        it stands in the profiles of a site.
    weight : (H,)
        Hours of the period that each stands for; they sum to the period's length [h].
    before : (H,)
        Position of the hour before; -1 where the level at the start is given from outside.
    """

    of_year: Ints
    weight: Floats
    before: Ints

    def __len__(self) -> int:
        """Return how many hours are operated."""
        return len(self.weight)

    @property
    def index(self) -> range:
        """Positions of the hours: what Pyomo variables are indexed by."""
        return range(len(self.weight))


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What a component may know when deciding what is built at one site.

    Attributes
    ----------
    periods
        The investment steps.
    cost_of_capital
        Real, per year; the annuity of every addition [1].
    whole_units_from_mw
        Units at least this large are built whole [MW].
    figures
        Numbers of the place, by name with its unit, such as ``line_miles``.
    taxes
        Income tax and the mix of capital, which then take the place of ``cost_of_capital``; None:
        charges are annuities.
    existing_mw : (n,)
        What is in service of the thing from before the first period; None: nothing [MW].
    stands
        Whether a thing that a site has once was there before the first period.
    """

    periods: Periods
    cost_of_capital: float
    whole_units_from_mw: float
    figures: Mapping[str, float] = field(default_factory=dict)
    taxes: Taxes | None = None
    existing_mw: Floats | None = None
    stands: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What a component may know when operating one site.

    Attributes
    ----------
    hours
        The hours operated together.
    profiles : name to (H,)
        Such as ``drybulb_c``, ``wetbulb_c``, ``solar_capacity_factor``,
        ``wind_capacity_factor``, ``grid_price_usd_per_mwh``.
    figures
        Numbers of the place, such as ``elevation_m``.
    """

    hours: Hours
    profiles: Mapping[str, Floats]
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What the place and the hours change in a component's operation; the rest is constant.

    The weights of the hours are not in it: they are the same for every component.

    Attributes
    ----------
    shares : family of rows to (H,), or to (K, H) of what gives its output in K pieces
        For each hour, what stands before the link ``mw`` in that family of rows,
        ``variable <= share * mw`` [1].
    amounts : use to (H,) or (K, H)
        For each of `USES` that it touches, what a MWh of ``output_mw`` takes, in thousandths of
        the use's unit: MMBtu, USD, MWh or t per MWh, as `components.power.generator.priced`
        expects.
    """

    shares: Mapping[str, Floats]
    amounts: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Investment:
    """What the investment model may see of a component at one site.

    Attributes
    ----------
    units_added, units : n expressions
        Units that enter service in, and are in service during, each period.
    unit_mw
        Size of one unit [MW].
    links : name to n variables
        Linking quantities that operation is bounded by, such as ``mw`` or ``mwh``.
    annual_usd : item to n expressions
        What each period costs per year, before any operation [USD/a].
    capex_usd : n expressions
        Overnight cost of what is added in each period [USD].
    draws : supply to n expressions
        What additions of each period take from limited supplies, by the supply's name.
    moved : ``sold``, ``shipped`` or ``received`` to n expressions
        Units that leave or arrive at the start of each period; empty where none may.
    existing : n numbers
        Units in service from before the first period, which are among ``units``; empty: none.
    """

    units_added: tuple[Expr, ...]
    units: tuple[Expr, ...]
    unit_mw: float
    links: Mapping[str, tuple[Expr, ...]]
    annual_usd: Mapping[str, tuple[Expr, ...]]
    capex_usd: tuple[Expr, ...]
    draws: Mapping[str, tuple[Expr, ...]] = field(default_factory=dict)
    moved: Mapping[str, tuple[Expr, ...]] = field(default_factory=dict)
    existing: tuple[float, ...] = ()

    def may_stand(self, t: int) -> bool:
        """Tell whether any unit can be there in a period: added until then, or from before."""
        before = bool(self.existing) and self.existing[t] > 0
        return before or any(not added.fixed for added in self.units_added[: t + 1])


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """What a site's hourly model may see of a component.

    Attributes
    ----------
    power_mw : H expressions
        Net injection at the site's bus; positive feeds the bus [MW].
    uses : name to coefficients
        For each of `USES` that it touches: pairs of (variable, amount per MW in that hour).
    """

    power_mw: tuple[Expr, ...]
    uses: Mapping[str, tuple[tuple[Expr, float], ...]] = field(default_factory=dict)
