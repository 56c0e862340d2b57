"""Whole numbers of a joint Program block by block: with what is shared held, blocks are apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np
from scipy.sparse import csr_array

from solvers.highs import solve
from solvers.joint import Joint
from solvers.options import Options
from solvers.program import Floats, Ints, Program
from solvers.rounding import Proposal, Rounder
from solvers.solution import Solution


@dataclass(frozen=True, slots=True, eq=False)
class ByBlock:
    """Propose once as another rounder does, then better only what is not shared.

    Branch and bound on blocks side by side takes the product of what each takes. With the shared
    columns held at the best plan so far each block is a problem of its own, solved by itself, and
    much of what cuts learnt since then change is in the blocks. It gives no bound.

    Attributes
    ----------
    joint
        Whose columns those of the master are; rows that are cuts touch one block.
    first
        Proposes while there is no plan.
    options
        Of the branching of each block.
    """

    joint: Joint
    first: Rounder
    options: Options = field(default_factory=Options)

    def __call__(
        self, program: Program, relaxed: Solution, incumbent: Floats | None, time_limit_s: float
    ) -> Iterator[Proposal]:
        """Propose the best plan found within the limits."""
        if incumbent is None:
            yield from self.first(program, relaxed, incumbent, time_limit_s)
            return
        ends = perf_counter() + time_limit_s
        own, shared = own_columns(self.joint)
        x = incumbent.copy()
        for number, columns in enumerate(own):
            block = _block(program, columns, shared, incumbent)
            left_s = max(0.0, ends - perf_counter()) / (len(own) - number)
            limited = replace(self.options, time_limit_s=min(left_s, self.options.time_limit_s))
            where = np.concatenate([columns, shared])
            found = solve(block, limited, start=incumbent[where])
            if not found.has_point:
                return
            x[columns] = found.x[: columns.size]
        yield Proposal(x)


def own_columns(joint: Joint) -> tuple[list[Ints], Ints]:
    """Return the columns that are each Program's alone, and those that several share."""
    owners = np.zeros(joint.program.cost.size, dtype=np.int32)
    for columns in joint.columns:
        owners[columns] += 1
    own = [columns[owners[columns] == 1] for columns in joint.columns]
    return own, np.flatnonzero(owners > 1).astype(np.int32)


def _block(program: Program, own: Ints, shared: Ints, held_at: Floats) -> Program:
    """Return the rows that touch a block's own columns, with shared columns held."""
    rows = csr_array(program.matrix)
    touches = np.asarray(abs(rows[:, own]).sum(axis=1)).reshape(-1) > 0
    where = np.concatenate([own, shared])
    held = np.where(program.integer[shared], np.round(held_at[shared]), held_at[shared])
    kept = np.flatnonzero(touches)
    return Program(
        cost=program.cost[where],
        matrix=rows[kept][:, where].tocsc(),
        row_lower=program.row_lower[kept],
        row_upper=program.row_upper[kept],
        lower=np.concatenate([program.lower[own], held]),
        upper=np.concatenate([program.upper[own], held]),
        integer=np.concatenate([program.integer[own], np.zeros(shared.size, dtype=bool)]),
        columns=tuple(program.columns[j] for j in where),
        row_names=tuple(program.row_names[i] for i in kept),
    )
