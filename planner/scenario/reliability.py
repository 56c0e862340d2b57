"""Section ``reliability``: what may fail without load being lost."""

from pydantic import Field

from planner.scenario.base import Section


class Reliability(Section):
    """Spare units."""

    spare_units: int = Field(
        default=1,
        ge=0,
        le=20,
        description="Generating units behind the meter that may be out at once: k of N+k [1]",
    )
    spared_from_mw: float = Field(
        default=10.0,
        gt=0,
        le=1e6,
        description="Units at least this large count for the spare; smaller ones are many [MW]",
    )
