"""Evaluates operation for a master: in this process, or in several.

A master asks about many cones at once. All cones of one pattern share one HiGHS object per
process, since to change its bounds to another place or season costs little and memory a lot.
"""

import multiprocessing
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
        reference: str | None = None,
        options: Options | None = None,
    ) -> None:
        self._operations = dict(operations)
        self._reference = reference
        self._options = options
        self._cones: list[Cone] = []
        self._checked: set[str] = set()

    def evaluate(self, asks: Sequence[Ask]) -> list[Evaluation]:
        """Answer each question, in order; the work is done cone by cone.

        Raises
        ------
        RecourseError
            If an operation is not possible for every size of what links it.
        """
        order = sorted(range(len(asks)), key=lambda i: asks[i].cone)
        found = {i: self._cone(asks[i].cone).evaluate(asks[i].links, asks[i].prices) for i in order}
        return [found[i] for i in range(len(asks))]

    def _cone(self, key: str) -> Cone:
        if key not in self._operations:
            msg = f"{key}: no such operation"
            raise SolverError(msg)
        operation = self._operations[key]
        trusted = key in self._checked
        self._checked.add(key)
        for cone in self._cones:
            if cone.operation is operation:
                return cone
            if cone.operation.same_pattern(operation):
                cone.stamp(operation, trusted=trusted)
                return cone
        self._cones.append(Cone(operation, reference=self._reference, options=self._options))
        return self._cones[-1]


class ProcessOracle:
    """Answers in several processes; each keeps its share of the operations. Use with ``with``.

    Parameters
    ----------
    operations
        By key.
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
        reference: str | None = None,
        options: Options | None = None,
    ) -> None:
        keys = sorted(operations)
        share = -(-len(keys) // workers)
        self._worker_of = {key: i // share for i, key in enumerate(keys)}
        self._workers = [
            ProcessPoolExecutor(
                1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start,
                initargs=(part, reference, options),
            )
            for part in _shares(operations, keys, share)
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


def _shares(
    operations: Mapping[str, Operation], keys: list[str], share: int
) -> list[dict[str, Operation]]:
    return [
        {key: operations[key] for key in keys[start : start + share]}
        for start in range(0, len(keys), share)
    ]


_HERE: dict[str, SerialOracle] = {}
"""The oracle of a worker process; it has one, and nobody else reads it."""


def _start(
    operations: Mapping[str, Operation], reference: str | None, options: Options | None
) -> None:
    _HERE["oracle"] = SerialOracle(operations, reference=reference, options=options)


def _answer(asks: list[Ask]) -> list[Evaluation]:
    return _HERE["oracle"].evaluate(asks)
