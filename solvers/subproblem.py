"""Where a cone meets the master: which of its columns are whose, and in what units."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import coo_array, csr_array

from solvers.cut import CutSet
from solvers.errors import ModelError
from solvers.oracle import Ask
from solvers.program import Floats, Ints

LARGEST = 1e3
"""Largest coefficient of a row that is a cut.

HiGHS drops coefficients below 1e-9 and passes over violations below 1e-7: at this size both are
beneath the rounding of the duals that cuts are made of.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Subproblem:
    """Operation of one place over one season of one period, as the master sees it.

    This is the one place where units are converted: a quantity in the operation's units is the
    master's column times ``link_unit``; a use likewise times ``use_unit``.

    Attributes
    ----------
    name
        For messages and row names.
    cone
        Key of the operation. Cuts are shared by all subproblems of one cone: they have no
        constant term and so hold in every period.
    links : (K,)
        Master's column of each linking quantity; -1 where it is zero throughout.
    uses : (U,)
        Master's column of each use. It must have a lower bound, or a cost that is not negative.
    prices : (U,)
        At what prices to evaluate, in the operation's units: what a unit costs in the master's
        objective, in any money.
    link_unit : (K,)
        Operation's units per unit of the master.
    use_unit : (U,)
        Likewise.
    further : (F, U)
        Further prices, asked at where the first answer uses what they price. A use that rows of
        the master count besides its cost (curtailed load serves nobody) needs a plane of its own,
        or the master believes that it can pay for something else instead.
    """

    name: str
    cone: str
    links: Ints
    uses: Ints
    prices: Floats
    link_unit: Floats
    use_unit: Floats
    further: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def __post_init__(self) -> None:
        shapes = (self.links.shape, self.uses.shape, self.prices.shape)
        if shapes != (self.link_unit.shape, self.use_unit.shape, self.use_unit.shape):
            msg = f"{self.name}: links, uses, prices and units have shapes that do not fit"
            raise ModelError(msg)
        if (self.uses < 0).any() or not ((self.link_unit > 0).all() and (self.use_unit > 0).all()):
            msg = f"{self.name}: every use needs a column, every unit must be positive"
            raise ModelError(msg)

    def links_at(self, x: Floats) -> Floats:
        """Return the linking quantities at a point of the master, in the operation's units."""
        there = np.where(self.links >= 0, x[self.links], 0.0)
        return np.asarray(np.maximum(there, 0.0) * self.link_unit)

    def uses_at(self, x: Floats) -> Floats:
        """Return the uses at a point of the master, in the operation's units."""
        return np.asarray(x[self.uses] * self.use_unit)

    def ask(self, x: Floats, *, with_x: bool = False) -> Ask:
        """Return the question to put to the oracle at a point of the master."""
        return Ask(self.cone, self.links_at(x), self.prices, with_x)


def cut_rows(wanted: Sequence[tuple[Subproblem, CutSet]], columns: int) -> csr_array:
    """Write cuts as rows ``row · x >= 0`` of a master, scaled to a largest coefficient.

    Parameters
    ----------
    wanted
        Subproblems with the cuts to write for each.
    columns
        Columns of the master.
    """
    place, where, what = [], [], []
    start = 0
    for subproblem, cuts in wanted:
        linked = subproblem.links >= 0
        numbers = np.concatenate([subproblem.uses, subproblem.links[linked]])
        values = np.hstack(
            [
                cuts.prices * subproblem.use_unit,
                -(cuts.slopes * subproblem.link_unit)[:, linked],
            ]
        )
        place.append(np.repeat(np.arange(start, start + len(cuts)), numbers.size))
        where.append(np.tile(numbers, len(cuts)))
        what.append(values.reshape(-1))
        start += len(cuts)
    rows = coo_array(
        (np.concatenate(what), (np.concatenate(place), np.concatenate(where))),
        shape=(start, columns),
    ).tocsr()
    largest = abs(rows).max(axis=1).toarray().reshape(-1)
    scale = LARGEST / np.where(largest > 0, largest, 1.0)
    return csr_array(
        (rows.data * np.repeat(scale, np.diff(rows.indptr)), rows.indices, rows.indptr),
        shape=rows.shape,
    )
