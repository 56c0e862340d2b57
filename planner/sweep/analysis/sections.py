"""The sections of a sweep's page."""

from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from planner.report.parts import Figure, Section, figure
from planner.report.words import POWER, amount, fit, money
from planner.sweep.analysis import figures
from planner.sweep.analysis.front import front
from planner.sweep.analysis.monotone import FALLS, Crossing, crossings, direction
from planner.sweep.analysis.naming import Named, level, moves, named, named_axis, period_of, where
from planner.sweep.analysis.price_section import price_sections
from planner.sweep.analysis.sensitivity import AnalysisError, indices, regression, tornado
from planner.sweep.analysis.studied import OBJECTIVE, Studied
from planner.sweep.model import Drawn

MOST_LINES = 8
"""Lines of a figure; of more combinations of the other axes, curves are not drawn."""

MOST_LEVELS = 40
"""Values of an axis up to which a heat map is drawn."""

MOST_TOLD = 8
"""Pairs of points of the wrong order that are told one by one."""

STORE = "points.parquet"


def sections(studied: Studied) -> Iterator[Section]:
    """Yield the sections that the sweep has something to say in."""
    if studied.planned.empty:
        return
    if not is_drawn(studied):
        yield from _curves(studied)
        yield from _maps(studied)
    yield from _sensitivity(studied)
    yield from price_sections(studied)
    yield from _front(studied)
    yield from _checks(studied)


def is_drawn(studied: Studied) -> bool:
    """Tell whether the points were drawn, so that they do not lie along lines."""
    return studied.sweep is not None and isinstance(studied.sweep.design, Drawn)


def main_figures(studied: Studied, axis: str = "") -> list[Named]:
    """Return the figures that every page shows, in order."""
    period = period_of(studied, axis)
    wanted = [OBJECTIVE, f"usd_per_mtok.all.{period}", f"unmet_share.{period}"]
    wanted += [f"co2_t.{period}", "sites_open"]
    return [named(studied, c) for c in wanted if c in studied.planned and moves(studied, c)]


def _curves(studied: Studied) -> Iterator[Section]:
    for axis in studied.numeric_axes:
        lines = [(at, line) for at, line in studied.lines(axis) if len(line) > 1]
        if not lines or len(lines) > MOST_LINES:
            continue
        x = named_axis(studied, axis)
        drawn = tuple(_curve(studied, f, x, lines) for f in main_figures(studied, axis))
        if len(lines) == 1:
            drawn += tuple(_areas(studied, x, lines[0][1], period_of(studied, axis)))
        title = f"Along {x.name[:1].lower()}{x.name[1:]}" if len(studied.moving) > 1 else "Curves"
        yield Section(f"along-{axis}", title, drawn)


def _curve(
    studied: Studied, what: Named, x: Named, lines: list[tuple[dict[str, object], pd.DataFrame]]
) -> Figure:
    rows = [
        {
            "x": float(point[x.column]) / x.unit.size,
            "value": float(point[what.column]) / what.unit.size,
            "series": where(studied, at),
            "shown": what.shown(float(point[what.column])),
        }
        for at, line in lines
        for _, point in line.dropna(subset=[what.column]).iterrows()
    ]
    chart = figures.curve(pd.DataFrame(rows), x.title, what.unit.name)
    told = _change(what, x, lines)
    return figure(f"{x.column}-{_id(what.column)}", told, what.title, chart, STORE)


def _change(
    what: Named, x: Named, lines: list[tuple[dict[str, object], pd.DataFrame]]
) -> str:  # fmt: skip
    line = lines[0][1].dropna(subset=[what.column])
    if len(lines) > 1 or len(line) < 2:
        return what.name
    first, last = line.iloc[0], line.iloc[-1]
    ends = [what.shown(float(row[what.column])) for row in (first, last)]
    span = [x.shown(float(row[x.column])) for row in (first, last)]
    return f"{what.name}: {ends[0]} at {span[0]}, {ends[1]} at {span[1]}"


def _areas(studied: Studied, x: Named, line: pd.DataFrame, period: str) -> Iterator[Figure]:
    columns = [str(c) for c in line if str(c).startswith("mw.") and str(c).endswith(f".{period}")]
    columns = [c for c in columns if line[c].fillna(0).abs().max() > 0]
    if not columns:
        return
    unit = fit(POWER, line[columns].sum(axis=1))
    rows = [
        {
            "x": float(point[x.column]) / x.unit.size,
            "kind": column.split(".")[1],
            "value": max(float(point[column]), 0.0) / unit.size,
            "shown": amount(POWER, float(point[column])),
        }
        for _, point in line.fillna(dict.fromkeys(columns, 0.0)).iterrows()
        for column in columns
    ]
    chart = figures.areas(pd.DataFrame(rows), x.title, unit.name)
    told = f"Power in service in {period}, by source"
    yield figure(f"{x.column}-mw", told, f"Rated power ({unit.name})", chart, STORE, wide=True)


def _maps(studied: Studied) -> Iterator[Section]:
    moving = studied.moving
    if len(moving) != 2:
        return
    drawn = []
    for across, up in combinations(moving, 2):
        if max(studied.table[a].nunique() for a in (across, up)) > MOST_LEVELS:
            continue
        drawn += [_map(studied, across, up, what) for what in main_figures(studied)]
    if drawn:
        yield Section("maps", "Over two axes", tuple(drawn))


def _map(studied: Studied, across: str, up: str, what: Named) -> Figure:
    ordered = studied.table.sort_values([up, across], kind="stable")
    rows = [
        {
            "x": level(studied, across, point[across]),
            "y": level(studied, up, point[up]),
            "value": float(point[what.column]) / what.unit.size,
            "shown": what.number(float(point[what.column]))
            if pd.notna(point[what.column])
            else "no plan",
        }
        for _, point in ordered.iterrows()
    ]
    x, y = named_axis(studied, across), named_axis(studied, up)
    chart = figures.heat_map(pd.DataFrame(rows), x.name, y.name, what.title)
    return figure(f"map-{_id(what.column)}", what.name, f"{x.name} by {y.name}", chart, STORE)


def _sensitivity(studied: Studied) -> Iterator[Section]:
    names = {axis: named_axis(studied, axis).name for axis in studied.axes}
    drawn: list[Figure] = []
    told: list[str] = []
    for what in main_figures(studied)[:3]:
        found = _sensitive(studied, what, names, told)
        drawn += [found] if found is not None else []
    if drawn:
        yield Section("sensitivity", "What matters", tuple(drawn), told=tuple(dict.fromkeys(told)))


def _sensitive(
    studied: Studied, what: Named, names: dict[str, str], told: list[str]
) -> Figure | None:
    """Draw what the design allows: indices, a regression, or one axis at a time."""
    design = studied.sweep.design if studied.sweep is not None else None
    try:
        if isinstance(design, Drawn) and design.lhs is None:
            return _indices(studied, what, names, told)
        if isinstance(design, Drawn):
            fitted = regression(studied, what.column)
            told.append(
                f"{what.name}: a linear fit explains {fitted.r2 or 0:.0%} of the variance; bars "
                "are what it says of each axis's range."
            )
            chart = figures.tornado_bars(fitted, names, what.unit.size, what.unit.name)
            return figure(f"tornado-{_id(what.column)}", what.name, what.title, chart, STORE)
        if len(studied.moving) < 2:
            return None
        alone = tornado(studied, what.column)
    except AnalysisError as error:
        told.append(f"{what.name}: {error}.")
        return None
    chart = figures.tornado_bars(alone, names, what.unit.size, what.unit.name)
    base = what.shown(alone.base)
    headline = f"{what.name}: {base} at the base, each axis moved alone"
    return figure(f"tornado-{_id(what.column)}", headline, what.title, chart, STORE)


def _indices(studied: Studied, what: Named, names: dict[str, str], told: list[str]) -> Figure:
    found = indices(studied, what.column)
    if found.dropped:
        groups = "base samples" if found.kind == "sobol" else "ways"
        told.append(
            f"{what.name}: {found.dropped} of {found.used + found.dropped} {groups} are left out, "
            "as a point of theirs has no plan."
        )
    told.append("Whiskers are 95 % intervals from bootstrap samples.")
    strongest = names[str(found.table["axis"].iloc[0])]
    kind = "Sobol indices" if found.kind == "sobol" else "Morris effects"
    chart = figures.index_bars(found, names, what.unit.size, what.unit.name)
    headline = f"{what.name}: {strongest} matters most"
    id_ = f"{found.kind}-{_id(what.column)}"
    groups = "base samples" if found.kind == "sobol" else "ways"
    return figure(id_, headline, f"{kind} from {found.used} {groups}", chart, STORE)


def _front(studied: Studied) -> Iterator[Section]:
    asked = studied.sweep.pareto if studied.sweep is not None else None
    period = period_of(studied)
    column = asked.figure if asked is not None else f"co2_t.{period}"
    if column not in studied.planned or not moves(studied, column):
        return
    if asked is None and not all(direction(studied, a) == FALLS for a in studied.moving):
        return  # where prices differ between points, no front means anything
    found = front(studied.planned, column)
    if len(found) < 2:
        return
    x, y = named(studied, column), named(studied, OBJECTIVE)
    rows = [
        {
            "x": float(point[column]) / x.unit.size,
            "value": float(point[OBJECTIVE]) / y.unit.size,
            "on_front": bool(index in found.index),
            "shown": f"{x.shown(float(point[column]))}, {y.shown(float(point[OBJECTIVE]))}: "
            + ", ".join(f"{a} {level(studied, a, point[a])}" for a in studied.axes),
        }
        for index, point in studied.planned.dropna(subset=[column]).iterrows()
    ]
    chart = figures.front_points(pd.DataFrame(rows), x.title, y.unit.name)
    told = f"{len(found)} of {len(rows)} points are beaten by none in both"
    drawn = figure("front", told, f"{y.title} over {x.name}", chart, STORE, wide=True)
    yield Section("front", "Cost against " + x.name, (drawn,))


def _checks(studied: Studied) -> Iterator[Section]:
    known = [axis for axis in studied.numeric_axes if direction(studied, axis)]
    if not known:
        return
    found = crossings(studied)
    way = ", ".join(
        f"{named_axis(studied, a).name}: the cost {direction(studied, a)} or stays" for a in known
    )
    lead = f"What theory says of the cost when the value rises: {way}."
    ordered = sorted(found, key=lambda each: (not each.proven, -each.usd))
    told = tuple(_crossing(each) for each in ordered[:MOST_TOLD])
    if len(found) > MOST_TOLD:
        told += (f"So do {len(found) - MOST_TOLD} more pairs, by less.",)
    told = told or ("Every pair of neighbours agrees.",)
    yield Section("checks", "Checks", lead=lead, told=told)


def _crossing(found: Crossing) -> str:
    much = f"Point {found.cheap} costs {money(found.usd)} more than point {found.dear}"
    if found.proven:
        return (
            f"{much}, and its bound proves that it must: this contradicts theory and is a defect "
            "of gigaplan; please report it with the sweep."
        )
    return (
        f"{much}, where it could cost no more: the plan of point {found.dear} would do there too. "
        "Their gaps leave that open; a smaller solver.gap closes it."
    )


def _id(column: str) -> str:
    return column.replace(".", "-").replace("_", "-")
