"""Who plans the points: processes of this machine, or workers of a Dask cluster.

Each lane is an executor of `concurrent.futures` with one worker, so that a lane's points follow
each other in one process, which stays warm, and a worker that dies takes only its own point along.
"""

import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from planner.errors import PlannerError

P = TypeVar("P")
R = TypeVar("R")

MOST_TASKS = 200
"""Points after which a process is replaced, so that what it keeps warm does not pile up."""

SHARE_OF_MEMORY = 0.9
"""Of the machine's memory, what all workers together may take [1]."""

ENDS_WITHIN_S = 5.0
"""How long a worker may take to end when it is asked to [s]."""


class CrewError(PlannerError):
    """Workers cannot be had: no cluster answers, or processes end before they begin."""

    exit_code = 2

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


class Crew(Protocol):
    """Lanes of workers."""

    @property
    def lanes(self) -> int:
        """How many points are planned at once."""
        ...

    def submit(self, lane: int, function: Callable[[P], R], point: P) -> "Future[R]":
        """Have a lane's worker do something."""
        ...

    def replace(self, lane: int) -> None:
        """Give a lane another worker, for its own has died."""
        ...

    def close(self, *, at_once: bool) -> None:
        """End the workers; at once: without waiting for what they do."""
        ...


class LocalCrew:
    """Processes of this machine, started afresh.

    Parameters
    ----------
    workers
        How many.
    memory_mb
        Most memory of each; beyond it a point fails [MB].
    most_tasks
        Points after which a process is replaced.
    """

    def __init__(self, workers: int, memory_mb: float, *, most_tasks: int = MOST_TASKS) -> None:
        self._memory_mb = memory_mb
        self._most_tasks = most_tasks
        self._tasks = [0] * workers
        self._pools = [self._pool() for _ in range(workers)]
        self._pids: list[Future[int]] = [pool.submit(os.getpid) for pool in self._pools]

    @property
    def lanes(self) -> int:
        """How many points are planned at once."""
        return len(self._pools)

    def submit(self, lane: int, function: Callable[[P], R], point: P) -> "Future[R]":
        """Have a lane's process do something."""
        if self._tasks[lane] >= self._most_tasks:
            self.replace(lane)
        self._tasks[lane] += 1
        return self._pools[lane].submit(function, point)

    def replace(self, lane: int) -> None:
        """Give a lane another process.

        Raises
        ------
        CrewError
            If the one that it had did not even begin.
        """
        began = self._pids[lane]
        if began.done() and began.exception() is not None:
            what = (
                "a process of a worker ended before it began; try --memory-mb, and in a script "
                "of your own calls below if __name__ == '__main__'"
            )
            raise CrewError(what)
        self._pools[lane].shutdown(wait=False, cancel_futures=True)
        self._pools[lane] = self._pool()
        self._pids[lane] = self._pools[lane].submit(os.getpid)
        self._tasks[lane] = 0

    def close(self, *, at_once: bool) -> None:
        """End the processes."""
        if at_once:
            self._signal(signal.SIGTERM)
            killer = threading.Timer(ENDS_WITHIN_S, self._signal, (signal.SIGKILL,))
            killer.daemon = True
            killer.start()
        for pool in self._pools:
            pool.shutdown(wait=True, cancel_futures=True)

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self._memory_mb,),
        )

    def _signal(self, number: int) -> None:
        for pid in self._pids:
            if pid.done() and pid.exception() is None:
                with suppress(ProcessLookupError):
                    os.kill(pid.result(), number)


class DaskCrew:
    """Workers of a Dask cluster that is there already.

    Parameters
    ----------
    address
        Of its scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    CrewError
        If Dask is not installed, the scheduler does not answer, or no worker has joined it.
    """

    def __init__(self, address: str, *, timeout_s: float = 10.0) -> None:
        try:
            from distributed import Client
        except ImportError:
            what = '--scheduler needs Dask, try pip install "gigaplan[cluster]"'
            raise CrewError(what) from None
        try:
            connect: Any = Client
            self._client: Any = connect(address, timeout=timeout_s, set_as_default=False)
            self._client.wait_for_workers(1, timeout=timeout_s)
        except (OSError, TimeoutError, ValueError) as error:
            hint = f"try dask worker {address}"
            what = f"{address}: no cluster with workers answers ({error}), {hint}"
            raise CrewError(what) from error
        names = sorted(self._client.scheduler_info(n_workers=-1)["workers"])
        self._executors: list[Executor] = [
            self._client.get_executor(
                workers=[name], allow_other_workers=True, retries=0, pure=False
            )
            for name in names
        ]

    @property
    def lanes(self) -> int:
        """How many points are planned at once."""
        return len(self._executors)

    def submit(self, lane: int, function: Callable[[P], R], point: P) -> "Future[R]":
        """Have a lane's worker do something; any other, should that one be gone."""
        return self._executors[lane].submit(function, point)

    def replace(self, lane: int) -> None:
        """Do nothing: a cluster's nannies replace its workers."""

    def close(self, *, at_once: bool) -> None:
        """Leave the cluster; it goes on without us."""
        for executor in self._executors:
            executor.shutdown(wait=not at_once)
        self._client.close()


def memory_mb() -> float:
    """Return the memory of this machine [MB]."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20


def _begin(most_mb: float) -> None:
    """Prepare a process: its memory, signals, and that it ends with the one that started it."""
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    _, hard = resource.getrlimit(kind)
    asked = round(most_mb * 2**20)
    most = asked if hard == resource.RLIM_INFINITY else min(asked, hard)
    resource.setrlimit(kind, (most, hard))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started it
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
