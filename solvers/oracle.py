"""Evaluates operation for a master: in this process, or in several.

A master asks about many cones at once, and about those of one plan again and again. Each keeps its
HiGHS object with its basis, which halves the time of an answer; a process keeps so many of them,
and stamps the one not asked for longest with the numbers of the next.
"""

import multiprocessing
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Protocol, Self, TypeVar

import numpy as np

from solvers.cone import Cone, Evaluation
from solvers.errors import SolverError
from solvers.operation import Operation
from solvers.options import Options
from solvers.program import Floats

T = TypeVar("T")
R = TypeVar("R")

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
    with_x
        Whether the hours themselves are wanted.
    """

    cone: str
    links: Floats
    prices: Floats
    with_x: bool = False


class Oracle(Protocol):
    """Whatever answers a master's questions."""

    def evaluate(self, asks: Sequence[Ask]) -> list[Evaluation]:
        """Answer each question, in order."""
        ...


class Workers(Protocol):
    """Whatever does work on operations, here or in other processes; use with ``with``."""

    def evaluate(self, asks: Sequence[Ask]) -> list[Evaluation]:
        """Answer each question, in order."""
        ...

    def map(self, function: Callable[["SerialOracle", T], R], items: Sequence[T]) -> list[R]:
        """Call a function of a module with an oracle and each item, and return what it returns."""
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
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
    on_answer
        Told of every question and its answer.
    """

    def __init__(
        self,
        operations: Mapping[str, Operation],
        *,
        reference: tuple[str, ...] = (),
        options: Options | None = None,
        on_answer: Callable[[Ask, Evaluation], None] | None = None,
    ) -> None:
        self.operations = operations
        self.reference = reference
        self._on_answer = on_answer
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
        found = {i: self._answer(asks[i]) for i in order}
        return [found[i] for i in range(len(asks))]

    def map(self, function: Callable[["SerialOracle", T], R], items: Sequence[T]) -> list[R]:
        """Call a function with this oracle and each item, in order."""
        return [function(self, item) for item in items]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._cones.clear()

    def _answer(self, ask: Ask) -> Evaluation:
        answer = self._cone(ask.cone).evaluate(ask.links, ask.prices, with_x=ask.with_x)
        if self._on_answer is not None:
            self._on_answer(ask, answer)
        return answer

    def _cone(self, key: str) -> Cone:
        """Return the cone of a key, warm if it was asked for lately."""
        if key not in self._cones:
            self._cones[key] = self._new_cone(key)
        self._cones.move_to_end(key)
        return self._cones[key]

    def _new_cone(self, key: str) -> Cone:
        if key not in self.operations:
            msg = f"{key}: no such operation"
            raise SolverError(msg)
        operation = self.operations[key]
        if len(self._cones) >= MOST_CONES:
            oldest = next(iter(self._cones))
            cone = self._cones.pop(oldest)
            if cone.operation.same_pattern(operation):
                cone.stamp(operation, trusted=True)
                return cone
        # Whether operation is always possible is a matter of the pattern.
        trusted = any(c.operation.same_pattern(operation) for c in self._cones.values())
        return Cone(operation, reference=self.reference, options=self._options, trusted=trusted)


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
        for worker in self._workers:
            worker.submit(_ready)  # a process starts when it is first asked

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

    def map(self, function: Callable[[SerialOracle, T], R], items: Sequence[T]) -> list[R]:
        """Call a function with the oracle of a process and each item; results in order.

        Items go to the processes in turn. The function is one of a module, its items and results
        can be pickled.
        """
        running = [
            self._workers[i % len(self._workers)].submit(_call, function, item)
            for i, item in enumerate(items)
        ]
        return [future.result() for future in running]

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


_NONE = np.zeros(0)

_HERE: dict[str, SerialOracle] = {}
"""The oracle of a worker process; it has one, and nobody else reads it."""


def _start(
    operations: Mapping[str, Operation], reference: tuple[str, ...], options: Options | None
) -> None:
    _HERE["oracle"] = SerialOracle(operations, reference=reference, options=options)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """End this process with the one that started it, even if that one was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _ready() -> None:
    """Do nothing, in a process that is there."""


def _call(function: Callable[[SerialOracle, T], R], item: T) -> R:
    return function(_HERE["oracle"], item)


def _answer(asks: list[Ask]) -> list[Evaluation]:
    answers = _HERE["oracle"].evaluate(asks)
    return [replace(answer, row_dual=_NONE) for answer in answers]  # long, and nobody asked
