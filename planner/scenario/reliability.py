"""Section ``reliability``: what may fail without load being lost."""

from pydantic import Field

from planner.scenario.base import Section


class Reliability(Section):
    """Spare units, what availability is asked for, and the outages that are looked at."""

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
    availability: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Least share of the hours with load in which all of it is expected to be "
        "served, at every site in every period; null: told, not asked for [1]",
    )
    most_rounds: int = Field(
        default=8,
        ge=1,
        le=100,
        description="Plans made with more held back, at most, to reach the availability [1]",
    )
    outage_h: int = Field(
        default=24,
        ge=1,
        le=336,
        description="Outage of the grid whose survival is told [h]",
    )
    fuel_on_site_h: float | None = Field(
        default=None,
        ge=0,
        le=8760,
        description="Hours of the site's mean load that fuel stored there lasts in such an "
        "outage; null: a pipeline brings it without end [h]",
    )
