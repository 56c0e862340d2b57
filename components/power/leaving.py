"""Plant that leaves a site before its life ends: sold for what is left of it, or moved on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Investment, Parameters, Setting
from components.finance import charge_rate

SALVAGE, RELOCATION = "salvage_share", "relocation_usd_per_kw"
"""Figures of the place that say on which terms a plant may leave."""


class Leaving(Parameters):
    """Terms on which plant of one technology may leave a site."""

    technology: str = Field(min_length=1, description="As in the products' figures, such as HSR")
    salvage_share: float = Field(
        ge=0, le=1, description="What a buyer pays over what is still owed [1]"
    )
    relocation_usd_per_kw: float = Field(
        ge=0, description="Taking down, hauling and setting up at another site [USD/kW]"
    )

    def figures(self) -> dict[str, float]:
        """Return the terms as figures of a setting; see `terms`."""
        return {SALVAGE: self.salvage_share, RELOCATION: self.relocation_usd_per_kw}


def may_leave(setting: Setting) -> bool:
    """Tell whether the setting says on which terms plant may leave."""
    return SALVAGE in setting.figures


@dataclass(frozen=True, slots=True, eq=False)
class Vintages:
    """Units by the period that they were first added in, and what each period does to them.

    Attributes
    ----------
    here : (v, t) to expression
        Units of vintage v in service at the site in period t.
    sold : (v, t) to expression
        Units of vintage v sold up to and in period t, whose life has not ended.
    moved : ``sold``, ``shipped`` or ``received`` to n expressions
        Units that leave or arrive at the start of each period.
    relocation_usd : n expressions
        Paid where units arrive [USD].
    relocation_usd_per_year : n expressions
        The same, spread over what is left of each unit's life [USD/a].
    """

    here: Mapping[tuple[int, int], Expr]
    sold: Mapping[tuple[int, int], Expr]
    moved: Mapping[str, tuple[Expr, ...]]
    relocation_usd: tuple[Expr, ...]
    relocation_usd_per_year: tuple[Expr, ...]


def let_leave(
    block: pyo.Block, life_years: float, unit_mw: float, recovery_years: int, setting: Setting
) -> Vintages:
    """Add what may become of units after they are added: sold, shipped, received.

    Writes ``units_sold[v, t]``, ``units_shipped[v, t]`` and ``units_received[v, t]`` for vintages v
    that are still alive in a later period t, and the row ``leaves_what_is_there[v, t]``: no more
    has left by t than was added in v and has arrived. A unit keeps its vintage, and so the end of
    its life, where it goes. What is added whole leaves whole.

    Parameters
    ----------
    block
        With ``units_added``.
    life_years, unit_mw, recovery_years
        Of the product [a], [MW], [a].
    setting
        With the terms.

    Returns
    -------
    Vintages
    """
    periods = setting.periods
    pairs = [(v, t) for t in periods.index for v in periods.alive(t, life_years)]
    later = [(v, t) for v, t in pairs if v < t and not block.units_added[v].fixed]
    whole = unit_mw >= setting.whole_units_from_mw
    domain = pyo.NonNegativeIntegers if whole else pyo.NonNegativeReals
    for name in ("units_sold", "units_shipped", "units_received"):
        block.add_component(name, pyo.Var(later, domain=domain))

    def up_to(name: str, v: int, t: int) -> Expr:
        column = block.component(name)
        return sum(column[v, at] for at in range(v + 1, t + 1) if (v, at) in column)

    def gone(v: int, t: int) -> Expr:
        left = up_to("units_sold", v, t) + up_to("units_shipped", v, t)
        return left - up_to("units_received", v, t)

    @block.Constraint(later)
    def leaves_what_is_there(b, v, t):  # type: ignore[no-untyped-def]
        return gone(v, t) <= b.units_added[v]

    def moves(name: str) -> tuple[Expr, ...]:
        column = block.component(name)
        return tuple(sum(column[v, at] for v, at in later if at == t) for t in periods.index)

    usd = 1000 * unit_mw * setting.figures[RELOCATION]
    arrives = moves("units_received")
    return Vintages(
        here={(v, t): block.units_added[v] - gone(v, t) for v, t in pairs},
        sold={(v, t): up_to("units_sold", v, t) for v, t in pairs},
        moved={"sold": moves("units_sold"), "shipped": moves("units_shipped"), "received": arrives},
        relocation_usd=tuple(usd * n for n in arrives),
        relocation_usd_per_year=_relocation(block, later, usd, life_years, recovery_years, setting),
    )


def _relocation(
    block: pyo.Block,
    later: list[tuple[int, int]],
    usd: float,
    life_years: float,
    recovery_years: int,
    setting: Setting,
) -> tuple[Expr, ...]:
    """Spread what relocating costs over what is left of each unit's life [USD/a]."""
    periods = setting.periods
    start = periods.start_months / 12
    yearly = {
        (v, at): usd
        * charge_rate(
            setting, float(life_years - (start[at] - start[v])), recovery_years=recovery_years
        )
        for v, at in later
    }
    return tuple(
        sum(
            yearly[v, at] * block.units_received[v, at]
            for v, at in later
            if at <= t and v in periods.alive(t, life_years)
        )
        for t in periods.index
    )


def with_moves(
    found: Investment,
    vintages: Vintages,
    usd_per_year: Sequence[float],
    life_years: float,
    setting: Setting,
) -> Investment:
    """Charge for units in the periods in which they serve, wherever that is, and for moving them.

    The charge follows the unit. Of a unit that is sold, ``1 - salvage_share`` of it is owed until
    its life would have ended: that has the same present value as paying, at the sale, that share
    of all that is still owed, and leaves what lies beyond the horizon uncharged like every other
    cost.

    Parameters
    ----------
    found
        The product's units, charged as if they stayed.
    vintages
        Units by vintage.
    usd_per_year : n numbers
        Yearly charge for a unit of each vintage [USD/a].
    life_years
        Economic life [a].
    setting
        Periods and terms.

    Returns
    -------
    Investment
        With the items ``capital`` of what serves here and is still owed, and ``relocation`` of
        what arrives, whose cost is overnight cost too.
    """
    owed = 1 - setting.figures[SALVAGE]
    periods = setting.periods
    capital = tuple(
        sum(
            usd_per_year[v] * (vintages.here[v, t] + owed * vintages.sold[v, t])
            for v in periods.alive(t, life_years)
        )
        for t in periods.index
    )
    more = {"capital": capital, "relocation": vintages.relocation_usd_per_year}
    spent = zip(found.capex_usd, vintages.relocation_usd, strict=True)
    return replace(
        found,
        annual_usd={**found.annual_usd, **more},
        capex_usd=tuple(new + moved for new, moved in spent),
        moved=vintages.moved,
    )
