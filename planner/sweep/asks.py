"""What a sweep file may ask of its finished points, beyond the points themselves."""

from typing import Annotated

from pydantic import Field

from planner.scenario.base import Section

Text = Annotated[str, Field(min_length=1, max_length=200)]


class Find(Section):
    """The value of one key at which a condition begins to hold, by bisection."""

    key: Text = Field(description="Dotted key of the scenario that is moved")
    low: float = Field(alias="from", description="Where to begin to look; in the key's own unit")
    high: float = Field(alias="to", description="Where to end; in the key's own unit")
    where: Text = Field(description="What has to hold there, such as sites.orbit_1.open == 1")
    within: float = Field(
        default=0.01, gt=0, lt=1, description="Width that will do, as a share of to - from [1]"
    )


class Alternatives(Section):
    """Plans that cost little more than the best one and differ from it."""

    slack: float = Field(gt=0, le=1, description="What they may cost more, over the best plan [1]")
    n: int = Field(ge=1, le=100, description="How many are looked for [1]")


class Pareto(Section):
    """The front of cost against a second figure."""

    figure: Text = Field(description="A column of the store, such as co2_t or grid_share.2028")
    n: int = Field(default=5, ge=2, le=100, description="Points on the front [1]")
