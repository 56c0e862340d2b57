"""Section ``solver``: how the answer is found, and how close to the best it has to be."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.scenario.base import Complaint, Name, Section, complain


class Solver(Section):
    """The engine and its limits."""

    engine: Literal["monolithic", "decomposed"] = Field(
        default="decomposed",
        description="monolithic: one model, any solver; decomposed: sites as cuts, HiGHS only",
    )
    name: Name = Field(default="highs", description="highs, or any solver that Pyomo knows")
    gap: float = Field(
        default=0.005, ge=0, lt=1, description="Distance to the best bound that will do [1]"
    )
    time_limit_s: float = Field(default=3600.0, gt=0, le=1e7, description="Time for solving [s]")
    threads: int = Field(
        default=0,
        ge=0,
        le=1024,
        description="Threads, and processes for sites in the decomposed engine; "
        "0: as many as the machine has [1]",
    )
    whole_units_from_mw: float = Field(
        default=10.0, ge=0, le=1e6, description="Units at least this large are built whole [MW]"
    )
    cone_store: Annotated[str, Field(min_length=1)] | None = Field(
        default=None,
        description="Folder where the decomposed engine keeps what it learnt of operation for "
        "later runs, relative to the YAML; null: the user's cache folder",
    )
    cone_store_mb: float = Field(
        default=500.0,
        ge=1,
        le=1e6,
        description="Size of cone_store from which files not used for longest are removed [MB]",
    )
    cold: bool = Field(
        default=False,
        description="true: start without what earlier runs left in cone_store, but add to it",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        if self.engine == "decomposed" and self.name != "highs":
            hint = "highs, or engine: monolithic"
            yield Complaint(("name",), "the decomposed engine needs highs", self.name, hint)
