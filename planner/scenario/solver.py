"""Section ``solver``: how the answer is found, and how close to the best it has to be."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from planner.scenario.base import Complaint, Name, Section, complain


class Solver(Section):
    """The engine and its limits."""

    engine: Literal["monolithic", "decomposed"] = Field(
        default="monolithic",
        description="monolithic: one model, any solver; decomposed: sites as cuts, HiGHS only",
    )
    name: Name = Field(default="highs", description="highs, or any solver that Pyomo knows")
    gap: float = Field(
        default=0.005, ge=0, lt=1, description="Distance to the best bound that will do [1]"
    )
    time_limit_s: float = Field(default=3600.0, gt=0, le=1e7, description="Time for solving [s]")
    threads: int = Field(
        default=0, ge=0, le=1024, description="Threads; 0: the solver's choice [1]"
    )
    whole_units_from_mw: float = Field(
        default=10.0, ge=0, le=1e6, description="Units at least this large are built whole [MW]"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        if self.engine == "decomposed" and self.name != "highs":
            hint = "highs, or engine: monolithic"
            yield Complaint(("name",), "the decomposed engine needs highs", self.name, hint)
