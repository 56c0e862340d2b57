"""Retrofits of halls: their MW leave one cooling type and join another."""

from collections.abc import Iterable
from typing import cast

import numpy as np
import pyomo.environ as pyo

from components.base import Expr, Floats
from components.facility.block import Block
from components.facility.retrofit import Retrofit
from planner.case import Case, SiteCase
from planner.formulate.formulation import Part

FAMILY = "retrofit"
MARK = "_from_"
"""Between the name of a retrofit and the cooling type that leaves, in the name of its part."""


def left_mw(parts: list[Part], cooling: str, t: int) -> Expr:
    """Return the MW of halls that retrofits have taken from a cooling type until a period.

    For good: where a retrofit has worn out, the old cooling is not there again.
    """
    taken = [p for p in parts if p.family == FAMILY and left_by(p.name) == cooling]
    return sum(_taken_mw(p, t) for p in taken)


def joined_mw(parts: list[Part], cooling: str, t: int) -> Expr:
    """Return the MW of halls that retrofits have brought to a cooling type, while they last."""
    brought = [p for p in parts if p.family == FAMILY and p.cooling == cooling]
    return sum(p.investment.unit_mw * p.investment.units[t] for p in brought)


def left_by(name: str) -> str:
    """Return the cooling type that a retrofit takes the place of, from the name of its part.

    >>> left_by("direct_liquid_from_air_chiller")
    'air_chiller'
    """
    return name.rpartition(MARK)[2]


def retrofit_pairs(case: Case) -> list[tuple[str, str, str]]:
    """List each retrofit in use with the cooling types it leads from and to, both in use."""
    return [
        (name, before, after)
        for name, product in case.retrofits.items()
        if isinstance(product.figures, Retrofit)
        for before in product.figures.from_cooling
        for after in product.figures.to_cooling
        if before in case.cooling and after in case.cooling
    ]


def hall_years(case: Case, here: SiteCase, cooling: str) -> Floats | None:
    """Return how long halls with a cooling type still stand from the start of each period on [a].

    Of several the first that ends after the horizon counts, to be on the safe side; None: none is
    known to end.
    """
    if cooling not in here.halls_until:
        return None
    end_month = 12 * (here.halls_until[cooling] + 1)
    periods = case.periods
    left = (end_month - periods.first_order_month - periods.start_months) / 12
    return np.asarray(left, dtype=float)


def retrofit_halls(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Convert no more than there is: ``retrofits_within_blocks[s, c, t]``.

    MW that retrofits take from c until t <= MW of blocks with c that are there in t and still are
    in the last period. So a hall that ends within the horizon is not retrofitted, and a later hall
    does not take the place of one that was.
    """
    left = {before for _, before, _ in retrofit_pairs(case)}
    keys = [(s, c, t) for s in case.sites for c in sorted(left) for t in case.periods.index]
    model.retrofits_within_blocks = pyo.Constraint(keys)
    for s, c, t in keys:
        here = [p for p in parts if p.site == s]
        taken = [p for p in here if p.family == FAMILY and left_by(p.name) == c]
        halls = [p for p in here if p.family == "block" and p.cooling == c]
        converted = sum(_taken_mw(p, t) for p in taken)
        lasting = sum(_lasting_mw(case, p, t) for p in halls)
        model.retrofits_within_blocks[s, c, t] = converted <= lasting


def _added_mw(part: Part, periods: Iterable[int]) -> Expr:
    return part.investment.unit_mw * sum(part.investment.units_added[v] for v in periods)


def _lasting_mw(case: Case, part: Part, t: int) -> Expr:
    """Return the MW of a block that are there in a period and still are in the last one."""
    found, last = part.investment, case.periods.index[-1]
    alive = set(case.periods.alive(last, cast(Block, part.figures).life_years))
    before = found.unit_mw * found.existing[last] if found.existing else 0.0
    return before + _added_mw(part, sorted(alive & set(range(t + 1))))


def _taken_mw(part: Part, t: int) -> Expr:
    """Return the MW that the halls of all that a retrofit has converted had before."""
    return _added_mw(part, range(t + 1)) / cast(Retrofit, part.figures).kept_share
