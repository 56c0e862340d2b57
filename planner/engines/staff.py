"""Who operates the sites; kept from one solve to the next while nothing about the hours changes.

In a sweep over prices or limits every point asks about the same hours. Nothing is kept unless a
caller asks for it with `staying`.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import numpy as np

from planner.engines.memory import Memory
from planner.engines.site_operations import SiteOperations, digest
from solvers.cut import CutSet
from solvers.decomposition import Outcome
from solvers.oracle import Workers


@dataclass(slots=True, eq=False)
class Staff:
    """Workers with what they have found out.

    Attributes
    ----------
    workers
        They answer what operation costs.
    digests : key to hash
        Of every operation, as the store names it; empty: not known yet.
    pool : cone to CutSet
        Cuts known at the end of the last solve, in the order in which it knew them.
    """

    workers: Workers
    digests: Mapping[str, str] = field(default_factory=dict)
    pool: Mapping[str, CutSet] = field(default_factory=dict)

    def learn(self, memory: Memory, found: Outcome) -> None:
        """Keep what a solve has found, here and in the store."""
        memory.learn(found.pool)
        memory.note(found.written)
        self.digests, self.pool = memory.digests, found.pool


Staffs = MutableMapping[str, Staff]
"""The staff of the last solve, by the hash of what it operates."""

_KEPT: ContextVar[Staffs | None] = ContextVar("staffs", default=None)


@contextmanager
def staying(staffs: Staffs) -> Iterator[None]:
    """Let every solve within leave its staff in ``staffs``, for the next to take over."""
    token = _KEPT.set(staffs)
    try:
        yield
    finally:
        _KEPT.reset(token)


@contextmanager
def staff_for(operations: SiteOperations, hire: Callable[[], Workers]) -> Iterator[Staff]:
    """Give the staff of the last solve if it operates the very same hours, else a new one.

    Parameters
    ----------
    operations
        Of the case.
    hire
        Starts workers for them.
    """
    staffs = _KEPT.get()
    if staffs is None:
        with hire() as workers:
            yield Staff(workers)
        return
    name = physics_of(operations)
    if name not in staffs:
        dismiss(staffs)
        staffs[name] = Staff(hire().__enter__())
    try:
        yield staffs[name]
    except BaseException:
        # Whatever they were at is not finished: others start afresh.
        dismiss(staffs)
        raise


def dismiss(staffs: Staffs) -> None:
    """End all workers."""
    for staff in staffs.values():
        staff.workers.__exit__(None, None, None)
    staffs.clear()


def physics_of(operations: SiteOperations) -> str:
    """Return a hash of all that the operation of sites depends on.

    Two cases with the same hash are stamped from the same templates with the same numbers.
    """
    case = operations.case
    found = hashlib.sha256(repr((tuple(operations), case.defer_h, case.cooling)).encode())
    found.update(repr({name: one.figures for name, one in case.classes.items()}).encode())
    for name, here in case.sites.items():
        found.update(repr((name, sorted(here.figures.items()))).encode())
        for profile in sorted(here.profiles):
            found.update(profile.encode())
            found.update(np.ascontiguousarray(here.profiles[profile]).tobytes())
    for hours, template in operations.templates.items():
        found.update(f"{hours} {digest(template.operation)}".encode())
    return found.hexdigest()
