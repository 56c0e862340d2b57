"""Section ``horizon``: when things can be ordered, the periods, and how time within them is cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from planner.scenario.base import Complaint, Month, Section, complain

MONTHS = {"year": 12, "half_year": 6, "quarter": 3}
"""Length of a period by step [months]."""

LETTER = {"year": "", "half_year": "-H", "quarter": "-Q"}
DEFAULT_WEEKS = 2


@dataclass(frozen=True, slots=True)
class Period:
    """One investment step.

    Attributes
    ----------
    label
        ``2026``, ``2026-H1`` or ``2026-Q3``.
    year
        Calendar year.
    start_months
        From ``horizon.start`` to the start of this period [months].
    length_years
        1, 0.5 or 0.25 [a].
    seasons
        Quarters of the calendar year in this period, counted from 0.
    """

    label: str
    year: int
    start_months: int
    length_years: float
    seasons: tuple[int, ...]


class Horizon(Section):
    """The time that is planned for."""

    start: Month = Field(default="2026-01", description="First month of the first period, YYYY-MM")
    orders_from: Month | None = Field(
        default=None,
        description="Month of the first possible order, YYYY-MM; null: that of start",
    )
    periods: int = Field(default=5, ge=1, le=40, description="Number of investment steps [1]")
    step: Literal["year", "half_year", "quarter"] = Field(
        default="year", description="Length of a period"
    )
    hours: Literal["all", "weeks"] = Field(
        default="all", description="all: every hour of the year; weeks: sampled weeks"
    )
    weeks: int | None = Field(
        default=None,
        ge=1,
        le=52,
        description="Sampled weeks per year, only with hours: weeks, then 2 if not given [1]",
    )

    @model_validator(mode="before")
    @classmethod
    def _sample_two_weeks_unless_told(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("hours") == "weeks" and data.get("weeks") is None:
            return data | {"weeks": DEFAULT_WEEKS}
        return data

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        months = MONTHS[self.step]
        if self._first_month_of_year % months:
            allowed = " or ".join(f"{self.start[:4]}-{m + 1:02d}" for m in range(0, 12, months))
            what = f"must begin a period of step {self.step}"
            yield Complaint(("start",), what, self.start, allowed)
        if self.first_order_month > self.first_month:
            what = "must not be later than horizon.start"
            yield Complaint(("orders_from",), what, str(self.orders_from), self.start)
        if self.hours == "all" and self.weeks is not None:
            hint = "hours: weeks, or leave weeks out"
            yield Complaint(("weeks",), "is only for hours: weeks", str(self.weeks), hint)

    @property
    def _first_month_of_year(self) -> int:
        return int(self.start[5:]) - 1

    @property
    def first_month(self) -> int:
        """The month of ``start``, counted from year 0: ``12 * year + month - 1`` [months]."""
        return 12 * int(self.start[:4]) + self._first_month_of_year

    @property
    def first_order_month(self) -> int:
        """The month of the first possible order, counted from year 0 [months]."""
        month = self.orders_from or self.start
        return 12 * int(month[:4]) + int(month[5:]) - 1

    def periods_table(self) -> tuple[Period, ...]:
        """List the periods in order.

        Examples
        --------
        >>> [
        ...     row.label
        ...     for row in Horizon(start="2026-07", periods=3, step="half_year").periods_table()
        ... ]
        ['2026-H2', '2027-H1', '2027-H2']
        """
        return tuple(self._period(position) for position in range(self.periods))

    def _period(self, position: int) -> Period:
        months = MONTHS[self.step]
        year, month = divmod(self.first_month + position * months, 12)
        number = "" if self.step == "year" else str(month // months + 1)
        return Period(
            label=f"{year}{LETTER[self.step]}{number}",
            year=year,
            start_months=position * months,
            length_years=months / 12,
            seasons=tuple(range(month // 3, (month + months) // 3)),
        )

    def years(self) -> list[int]:
        """List the calendar years of the periods, each once, in order."""
        return sorted({row.year for row in self.periods_table()})
