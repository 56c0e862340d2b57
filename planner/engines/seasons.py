"""Operation of every site, season by season, as arrays: compiled once, then stamped.

The components' algebra is compiled from Pyomo for one site and one window. For every other site
and window of the same length only numbers differ (what the sun, the heat and the prices are), and
these come from the components' own profiles.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pyomo.environ as pyo
from pyomo.core.base.var import VarData
from pyomo.repn import generate_standard_repn
from scipy.sparse import csc_array, csr_array

from components.base import USES, Expr, Floats, Hours
from components.cooling import load
from components.power.battery import Battery
from components.registry import POWER
from planner.case import Case
from planner.engines.links import (
    BUDGETS,
    budget_of,
    draw_of,
    end_of,
    link_names,
    mw_of,
    start_of,
)
from planner.formulate.hours import SEASON_H, all_hours, sampled_weeks
from planner.formulate.operation import CURTAILED, LOAD, SiteOperation, operate_site, world_of
from solvers.operation import Operation, split
from solvers.program import Ints, Program, compile_model


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Hours that one linear program operates.

    Attributes
    ----------
    name
        ``S1`` to ``S4`` for the seasons of the year; ``W`` and the first hour for sampled weeks.
    hours
        Which hours.
    is_open
        Whether storage levels at both ends are linking quantities; a window that is not open is
        closed in itself.
    """

    name: str
    hours: Hours
    is_open: bool


def windows_of(case: Case, t: int) -> tuple[Window, ...]:
    """Cut a period into the windows that are operated one by one, in order of time."""
    horizon = case.scenario.horizon
    if horizon.hours == "weeks":
        hours = sampled_weeks(case.periods, t, cast(int, horizon.weeks))
        return (Window(f"W{hours.of_year[0]}", hours, False),)
    of_year = all_hours(case.periods, t).of_year
    return tuple(
        Window(f"S{first // SEASON_H + 1}", _season(first), True)
        for first in of_year[::SEASON_H].tolist()
    )


def _season(first: int) -> Hours:
    order = np.arange(SEASON_H)
    return Hours(of_year=first + order, weight=np.ones(SEASON_H), before=order - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """The operation of one window, compiled, and where its numbers stand.

    Attributes
    ----------
    operation
        As arrays, with the numbers of the site it was compiled for.
    rows : (product, row family) to (H,), or (cooling type, "load") to (H,)
        Rows in which a profile stands.
    outputs : product to (H,)
        Columns of ``output_mw``; (K H,) where it comes in K pieces, piece by piece.
    budgets : (product, use) to the same length
        Where in the data of ``operation.matrix`` stands what they take of a budget.
    power : component to (H, n)
        Net injection as a function of the hourly columns.
    """

    operation: Operation
    rows: Mapping[tuple[str, str], Ints]
    outputs: Mapping[str, Ints]
    budgets: Mapping[tuple[str, str], Ints]
    power: Mapping[str, csr_array]


def compile_window(case: Case, site: str, window: Window) -> Template:
    """Compile the operation of a site over a window from the components' algebra."""
    model, links, found = _model(case, site, window)
    program = compile_model(model)
    number = {id(column): j for j, column in enumerate(program.columns)}
    operation = split(
        program,
        {name: number.get(id(variable)) for name, variable in links.items()},
        {use: _coefficients(found.uses[use], number) for use in USES},
        domain=_domain(case, tuple(links), is_open=window.is_open),
    )
    place = {int(j): i for i, j in enumerate(operation.columns)}
    hourly = {key: place[j] for key, j in number.items() if j in place}
    power = {name: _injection(found.power_mw[name], hourly) for name in (*case.classes, CURTAILED)}
    rows, outputs = _places(case, model, program, number)
    return Template(operation, rows, outputs, _entries(operation, model, program, outputs), power)


def _entries(
    operation: Operation, model: pyo.ConcreteModel, program: Program, outputs: Mapping[str, Ints]
) -> dict[tuple[str, str], Ints]:
    """Find where in the data of the hourly matrix stands what products take of the budgets."""
    number = {int(row): i for i, row in enumerate(operation.row_of)}
    name_of = {name: i for i, name in enumerate(program.row_names)}
    column = {int(j): i for i, j in enumerate(operation.columns)}
    matrix = operation.matrix
    in_column = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))
    found: dict[tuple[str, str], Ints] = {}
    for use, row in model.budget.items():
        at = np.full(matrix.shape[1], -1, dtype=np.int32)
        here = np.flatnonzero(matrix.indices == number[name_of[row.name]])
        at[in_column[here]] = here
        for product, columns in outputs.items():
            places = at[[column[int(j)] for j in columns]]
            if (places >= 0).all():
                found[product, use] = places
    return found


def _injection(power_mw: tuple[Expr, ...], hourly: Mapping[int, int]) -> csr_array:
    """Return a component's net injection as a matrix over the hourly columns."""
    hours, columns, values = [], [], []
    for h, expression in enumerate(power_mw):
        form = generate_standard_repn(expression, compute_values=True)
        hours += [h] * len(form.linear_vars)
        columns += [hourly[id(variable)] for variable in form.linear_vars]
        values += list(form.linear_coefs)
    return csr_array((values, (hours, columns)), shape=(len(power_mw), len(hourly)))


def _model(
    case: Case, site: str, window: Window
) -> tuple[pyo.ConcreteModel, dict[str, VarData], SiteOperation]:
    model = pyo.ConcreteModel(name=f"{site} {window.name}")
    names = link_names(case, is_open=window.is_open)
    model.link = pyo.Var(names, domain=pyo.NonNegativeReals)
    link = {name: model.link[name] for name in names}
    of_products: dict[str, dict[str, Expr]] = {
        product: {
            name.removeprefix(f"{product}."): variable
            for name, variable in link.items()
            if name.startswith(f"{product}.")
        }
        for product in case.classes
    }
    model.site = pyo.Block()
    it_mw = {c: link[draw_of(c)] for c in case.cooling}
    found = operate_site(model.site, case, site, window.hours, of_products, it_mw)
    model.budget = pyo.Constraint(BUDGETS)
    for use in BUDGETS:
        if found.uses[use].linear_vars:
            model.budget[use] = found.uses[use] <= link[budget_of(use)]
    model.uses = pyo.Objective(expr=sum(found.uses.values()))
    return model, link, found


def _domain(case: Case, links: tuple[str, ...], *, is_open: bool) -> Floats:
    """Return what every linking quantity is a sum of: levels are never above what a battery holds.

    Levels l, l' of a battery with 0 <= l, l' <= e MW are sums of (MW, 0, 0), (MW, e, 0),
    (MW, 0, e) and (MW, e, e); all else is independent.
    """
    place = {name: k for k, name in enumerate(links)}
    alone = np.eye(len(links))
    dropped: list[int] = []
    corners: list[Floats] = []
    for name, product in case.classes.items():
        if not (is_open and isinstance(product.figures, Battery)):
            continue
        ends = place[start_of(name)], place[end_of(name)]
        dropped += ends
        for full in ((ends[0],), (ends[1],), ends):
            corner = alone[place[mw_of(name)]].copy()
            corner[list(full)] = product.figures.usable_mwh_per_mw
            corners.append(corner)
    return np.vstack([np.delete(alone, dropped, axis=0), *corners])


def _coefficients(use: Expr, number: Mapping[int, int]) -> Floats:
    found = np.zeros(len(number))
    for variable, coefficient in zip(use.linear_vars, use.linear_coefs, strict=True):
        found[number[id(variable)]] += coefficient
    return found


def _places(
    case: Case, model: pyo.ConcreteModel, program: Program, number: Mapping[int, int]
) -> tuple[dict[tuple[str, str], Ints], dict[str, Ints]]:
    """Find where profiles stand: rows by product and family, columns by product."""
    row = {name: i for i, name in enumerate(program.row_names)}

    def rows_of(family: pyo.Constraint) -> Ints:
        return np.array([row[data.name] for data in family.values()], dtype=np.int32)

    rows: dict[tuple[str, str], Ints] = {}
    outputs: dict[str, Ints] = {}
    for name, product in case.classes.items():
        block = model.site.part[name]
        world = world_of(case, next(iter(case.sites)), _FIRST_HOUR)
        profile = POWER[type(product.figures)].profile(product.figures, world)
        for family in profile.shares:
            rows[name, family] = rows_of(block.component(family))
        if profile.amounts:
            outputs[name] = np.array(
                [number[id(variable)] for variable in block.output_mw.values()], dtype=np.int32
            )
    for cooling in case.cooling:
        rows[cooling, "load"] = rows_of(model.site.power_balance)
    return rows, outputs


_FIRST_HOUR = Hours(of_year=np.zeros(1, dtype=np.int64), weight=np.ones(1), before=np.zeros(1, int))


def stamp(case: Case, template: Template, site: str, window: Window) -> Operation:
    """Return the operation of another site or window: the template with its numbers."""
    world = world_of(case, site, window.hours)
    operation = template.operation
    for name, product in case.classes.items():
        profile = POWER[type(product.figures)].profile(product.figures, world)
        for family, share in profile.shares.items():
            rows = template.rows[name, family]
            operation = operation.with_link(mw_of(name), rows, -share.ravel())
        for use, amount in profile.amounts.items():
            per_mw = (1e-3 * window.hours.weight * amount).ravel()
            operation = operation.with_use(use, template.outputs[name], per_mw)
            if use in BUDGETS:
                operation = _with_entries(operation, template.budgets[name, use], per_mw)
    for cooling, figures in case.cooling.items():
        factor = load.profile(figures, world)
        operation = operation.with_link(draw_of(cooling), template.rows[cooling, "load"], -factor)
    return operation


def _with_entries(operation: Operation, at: Ints, values: Floats) -> Operation:
    """Return a copy with other entries of the hourly matrix; itself where they are the same.

    Only what burns fuel beyond the fence takes more of it at one site than at another.
    """
    matrix = operation.matrix
    if np.allclose(matrix.data[at], values, rtol=1e-12, atol=0):
        return operation
    data = matrix.data.copy()
    data[at] = values
    same = csc_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
    return replace(operation, matrix=same)


def dispatch_of_window(
    case: Case, template: Template, site: str, window: Window, links: Floats, x: Floats
) -> dict[str, Floats]:
    """Return the net injection of every component in every hour of a window [MW].

    Parameters
    ----------
    case, template, site, window
        Where and when.
    links : (K,)
        The linking quantities operated at.
    x : (n,)
        The hourly columns.
    """
    world = world_of(case, site, window.hours)
    found = {name: np.asarray(matrix @ x) for name, matrix in template.power.items()}
    names = template.operation.links
    found[LOAD] = -sum(
        (
            load.profile(figures, world) * links[names.index(draw_of(cooling))]
            for cooling, figures in case.cooling.items()
        ),
        np.zeros(len(window.hours)),
    )
    return found


def keys_of(case: Case) -> Iterator[tuple[str, str, Window]]:
    """List every site with every window that any period of it is cut into, with its key."""
    windows = {w.name: w for t in case.periods.index for w in windows_of(case, t)}
    for site in case.sites:
        for window in windows.values():
            yield f"{site}/{window.name}", site, window
