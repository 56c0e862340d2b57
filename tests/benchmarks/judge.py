"""What a row of the table of targets says: work, target, what was measured, met or not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.benchmarks.measure import Measurement


@dataclass(frozen=True, slots=True)
class Target:
    """One promise beside what was measured.

    Attributes
    ----------
    work, target, measured
        In words.
    met
        None where it could not be measured.
    """

    work: str
    target: str
    measured: str
    met: bool | None

    @property
    def verdict(self) -> str:
        """Met, not met, or not measured."""
        return {True: "met", False: "not met", None: "not measured"}[self.met]


@dataclass(frozen=True, slots=True)
class Row:
    """What one part of the benchmark found.

    Attributes
    ----------
    targets
        Lines of the table of targets.
    measurements
        Lines of the table of measurements.
    """

    targets: tuple[Target, ...]
    measurements: tuple[Measurement, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Most:
    """The most that a run may take; None: it does not matter.

    Attributes
    ----------
    seconds, gap, memory_mb
        Upper bounds [s], [1], [MB].
    """

    seconds: float | None = None
    gap: float | None = None
    memory_mb: float | None = None

    def words(self) -> str:
        """Return the bounds as text."""
        parts = [
            f"<= {self.seconds:g} s" if self.seconds is not None else "",
            f"gap <= {self.gap:.1%}" if self.gap is not None else "",
            f"<= {self.memory_mb / 1024:g} GB" if self.memory_mb is not None else "",
        ]
        return ", ".join(filter(None, parts))

    def kept_by(self, found: Measurement) -> bool:
        """Tell whether a measurement has a plan within all bounds."""
        pairs = (
            (self.seconds, found.seconds),
            (self.gap, found.gap),
            (self.memory_mb, found.peak_memory_mb),
        )
        return found.has_plan and all(
            most is None or (got is not None and got <= most) for most, got in pairs
        )


def within(work: str, most: Most, found: Measurement) -> Target:
    """Hold a measurement against upper bounds."""
    return Target(work, most.words(), told(found), most.kept_by(found))


def told(found: Measurement) -> str:
    """Say in words how a run went."""
    if not found.has_plan:
        return f"{found.status}: {found.note}" if found.note else found.status
    parts = [
        f"{found.seconds:.1f} s" if found.seconds is not None else "",
        f"gap {found.gap:.3%}" if found.gap is not None else "",
        f"{found.peak_memory_mb / 1024:.1f} GB" if found.peak_memory_mb is not None else "",
        "" if found.status == "solved" else found.status,
    ]
    return ", ".join(filter(None, parts))


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Return p of seconds ~ size^p, by least squares on logarithms; 1 is linear.

    Examples
    --------
    >>> round(exponent([1, 2, 4], [3.0, 6.0, 12.0]), 6)
    1.0
    """
    slope, _ = np.polyfit(np.log(sizes), np.log(seconds), 1)
    return float(slope)
