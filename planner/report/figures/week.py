"""How one site runs hour by hour in a week that tries it."""

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from planner.report.charts import legend, styled, value_axis, values
from planner.report.labels import sources_of
from planner.report.palette import INK
from planner.report.words import POWER, Unit, amount, fit

WEEK_H = 168
DAY_H = 24
NOISE_MW = 1e-6
LOAD = "Load"
FIRST_DAY = pd.Timestamp("2025-01-01")
"""A year without a leap day, for names of days only."""


def busiest_week(dispatch: pd.DataFrame) -> pd.DataFrame:
    """Return the week, from midnight to midnight, around the hour of highest load.

    Parameters
    ----------
    dispatch
        Hours of one site in one period, in order.
    """
    weeks = _weeks(dispatch)
    peak = int(np.argmin(dispatch["load"].to_numpy()))
    middle = [abs(start + WEEK_H / 2 - peak) for start in weeks]
    start = weeks[int(np.argmin(middle))]
    return dispatch.iloc[start : start + WEEK_H]


def darkest_week(dispatch: pd.DataFrame, solar: Sequence[str]) -> pd.DataFrame:
    """Return the week, from midnight to midnight, in which the named fields give least.

    Parameters
    ----------
    dispatch
        Hours of one site in one period, in order.
    solar
        Columns of solar fields.
    """
    given = dispatch[list(solar)].sum(axis=1).to_numpy()
    weeks = _weeks(dispatch)
    start = weeks[int(np.argmin([given[s : s + WEEK_H].sum() for s in weeks]))]
    return dispatch.iloc[start : start + WEEK_H]


def _weeks(dispatch: pd.DataFrame) -> list[int]:
    """Positions where a week of unbroken hours starts, at midnight where any does."""
    hour = dispatch["hour"].to_numpy()
    starts = np.arange(max(len(hour) - WEEK_H, 0) + 1)
    last = np.minimum(starts + WEEK_H, len(hour)) - 1
    whole = starts[hour[last] - hour[starts] == last - starts]
    midnight = whole[hour[whole] % DAY_H == 0]
    return [int(s) for s in (midnight if len(midnight) else whole if len(whole) else starts[:1])]


def dispatch_week(week: pd.DataFrame, capacity: pd.DataFrame) -> alt.LayerChart:
    """Draw what each source feeds in, what batteries take, and the load, hour by hour.

    Parameters
    ----------
    week
        Hours of one site, in order, as in the table ``dispatch``.
    capacity
        The table ``capacity``.
    """
    sources = sources_of(capacity)
    products = [c for c in sources.kinds if c in week and (week[c].abs() > NOISE_MW).any()]
    products += ["curtailed"] if (week["curtailed"] > NOISE_MW).any() else []
    unit = fit(POWER, -week["load"])
    members: dict[str, list[str]] = {}
    for product in products:
        members.setdefault(sources.named(product), []).append(product)
    series = [name for name in sources.colours if name in members]
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=[*series, LOAD], range=[*(sources.colours[s] for s in series), INK]),
        legend=legend([*series, LOAD]),
    )
    given = _long(week, members, series, unit, lower=0.0)
    taken = _long(week, members, series, unit, upper=0.0)
    taken = taken[taken["series"].isin(taken.loc[taken["value"] < 0, "series"])]
    layers = [_areas(given, colour, unit.name)]
    layers += [_areas(taken, colour, unit.name, opacity=0.75)] if len(taken) else []
    description = (
        f"Stacked areas: power by source, hour by hour for {len(week)} hours, in {unit.name}, "
        "with the load as a line; batteries that charge are below zero."
    )
    return styled([*layers, _load(week, unit.size)], description)


def _long(
    week: pd.DataFrame,
    members: Mapping[str, Sequence[str]],
    series: Sequence[str],
    unit: Unit,
    lower: float | None = None,
    upper: float | None = None,
) -> pd.DataFrame:
    """Sum up what the products of each series give, or take: one may charge while another gives."""
    rows = []
    for i, name in enumerate(series):
        mw = week[list(members[name])].clip(lower=lower, upper=upper).sum(axis=1)
        rows.append(_hours(week, mw).assign(series=name, order=i, value=mw.to_numpy() / unit.size))
    return pd.concat(rows)


def _hours(week: pd.DataFrame, power: "pd.Series[float]") -> pd.DataFrame:
    time = FIRST_DAY + pd.to_timedelta(week["hour"].to_numpy(), unit="h")
    shown = [amount(POWER, abs(mw)) for mw in power]
    when = time.strftime("%-d %b, %H:00")
    return pd.DataFrame({"time": time.strftime("%Y-%m-%dT%H:%MZ"), "when": when, "shown": shown})


def _time_axis() -> alt.X:
    return alt.X(
        "time:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(
            format="%-d %b", tickCount={"interval": "day", "step": 1}, grid=True, labelFlush=False
        ),
    )


def _areas(rows: pd.DataFrame, colour: alt.Color, unit: str, opacity: float = 1.0) -> alt.Chart:
    tooltip = [
        alt.Tooltip("when:N", title="Hour"),
        alt.Tooltip("series:N", title="Source"),
        alt.Tooltip("shown:N", title="Power"),
    ]
    chart: alt.Chart = (
        alt.Chart(values(rows))
        .mark_area(interpolate="step-after", opacity=opacity)
        .encode(
            x=_time_axis(),
            y=value_axis(unit, stack=True),
            color=colour,
            order=alt.Order("order:Q"),
            tooltip=tooltip,
        )
    )
    return chart


def _load(week: pd.DataFrame, size: float) -> alt.Chart:
    rows = _hours(week, week["load"]).assign(value=-week["load"].to_numpy() / size)
    chart: alt.Chart = (
        alt.Chart(values(rows))
        .mark_line(interpolate="step-after", strokeWidth=1.6)
        .encode(x=_time_axis(), y=alt.Y("value:Q"), color=alt.datum(LOAD))
    )
    return chart
