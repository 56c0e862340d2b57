"""Retrofits of halls: their MW leave one cooling type and join another."""

from collections.abc import Iterable
from typing import cast

import pyomo.environ as pyo

from components.base import Expr
from components.facility.block import Block
from components.facility.retrofit import Retrofit
from planner.case import Case
from planner.formulate.formulation import Part

FAMILY = "retrofit"
MARK = "_from_"
"""Between the name of a retrofit and the cooling type that leaves, in the name of its part."""


def left_mw(parts: list[Part], cooling: str, t: int) -> Expr:
    """Return the MW of halls that retrofits have taken from a cooling type until a period."""
    return _mw([p for p in parts if p.family == FAMILY and left_by(p.name) == cooling], t)


def joined_mw(parts: list[Part], cooling: str, t: int) -> Expr:
    """Return the MW of halls that retrofits have brought to a cooling type until a period."""
    return _mw([p for p in parts if p.family == FAMILY and p.cooling == cooling], t)


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
        converted = sum(_added_mw(p, range(t + 1)) for p in taken)
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


def _mw(parts: list[Part], t: int) -> Expr:
    return sum(p.investment.unit_mw * p.investment.units[t] for p in parts)
