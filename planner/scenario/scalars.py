"""What a plain YAML scalar means, by the core schema of YAML 1.2, section 10.3.2.

YAML 1.1, which PyYAML speaks, reads ``1e6`` as text, ``no`` as false, ``0777`` as 511, ``12:30`` as
750 and ``2026-01-15`` as a date. Here ``1e6`` is a number and ``0777`` is 777; the others are text.
"""

import re

from planner.scenario.places import Scalar

LONGEST_NUMBER = 100
"""Digits; more is taken for text. Python refuses to read integers of more than 4,300."""

_WORDS: dict[str, Scalar] = {"": None, "~": None}
_WORDS |= dict.fromkeys(("null", "Null", "NULL"))
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True)
_WORDS |= dict.fromkeys(("false", "False", "FALSE"), False)

_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NAN = re.compile(r"\.(nan|NaN|NAN)")


def resolve(text: str) -> Scalar:
    """Return what a plain (unquoted) scalar means.

    Examples
    --------
    >>> [resolve(text) for text in ("1e6", "0777", "no", "2026-01", "~", "0x1F", "1_000")]
    [1000000.0, 777, 'no', '2026-01', None, 31, '1_000']
    """
    if text in _WORDS:
        return _WORDS[text]
    return text if len(text) > LONGEST_NUMBER else _number(text)


def resolve_key(text: str) -> str | int:
    """Return a key: digits alone are a whole number, such as a year; all else is text.

    Examples
    --------
    >>> [resolve_key(text) for text in ("2028", "true", "1.5")]
    [2028, 'true', '1.5']
    """
    digits = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if digits else text


def _number(text: str) -> Scalar:
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(text[2:], 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text) or _NAN.fullmatch(text):
        return float(text.lower().replace(".", ""))
    return text
