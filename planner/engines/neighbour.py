"""What a process keeps of its last solve, so that the next point of a sweep starts from it.

Nothing is kept unless a caller asks for it with `chained`. A start changes how fast an answer comes;
its bound and its plan are proven as without.
"""

import hashlib
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

from components.base import Floats
from solvers.decomposition import Start
from solvers.program import Program


@dataclass(frozen=True, slots=True, eq=False)
class Neighbour:
    """A solved Program.

    Attributes
    ----------
    x : (n,)
        Its plan.
    start
        Where its relaxation ended.
    """

    x: Floats
    start: Start | None


Kept = MutableMapping[str, Neighbour]
"""The last neighbour, by the shape of its Program."""

_KEPT: ContextVar[Kept | None] = ContextVar("kept", default=None)


@contextmanager
def chained(kept: Kept) -> Iterator[None]:
    """Let every solve within start from the last one of the same shape in ``kept``, and add to it."""
    token = _KEPT.set(kept)
    try:
        yield
    finally:
        _KEPT.reset(token)


def neighbour_of(program: Program) -> Neighbour | None:
    """Return the last solved Program with the same rows, columns and entries, whatever they are."""
    kept = _KEPT.get()
    return None if kept is None else kept.get(shape_of(program))


def keep_neighbour(program: Program, solved: Neighbour) -> None:
    """Keep a solved Program in place of whatever was kept before, if anybody asked for it."""
    kept = _KEPT.get()
    if kept is not None:
        kept.clear()
        kept[shape_of(program)] = solved


def shape_of(program: Program) -> str:
    """Return a hash of where a Program has entries and whole numbers, not of what they are."""
    found = hashlib.sha256(repr(program.matrix.shape).encode())
    for part in (program.matrix.indptr, program.matrix.indices, program.integer):
        found.update(np.ascontiguousarray(part).tobytes())
    return found.hexdigest()
