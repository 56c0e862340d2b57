"""Section ``racks``: the compute systems that may be bought."""

from pydantic import Field

from planner.scenario.base import Choice


class Racks(Choice):
    """Rack-scale compute systems."""

    network_share: float | None = Field(
        default=None,
        ge=0,
        le=10,
        description=(
            "Scale-out network over the price of a rack, which lacks it; added to every rack but "
            "those for storage; none: as in the catalog (element networking) [1]"
        ),
    )
    storage_share: float | None = Field(
        default=None,
        ge=0,
        le=10,
        description=(
            "File and object storage over the price of a rack, likewise; none: as in the catalog "
            "(element storage) [1]"
        ),
    )
