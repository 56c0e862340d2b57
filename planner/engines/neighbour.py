"""What a process keeps of its last solve, so that the next point of a sweep starts from it.

Nothing is kept unless a caller asks for it with `chained`. A start changes how fast an answer
comes, and which of the plans within the gap; its bound and its plan are proven as without.
"""

import hashlib
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from components.base import Floats
from solvers.decomposition import Start
from solvers.program import Program


class Starts(TypedDict):
    """Keywords of `solvers.benders.decompose`."""

    start: Start | None
    guess: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class Neighbour:
    """A solved Program; one without anything stands for none.

    Attributes
    ----------
    x : (n,) or None
        Its plan.
    start
        Where its relaxation ended.
    """

    x: Floats | None = None
    start: Start | None = None

    def starts(self) -> Starts:
        """Return it as keywords of `solvers.benders.decompose`."""
        return {"start": self.start, "guess": self.x}


Kept = MutableMapping[str, Neighbour]
"""The last neighbour, by the shape of its Program."""

_KEPT: ContextVar[Kept | None] = ContextVar("kept", default=None)


@contextmanager
def chained(kept: Kept) -> Iterator[None]:
    """Let every solve within start from the last one in ``kept``, and take its place there."""
    token = _KEPT.set(kept)
    try:
        yield
    finally:
        _KEPT.reset(token)


def neighbour_of(program: Program) -> Neighbour:
    """Return the last solved Program if it has entries in the same places, whatever they are."""
    kept = _KEPT.get()
    return (kept.get(shape_of(program)) if kept else None) or Neighbour()


def keep_neighbour(program: Program, x: Floats, start: Start | None) -> None:
    """Keep a solved Program in place of whatever was kept before, if anybody asked for it."""
    kept = _KEPT.get()
    if kept is not None:
        kept.clear()
        kept[shape_of(program)] = Neighbour(x, start)


def shape_of(program: Program) -> str:
    """Return a hash of where a Program has entries and whole numbers, not of what they are."""
    found = hashlib.sha256(repr(program.matrix.shape).encode())
    for part in (program.matrix.indptr, program.matrix.indices, program.integer):
        found.update(np.ascontiguousarray(part).tobytes())
    return found.hexdigest()
