"""Where on a map of the United States there is room for a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin, sqrt
from typing import TypeAlias

Box: TypeAlias = tuple[float, float, float, float]

PARALLELS_DEG = (29.5, 45.5)
CENTRE_DEG = (-96.0, 38.7)
"""Standard parallels and centre that are usual for the conterminous United States."""

LETTER_PX, LINE_PX = 7.0, 15.0
WIDTH_RADIANS = 0.76
"""Width of the conterminous United States in this projection, in radii of the Earth."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A circle on the map that may get a name.

    Attributes
    ----------
    longitude_deg, latitude_deg
        Its place.
    radius_px
        Its size.
    name
        What would be written; empty for a circle that only must not be covered.
    """

    longitude_deg: float
    latitude_deg: float
    radius_px: float
    name: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a name stands.

    Attributes
    ----------
    align
        ``left``, ``right`` or ``center``, as of the text.
    dx, dy
        From the middle of the circle to the text's anchor [px].
    """

    align: str
    dx: float
    dy: float


def albers(longitude_deg: float, latitude_deg: float) -> tuple[float, float]:
    """Project a place by Albers' equal-area conic on the sphere, in radii of the Earth.

    Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395, 1987, p. 100,
    equations 14-1 to 14-6.

    Examples
    --------
    >>> albers(*CENTRE_DEG)
    (0.0, 0.0)
    """
    first, second = (radians(p) for p in PARALLELS_DEG)
    n = (sin(first) + sin(second)) / 2
    c = cos(first) ** 2 + 2 * n * sin(first)
    rho, rho_0 = (sqrt(c - 2 * n * sin(radians(p))) / n for p in (latitude_deg, CENTRE_DEG[1]))
    theta = n * radians(longitude_deg - CENTRE_DEG[0])
    return rho * sin(theta), rho_0 - rho * cos(theta)


def place_names(spots: Sequence[Spot], map_px: float) -> dict[str, Anchor]:
    """Find room for names beside their circles, in the order given; some may get none.

    Parameters
    ----------
    spots
        All circles of the map; the first have the first choice.
    map_px
        Width of the conterminous United States as drawn; on a smaller map names come closer [px].

    Returns
    -------
    dict
        Name to where it stands.
    """
    taken = [_circle(spot, map_px) for spot in spots]
    found: dict[str, Anchor] = {}
    for spot in spots:
        for anchor in _sides(spot) if spot.name else ():
            box = _written(spot, anchor, map_px)
            if not any(_overlap(box, other) for other in taken):
                found[spot.name] = anchor
                taken.append(box)
                break
    return found


def _sides(spot: Spot) -> tuple[Anchor, ...]:
    away = spot.radius_px + 4
    return (
        Anchor("left", away, 0),
        Anchor("right", -away, 0),
        Anchor("center", 0, away + 7),
        Anchor("center", 0, -away - 7),
        Anchor("left", 0.75 * away, 0.75 * away + 3),
        Anchor("left", 0.75 * away, -0.75 * away - 3),
        Anchor("right", -0.75 * away, 0.75 * away + 3),
        Anchor("right", -0.75 * away, -0.75 * away - 3),
    )


def _middle(spot: Spot, map_px: float) -> tuple[float, float]:
    x, y = albers(spot.longitude_deg, spot.latitude_deg)
    return x * map_px / WIDTH_RADIANS, -y * map_px / WIDTH_RADIANS


def _circle(spot: Spot, map_px: float) -> Box:
    x, y = _middle(spot, map_px)
    r = spot.radius_px + 2
    return x - r, y - r, x + r, y + r


def _written(spot: Spot, anchor: Anchor, map_px: float) -> Box:
    x, y = _middle(spot, map_px)
    wide = LETTER_PX * len(spot.name)
    left = x + anchor.dx - {"left": 0.0, "center": 0.5, "right": 1.0}[anchor.align] * wide
    top = y + anchor.dy - LINE_PX / 2
    return left, top, left + wide, top + LINE_PX


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
