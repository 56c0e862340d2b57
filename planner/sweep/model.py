"""What a sweep file says: a base, axes, a design; checked and frozen."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Strict, Tag, model_validator

from planner.scenario.base import Complaint, Section, complain
from planner.sweep.asks import Alternatives, Find, Pareto
from planner.sweep.columns import OWN_COLUMNS
from planner.sweep.distributions import Distribution

MOST_POINTS = 100_000
"""Points of one sweep; more is a slip of the pen."""

AxisName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Key = Annotated[str, Field(min_length=1, max_length=200)]
Keys = Annotated[tuple[Key, ...], Strict(strict=False), Field(min_length=1)]
Values = Annotated[tuple[Any, ...], Strict(strict=False), Field(min_length=1)]
Labels = Annotated[tuple[float | str, ...], Strict(strict=False), Field(min_length=1)]


class Range(Section):
    """Numbers from one to another, both in it, a step apart."""

    low: float = Field(alias="from", description="The first")
    high: float = Field(alias="to", description="The last; reached by whole steps")
    step: float = Field(gt=0, description="From each to the next")

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        if self.high < self.low:
            yield Complaint(("to",), "lies below from", f"{self.high:g}", f"over {self.low:g}")
            return
        steps = (self.high - self.low) / self.step
        if steps > MOST_POINTS:
            hint = f"{(self.high - self.low) / 10:g}"
            yield Complaint(("step",), "makes too many values", f"{steps:.0f}", hint)
        elif abs(steps - round(steps)) > 1e-6:
            last = self.low + int(steps) * self.step
            what = "is not reached by whole steps"
            yield Complaint(("to",), what, f"{self.high:g}", f"{last:g} or {last + self.step:g}")

    def values(self) -> tuple[float, ...]:
        """Return every number, free of what adding steps in binary leaves."""
        count = round((self.high - self.low) / self.step)
        return tuple(float(f"{self.low + i * self.step:.12g}") for i in range(count + 1))


class Axis(Section):
    """What moves: one key, or several that move together, and its values.

    One of ``values``, ``range`` and ``distribution``. With ``keys``, a value that is a list of as
    many items as there are keys gives each key its own; any other value goes to all of them.
    """

    key: Key | None = Field(default=None, description="Dotted key, such as grid.share_limit.2028")
    keys: Keys | None = Field(default=None, description="Keys that move together")
    values: Values | None = Field(default=None, description="Whatever the scenario may hold there")
    range: Range | None = Field(default=None, description="Numbers that lie a step apart")
    distribution: Distribution | None = Field(
        default=None, description="Numbers that are drawn: for lhs, sobol and morris"
    )
    labels: Labels | None = Field(
        default=None, description="Names of values for tables, texts or numbers: one for each"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        if (self.key is None) == (self.keys is None):
            what = "needs key, or keys that move together, and not both"
            yield Complaint((), what, "", "key: grid.share_limit.2028")
        given = [n for n in ("values", "range", "distribution") if getattr(self, n) is not None]
        if len(given) != 1:
            what = "needs one of values, range and distribution"
            yield Complaint((), what, " and ".join(given) or "none", "values: [1, 2, 3]")
            return
        yield from self._complaints_of_values()

    def _complaints_of_values(self) -> Iterator[Complaint]:
        values, keys = self.levels(), self.all_keys()
        if self.labels is not None and (values is None or len(self.labels) != len(values)):
            count = 0 if values is None else len(values)
            what = "must have a name for every value"
            yield Complaint(("labels",), what, f"{len(self.labels)} for {count}", f"{count} names")
        for position, value in enumerate(values or ()):
            if len(keys) > 1 and isinstance(value, list | tuple) and len(value) != len(keys):
                what = f"must have one item for each of {len(keys)} keys"
                loc = ("values", position)
                yield Complaint(loc, what, f"{len(value)}", "a list of lists for lists")

    def all_keys(self) -> tuple[str, ...]:
        """Return the keys that move, one or several."""
        return (self.key,) if self.key is not None else (self.keys or ())

    def levels(self) -> tuple[Any, ...] | None:
        """Return the values one by one; None if they are drawn."""
        return self.range.values() if self.range is not None else self.values

    def at_keys(self, value: Any) -> dict[str, Any]:
        """Return what a value of the axis puts at each key."""
        keys = self.all_keys()
        if len(keys) > 1 and isinstance(value, list | tuple):
            return dict(zip(keys, value, strict=True))
        return dict.fromkeys(keys, value)


class Morris(Section):
    """One-at-a-time steps along random ways through the space."""

    trajectories: int = Field(ge=2, le=10_000, description="Ways [1]")
    levels: int = Field(default=4, ge=2, le=100, description="Values of an axis; even [1]")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.levels % 2:
            what, hint = "must be even", f"{self.levels + 1}"
            complain([Complaint(("levels",), what, f"{self.levels}", hint)])
        return self


class Drawn(Section):
    """A design that draws its points; one of ``lhs``, ``sobol`` and ``morris``."""

    lhs: int | None = Field(default=None, ge=1, le=MOST_POINTS, description="Latin hypercube [1]")
    sobol: int | None = Field(
        default=None,
        ge=2,
        le=MOST_POINTS,
        description="Base samples by Saltelli, a power of 2: n x (axes + 2) points [1]",
    )
    second_order: bool = Field(
        default=False, description="Of sobol: pairs of axes too, n x (2 axes + 2) points"
    )
    morris: Morris | None = Field(default=None, description="Morris: trajectories and levels")

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        given = [n for n in ("lhs", "sobol", "morris") if getattr(self, n) is not None]
        if len(given) != 1:
            what = "needs one of lhs, sobol and morris"
            yield Complaint((), what, " and ".join(given) or "none", "{lhs: 100}")
        if self.sobol is not None and self.sobol & (self.sobol - 1):
            hint = f"{2 ** (self.sobol.bit_length() - 1)}"
            yield Complaint(("sobol",), "must be a power of 2", f"{self.sobol}", hint)
        if self.second_order and self.sobol is None:
            yield Complaint(("second_order",), "is for sobol alone", "true", "leaving it out")


def _kind_of_design(value: object) -> str:
    return "drawn" if isinstance(value, Mapping | Drawn) else "word"


Design = Annotated[
    Annotated[Literal["grid", "list"], Tag("word")] | Annotated[Drawn, Tag("drawn")],
    Discriminator(_kind_of_design),
]


class Sweep(Section):
    """All that a sweep file asks."""

    base: Annotated[str, Field(min_length=1)] = Field(
        description="Scenario that is varied: a path from the folder of this file"
    )
    title: Annotated[str, Field(max_length=200)] = Field(default="", description="What it is about")
    set: Mapping[Key, Any] = Field(
        default={}, description="Dotted key to a value that is laid over the base at every point"
    )
    axes: Annotated[Mapping[AxisName, Axis], Field(min_length=1)] = Field(
        description="Name of an axis, which is its column in the store, to what moves"
    )
    design: Design = Field(
        default="grid",
        description="grid: every value with every other; list: the first of all, the second of "
        "all; or {lhs: n}, {sobol: n}, {morris: {trajectories: r, levels: p}}",
    )
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Of what is drawn [1]")
    plans: Literal["none", "all"] = Field(
        default="none", description="Run folders that are kept beside the points"
    )
    find: Find | None = Field(default=None, description="A value to look for by bisection")
    alternatives: Alternatives | None = Field(default=None, description="Nearly as good plans")
    pareto: Pareto | None = Field(default=None, description="Front of cost against a figure")

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        for name in self.axes:
            if name in OWN_COLUMNS:
                what, hint = "is the name of a column of the store", f"{name}_axis"
                yield Complaint(("axes", name), what, name, hint, at_key=True)
        if not isinstance(self.design, Drawn):
            yield from self._complaints_of_levels()

    def _complaints_of_levels(self) -> Iterator[Complaint]:
        levels = {name: axis.levels() for name, axis in self.axes.items()}
        for name, values in levels.items():
            if values is None:
                what = f"has no values for the design {self.design}"
                yield Complaint(("axes", name, "distribution"), what, "", "values, or {lhs: 100}")
        counts = {name: len(values) for name, values in levels.items() if values is not None}
        if self.design == "list" and len(set(counts.values())) > 1:
            got = ", ".join(f"{name} {count}" for name, count in counts.items())
            what = "needs as many values of every axis"
            yield Complaint(("design",), what, got, "grid", instead=("axes",))
