"""The points of a sweep, ready to be studied: its table, its axes, what its scenario says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import ScenarioError
from planner.gather import by_period, make_periods
from planner.known import read_scenario
from planner.report.folder import RunFolderError
from planner.scenario import Scenario
from planner.sweep.columns import WITH_PLAN
from planner.sweep.model import Sweep
from planner.sweep.reading import read_sweep
from planner.sweep.store import read_records, table_of

Floats: TypeAlias = npt.NDArray[np.float64]

OBJECTIVE, BOUND = "objective_usd", "bound_usd"
"""Columns of the store: what the plan costs, and what no plan can cost less than."""


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """What turns a price of a period into present value, and energy into a share.

    Attributes
    ----------
    discount
        Present value of a dollar of the period [1].
    us_mwh
        US electricity of the period, the denominator of the grid share [MWh].
    years
        Its length [a].
    """

    discount: float
    us_mwh: float
    years: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """A sweep to be studied.

    Attributes
    ----------
    table
        Every point that has ended, see ``planner/sweep/README.md``.
    axes : n names
        Columns that the sweep moves.
    sweep
        What was asked; None of a batch, or where the file cannot be read any more.
    periods : label to PeriodFacts
        Of the base scenario; empty where it cannot be read any more.
    """

    table: pd.DataFrame
    axes: tuple[str, ...]
    sweep: Sweep | None = None
    periods: Mapping[str, PeriodFacts] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def planned(self) -> pd.DataFrame:
        """Points that have a plan."""
        return self.table[self.table["status"].isin(WITH_PLAN)]

    @property
    def failed(self) -> pd.DataFrame:
        """Points that have none."""
        return self.table[~self.table["status"].isin(WITH_PLAN)]

    @property
    def numeric_axes(self) -> tuple[str, ...]:
        """Axes of numbers that take at least two values."""
        return tuple(
            a
            for a in self.axes
            if pd.api.types.is_numeric_dtype(self.table[a].dtype)
            and not pd.api.types.is_bool_dtype(self.table[a].dtype)
            and self.table[a].nunique() > 1
        )

    @property
    def moving(self) -> tuple[str, ...]:
        """Axes that take at least two values."""
        return tuple(a for a in self.axes if self.table[a].nunique() > 1)

    def keys(self, axis: str) -> tuple[str, ...]:
        """Return the keys of the scenario that an axis moves; none where they are not known."""
        if self.sweep is None or axis not in self.sweep.axes:
            return ()
        return self.sweep.axes[axis].all_keys()

    def lines(self, axis: str) -> Iterator[tuple[dict[str, object], pd.DataFrame]]:
        """Yield what the other axes are, and the points along an axis in order of its values.

        Of points that are the same in every axis, as a design may draw them, the first counts.
        """
        others = [a for a in self.axes if a != axis]
        ordered = self.planned.drop_duplicates(list(self.axes)).sort_values(axis, kind="stable")
        if not others:
            yield {}, ordered
            return
        for at, line in ordered.groupby(others, sort=False, dropna=False):
            yield dict(zip(others, at, strict=True)), line


def read_studied(folder: Path) -> Studied:
    """Read a sweep's folder.

    Raises
    ------
    RunFolderError
        If there are no points in it.
    """
    records = read_records(folder)
    if not records:
        raise RunFolderError(folder, "has no points", "the folder of a sweep or a batch")
    axes = tuple(dict.fromkeys(name for record in records for name in record.axes))
    sweep, periods = _asked(folder / "sweep.yaml")
    return Studied(table_of(records), axes, sweep, periods)


def _asked(path: Path) -> tuple[Sweep | None, Mapping[str, PeriodFacts]]:
    """Read what was asked; figures alone are studied where a file has gone or changed."""
    if not path.is_file():
        return None, {}
    try:
        file = read_sweep(path)
        scenario = read_scenario(file.base, (), file.fixed).scenario
    except ScenarioError:
        return None, {}
    return file.sweep, period_facts(scenario)


def period_facts(scenario: Scenario) -> dict[str, PeriodFacts]:
    """Return what a scenario says of its periods, by label."""
    periods = make_periods(scenario)
    us_mwh = 1e6 * by_period(scenario.grid.us_twh, periods) * periods.length_years
    rows = zip(periods.labels, periods.discount, us_mwh, periods.length_years, strict=True)
    return {label: PeriodFacts(float(d), float(mwh), float(a)) for label, d, mwh, a in rows}
