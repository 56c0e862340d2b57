"""What links a window of operation to whoever decides: names, and columns of a master."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pyomo.core.base.var import VarData

from components.base import USES, Floats
from components.power.battery import Battery
from planner.case import Case
from solvers.program import Program
from solvers.subproblem import Subproblem

BUDGETS = ("grid_gwh", "co2_kt", "fired_gwh")
"""Uses that some limit may count: operation keeps each within a budget that is handed to it."""

NOTHING_FURTHER = np.zeros((0, len(USES)))


def link_names(case: Case, *, is_open: bool) -> tuple[str, ...]:
    """Name the linking quantities of every site's operation, in order."""
    names: list[str] = []
    for name, product in case.classes.items():
        names.append(mw_of(name))
        if is_open and isinstance(product.figures, Battery):
            names += [start_of(name), end_of(name)]
    names += map(draw_of, case.cooling)
    if case.defer_h is not None:
        names += [name for c in case.cooling for name in (shift_of(c), shift_mean_of(c))]
    return (*names, *map(budget_of, BUDGETS))


def mw_of(product: str) -> str:
    """Name the capacity of a product [MW]."""
    return f"{product}.mw"


def start_of(battery: str) -> str:
    """Name the level of a battery before the first hour [MWh]."""
    return f"{battery}.level_start_mwh"


def end_of(battery: str) -> str:
    """Name the least level of a battery after the last hour [MWh]."""
    return f"{battery}.level_end_mwh"


def draw_of(cooling: str) -> str:
    """Name the draw of the racks on a cooling type that is the same in every hour [MW]."""
    return f"it_mw.{cooling}"


def shift_of(cooling: str) -> str:
    """Name the most draw of the racks whose work may wait [MW]."""
    return f"shift_mw.{cooling}"


def shift_mean_of(cooling: str) -> str:
    """Name the mean draw that the racks whose work may wait must have [MW]."""
    return f"shift_mean_mw.{cooling}"


def reference_of(case: Case) -> tuple[str, ...]:
    """Name the linking quantities that say how large a site is: draws of racks [MW]."""
    shifted = () if case.defer_h is None else tuple(map(shift_of, case.cooling))
    return (*map(draw_of, case.cooling), *shifted)


def shift_at(case: Case, model: Any, site: str, t: int) -> dict[str, tuple[VarData, VarData]]:
    """Return most and mean draw of the racks whose work may wait, by cooling type.

    Empty where no work may wait.
    """
    if case.defer_h is None:
        return {}
    return {c: (model.shift_mw[site, c, t], model.shift_mean_mw[site, c, t]) for c in case.cooling}


def budget_of(use: str) -> str:
    """Name the most that may be used over the window [unit of the use]."""
    return f"budget.{use}"


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The variables of a master that one window is linked to.

    Attributes
    ----------
    mw : product to variable
        Capacities [MW].
    it_mw : cooling type to variable
        Draw of the racks that is the same in every hour [MW].
    levels : battery to two variables
        Levels before the first and after the last hour; none where the window is not open [MWh].
    budgets, uses : use to variable
        The most that may be used, and what is used [unit of the use].
    shift_mw : cooling type to two variables
        Most and mean draw of the racks whose work may wait; none where no work may [MW].
    """

    mw: Mapping[str, VarData]
    it_mw: Mapping[str, VarData]
    levels: Mapping[str, tuple[VarData, VarData]]
    budgets: Mapping[str, VarData]
    uses: Mapping[str, VarData]
    shift_mw: Mapping[str, tuple[VarData, VarData]] = field(default_factory=dict)

    def by_name(self) -> dict[str, VarData]:
        """Return the variable of every linking quantity."""
        return (
            {mw_of(p): v for p, v in self.mw.items()}
            | {start_of(p): v for p, (v, _) in self.levels.items()}
            | {end_of(p): v for p, (_, v) in self.levels.items()}
            | {draw_of(c): v for c, v in self.it_mw.items()}
            | {shift_of(c): v for c, (v, _) in self.shift_mw.items()}
            | {shift_mean_of(c): v for c, (_, v) in self.shift_mw.items()}
            | {budget_of(u): v for u, v in self.budgets.items()}
        )


def numbers_of(program: Program) -> dict[int, int]:
    """Return the column of each Pyomo variable, by its ``id``."""
    return {id(column): j for j, column in enumerate(program.columns)}


def subproblem(
    case: Case,
    name: str,
    cone: str,
    columns: Columns,
    prices: Mapping[str, float],
    number: Mapping[int, int],
    further: Floats = NOTHING_FURTHER,
) -> Subproblem:
    """Tell the solver which columns of the master are whose; units are those of the components.

    Parameters
    ----------
    case
        Gives the order of the linking quantities.
    name, cone
        Of the window, for messages; of its operation.
    columns
        Variables of the master.
    prices : use to number
        At which operation is evaluated [1000 USD per unit of the use].
    number
        From `numbers_of`.
    further : (F, U)
        See `Subproblem`.
    """
    variable = columns.by_name()
    names = link_names(case, is_open=bool(columns.levels))
    return Subproblem(
        name=name,
        cone=cone,
        links=np.array([number.get(id(variable[n]), -1) for n in names], dtype=np.int32),
        uses=np.array([number[id(columns.uses[u])] for u in USES], dtype=np.int32),
        prices=np.array([prices[u] for u in USES]),
        link_unit=np.ones(len(names)),
        use_unit=np.ones(len(USES)),
        further=further,
    )
