"""Plan many points: in lanes, neighbours after each other, each kept as it ends."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Protocol, TypeAlias

from planner.sweep.crew import Crew
from planner.sweep.point import Point, Record

TRIES = 2
"""How often a point is given to a worker, should the first one die of it."""

DIED = "the worker ended while it planned this point, {tries} times: killed, or out of memory"

Evaluate: TypeAlias = Callable[[Point], Record]
"""What is done with a point; it can be pickled, and records rather than raises what goes wrong."""


class Watcher(Protocol):
    """Told of every record as it comes."""

    def __call__(self, record: Record) -> None:
        """Take note of a record."""
        ...


@dataclass(slots=True)
class _Lanes:
    """Points that wait, by lane."""

    waiting: list[deque[Point]]

    def next_of(self, lane: int) -> Point | None:
        """Return a lane's next point; of an empty one, the last of the longest other."""
        if self.waiting[lane]:
            return self.waiting[lane].popleft()
        longest = max(self.waiting, key=len)
        return longest.pop() if longest else None


@dataclass(slots=True)
class _Running:
    crew: Crew
    evaluate: Evaluate
    on_record: Watcher
    futures: dict["Future[Record]", tuple[int, Point, int]] = field(default_factory=dict)

    def start(self, lane: int, point: Point, attempt: int = 1) -> None:
        self.futures[self.crew.submit(lane, self.evaluate, point)] = (lane, point, attempt)

    def free_lanes(self) -> list[int]:
        """Wait until points end, keep their records, and return the lanes that are free."""
        ended, _ = wait(self.futures, return_when=FIRST_COMPLETED)
        free = []
        for future in ended:
            lane, point, attempt = self.futures.pop(future)
            record = _record_of(future)
            if record is None:
                self.crew.replace(lane)
                if attempt < TRIES:
                    self.start(lane, point, attempt + 1)
                    continue
                record = died(point, attempt)
            self.on_record(replace(record, varying={**record.varying, "attempts": attempt}))
            free.append(lane)
        return free


def run_points(
    points: Sequence[Point],
    evaluate: Evaluate,
    crew: Crew,
    on_record: Watcher,
    *,
    first_alone: bool = True,
) -> None:
    """Evaluate points and hand out their records as they come.

    The first point is done alone, so that the others find what it has learnt in the store; then
    each lane has a stretch of the points, and one that has done its own takes from the far end of
    the longest other. However it ends, the crew is closed.

    Parameters
    ----------
    points
        In an order in which neighbours follow each other.
    evaluate
        What is done with each.
    crew
        Who does it.
    on_record
        Told of every record; what it raises ends the run, as Ctrl-C does.
    first_alone
        Whether to begin with one point alone.
    """
    at_once = True
    try:
        running = _Running(crew, evaluate, on_record)
        rest = list(points)
        if first_alone and rest:
            running.start(0, rest.pop(0))
            while running.futures:
                running.free_lanes()
        lanes = _Lanes([deque(part) for part in stretches(rest, crew.lanes)])
        _fill(running, lanes, range(crew.lanes))
        while running.futures:
            _fill(running, lanes, running.free_lanes())
        at_once = False
    finally:
        crew.close(at_once=at_once)


def _fill(running: _Running, lanes: _Lanes, free: Iterable[int]) -> None:
    for lane in free:
        point = lanes.next_of(lane)
        if point is not None:
            running.start(lane, point)


def stretches(points: Sequence[Point], lanes: int) -> list[Sequence[Point]]:
    """Cut points into as many stretches of neighbours as there are lanes, equally long or nearly.

    >>> [len(part) for part in stretches(range(7), 3)]
    [2, 2, 3]
    """
    ends = [len(points) * lane // lanes for lane in range(lanes + 1)]
    return [points[a:b] for a, b in pairwise(ends)]


def died(point: Point, tries: int) -> Record:
    """Return the record of a point whose workers died."""
    reason = DIED.format(tries=tries)
    return Record(point.number, point.key, point.axes, "died", reason)


def _record_of(future: "Future[Record]") -> Record | None:
    """Return what a worker says of a point; None if it did not live to say it."""
    if future.cancelled() or future.exception() is not None:
        return None
    return future.result()
