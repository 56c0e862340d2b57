"""Products that are dispatched alike: one hourly output stands for all of them.

Forty engines and turbines at fifty sites need not be forty outputs in every hour. Products whose
output falls alike with heat and height and whose heat rates all but agree are one class; what
is left of the difference is charged per MW, and the plan is dispatched product by product in the
end (`shares_by_merit`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from components.base import Floats, Parameters
from components.power.dispatchable import DispatchableParameters
from components.power.plant import in_order

HEAT_RATE_TOLERANCE = 0.03
"""Widest spread of heat rates in a class over its least [1]."""

Kind: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DispatchClass:
    """Products with one hourly output.

    Attributes
    ----------
    name
        That of its only product, or technology and heat rate, such as ``AERO-9.580``; where two
        classes would have one name (bought and leased engines), the second is ``AERO-9.580 (2)``.
    figures
        What operates: of several products, their technology with the middle heat rate and the
        middle variable cost.
    members : product to number
        MW of the class that a MW of the product's usable capacity makes [1].
    """

    name: str
    figures: Parameters
    members: Mapping[str, float]

    @property
    def is_single(self) -> bool:
        """Whether the class is one product."""
        return len(self.members) == 1


def dispatch_classes(
    products: Mapping[str, Parameters], tolerance: float = HEAT_RATE_TOLERANCE
) -> dict[str, DispatchClass]:
    """Put products into classes, in the order of their first member.

    Products share a class when kind, technology, derates by temperature and height, minimum load,
    and CO2 of the fuel agree, and heat rates lie within the tolerance. Outages may differ: they
    do not depend on the hour, so that a MW of one product is worth a fixed number of MW of
    another.

    Parameters
    ----------
    products
        Everything that may be bought to make or bring power.
    tolerance
        Widest spread of heat rates in a class over its least [1]; 0 puts only equals together.
    """
    kinds: dict[Kind, list[str]] = {}
    for name, p in products.items():
        kinds.setdefault(_kind(name, p), []).append(name)
    found: dict[str, DispatchClass] = {}
    for names in kinds.values():
        for members in _within(names, products, tolerance):
            one = _class(members, products)
            alike = sum(name.partition(" ")[0] == one.name for name in found)
            one = replace(one, name=f"{one.name} ({alike + 1})") if alike else one
            found[one.name] = one
    first = {name: position for position, name in enumerate(products)}
    return dict(sorted(found.items(), key=lambda item: min(first[m] for m in item[1].members)))


def _kind(name: str, p: Parameters) -> Kind:
    if not isinstance(p, DispatchableParameters) or not type(p).CLASSED:
        return (name,)
    return (
        type(p),
        getattr(p, "technology", ""),
        p.derate_per_c,
        p.derate_per_km,
        p.minimum_load_share,
        p.co2_t_per_mmbtu,
    )


def _within(
    names: Sequence[str], products: Mapping[str, Parameters], tolerance: float
) -> list[list[str]]:
    """Cut products of one kind, by rising heat rate, wherever the spread would be too wide."""
    if len(names) == 1:
        return [list(names)]
    rate = {n: _burner(products[n]).net_heat_rate_mmbtu_per_mwh for n in names}
    groups: list[list[str]] = []
    for name in sorted(names, key=lambda n: (rate[n], n)):
        if groups and rate[name] <= (1 + tolerance) * rate[groups[-1][0]] * (1 + 1e-12):
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def _class(members: Sequence[str], products: Mapping[str, Parameters]) -> DispatchClass:
    if len(members) == 1:
        (name,) = members
        return DispatchClass(name, products[name], {name: 1.0})
    all_figures = [_burner(products[m]) for m in members]
    rates = [p.net_heat_rate_mmbtu_per_mwh for p in all_figures]
    costs = [p.variable_om_usd_per_mwh for p in all_figures]
    first = all_figures[0]
    middle = (min(rates) + max(rates)) / 2
    figures = first.model_copy(
        update={
            "heat_rate_mmbtu_per_mwh": middle / (1 + first.heat_rate_margin),
            "variable_om_usd_per_mwh": (min(costs) + max(costs)) / 2,
        }
    )
    name = f"{getattr(first, 'technology', type(first).__name__)}-{middle:.3f}"
    worth = {m: in_order(p) / in_order(first) for m, p in zip(members, all_figures, strict=True)}
    return DispatchClass(name, figures, worth)


def _burner(p: Parameters) -> DispatchableParameters:
    if not isinstance(p, DispatchableParameters):
        msg = f"{type(p).__name__} is not dispatched at will"
        raise TypeError(msg)
    return p


def shares_by_merit(
    output_mw: Floats, able_mw: Mapping[str, Floats], usd_per_mwh: Mapping[str, float]
) -> dict[str, Floats]:
    """Share the hourly output of a class among its products, cheapest first.

    As all hours of a period have the same price of fuel, no other way costs less.

    Parameters
    ----------
    output_mw : (H,)
        Of the class [MW].
    able_mw : product to (H,)
        Most that each can give in every hour [MW]; together at least the output.
    usd_per_mwh : product to number
        What a MWh of each costs [USD/MWh].

    Returns
    -------
    product to (H,)
        Outputs that sum to that of the class [MW]; what rounding leaves over goes to the last.
    """
    left = output_mw.copy()
    found: dict[str, Floats] = {}
    order = sorted(able_mw, key=lambda name: (usd_per_mwh[name], name))
    for name in order:
        found[name] = np.minimum(left, able_mw[name])
        left = left - found[name]
    found[order[-1]] = found[order[-1]] + left
    return found
