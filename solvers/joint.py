"""Several Programs as one: weighted costs, and decisions that they have in common.

The deterministic equivalent of a two-stage stochastic program (Birge and Louveaux, Introduction to
Stochastic Programming, 2nd ed., section 2.4, doi:10.1007/978-1-4614-0237-4), with one column where
several Programs decide the same thing, in place of rows that make columns equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from pyomo.core.base.var import VarData
from scipy.sparse import coo_array, csc_array

from solvers.errors import ModelError
from solvers.program import Floats, Ints, Program
from solvers.subproblem import Subproblem


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """K Programs joined into one.

    Attributes
    ----------
    program
        n columns: those in common once, all others of every Program; the rows of every Program,
        one after the other.
    columns : K arrays (n_k,)
        The joint column of each Program's columns.
    rows : K slices
        The joint rows of each Program.
    weights : (K,)
        By which costs were multiplied.
    """

    program: Program
    columns: tuple[Ints, ...]
    rows: tuple[slice, ...]
    weights: Floats

    def points(self, x: Floats) -> list[Floats]:
        """Return the point of each Program at a joint one."""
        return [x[columns] for columns in self.columns]

    def row_duals(self, row_dual: Floats) -> list[Floats]:
        """Return the duals of each Program's rows in its own money, that is, over its weight."""
        pairs = zip(self.rows, self.weights, strict=True)
        return [row_dual[rows] / weight for rows, weight in pairs]

    def reduced_costs(self, row_dual: Floats) -> list[Floats]:
        """Return the joint reduced cost behind each Program's columns."""
        reduced = self.program.cost - self.program.matrix.T @ row_dual
        return self.points(np.asarray(reduced))

    def moved(self, number: int, subproblem: Subproblem, name: str, cone: str) -> Subproblem:
        """Return a subproblem of one Program as one of the joint one.

        Prices stay: only their ratios matter, and a weight is on all of them.
        """
        columns = self.columns[number]
        links = np.where(subproblem.links >= 0, columns[subproblem.links], -1)
        return replace(
            subproblem,
            name=name,
            cone=cone,
            links=links.astype(np.int32),
            uses=columns[subproblem.uses],
        )


def join(
    programs: Sequence[Program],
    weights: Sequence[float],
    shared: Ints,
    names: Sequence[str],
) -> Joint:
    """Join Programs side by side.

    Parameters
    ----------
    programs
        K of them.
    weights : (K,)
        What each one's cost counts for.
    shared : (S, K)
        Columns that are one decision; -1 where a Program has no such column. Each column at most
        once. A column in common keeps to the bounds of all its owners and is whole if one is.
    names : K names
        Put before the names of rows.

    Raises
    ------
    ModelError
        If counts disagree.
    """
    if not len(programs) == len(weights) == len(names) == shared.shape[1]:
        msg = f"{len(programs)} programs, {len(weights)} weights and {shared.shape[1]} columns"
        raise ModelError(msg)
    columns, count = _numbered([program.cost.size for program in programs], shared)
    ends = np.cumsum([len(program.row_names) for program in programs]).tolist()
    starts = [0, *ends[:-1]]
    return Joint(
        program=_joined(programs, np.asarray(weights, dtype=float), columns, count, names),
        columns=columns,
        rows=tuple(slice(a, b) for a, b in zip(starts, ends, strict=True)),
        weights=np.asarray(weights, dtype=float),
    )


def _numbered(sizes: Sequence[int], shared: Ints) -> tuple[tuple[Ints, ...], int]:
    """Give every column its joint number, in the order of the Programs; a shared one only once."""
    numbered: list[Ints] = []
    of_shared = np.full(shared.shape[0], -1, dtype=np.int32)
    count = 0
    for k, size in enumerate(sizes):
        columns = np.full(size, -1, dtype=np.int32)
        known = (shared[:, k] >= 0) & (of_shared >= 0)
        columns[shared[known, k]] = of_shared[known]
        new = np.flatnonzero(columns < 0)
        columns[new] = count + np.arange(new.size)
        first = (shared[:, k] >= 0) & (of_shared < 0)
        of_shared[first] = columns[shared[first, k]]
        numbered.append(columns)
        count += new.size
    return tuple(numbered), count


def _joined(
    programs: Sequence[Program],
    weights: Floats,
    columns: Sequence[Ints],
    count: int,
    names: Sequence[str],
) -> Program:
    cost, lower = np.zeros(count), np.full(count, -np.inf)
    upper, integer = np.full(count, np.inf), np.zeros(count, dtype=bool)
    owners: dict[int, VarData | str] = {}
    for program, weight, where in zip(programs, weights, columns, strict=True):
        cost[where] += weight * program.cost
        lower[where] = np.maximum(lower[where], program.lower)
        upper[where] = np.minimum(upper[where], program.upper)
        integer[where] |= program.integer
        for j, column in zip(where.tolist(), program.columns, strict=True):
            owners.setdefault(j, column)
    return Program(
        cost=cost,
        matrix=_side_by_side(programs, columns, count),
        row_lower=np.concatenate([program.row_lower for program in programs]),
        row_upper=np.concatenate([program.row_upper for program in programs]),
        lower=lower,
        upper=upper,
        integer=integer,
        columns=tuple(owners[j] for j in range(count)),
        row_names=tuple(
            f"{name}: {row}"
            for name, program in zip(names, programs, strict=True)
            for row in program.row_names
        ),
        offset=float(weights @ np.array([program.offset for program in programs])),
    )


def _side_by_side(programs: Sequence[Program], columns: Sequence[Ints], count: int) -> csc_array:
    parts = [coo_array(program.matrix) for program in programs]
    starts = np.cumsum([0, *(part.shape[0] for part in parts)])
    row = np.concatenate([p.coords[0] + s for p, s in zip(parts, starts[:-1], strict=True)])
    column = np.concatenate([c[p.coords[1]] for p, c in zip(parts, columns, strict=True)])
    data = np.concatenate([part.data for part in parts])
    return csc_array(coo_array((data, (row, column)), shape=(int(starts[-1]), count)))
