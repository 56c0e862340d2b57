"""Points are planned in lanes; workers that die, memory and Ctrl-C cost no other point."""

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from planner.sweep.crew import LocalCrew
from planner.sweep.point import Record
from planner.sweep.runner import run_points
from tests.planner.sweep import toys


def test_every_point_is_done_once_and_each_lane_stays_in_its_process() -> None:
    found = toys.run(toys.numbered(9), toys.square)
    assert {n: r.figures["square"] for n, r in found.items()} == {n: n * n for n in range(9)}
    assert len({r.figures["pid"] for r in found.values()}) <= 2
    assert {r.varying["attempts"] for r in found.values()} == {1}
    pids = [found[n].figures["pid"] for n in range(9)]
    assert pids[0] not in (os.getpid(), None)


def test_a_point_that_kills_its_worker_twice_is_recorded_and_the_rest_is_done() -> None:
    found = toys.run(toys.numbered(6), toys.die_at_three)
    assert found[3].status == "died"
    assert "2 times" in found[3].reason
    assert [found[n].status for n in (0, 1, 2, 4, 5)] == ["solved"] * 5


def test_a_point_whose_worker_died_once_is_done_by_another(tmp_path: Path) -> None:
    found = toys.run(toys.numbered(5), toys.DieOnce(tmp_path / "flag"))
    assert {r.status for r in found.values()} == {"solved"}
    assert {n: r.varying["attempts"] for n, r in found.items()} == {0: 1, 1: 1, 2: 1, 3: 2, 4: 1}


def test_memory_of_a_worker_is_bounded() -> None:
    found = toys.run(toys.numbered(3), toys.too_large, workers=1)
    assert [found[n].status for n in range(3)] == ["solved", "died", "solved"]
    assert "out of memory" in found[1].reason


@pytest.mark.slow
def test_ctrl_c_ends_the_workers_at_once() -> None:
    seen: list[Record] = []
    crew = LocalCrew(2, 2048.0)
    timer = threading.Timer(3.0, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    began = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        run_points(toys.numbered(4), toys.slow, crew, seen.append, first_alone=False)
    assert time.perf_counter() - began < 20
    assert multiprocessing.active_children() == []
    assert seen == []


def test_what_the_watcher_raises_ends_the_run() -> None:
    def full(_: Record) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        run_points(toys.numbered(4), toys.square, LocalCrew(1, 2048.0), full)
    assert multiprocessing.active_children() == []


def test_processes_are_replaced_after_so_many_points() -> None:
    found: list[Record] = []
    crew = LocalCrew(1, 2048.0, most_tasks=2)
    run_points(toys.numbered(4), toys.square, crew, found.append)
    pids = [r.figures["pid"] for r in sorted(found, key=lambda r: r.point)]
    assert pids[0] == pids[1]
    assert pids[2] == pids[3]
    assert pids[1] != pids[2]
