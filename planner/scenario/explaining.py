"""From pydantic's errors to problems that point into the file and say what to do."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from planner.errors import Problem
from planner.scenario.base import Complaint, ComplaintError, Loc
from planner.scenario.describing import Guide, of_scenarios
from planner.scenario.places import Located
from planner.scenario.scalars import resolve

LONGEST_SHOWN = 60
MOST_LISTED = 20

_WORDS = {
    "missing": "is missing",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "string_too_long": "is too long",
    "too_short": "must not be empty",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "mapping_type": "must be a mapping",
    "model_type": "must be a mapping",
    "literal_error": "is not one of the words known here",
    "greater_than": "must be over {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be under {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "string_pattern_mismatch": "must be a month, YYYY-MM",
}
"""Pydantic's kind of error to what is said of it; the only pattern in a scenario is a month's."""

_WRONG_YEAR = "must be a year from 2000 to 2100", "a mapping of year to number"
_WRONG_NAME = "must be a name", "a name with a letter in it, of at most 100 characters"


def explain(
    error: ValidationError, root: Located, guide: Guide | None = None
) -> tuple[Problem, ...]:
    """Say what is wrong with the values of a scenario, each where it stands.

    ``guide`` knows the keys of the file, if it is no scenario.

    Complaints about a list or a mapping are dropped when there is one about something inside it:
    pydantic finds a list too short whose items are wrong.
    """
    known = guide or of_scenarios()
    found = [c for item in error.errors() for c in _complaints(item, root, known)]
    locs = [complaint.loc for complaint in found]
    return tuple(
        place(complaint, root)
        for complaint in found
        if not any(_inside(loc, complaint.loc) for loc in locs)
    )


def place(complaint: Complaint, root: Located) -> Problem:
    """Give a complaint its place in the file."""
    stands = root.get(complaint.loc) is not None
    loc = complaint.loc if stands or not complaint.instead else complaint.instead
    at_key = complaint.at_key or loc != complaint.loc
    found = root.problem(loc, complaint.what, complaint.got, complaint.try_, at_key=at_key)
    return replace(found, key=root.key(complaint.loc))


def nearest(word: object, known: Iterable[object]) -> str:
    """Return the known word that is most like another, or a list of all if none is.

    >>> nearest("abilene", ["abilene_tx", "ashburn_va"]), nearest("x", ["b", "a"])
    ('abilene_tx', 'one of a, b')
    """
    names = {str(name).casefold(): str(name) for name in known}
    close = get_close_matches(str(word).casefold(), names, n=1, cutoff=0.6)
    if close:
        return names[close[0]]
    some = ", ".join(sorted(names.values())[:MOST_LISTED])
    more = ", ..." if len(names) > MOST_LISTED else ""
    return f"one of {some}{more}" if names else ""


def show(value: object) -> str:
    """Write a value as YAML would on one line, cut if long."""
    if isinstance(value, Mapping):
        return "a mapping" if value else "{}"
    if isinstance(value, list | tuple):
        return "a list" if value else "[]"
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else _bare(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _bare(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _inside(loc: Loc, outer: Loc) -> bool:
    return len(loc) > len(outer) and loc[: len(outer)] == outer


def _complaints(item: Any, root: Located, guide: Guide) -> Iterator[Complaint]:
    loc, _ = root.follow(item["loc"])
    cause = item.get("ctx", {}).get("error")
    if isinstance(cause, ComplaintError):
        for inner in cause.complaints:
            yield replace(inner, loc=(*loc, *inner.loc))
        return
    kind = item["type"]
    if kind == "missing":
        loc = (*loc, item["loc"][-1])
        yield Complaint(loc, _WORDS[kind], "", guide.expectation(loc))
    elif kind in ("extra_forbidden", "invalid_key"):
        near = nearest(loc[-1], guide.known_keys(loc[:-1]))
        yield Complaint(loc, "unknown key", str(loc[-1]), near, at_key=True)
    elif item["loc"][-1] == "[key]":
        what, hint = _WRONG_NAME if kind.startswith("string") else _WRONG_YEAR
        yield Complaint(loc, what, show(loc[-1]), hint, at_key=True)
    else:
        value = item["input"]
        yield Complaint(loc, _said(item), show(value), _repair(value, guide.expectation(loc)))


def _said(item: Any) -> str:
    words = _WORDS.get(item["type"])
    return str(item["msg"]) if words is None else words.format(**item.get("ctx", {}))


def _repair(value: object, expected: str) -> str:
    """Say what to write instead."""
    if isinstance(value, str) and "number" in expected:
        meant = _number_in(value)
        return expected if meant is None else f"{meant:g}, {expected}"
    if isinstance(value, str) and "true or false" in expected:
        return _YES_NO.get(value.lower(), expected)
    return f"{expected}, or leaving the key out" if value is None else expected


def _number_in(text: str) -> float | None:
    """Return the number that a text such as ``1_000``, ``$5`` or ``8%`` stands for, if any."""
    digits = text.replace("_", "").replace(",", "").replace("$", "").strip()
    share = digits.removesuffix("%")
    found = resolve(share)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        return None
    return found if share == digits else found / 100


_YES_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
