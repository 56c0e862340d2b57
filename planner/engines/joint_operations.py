"""Operation of several cases as one: what is equal in two of them is one cone, with shared cuts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from planner.case import Case
from planner.engines.links import reference_of
from planner.engines.seasons import Window, keys_of
from planner.engines.site_operations import SiteOperations, digest
from solvers.operation import Operation


@dataclass(frozen=True, eq=False)
class Renamed(SiteOperations):
    """Some of a case's operations, under other keys.

    Attributes
    ----------
    cones : key to cone
        Names that are used here in place of the case's own; keys without one are left out.
    """

    cones: Mapping[str, str]

    @cached_property
    def places(self) -> dict[str, tuple[str, Window]]:
        """Site and window of each cone."""
        return {
            self.cones[key]: (site, window)
            for key, site, window in keys_of(self.case)
            if key in self.cones
        }


@dataclass(frozen=True, eq=False)
class JointOperations(Mapping[str, Operation]):
    """Operation of K cases by cone.

    Attributes
    ----------
    cones : K mappings of key to cone
        Where the operation of each case's site and window is found.
    parts : K
        The operations that each case brings in, none of which is equal to one of a case before.
    """

    cones: tuple[Mapping[str, str], ...]
    parts: tuple[Renamed, ...]

    @cached_property
    def reference(self) -> tuple[str, ...]:
        """Linking quantities that say how large a site is, in every case."""
        first, *others = (reference_of(part.case) for part in self.parts)
        return tuple(name for name in first if all(name in other for other in others))

    @property
    def case(self) -> Case:
        """The first case, all of whose operations are under its own keys."""
        return self.parts[0].case

    def windows(self, site: str) -> tuple[Window, ...]:
        """Return all windows of a site of the first case, in order of time."""
        return self.parts[0].windows(site)

    @cached_property
    def owner(self) -> dict[str, Renamed]:
        """The part that brings in each cone."""
        return {cone: part for part in self.parts for cone in part}

    def __getitem__(self, cone: str) -> Operation:
        """Return the operation of a cone."""
        return self.owner[cone][cone]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the cones."""
        return iter(self.owner)

    def __len__(self) -> int:
        """Return how many cones there are."""
        return len(self.owner)


def join_operations(operations: Sequence[SiteOperations], names: Sequence[str]) -> JointOperations:
    """Join the operations of cases; equal ones, which have equal arrays, are one cone.

    Parameters
    ----------
    operations
        K of them.
    names : K names
        Of the cases: part of the name of a cone that not the first of them brings in.
    """
    known: dict[str, str] = {}
    cones: list[dict[str, str]] = []
    parts: list[Renamed] = []
    for number, (each, name) in enumerate(zip(operations, names, strict=True)):
        here: dict[str, str] = {}
        new: dict[str, str] = {}
        for key in each:
            physics = digest(each[key])
            if physics not in known:
                known[physics] = new[key] = f"{key} of {name}" if number else key
            here[key] = known[physics]
        cones.append(here)
        parts.append(Renamed(each.case, each.templates, new))
    return JointOperations(tuple(cones), tuple(parts))
