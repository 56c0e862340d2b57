"""The elements a campus is made of: what every dollar of it is spent on, and how long that takes.

Eleven are counted as the components of a data centre; what stands outside that list (land, site,
shell, commissioning, plants for power) has the number 0. A plan prices **parts**, as they are
bought: racks, blocks, cooling plant. An element has a share of one part. Shares of a part add up to
1, so that what a part costs is the cost of its elements to the dollar.

The eleven: J. Ball, Clouded Judgement, 17 July 2024.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from components.base import Parameters

Bought = Literal[
    "rack",
    "storage_rack",
    "block",
    "cooling",
    "site_works",
    "land",
    "satellite",
    "launch",
    "connection",
    "generation",
]
"""The parts of a plan that have a price of their own."""

POWER_PARTS: tuple[Bought, ...] = ("connection", "generation")
"""Those that bring power to the facility; all others are facility and IT."""

NAMES: Mapping[int, str] = {
    1: "servers",
    2: "networking",
    3: "storage",
    4: "cooling",
    5: "power supply",
    6: "security",
    7: "management and monitoring",
    8: "racks and cabinets",
    9: "cabling",
    10: "environmental controls",
    11: "software",
}
"""Number of a component of the list to its name."""

OUTSIDE = 0
"""Number of what stands outside the list."""

SHARE_TOLERANCE = 1e-9
"""Most that the shares of a part may be off 1."""


class Element(Parameters):
    """Parameters of an element."""

    number: int = Field(ge=0, le=11, description="Among the eleven; 0: outside the list [1]")
    of: Bought = Field(description="The part of the plan in whose price it is")
    share: float = Field(
        default=0.0, ge=0, le=1, description="Of the price of that part, as it is listed [1]"
    )
    added_share: float = Field(
        default=0.0,
        ge=0,
        description="Cost over the listed price of a rack, where that price lacks it [1]",
    )
    lead_weeks: float | None = Field(
        default=None, ge=0, description="From order to delivery; none: never the longest [weeks]"
    )
    published_usd_per_kw: float = Field(
        default=0.0, ge=0, description="Published or estimated, over power of IT [USD/kW]"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.added_share and self.of != "rack":
            msg = f"added_share is for what is of a rack, not of {self.of}"
            raise ValueError(msg)
        return self


def added_to_racks(elements: Iterable[Element]) -> float:
    """Return what scale-out network and storage add to the price of a rack, over that price."""
    return sum(element.added_share for element in elements)


def weights(elements: Mapping[str, Element], part: Bought) -> dict[str, float]:
    """Return the shares of the elements of a part in what it costs, additions and all.

    Parameters
    ----------
    elements
        All of them, by name.
    part
        What is bought.

    Returns
    -------
    name to share
        They add up to 1.

    Raises
    ------
    ValueError
        If the part has no elements, and so nothing to book its cost on.

    Examples
    --------
    >>> price = Element(number=1, of="rack", share=1.0)
    >>> fabric = Element(number=2, of="rack", added_share=0.25)
    >>> weights({"servers": price, "networking": fabric}, "rack")
    {'servers': 0.8, 'networking': 0.2}
    """
    found = {n: e.share + e.added_share for n, e in elements.items() if e.of == part}
    total = math.fsum(found.values())
    if not total:
        msg = f"no element has a share of {part}"
        raise ValueError(msg)
    return {name: weight / total for name, weight in found.items() if weight}


def unbalanced(elements: Mapping[str, Element]) -> Iterator[tuple[Bought, float]]:
    """Find the parts whose shares do not add up to 1, and what they add up to."""
    for part in get_args(Bought):
        total = math.fsum(e.share for e in elements.values() if e.of == part)
        if abs(total - 1) > SHARE_TOLERANCE:
            yield part, total
