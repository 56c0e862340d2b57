"""Plant that bridges the time to the grid: kept as backup, sold, or moved to another site."""

from collections.abc import Mapping

import pyomo.environ as pyo

from planner.case import Case, Product
from planner.formulate.formulation import Part

FAMILIES = ("gas", "fuel_cell")
"""What a buyer owns and can be taken down; leased plant goes when its contract ends."""


def terms_of(case: Case, product: Product) -> Mapping[str, float]:
    """Return the terms on which a product may leave a site, as figures; none: it stays."""
    technology = getattr(product.figures, "technology", "")
    if product.family not in FAMILIES or technology not in case.leaving:
        return {}
    return case.leaving[technology].figures()


def move_between_sites(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Let sites receive what sites ship, and nothing else.

    ``received_is_shipped[name, v, t]``: over all sites, units of a product and vintage that are
    received in a period are those that are shipped in it.
    """
    moving = {p.name for p in parts if p.investment.moved}
    first = next(iter(case.sites))
    keys = [
        (name, v, t)
        for name in case.power
        if name in moving
        for v, t in model.site[first].power[name].units_shipped
    ]

    @model.Constraint(keys)
    def received_is_shipped(m, name, v, t):  # type: ignore[no-untyped-def]
        here = [m.site[s].power[name] for s in case.sites]
        received = sum(b.units_received[v, t] for b in here)
        return received == sum(b.units_shipped[v, t] for b in here)
