"""What windows may use of what is limited: the slack of every cap is handed out.

A master that knows little of operation guesses uses too low. Operated within such a guess a site
would curtail load for no reason, so before operation is evaluated each window's budget is raised
towards the most it could use, as far as the caps on the sum leave room.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from pyomo.core.base.var import VarData
from scipy.sparse import csr_array, vstack

from planner.engines.links import BUDGETS, numbers_of, shift_at
from planner.engines.seams import Operated
from planner.engines.seasons import Template
from planner.formulate.formulation import Formulation
from solvers.operation import Operation
from solvers.program import Floats, Ints, Program
from solvers.subproblem import Subproblem

CAPS = ("grid share", "grid area share", "CO2", "carbon-free share")
"""Kinds of `Limit` that count the uses in `BUDGETS`."""


@dataclass(frozen=True, slots=True, eq=False)
class Budgets:
    """Hands out slack.

    Attributes
    ----------
    columns : (B,)
        Columns of the uses that have a budget.
    most : (B, n)
        What each window could use at most, as a function of the master's point.
    caps : (C, n), most_of_cap : (C,)
        Rows ``caps x <= most_of_cap`` of the master that limit uses.
    weight : (C, B)
        What a unit of each budget takes of each cap.
    within : (L,)
        Columns that stay within others: levels of storage, mean draws of work that may wait.
    most_within : (L, n)
        What each is at most, as a function of the master's point: what the battery holds, what
        the racks draw.
    """

    columns: Ints
    most: csr_array
    caps: csr_array
    most_of_cap: Floats
    weight: csr_array
    within: Ints
    most_within: csr_array

    def hand_out(self, x: Floats) -> Floats:
        """Return the point with budgets raised; the caps still hold with uses up to them.

        Levels and mean draws that a solver's tolerance put above what they stay within are put
        right.
        """
        raised = x.copy()
        raised[self.within] = np.clip(x[self.within], 0.0, np.maximum(self.most_within @ x, 0.0))
        wanted = np.maximum(self.most @ x - x[self.columns], 0.0)
        slack = np.maximum(self.most_of_cap - self.caps @ x, 0.0)
        asked = self.weight @ wanted
        granted = np.minimum(1.0, slack / np.maximum(asked, 1e-12))
        share = np.ones(len(self.columns))
        for cap, of_cap in enumerate(granted):
            here = self.weight[[cap]].indices
            share[here] = np.minimum(share[here], of_cap)
        raised[self.columns] += share * wanted
        return raised


def budgets_of(
    formulation: Formulation,
    operated: tuple[Operated, ...],
    subproblems: tuple[Subproblem, ...],
    templates: Mapping[int, Template],
    program: Program,
) -> Budgets:
    """Find budgets, what they could be, and the caps on them in the compiled master."""
    model = formulation.model
    number = numbers_of(program)
    columns: list[int] = []
    parents: list[int] = []
    most: list[csr_array] = []
    per_link = {hours: _most_per_link(each.operation) for hours, each in templates.items()}
    for at, subproblem in zip(operated, subproblems, strict=True):
        for use, rates in zip(BUDGETS, per_link[len(at.window.hours)], strict=True):
            columns.append(number[id(model.window_use[at.site, use, at.period, at.position])])
            parents.append(number[id(model.use[at.site, use, at.period])])
            linked = (subproblem.links >= 0) & (rates > 0)
            row = (rates[linked], (np.zeros(linked.sum(), dtype=int), subproblem.links[linked]))
            most.append(csr_array(row, shape=(1, program.cost.size)))
    levels, most_of_level = _levels(program)
    means, most_of_mean = _means(formulation, operated, number, program)
    capped = _cap_rows(formulation, program)
    caps = csr_array(program.matrix.tocsr()[capped])
    return Budgets(
        columns=np.array(columns, dtype=np.int32),
        most=csr_array(vstack(most, format="csr")) if most else csr_array((0, program.cost.size)),
        caps=caps,
        most_of_cap=program.row_upper[capped],
        weight=csr_array(caps[:, parents]),
        within=np.concatenate([levels, means]),
        most_within=csr_array(vstack([most_of_level, most_of_mean], format="csr")),
    )


def _most_per_link(operation: Operation) -> Floats:
    """Return what a unit of each linking quantity lets the budgeted uses be at most, (B, K).

    As if the sun shone and nothing lost output in the heat: shares of capacity are at most one.
    """
    able = csr_array(operation.column_link.astype(bool).astype(float))
    wanted = [operation.uses.index(use) for use in BUDGETS]
    return np.asarray((operation.use_matrix[wanted] @ able).toarray())


def _levels(program: Program) -> tuple[Ints, csr_array]:
    """Return the columns of levels, and the row of each solved for it: level <= row @ x."""
    rows = [i for i, n in enumerate(program.row_names) if n.startswith("level_within_battery[")]
    within = csr_array(program.matrix.tocsr()[rows])
    own = [
        next(j for j in within[[i]].indices if _is_level(program.columns[j]))
        for i in range(len(rows))
    ]
    most = (-within).tolil()
    most[np.arange(len(rows)), own] = 0
    return np.array(own, dtype=np.int32), csr_array(most)


def _means(
    formulation: Formulation,
    operated: tuple[Operated, ...],
    number: Mapping[int, int],
    program: Program,
) -> tuple[Ints, csr_array]:
    """Return the columns of mean draws of work that may wait, and the row of each one's most."""
    places = dict.fromkeys((o.site, o.period) for o in operated)
    pairs = [
        (number[id(mean)], number[id(most)])
        for s, t in places
        for most, mean in shift_at(formulation.case, formulation.model, s, t).values()
    ]
    means, most = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    row = (np.ones(len(pairs)), (np.arange(len(pairs)), most))
    return means, csr_array(row, shape=(len(pairs), program.cost.size))


def _is_level(column: VarData | str) -> bool:
    return not isinstance(column, str) and column.parent_component().local_name == "level"


def _cap_rows(formulation: Formulation, program: Program) -> list[int]:
    row = {name: i for i, name in enumerate(program.row_names)}
    wanted = [limit.row.name for limit in formulation.limits if limit.kind in CAPS]
    return [row[name] for name in wanted if name in row]
