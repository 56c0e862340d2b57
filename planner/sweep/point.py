"""A point, and what is kept of it: plain values that go from process to process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from planner.sweep.columns import POINT_COLUMNS, WITH_PLAN

if TYPE_CHECKING:
    from planner.scenario import Loaded

Cell: TypeAlias = float | int | bool | str | None


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """One point.

    Attributes
    ----------
    number
        From 0, in the order of the design.
    key
        Hash of all that it asks.
    axes : name to value
        As the store shows them.
    values : name to value
        As the axes have them.
    loaded
        Its scenario; None where something other than a plan is evaluated.
    """

    number: int
    key: str
    axes: Mapping[str, Cell]
    values: Mapping[str, Any] = field(default_factory=dict)
    loaded: "Loaded | None" = None


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a point.

    Attributes
    ----------
    point
        Its number, from 0, in the order of the design.
    key
        Hash of all that it asks; equal keys have equal plans.
    axes : name to value
        Where it stands: numbers as they are; else a label, or JSON.
    status, reason
        How it ended, see `planner.sweep.columns`; the reason is empty where there is a plan.
    figures : column to value
        The same whenever the point is planned.
    varying : column to value
        Gap, bound, seconds: see `planner.sweep.columns.VARYING`.
    """

    point: int
    key: str
    axes: Mapping[str, Cell]
    status: str
    reason: str = ""
    figures: Mapping[str, Cell] = field(default_factory=dict)
    varying: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def has_plan(self) -> bool:
        """Whether it has figures."""
        return self.status in WITH_PLAN

    def row(self) -> dict[str, Cell]:
        """Return it as a row of the table."""
        own = {name: getattr(self, name) for name in POINT_COLUMNS}
        return {**own, **self.axes, **self.figures, **self.varying}
