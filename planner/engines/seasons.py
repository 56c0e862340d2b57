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
from scipy.sparse import csc_array, csr_array

from components.base import USES, Expr, Floats, Hours
from components.cooling import load, shifted_load
from components.power.battery import Battery
from components.registry import POWER
from planner.case import Case
from planner.engines.finding import (
    coefficients_of,
    entries_in_rows,
    entries_of_budgets,
    injection_matrix,
    places_of_profiles,
)
from planner.engines.links import (
    BUDGETS,
    budget_of,
    draw_of,
    end_of,
    link_names,
    mw_of,
    shift_mean_of,
    shift_of,
    start_of,
)
from planner.formulate.hours import (
    SEASON_H,
    hours_of,
    sampled_weeks,
    season_of,
    weather_year_of,
)
from planner.formulate.operation import CURTAILED, LOAD, SiteOperation, operate_site, world_of
from solvers.operation import Operation, split
from solvers.program import Ints, compile_model


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Hours that one linear program operates.

    Attributes
    ----------
    name
        ``S1`` to ``S4`` for the seasons of the year, ``Y2S1`` for one of the second of several
        weather years; ``W`` and the first hour for sampled weeks.
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
    every = hours_of(case, t)
    return tuple(
        _season(case, every, slice(first, first + SEASON_H))
        for first in range(0, len(every), SEASON_H)
    )


def _season(case: Case, every: Hours, part: slice) -> Window:
    """Return a part of the hours of a period as a window, named for when it is."""
    before = np.arange(-1, SEASON_H - 1)
    hours = Hours(of_year=every.of_year[part], weight=every.weight[part], before=before)
    season, year = season_of(hours.of_year)[0], weather_year_of(hours.of_year)[0]
    named_year = f"Y{year + 1}" if case.scenario.sites.weather_years > 1 else ""
    return Window(f"{named_year}S{season + 1}", hours, True)


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
    shifted : cooling type to (H,)
        Which hourly columns are the draw of racks whose work may wait; empty: none may.
    drawn : cooling type to (H,)
        Where in the data of ``operation.matrix`` stands what that draw takes of the bus.
    """

    operation: Operation
    rows: Mapping[tuple[str, str], Ints]
    outputs: Mapping[str, Ints]
    budgets: Mapping[tuple[str, str], Ints]
    power: Mapping[str, csr_array]
    shifted: Mapping[str, Ints]
    drawn: Mapping[str, Ints]


def compile_window(case: Case, site: str, window: Window) -> Template:
    """Compile the operation of a site over a window from the components' algebra."""
    model, links, found = _model(case, site, window)
    program = compile_model(model)
    number = {id(column): j for j, column in enumerate(program.columns)}
    operation = split(
        program,
        {name: number.get(id(variable)) for name, variable in links.items()},
        {use: coefficients_of(found.uses[use], number) for use in USES},
        domain=_domain(case, tuple(links), is_open=window.is_open),
    )
    place = {int(j): i for i, j in enumerate(operation.columns)}
    hourly = {key: place[j] for key, j in number.items() if j in place}
    power = {
        name: injection_matrix(found.power_mw[name], hourly) for name in (*case.classes, CURTAILED)
    }
    rows, outputs = places_of_profiles(case, model, program, number)
    shifted = {
        cooling: np.array([hourly[id(variable)] for variable in drawn], dtype=np.int32)
        for cooling, drawn in found.shifted_mw.items()
    }
    return Template(
        operation,
        rows,
        outputs,
        entries_of_budgets(operation, model, program, outputs),
        power,
        shifted,
        {c: entries_in_rows(operation, rows[c, "load"], columns) for c, columns in shifted.items()},
    )


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
    shift_mw = (
        None
        if case.defer_h is None
        else {c: (link[shift_of(c)], link[shift_mean_of(c)]) for c in case.cooling}
    )
    found = operate_site(model.site, case, site, window.hours, of_products, it_mw, shift_mw)
    model.budget = pyo.Constraint(BUDGETS)
    for use in BUDGETS:
        if found.uses[use].linear_vars:
            model.budget[use] = found.uses[use] <= link[budget_of(use)]
    model.uses = pyo.Objective(expr=sum(found.uses.values()))
    return model, link, found


def _domain(case: Case, links: tuple[str, ...], *, is_open: bool) -> Floats:
    """Return what every linking quantity is a sum of: levels are never above what a battery holds.

    Levels l, l' of a battery with 0 <= l, l' <= e MW are sums of (MW, 0, 0), (MW, e, 0),
    (MW, 0, e) and (MW, e, e). Racks whose work may wait do not draw more in the mean than at most:
    the two are sums of (1, 0) and (1, 1). All else is independent.
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
    for cooling in () if case.defer_h is None else case.cooling:
        mean = place[shift_mean_of(cooling)]
        dropped.append(mean)
        corners.append(alone[place[shift_of(cooling)]] + alone[mean])
    return np.vstack([np.delete(alone, dropped, axis=0), *corners])


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
        if cooling in template.drawn:
            taken = shifted_load.profile(figures, world)
            operation = _with_entries(operation, template.drawn[cooling], -taken)
    return operation


def _with_entries(operation: Operation, at: Ints, values: Floats) -> Operation:
    """Return a copy with other entries of the hourly matrix; itself where they are the same.

    Only what burns fuel beyond the fence takes more of it at one site than at another, and load
    that may wait more power where it is hot.
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
    shifted = shifted_of_window(template, x)
    found[LOAD] = -sum(
        (
            load.profile(figures, world)
            * (links[names.index(draw_of(cooling))] + shifted.get(cooling, 0.0))
            for cooling, figures in case.cooling.items()
        ),
        np.zeros(len(window.hours)),
    )
    return found


def shifted_of_window(template: Template, x: Floats) -> dict[str, Floats]:
    """Return the draw of racks whose work may wait in every hour of a window [MW of IT].

    Parameters
    ----------
    template
        Of the window.
    x : (n,)
        The hourly columns.
    """
    return {cooling: x[columns] for cooling, columns in template.shifted.items()}


def keys_of(case: Case) -> Iterator[tuple[str, str, Window]]:
    """List every site with every window that any period of it is cut into, with its key."""
    windows = {w.name: w for t in case.periods.index for w in windows_of(case, t)}
    for site in case.sites:
        for window in windows.values():
            yield f"{site}/{window.name}", site, window
