"""Where to ask operation first: enough firm power for the hottest hour at every site."""

from scipy.sparse import csr_array

from components.base import Hours
from components.cooling import load
from components.registry import POWER
from planner.formulate.formulation import Formulation
from planner.formulate.hours import all_hours
from planner.formulate.operation import world_of
from solvers.program import Program


def guards_of(formulation: Formulation, program: Program) -> csr_array:
    """Return rows ``row . x >= 0``: capacity at its worst hour covers the load at its worst.

    They are no constraints of the plan (batteries, sun and curtailed load help too) and hold for
    the first point alone.
    """
    case, model = formulation.case, formulation.model
    number = {id(column): j for j, column in enumerate(program.columns)}
    year = all_hours(case.periods, 0)
    worst = {s: _worst_hour(formulation, s, year) for s in case.sites}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, (s, t) in enumerate(formulation.operated):
        here = {name: model.site[s].power[name].mw[t] for name in case.power}
        here |= {c: model.it_mw[s, c, t] for c in case.cooling}
        for name, variable in here.items():
            if id(variable) in number:
                rows.append(row)
                columns.append(number[id(variable)])
                values.append(worst[s][name])
    shape = (len(formulation.operated), program.cost.size)
    return csr_array((values, (rows, columns)), shape=shape)


def _worst_hour(formulation: Formulation, site: str, year: Hours) -> dict[str, float]:
    """Return the least share of each product, and the largest draw per MW of each cooling type."""
    case = formulation.case
    world = world_of(case, site, year)
    least = {
        name: min(
            (
                float(share.min())
                for share in POWER[type(product.figures)]
                .profile(product.figures, world)
                .shares.values()
            ),
            default=0.0,
        )
        for name, product in case.power.items()
    }
    return least | {c: -float(load.profile(p, world).max()) for c, p in case.cooling.items()}
