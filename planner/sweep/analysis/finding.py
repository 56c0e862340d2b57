"""The value of a key at which a condition begins to hold, by bisection."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from planner.sweep.analysis.condition import Condition, read_condition
from planner.sweep.analysis.sensitivity import AnalysisError
from planner.sweep.asks import Find
from planner.sweep.columns import WITH_PLAN


@dataclass(frozen=True, slots=True)
class Tried:
    """A value that was tried.

    Attributes
    ----------
    value
        In the key's own unit.
    holds
        Whether the condition holds there.
    point : column to number
        What the condition asks for, there.
    """

    value: float
    holds: bool
    point: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Between which values a condition changes.

    Attributes
    ----------
    key, where
        As asked.
    holds_at, fails_at
        The nearest values that are known, one on either side, in the key's own unit.
    tried
        Every value that was tried, in order.
    """

    key: str
    where: str
    holds_at: float
    fails_at: float
    tried: tuple[Tried, ...]

    @property
    def value(self) -> float:
        """The middle of both."""
        return (self.holds_at + self.fails_at) / 2

    @property
    def width(self) -> float:
        """How far apart both are."""
        return abs(self.holds_at - self.fails_at)

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {**asdict(self), "value": self.value, "width": self.width}

    def __str__(self) -> str:
        """Return it in a sentence."""
        return (
            f"{self.where} holds at {self.key} = {self.holds_at:g} and no more at "
            f"{self.fails_at:g}: break-even at {self.value:g}, give or take {self.width / 2:.2g}"
        )


def find_break_even(find: Find, evaluate: Callable[[float], Mapping[str, Any]]) -> BreakEven:
    """Look for the value at which a condition changes.

    That there is only one change between both ends is taken for granted: of several, one is found.

    Parameters
    ----------
    find
        What is asked.
    evaluate
        Value of the key to the row of its point, see ``planner/sweep/README.md``.

    Raises
    ------
    AnalysisError
        If the condition cannot be read, a value has no plan, or both ends agree.
    """
    condition = read_condition(find.where)
    tried = [_try(find, condition, evaluate, value) for value in (find.low, find.high)]
    low, high = tried
    _check_columns(condition, tried)
    if low.holds == high.holds:
        says = "holds" if low.holds else "does not hold"
        what = f"{find.where} {says} at both ends: {_told(find.key, low)}; {_told(find.key, high)}"
        raise AnalysisError(what, "a wider range, or another condition")
    width = find.within * abs(find.high - find.low)
    while abs(high.value - low.value) > width:
        middle = (low.value + high.value) / 2
        if middle in (low.value, high.value):  # no number lies between them
            break
        found = _try(find, condition, evaluate, middle)
        tried.append(found)
        low, high = (found, high) if found.holds == low.holds else (low, found)
    holds, fails = (low, high) if low.holds else (high, low)
    return BreakEven(find.key, find.where, holds.value, fails.value, tuple(tried))


def _try(
    find: Find,
    condition: Condition,
    evaluate: Callable[[float], Mapping[str, Any]],
    value: float,
) -> Tried:
    point = evaluate(value)
    if point["status"] not in WITH_PLAN:
        what = f"{find.key} = {value:g} has no plan ({point['status']}: {point.get('reason', '')})"
        raise AnalysisError(what, "a range in which every value has one")
    holds = condition.holds(point)
    numbers = {c: float(point[c]) for c in condition.columns if point.get(c) is not None}
    return Tried(value, holds, numbers)


def _check_columns(condition: Condition, tried: list[Tried]) -> None:
    """Refuse a column that neither end has: it is a slip of the pen, not something that is none."""
    absent = [c for c in condition.columns if not any(c in each.point for each in tried)]
    if absent:
        what = f"{condition.text}: no point has a column {', '.join(absent)}"
        raise AnalysisError(what, "one of those in points.csv")


def _told(key: str, tried: Tried) -> str:
    columns = ", ".join(f"{name} is {number:g}" for name, number in tried.point.items())
    return f"{key} = {tried.value:g} where {columns}"
