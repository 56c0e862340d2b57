"""Key ``sites.existing``: campuses that stand before the first period, to be extended."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, Strict, model_validator

from planner.scenario.base import Complaint, Loc, Name, Section, complain


class Standing(Section):
    """Something that is in service before the first period and whose capital is sunk."""

    mw: float = Field(gt=0, le=1e5, description="Rating; of blocks and racks in IT power [MW]")
    until: int | None = Field(
        default=None,
        ge=2000,
        le=2200,
        description="Last calendar year in which it stands; null: all of the horizon [a]",
    )
    since: int | None = Field(
        default=None,
        ge=1950,
        le=2200,
        description="In place of until: calendar year in which it entered service; it then stands "
        "for the life that the catalog gives its kind [a]",
    )

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.since is not None and self.until is not None:
            what, hint = "says the same as until", "one of them"
            complain([Complaint(("since",), what, f"{self.since}", hint)])
        return self


class StandingBlock(Standing):
    """A hall that stands."""

    block: Name = Field(description="Block of the catalog that it is most like")
    cooling: Name = Field(description="Its cooling type")


class StandingRack(Standing):
    """Racks that stand."""

    rack: Name = Field(description="Rack of the catalog")
    cooling: Name = Field(description="Cooling type of the hall that they stand in")


class StandingPower(Standing):
    """A connection or a plant that stands."""

    product: Name = Field(description="Product of the catalog, such as firm_grid")


Blocks = Annotated[tuple[StandingBlock, ...], Strict(strict=False)]
Racks = Annotated[tuple[StandingRack, ...], Strict(strict=False)]
Power = Annotated[tuple[StandingPower, ...], Strict(strict=False)]


class Existing(Section):
    """What stands at a site: it is open, and what is there costs its upkeep alone."""

    blocks: Blocks = Field(default=(), description="Halls that stand there")
    racks: Racks = Field(default=(), description="Racks that stand in them")
    power: Power = Field(default=(), description="Connections and plant that stand there")
    gas_lateral: Name | None = Field(
        default=None, description="Size of the pipe that is there, of the catalog; null: none"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        room: dict[str, float] = {}
        for hall in self.blocks:
            room[hall.cooling] = room.get(hall.cooling, 0.0) + hall.mw
        for i, rack in enumerate(self.racks):
            room[rack.cooling] = room.get(rack.cooling, 0.0) - rack.mw
            if room[rack.cooling] < 0:
                what = f"leaves no room for it in the halls with {rack.cooling} that stand there"
                hint = "more MW of blocks with that cooling, or fewer racks"
                complain([Complaint(("racks", i, "mw"), what, f"{rack.mw:g}", hint)])
        return self


def named(existing: Mapping[str, Existing]) -> Iterator[tuple[Loc, str, str]]:
    """Yield the place, the section and the name of every product that stands, and its cooling."""
    for site, asked in existing.items():
        loc = ("sites", "existing", site)
        for i, hall in enumerate(asked.blocks):
            yield (*loc, "blocks", i, "block"), "blocks", hall.block
            yield (*loc, "blocks", i, "cooling"), "cooling", hall.cooling
        for i, rack in enumerate(asked.racks):
            yield (*loc, "racks", i, "rack"), "racks", rack.rack
            yield (*loc, "racks", i, "cooling"), "cooling", rack.cooling
        for i, plant in enumerate(asked.power):
            yield (*loc, "power", i, "product"), "power", plant.product
