"""Operation of every site and window of a case, stamped when asked for, and what identifies it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array, csr_array

from components.base import Floats
from planner.case import Case
from planner.engines.seasons import Template, Window, compile_window, keys_of, stamp
from solvers.operation import Operation


@dataclass(frozen=True, eq=False)
class SiteOperations(Mapping[str, Operation]):
    """Operation of every site and window by key, made when asked for.

    Attributes
    ----------
    case
        The numbers.
    templates : hours to Template
        One for each length of window.
    """

    case: Case
    templates: Mapping[int, Template]

    @cached_property
    def places(self) -> dict[str, tuple[str, Window]]:
        """Site and window of each key."""
        return {key: (site, window) for key, site, window in keys_of(self.case)}

    def windows(self, site: str) -> tuple[Window, ...]:
        """Return all windows of a site, in order of time."""
        return tuple(window for at, window in self.places.values() if at == site)

    @property
    def links(self) -> tuple[str, ...]:
        """Linking quantities of every operation."""
        return next(iter(self.templates.values())).operation.links

    @property
    def domain(self) -> Floats:
        """What every point that is asked about is a sum of; see `solvers.operation.Operation`."""
        return next(iter(self.templates.values())).operation.domain

    def is_known(self, site: str, pool: Mapping[str, object]) -> bool:
        """Whether a pool has something on every window of a site."""
        return all(f"{site}/{window.name}" in pool for window in self.windows(site))

    def __getitem__(self, key: str) -> Operation:
        """Return the operation of a key."""
        site, window = self.places[key]
        return stamp(self.case, self.templates[len(window.hours)], site, window)

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key, without making its operation."""
        return key in self.places

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys."""
        return iter(self.places)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self.places)


def operations_of(case: Case) -> SiteOperations:
    """Compile one window of each length; every site and window is stamped from it."""
    templates: dict[int, Template] = {}
    for _, site, window in keys_of(case):
        if len(window.hours) not in templates:
            templates[len(window.hours)] = compile_window(case, site, window)
    return SiteOperations(case, templates)


def digest(operation: Operation) -> str:
    """Return a hash of all that a cut of an operation depends on: its arrays and their names."""
    found = hashlib.sha256()
    found.update("\n".join((*operation.links, "", *operation.uses)).encode())
    for matrix in (
        operation.matrix,
        operation.row_link,
        operation.column_link,
        operation.use_matrix,
    ):
        _feed(found, csc_array(matrix))
    for mask in (operation.has_lower, operation.has_upper, operation.bounded, operation.free):
        found.update(np.packbits(mask).tobytes())
    return found.hexdigest()[:40]


def _feed(found: "hashlib._Hash", matrix: csc_array | csr_array) -> None:
    matrix.sum_duplicates()
    for part in (np.array(matrix.shape), matrix.indptr, matrix.indices):
        found.update(np.ascontiguousarray(part, dtype=np.int64).tobytes())
    found.update(np.ascontiguousarray(matrix.data, dtype=np.float64).tobytes())
