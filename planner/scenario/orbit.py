"""Key ``sites.orbit``: constellations that may be launched, as further candidate sites."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.scenario.base import Complaint, Figure, Name, Names, Section, complain, twice
from planner.scenario.by_year import ByYear, Within

OrbitName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""Name of a constellation, beside those of the sites on the ground."""


class Orbit(Section):
    """Satellites of one kind in one orbit: sun and cold for nothing, at the price of a launch.

    Launch by year is a straight line from Falcon 9's 3,600 USD/kg to the 200 that Google's Project
    Suncatcher takes for about 2035 and says is where launched power costs what power costs on the
    ground (arXiv 2511.19468); both are what customers pay, not what operators hope for.
    """

    satellite: Name = Field(default="sat_28kw", description="Row of catalog family satellite")
    change: Mapping[Name, Figure] = Field(
        default={}, description="Figures of the satellite that are other than in the catalog"
    )
    racks: Names | None = Field(
        default=None,
        description="Racks of those in use that may fly; null: all that fit into one satellite",
    )
    launch_usd_per_kg: Annotated[ByYear, Within(ge=0, le=1e6)] = Field(
        default=ByYear.of({2000: 3600.0, 2026: 3600.0, 2035: 200.0, 2100: 200.0}),
        description="Price of a launch to this orbit, paid for what enters service then [USD/kg]",
    )
    launch_t_per_year: Annotated[ByYear, Within(ge=0, le=1e9)] | None = Field(
        default=None,
        description="Most that can be launched for this buyer, racks and all; null: no limit [t/a]",
    )
    sunlit_share: float = Field(
        default=0.99,
        gt=0.5,
        le=1,
        description="Of the time in the sun; 0.99: dawn-dusk at 650 km, 0.62: low, equatorial [1]",
    )
    eclipse_battery: bool = Field(
        default=False,
        description="true: batteries run racks through the shade of every orbit; false: they stop",
    )
    failure_per_year: float = Field(
        default=0.05, ge=0, lt=1, description="Of what runs, fails for good; nobody repairs [1/a]"
    )
    availability: float = Field(
        default=0.9,
        gt=0,
        le=1,
        description="In the light, share of the time in which racks that run serve, for want of a "
        "link or in safe mode; takes the place of serving.availability [1]",
    )
    integration_months: float = Field(
        default=9.0,
        ge=0,
        le=120,
        description="From delivery of racks and satellites to service in orbit [months]",
    )
    link_gbit_s: Annotated[ByYear, Within(ge=0, le=1e12)] | None = Field(
        default=None,
        description="Most that all its links to the ground carry, up and down together; null: no "
        "limit [Gbit/s]",
    )
    bytes_per_token: float = Field(
        default=6.0,
        gt=0,
        le=1e6,
        description="Over the link, of prompts and answers alike: 4 characters and half as much "
        "for framing and coding; images take thousands [bytes]",
    )
    rtt_ms: float = Field(
        default=40.0,
        ge=0,
        le=1000,
        description="Round trip from users anywhere, through ground stations [ms]",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        yield from twice(("racks",), self.racks or ())
