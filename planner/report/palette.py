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
        "Satellites and launch": "#e9a23b",
        "Curtailed load": CURTAILED,
    }
)
"""What a token pays for, in stacking order."""

RACKS: Mapping[str, str] = MappingProxyType(
    {
        "hgx_h100": "#bc8cbc",
        "hgx_h200": "#8c68bc",
        "hgx_b200_air": "#682c5c",
        "hgx_b300_liquid": "#98508c",
        "gb200_nvl72": "#5c388c",
        "gb300_nvl72": "#2c38b0",
        "vr200_nvl72": "#5c74ec",
        "kyber_nvl144": "#98a4ec",
        "kyber_nvl144_1tb": "#5c98f8",
        "rubin_ultra_nvl576": "#74e0f8",
        "hgx_mi300x": "#802c44",
        "mi355x_dlc": "#b05050",
        "helios_mi455x": "#ec5038",
        "tpu_v5p": "#d4d498",
        "tpu_v6e": "#b0e068",
        "tpu_v7_ironwood": "#50bc5c",
        "trainium2": "#f8bcbc",
        "trainium3_gen2": "#c8748c",
        "lpx_groq3": "#ec8c20",
        "etl256_vera": "#148014",
        "stx_bluefield4": "#504414",
    }
)
"""Rack to its colour, in stacking order: one hue a vendor, then what serves no model by itself."""

MODE: Mapping[str, str] = MappingProxyType(
    {
        "given": "#5a1a5e",
        "colocated": "#8ccbe6",
        "colocated+kv_tier": "#2f66b5",
        "split": "#c8d89c",
        "split+kv_tier": "#1f5a40",
        "afd": "#f0b040",
        "afd+kv_tier": "#94561c",
    }
)
"""Way to serve to its colour, in stacking order."""

COOLING: Mapping[str, str] = MappingProxyType(
    {
        "air_chiller": "#9a9a9a",
        "air_tower": "#a8d5e8",
        "air_evaporative": "#6fc7b6",
        "rear_door": "#5f5f5f",
        "liquid_30": "#f2b6a0",
        "liquid_dry": "#d9622b",
        "liquid_dry_45": "#7d2a12",
        "liquid_pads": "#e8c547",
        "liquid_tower": "#1f6fb5",
        "immersion": "#5b4a9c",
    }
)
"""Cooling type to its colour, in stacking order: wet ones are blue, green or yellow."""

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
