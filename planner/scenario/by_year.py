"""Figures that change with the years: a number, or numbers by year with lines between them."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class ByYear:
    """A figure by calendar year: the same in every year, or linear between the years given.

    Never extrapolated: a year outside those given is refused.

    Attributes
    ----------
    years : n years in ascending order
        Empty if the figure is the same in every year.
    values : n numbers, or one
        The figure in each of the years.

    Examples
    --------
    >>> ByYear.of({2026: 3.5, 2030: 4.5}).at(2028)
    4.0
    >>> ByYear.of(3.5).at(2040)
    3.5
    """

    years: tuple[int, ...]
    values: tuple[float, ...]

    @classmethod
    def of(cls, value: "float | Mapping[int, float] | ByYear") -> "ByYear":
        """Make one from a number, or from a mapping of year to number."""
        if isinstance(value, ByYear):
            return value
        if isinstance(value, Mapping):
            if not value:
                msg = "a figure by year needs at least one year"
                raise ValueError(msg)
            years = tuple(sorted(value))
            return cls(years, tuple(float(value[year]) for year in years))
        return cls((), (float(value),))

    def at(self, year: int) -> float:
        """Return the figure in one calendar year.

        Raises
        ------
        ValueError
            If the year is outside the years given.
        """
        if not self.covers(year, year):
            msg = f"no figure for {year}: given for {self.span}, and not extrapolated"
            raise ValueError(msg)
        if not self.years:
            return self.values[0]
        after = bisect_left(self.years, year)
        if self.years[after] == year:
            return self.values[after]
        left, right = self.years[after - 1], self.years[after]
        low, high = self.values[after - 1], self.values[after]
        return low + (high - low) * (year - left) / (right - left)

    def covers(self, first: int, last: int) -> bool:
        """Tell whether every year from ``first`` to ``last`` has a figure."""
        return not self.years or (self.years[0] <= first and last <= self.years[-1])

    @property
    def span(self) -> str:
        """The years that have a figure, in words."""
        if not self.years:
            return "every year"
        first, last = self.years[0], self.years[-1]
        return f"{first}" if first == last else f"{first} to {last}"

    def plain(self) -> float | dict[int, float]:
        """Return what YAML says: a number, or a mapping of year to number."""
        return dict(zip(self.years, self.values, strict=True)) if self.years else self.values[0]

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Accept any finite numbers; `Within` bounds them."""
        return _schema(Within())

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the two forms, without bounds."""
        return _json_schema(Within())


@dataclass(frozen=True, slots=True)
class Within:
    """Bounds on every number of a `ByYear`: ``Annotated[ByYear, Within(ge=0)]``."""

    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Replace the schema of `ByYear` by one with these bounds."""
        return _schema(self)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the two forms; JSON has texts for keys, hence the pattern."""
        return _json_schema(self)


def _schema(within: Within) -> CoreSchema:
    number = core_schema.float_schema(
        strict=True, allow_inf_nan=False, ge=within.ge, gt=within.gt, le=within.le, lt=within.lt
    )
    year = core_schema.int_schema(strict=True, ge=FIRST_YEAR, le=LAST_YEAR)
    forms = core_schema.tagged_union_schema(
        {"number": number, "years": core_schema.dict_schema(year, number, min_length=1)},
        discriminator=_form,
    )
    return core_schema.no_info_after_validator_function(
        ByYear.of,
        core_schema.no_info_before_validator_function(_unwrap, forms),
        serialization=core_schema.plain_serializer_function_ser_schema(ByYear.plain),
    )


def _json_schema(within: Within) -> dict[str, Any]:
    names = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
    bounds = {names[k]: getattr(within, k) for k in names if getattr(within, k) is not None}
    number = {"type": "number", **bounds}
    by_year = {
        "type": "object",
        "patternProperties": {"^2[0-9]{3}$": number},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [number, by_year]}


def _form(value: object) -> str:
    return "years" if isinstance(value, Mapping) else "number"


def _unwrap(value: object) -> object:
    return value.plain() if isinstance(value, ByYear) else value
