"""Evaluates operation for a master: in this process, or in several.

A master asks about many cones at once, and about those of one plan again and again. Each keeps its
HiGHS object with its basis, which halves the time of an answer; a process keeps so many of them,
and stamps the one not asked for longest with the numbers of the next.
"""

import multiprocessing
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from solvers.cone import Cone, Evaluation
from solvers.errors import SolverError
from solvers.operation import Operation
from solvers.options import Options
from solvers.program import Floats

MOST_CONES = 64
"""Cones that a process keeps warm, about 13 MB each for a season of a site."""


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """A question: what does operation cost here.

    Attributes
    ----------
    cone
        Key of the operation.
    links : (K,)
        Linking quantities, in the operation's units.
    prices : (U,)
        Price of each use.
    """

    cone: str
    links: Floats
    prices: Floats


class Oracle(Protocol):
    """Whatever answers a master's questions."""

    def evaluate(self, asks: Sequence[Ask]) -> list[Evaluation]:
        """Answer each question, in order."""
        ...


class SerialOracle:
    """Answers in this process.

    Parameters
    ----------
    operations
        By key.
    reference
        See `Cone`.
    options
        Of HiGHS, for every cone.
    """

    def __init__(
        self,
        operations: Mapping[str, Operation],
        *,
        reference: tuple[str, ...] = (),
        options: Options | None = None,
    ) -> None:
        self._operations = operations
        self._reference = reference
        self._options = options
        self._cones: OrderedDict[str, Cone] = OrderedDict()

    def evaluate(self, asks: Sequence[Ask]) -> list[Evaluation]:
        """Answer each question, in order; the work is done cone by cone.

        Raises
        ------
        RecourseError
            If an operation is not possible for all that may be asked.
        """
        order = sorted(range(len(asks)), key=lambda i: asks[i].cone)
        found = {i: self._cone(asks[i].cone).evaluate(asks[i].links, asks[i].prices) for i in order}
        return [found[i] for i in range(len(asks))]

    def _cone(self, key: str) -> Cone:
        """Return the cone of a key, warm if it was asked for lately."""
        if key not in self._cones:
            self._cones[key] = self._new_cone(key)
        self._cones.move_to_end(key)
        return self._cones[key]

    def _new_cone(self, key: str) -> Cone:
        if key not in self._operations:
            msg = f"{key}: no such operation"
            raise SolverError(msg)
        operation = self._operations[key]
        if len(self._cones) >= MOST_CONES:
            oldest = next(iter(self._cones))
            cone = self._cones.pop(oldest)
            if cone.operation.same_pattern(operation):
                cone.stamp(operation, trusted=True)
                return cone
        # Whether operation is always possible is a matter of the pattern.
        trusted = any(c.operation.same_pattern(operation) for c in self._cones.values())
        return Cone(operation, reference=self._reference, options=self._options, trusted=trusted)


class ProcessOracle:
    """Answers in several processes; each keeps its share of the operations. Use with ``with``.

    Parameters
    ----------
    operations
        By key; each process makes those that it is asked for.
    workers
        How many processes; they are started afresh, without what this process holds.
    reference
        See `Cone`.
    options
        Of HiGHS, for every cone.
    """

    def __init__(
        self,
        operations: Mapping[str, Operation],
        *,
        workers: int,
        reference: tuple[str, ...] = (),
        options: Options | None = None,
    ) -> None:
        # In turn, so that a few places with all their seasons keep all processes busy.
        self._worker_of = {key: i % workers for i, key in enumerate(sorted(operations))}
        self._workers = [
            ProcessPoolExecutor(
                1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start,
                initargs=(operations, reference, options),
            )
            for _ in range(workers)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.shutdown(cancel_futures=True)

    def evaluate(self, asks: Sequence[Ask]) -> list[Evaluation]:
        """Answer each question, in order."""
        shares: list[list[int]] = [[] for _ in self._workers]
        for i, ask in enumerate(asks):
            if ask.cone not in self._worker_of:
                msg = f"{ask.cone}: no such operation"
                raise SolverError(msg)
            shares[self._worker_of[ask.cone]].append(i)
        running: list[tuple[list[int], Future[list[Evaluation]]]] = [
            (share, worker.submit(_answer, [asks[i] for i in share]))
            for share, worker in zip(shares, self._workers, strict=True)
            if share
        ]
        found = {
            i: answer
            for share, future in running
            for i, answer in zip(share, future.result(), strict=True)
        }
        return [found[i] for i in range(len(asks))]


_HERE: dict[str, SerialOracle] = {}
"""The oracle of a worker process; it has one, and nobody else reads it."""


def _start(
    operations: Mapping[str, Operation], reference: tuple[str, ...], options: Options | None
) -> None:
    _HERE["oracle"] = SerialOracle(operations, reference=reference, options=options)


def _answer(asks: list[Ask]) -> list[Evaluation]:
    return _HERE["oracle"].evaluate(asks)
