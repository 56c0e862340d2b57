"""Numbers and names as a reader wants them: three digits, a unit that fits, no code names."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

GAP = "\u202f"
"""Narrow space that does not break: between a number and its unit."""

MINUS, NOTHING = "\u2212", "\u2013"
"""Sign of a negative number, and what stands where there is none."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit to show amounts in.

    Attributes
    ----------
    size
        How many of the table's unit it holds.
    name
        As printed after a number; a dollar amount has its sign in front.
    """

    size: float
    name: str


POWER = (Unit(1e3, "GW"), Unit(1, "MW"))
"""Of a table in MW."""

ENERGY = (Unit(1e6, "TWh"), Unit(1e3, "GWh"), Unit(1, "MWh"))
"""Of a table in MWh."""

MONEY = (Unit(1e12, "trillion"), Unit(1e9, "billion"), Unit(1e6, "million"), Unit(1, ""))
"""Of a table in USD."""

TOKENS = (
    Unit(1e15, "quadrillion"),
    Unit(1e12, "trillion"),
    Unit(1e9, "billion"),
    Unit(1e6, "million"),
    Unit(1, ""),
)
"""Of a table in tokens."""

MASS = (Unit(1e6, "Mt"), Unit(1e3, "kt"), Unit(1, "t"))
"""Of a table in t."""

KNOWN = {
    "ge": "GE",
    "pv": "PV",
    "li ion": "Li-ion",
    "co2": "CO₂",
    "nox": "NOx",
    "cowos": "CoWoS",
    "lpddr": "LPDDR",
    "nand": "NAND",
    "hgx": "HGX",
    "it": "IT",
    "aep": "AEP",
    "bwrx": "BWRX",
    "om": "O&M",
}
"""Words that are not written as they stand in a name, or that have capitals within."""


NAMES = {
    "hgx_b200_air": "HGX B200",
    "hgx_b300_liquid": "HGX B300",
    "kyber_nvl144_1tb": "Kyber NVL144, 1 TB",
    "rubin_ultra_nvl576": "Rubin Ultra NVL576",
    "lpx_groq3": "Groq 3 LPX",
    "hgx_mi300x": "MI300X",
    "mi355x_dlc": "MI355X",
    "tpu_v5p": "TPU v5p",
    "tpu_v6e": "TPU v6e",
    "tpu_v7_ironwood": "TPU v7 Ironwood",
    "trainium2": "Trainium2",
    "trainium3_gen2": "Trainium3 Gen2",
    "etl256_vera": "Vera ETL256",
    "stx_bluefield4": "BlueField-4 STX",
}
"""Racks whose vendors write their name in another order, or with capitals of their own."""


def fit(ladder: Sequence[Unit], amounts: Iterable[float]) -> Unit:
    """Return the largest unit of which the largest amount is at least one.

    Examples
    --------
    >>> fit(POWER, [12.0, 3400.0]).name
    'GW'
    """
    largest = max((abs(a) for a in amounts if math.isfinite(a)), default=0.0)
    return next((unit for unit in ladder if largest >= unit.size), ladder[-1])


def digits(value: float, count: int = 3) -> str:
    """Round to ``count`` significant digits, with thousands separated.

    Examples
    --------
    >>> digits(412_317), digits(2.3449), digits(0.0)
    ('412,000', '2.34', '0')
    """
    if value == 0:
        return "0"
    after = count - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, after)
    after = count - 1 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(after, 0)}f}".replace("-", MINUS)


def amount(ladder: Sequence[Unit], value: float, count: int = 3) -> str:
    """Return an amount in the unit that fits it.

    Examples
    --------
    >>> amount(POWER, 3418.0).replace(GAP, " ")
    '3.42 GW'
    """
    unit = fit(ladder, [value])
    return f"{digits(value / unit.size, count)}{GAP}{unit.name}".rstrip(GAP)


def money(usd: float, count: int = 3) -> str:
    """Return dollars.

    Examples
    --------
    >>> money(84.2e9).replace(GAP, " "), money(2.312)
    ('$84.2 billion', '$2.31')
    """
    sign = MINUS if usd < 0 else ""
    much = abs(usd) >= 1e6
    return f"{sign}${amount(MONEY, abs(usd), count) if much else digits(abs(usd), count)}"


def share(value: float, whole_from: float = 0.1) -> str:
    """Return a share in per cent, never 0 % or 100 % for a bit more or less.

    Parameters
    ----------
    value
        The share [1].
    whole_from
        Share from which per cents are whole [1].

    Examples
    --------
    >>> share(0.1234), share(0.012), share(0.0002), share(1.0), share(0.9996)
    ('12%', '1.2%', '<0.1%', '100%', '>99.9%')
    """
    if 0 < value < 0.0005:
        return "<0.1%"
    if 0.9995 <= value < 1:
        return ">99.9%"
    if value in (0, 1) or whole_from - 5e-4 <= value < 0.995:
        return f"{value:.0%}"
    return f"{value:.1%}"


def aligned(values: Sequence[float | None], count: int = 3) -> list[str]:
    r"""Return numbers with the same decimals, so that the largest has ``count`` digits.

    Examples
    --------
    >>> aligned([0.2, 3.418, None])
    ['0.20', '3.42', '\u2013']
    """
    known = [abs(v) for v in values if v is not None and v != 0]
    after = count - 1 - math.floor(math.log10(max(known))) if known else 0
    return [NOTHING if v is None else f"{v:,.{max(after, 0)}f}" for v in values]


def name_of(code: str) -> str:
    """Return the name in the catalog or scenario as a reader would write it.

    Examples
    --------
    >>> name_of("ge_7ha02"), name_of("li_ion_4h"), name_of("coding_agent")
    ('GE 7HA02', 'Li-ion 4 h', 'Coding agent')
    >>> name_of("vr200_nvl72"), name_of("lpx_groq3")
    ('VR200 NVL72', 'Groq 3 LPX')
    """
    if code in NAMES:
        return NAMES[code]
    words = " ".join(code.replace("_", " ").split())
    for plain, known in KNOWN.items():
        words = re.sub(rf"\b{plain}\b", known, words, flags=re.IGNORECASE)
    words = re.sub(r"\b(\d+)h\b", r"\1 h", words)
    words = " ".join(w.upper() if w.islower() and _is_model(w) else w for w in words.split(" "))
    return words[:1].upper() + words[1:]


def _is_model(word: str) -> bool:
    return any(c.isdigit() for c in word) and any(c.isalpha() for c in word)


def joined(parts: Sequence[str]) -> str:
    """Return a list as prose.

    Examples
    --------
    >>> joined(["gas", "sun", "grid"])
    'gas, sun and grid'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def counted(count: float, noun: str) -> str:
    """Return a count with its noun in the right number.

    Examples
    --------
    >>> counted(1, "site"), counted(1200, "rack")
    ('1 site', '1,200 racks')
    """
    return f"{count:,.0f} {noun}{'' if round(count) == 1 else 's'}"
