"""Sections ``scenarios`` and ``shared_until``: several futures that share their first decisions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from planner.scenario.base import Complaint, Name, Section
from planner.scenario.horizon import Period

TOLERANCE = 1e-6
"""By how much weights may miss 1 by rounding."""

OWN_KEYS = ("extends", "scenarios", "shared_until", "title")
"""Keys that belong to the whole, so that no scenario may set them."""

SHARED_SECTIONS = ("horizon", "solver")
"""Sections that all scenarios have in common: the same periods, found the same way."""

FOLDER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""What a scenario may be called: its run folder has this name."""


class Branch(Section):
    """One future: how likely it is, and what is other in it."""

    weight: float = Field(
        gt=0, le=1, description="Probability; those of all scenarios add up to 1 [1]"
    )
    set: Mapping[Annotated[str, Field(min_length=1, max_length=200)], Any] = Field(
        default={}, description="Dotted key, such as grid.share_limit.2028, to its value here"
    )


Branches = Mapping[Name, Branch]
"""Name to scenario; empty: there is one future, the file itself."""

SharedUntil = Annotated[int, Field(ge=1, le=2100)] | Name | None
"""A label of a period, a year, a number of periods, or none: the first period."""


def shared_periods(asked: int | str | None, periods: Sequence[Period]) -> int | None:
    """Return how many periods are shared; None if what is asked names no period.

    Parameters
    ----------
    asked
        A number of periods, a calendar year (until its last period), a label, or None: one.
    periods
        Of the horizon.
    """
    if asked is None:
        return 1
    if isinstance(asked, int) and asked <= len(periods):
        return asked
    found = [n for n, p in enumerate(periods, start=1) if asked in (p.label, p.year)]
    return found[-1] if found else None


def complaints(
    branches: Branches, shared_until: int | str | None, periods: Sequence[Period]
) -> Iterator[Complaint]:
    """Find what is wrong with the scenarios as a whole."""
    if not branches:
        if shared_until is not None:
            hint = "leaving it out, or scenarios"
            yield Complaint(("shared_until",), "needs scenarios", str(shared_until), hint)
        return
    total = sum(branch.weight for branch in branches.values())
    if abs(total - 1) > TOLERANCE:
        what = "have weights that must add up to 1"
        yield Complaint(("scenarios",), what, f"{total:.6g}", f"weight: {1 / len(branches):.4g}")
    for name, branch in branches.items():
        yield from _of_branch(name, branch)
    if shared_periods(shared_until, periods) is None:
        what = "must be a period of the horizon or a number of periods"
        labels = f"{periods[0].label} to {periods[-1].label}"
        yield Complaint(("shared_until",), what, str(shared_until), labels)


def _of_branch(name: str, branch: Branch) -> Iterator[Complaint]:
    if not FOLDER_NAME.fullmatch(name):
        what = "must be letters, digits, - and _, as it names a folder"
        yield Complaint(("scenarios", name), what, name, "gas_is_dear", at_key=True)
    for key in branch.set:
        section = key.partition(".")[0].strip()
        loc = ("scenarios", name, "set", key)
        if section in OWN_KEYS:
            what = "is no key that a scenario may set"
            yield Complaint(loc, what, key, "a key of a section", at_key=True)
        elif section in SHARED_SECTIONS:
            what = f"has to be the same in every scenario, as all of {section} has to"
            yield Complaint(loc, what, key, "setting it above", at_key=True)
        elif not all(part.strip() for part in key.split(".")):
            yield Complaint(loc, "must have no empty part", key, "a.b.c", at_key=True)
