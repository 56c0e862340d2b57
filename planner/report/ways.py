"""What modes and racks are called, of which kind they are, and which colour they have."""

from collections.abc import Iterable

from components.catalog.loader import load_family
from components.compute.rack import Rack
from planner.report.palette import MODE, OTHER, RACKS
from planner.report.words import joined, name_of

MODE_NAMES = {"given": "As given", "colocated": "Colocated", "split": "Split", "afd": "AFD"}
"""Mode to its name, without what is appended to it."""

APPENDED = {"kv_tier": "KV cache tier"}
"""What may stand after a mode and ``+``, to its name."""

APPENDED_IN_PROSE = {"kv_tier": "a KV cache tier"}
"""The same within a sentence."""


def mode_name(mode: str) -> str:
    """Return the name of a mode.

    Examples
    --------
    >>> mode_name("colocated"), mode_name("split+kv_tier")
    ('Colocated', 'Split, KV cache tier')
    """
    first, *rest = mode.split("+")
    names = [MODE_NAMES.get(first, name_of(first)), *(APPENDED.get(r, name_of(r)) for r in rest)]
    return ", ".join(names)


def mode_in_prose(mode: str) -> str:
    """Return how tokens are served, within a sentence.

    Examples
    --------
    >>> mode_in_prose("colocated"), mode_in_prose("afd+kv_tier"), mode_in_prose("given")
    ('colocated', 'by AFD with a KV cache tier', 'as given')
    """
    first, *rest = mode.split("+")
    name = "by AFD" if first == "afd" else mode_name(first).lower()
    return f"{name} with {joined([APPENDED_IN_PROSE.get(r, r) for r in rest])}" if rest else name


def racks_name(racks: str) -> str:
    """Return the names of racks that serve together.

    Examples
    --------
    >>> racks_name("vr200_nvl72+lpx_groq3")
    'VR200 NVL72 + Groq 3 LPX'
    """
    return " + ".join(name_of(rack) for rack in racks.split("+"))


def reason_in_words(why: str) -> str:
    """Return the reason why a way is left out, with the names of the racks and modes it speaks of.

    Examples
    --------
    >>> reason_in_words("takes no less of anything than afd+kv_tier on vr200_nvl72+lpx_groq3")
    'takes no less of anything than by AFD with a KV cache tier on VR200 NVL72 + Groq 3 LPX'
    """
    return " ".join(_in_words(word) for word in why.split(" "))


def _in_words(word: str) -> str:
    if all(rack in RACKS for rack in word.split("+")):
        return racks_name(word)
    return mode_in_prose(word) if word in MODE and word != "given" else word


def rack_kind(rack: str) -> str:
    """Return the kind of a rack in the catalog; empty for what stands there no more.

    Examples
    --------
    >>> rack_kind("lpx_groq3"), rack_kind("etl256_vera"), rack_kind("abacus")
    ('ffn', 'cpu', '')
    """
    entry = load_family("rack").get(rack)
    return entry.parameters.kind if entry and isinstance(entry.parameters, Rack) else ""


def rack_colours(racks: Iterable[str]) -> dict[str, str]:
    """Return the names of racks with their colours, in stacking order.

    Examples
    --------
    >>> list(rack_colours(["lpx_groq3", "gb300_nvl72"]))
    ['GB300 NVL72', 'Groq 3 LPX']
    """
    return {name_of(r): RACKS.get(r, OTHER) for r in in_order(racks, RACKS)}


def mode_colours(modes: Iterable[str]) -> dict[str, str]:
    """Return the names of modes with their colours, in stacking order."""
    return {mode_name(m): MODE.get(m, OTHER) for m in in_order(modes, MODE)}


def in_order(names: Iterable[str], order: Iterable[str]) -> list[str]:
    """Return each name once, in a given order; those that it lacks come last, as they came.

    Examples
    --------
    >>> in_order(["x", "b", "a", "b"], ["a", "b"])
    ['a', 'b', 'x']
    """
    place = {name: i for i, name in enumerate(order)}
    return sorted(dict.fromkeys(names), key=lambda name: place.get(name, len(place)))
