"""One colour for each thing on the page, told apart with any kind of colour vision."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

SOURCE: Mapping[str, str] = MappingProxyType(
    {
        "grid": "#1f6fb5",
        "fuel_cell": "#5c1f33",
        "gas": "#d9622b",
        "rental": "#ed925e",
        "nuclear": "#6433cc",
        "geothermal": "#8e2b0b",
        "wind": "#2f9e7f",
        "solar": "#f4c430",
        "remote": "#b2ebad",
        "battery": "#c9a0dc",
    }
)
"""Kind of power source, in stacking order from the bottom, to its colour."""

TECHNOLOGY: Mapping[str, str] = MappingProxyType(
    {
        "MSR": SOURCE["gas"],
        "HSR": "#bd9f75",
        "FSC": "#9b554b",
        "AERO": "#c79305",
        "IGT": "#86612d",
        "CC": "#563b29",
        "MT": "#c66853",
        "SOFC": SOURCE["fuel_cell"],
        "MCFC": "#992175",
        "PAFC": "#d94ad9",
    }
)
"""Technology of gas plants and fuel cells to its colour, where it is told from others."""

OTHER = "#9aa3ad"
"""What has no colour of its own."""

CURTAILED = "#1b1b1b"
"""Load that is not served."""

COST: Mapping[str, str] = MappingProxyType(
    {
        "Racks": "#5b4a9c",
        "Blocks": "#a9b2bd",
        "Site": "#2a9d8f",
        "Power": "#2b3a4f",
        "Curtailed load": CURTAILED,
    }
)
"""What a token pays for, in stacking order."""

RACK = "#5b4a9c"
SITE = "#14746f"
INK = "#1d2733"
MUTED = "#5d6875"
LINE = "#dfe4e9"
ALARM = "#b3261e"
SERVED = "#3f5f8a"
BAR = "#8fa3b8"


def mixed(colour: str, white: float) -> str:
    """Mix a colour with white.

    Parameters
    ----------
    colour
        ``#rrggbb``.
    white
        Share of white [1].

    Examples
    --------
    >>> mixed("#000000", 0.5)
    '#808080'
    """
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(p + (255 - p) * white):02x}" for p in parts)


def shades(colour: str, names: Sequence[str], lightest: float = 0.7) -> dict[str, str]:
    """Give each name a shade of a colour, the first the colour itself.

    Examples
    --------
    >>> shades("#000000", ["a", "b"], lightest=0.5)
    {'a': '#000000', 'b': '#808080'}
    """
    steps = max(len(names) - 1, 1)
    return {name: mixed(colour, lightest * i / steps) for i, name in enumerate(names)}
