"""What is drawn of runs beside each other, in one period that all of them have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from planner.compare.charts import bars_by_run
from planner.compare.runs import Compared
from planner.report.figures.compute import SECONDS_PER_DAY
from planner.report.figures.costs import DEMAND, FAMILIES, cost_parts
from planner.report.folder import RunFolder
from planner.report.labels import SOURCE_NAMES
from planner.report.palette import ALARM, COST, OTHER, SOURCE
from planner.report.ways import rack_colours
from planner.report.words import MONEY, POWER, TOKENS, Unit, amount, fit, money, name_of

WORKLOADS = ("#3f5f8a", "#c98b2b", "#14746f", "#8a3f6b", "#7d8f3f", "#a65a3f", "#5b4a9c")
"""Colours of workloads, in the order of the first run that has them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a run's bar, in the table's unit."""

    run: str
    series: str
    value: float
    shown: str


def tokens_served(compared: Compared, period: str) -> alt.LayerChart:
    """Draw the tokens served in a period, by workload."""
    bars = [
        Bar(name, name_of(str(workload)), SECONDS_PER_DAY * float(rate),
            amount(TOKENS, SECONDS_PER_DAY * float(rate)))
        for name, run in _each(compared)
        for workload, rate in _served(run, period).groupby("workload")["tokens_per_s"].sum().items()
    ]  # fmt: skip
    names = list(dict.fromkeys(bar.series for bar in bars))
    colours = {n: WORKLOADS[i % len(WORKLOADS)] for i, n in enumerate(names)}
    return _drawn(bars, compared, colours, TOKENS, f"tokens served in {period}", "{} a day")


def cost_of_tokens(compared: Compared, period: str) -> alt.LayerChart:
    """Draw the cost of a million tokens in a period, by what it pays for."""
    bars: list[Bar] = []
    for name, run in _each(compared):
        usd = run.summary.usd_per_mtok["all"].get(period)
        parts = cost_parts(run.tables["costs"]).query("period == @period")
        total = float(parts["usd"].sum())
        if usd is None or total <= 0:
            continue
        for family, paid in zip(parts["series"], parts["usd"], strict=True):
            part = usd * float(paid) / total
            bars.append(Bar(name, family, part, money(part)))
    colours = {**COST, **{b.series: OTHER for b in bars if b.series not in COST}}
    what = f"cost of a million tokens in {period}"
    return _drawn(bars, compared, colours, (Unit(1, "USD"),), what)


def power_by_source(compared: Compared, period: str) -> alt.LayerChart:
    """Draw the power in service in a period, by source."""
    bars = [
        Bar(name, SOURCE_NAMES.get(str(kind), name_of(str(kind))), float(mw), amount(POWER, mw))
        for name, run in _each(compared)
        for kind, mw in _there(run, period, "power").groupby("kind")["mw"].sum().items()
    ]
    colours = {SOURCE_NAMES.get(kind, name_of(kind)): hue for kind, hue in SOURCE.items()}
    colours |= {b.series: OTHER for b in bars if b.series not in colours}
    return _drawn(bars, compared, colours, POWER, f"power in service in {period} by source")


def racks_by_type(compared: Compared, period: str) -> alt.LayerChart:
    """Draw the nameplate of racks in service in a period, by type."""
    rows = [
        (name, str(rack), float(mw))
        for name, run in _each(compared)
        for rack, mw in _there(run, period, "rack").groupby("component")["mw"].sum().items()
    ]
    bars = [Bar(name, name_of(rack), mw, amount(POWER, mw)) for name, rack, mw in rows]
    colours = rack_colours(rack for _, rack, _ in rows)
    return _drawn(bars, compared, colours, POWER, f"nameplate of racks in {period} by type")


def present_value(compared: Compared) -> alt.LayerChart:
    """Draw what each run costs over all its periods, in present value, by what it pays for."""
    bars = [
        Bar(name, FAMILIES.get(str(family), name_of(str(family))), float(usd), money(float(usd)))
        for name, run in _each(compared)
        for family, usd in run.tables["costs"].groupby("family")["discounted_usd"].sum().items()
    ]
    unmet = name_of(DEMAND)
    bars = [Bar(b.run, "Unmet tokens" if b.series == unmet else b.series, b.value, b.shown)
            for b in bars]  # fmt: skip
    colours = {**COST, **{b.series: OTHER for b in bars if b.series not in COST}}
    colours["Unmet tokens"] = ALARM
    return _drawn(bars, compared, colours, MONEY, "present value of all costs", "{} USD")


def _drawn(
    bars: Sequence[Bar],
    compared: Compared,
    colours: Mapping[str, str],
    ladder: Sequence[Unit],
    what: str,
    axis: str = "{}",
) -> alt.LayerChart:
    frame = pd.DataFrame(
        [(b.run, b.series, b.value, b.shown) for b in bars],
        columns=["run", "series", "value", "shown"],
    )
    unit = fit(ladder, frame.groupby("run")["value"].sum())
    frame["value"] = frame["value"] / unit.size
    return bars_by_run(frame, compared.names, colours, axis.format(unit.name).strip(), what)


def _each(compared: Compared) -> Iterator[tuple[str, RunFolder]]:
    return zip(compared.names, compared.runs, strict=True)


def _served(run: RunFolder, period: str) -> pd.DataFrame:
    tokens = run.tables["tokens"]
    return tokens[(tokens["kind"] == "served") & (tokens["period"] == period)]


def _there(run: RunFolder, period: str, family: str) -> pd.DataFrame:
    capacity = run.tables["capacity"]
    return capacity[(capacity["family"] == family) & (capacity["period"] == period)]
