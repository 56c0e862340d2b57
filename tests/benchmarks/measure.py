"""Runs one measurement in a fresh process and watches its memory from outside."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.benchmarks.one import NO_PLAN

ROOT = Path(__file__).parents[2]
SAMPLE_S = 0.2
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1024**2

MEMORY = (
    "Memory is the largest sum of resident sets of the process and its workers, sampled five times "
    "a second where there is a /proc, and never less than the kernel's own peak of the process "
    "(getrusage)."
)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be measured.

    Attributes
    ----------
    row
        Of the table of targets.
    name
        What this one is called in the table of measurements.
    scenario
        The file.
    sets
        Assignments laid over it.
    kind
        ``plan`` for ours, ``pypsa`` for the twin.
    most_s
        After which it is ended; None: never [s].
    """

    row: str
    name: str
    scenario: Path
    sets: tuple[str, ...] = ()
    kind: str = "plan"
    most_s: float | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was found; figures that were not are None.

    Attributes
    ----------
    row, name
        Of the task.
    status
        ``solved``, ``stopped`` at a limit with a plan, ``no plan``, ``failed``, or PyPSA's word.
    seconds
        From the scenario's file to the audited plan, without start and imports [s].
    process_s
        The whole process [s].
    gap
        Relative distance to the proven bound [1].
    objective_kusd, power_kusd
        Discounted cost, and that of power alone [1000 USD].
    peak_memory_mb
        See `MEMORY` [MB].
    cuts
        Of the decomposed engine.
    note
        What else there is to say.
    phases
        Where the time went [s].
    """

    row: str
    name: str
    status: str
    seconds: float | None = None
    process_s: float | None = None
    gap: float | None = None
    objective_kusd: float | None = None
    power_kusd: float | None = None
    peak_memory_mb: float | None = None
    cuts: int | None = None
    note: str = ""
    phases: dict[str, float] = field(default_factory=dict)

    @property
    def has_plan(self) -> bool:
        """Whether there is an answer with a gap."""
        return self.gap is not None


def measure(task: Task) -> Measurement:
    """Run a task in a fresh process; what goes wrong in it becomes part of the measurement."""
    asked = {"kind": task.kind, "scenario": str(task.scenario), "sets": list(task.sets)}
    command = [sys.executable, "-m", "tests.benchmarks.one", json.dumps(asked)]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        code, process_s, sampled_mb = _watch(command, task.most_s, out, err)
        answer, complaint = _lines(out), _lines(err)
    if code is None:
        note = f"ended after {process_s:.0f} s"
        return Measurement(
            task.row, task.name, NO_PLAN, None, process_s, peak_memory_mb=sampled_mb, note=note
        )
    if code != 0:
        note = complaint[-1] if complaint else f"exit code {code}"
        return Measurement(task.row, task.name, "failed", None, process_s, note=note)
    found: dict[str, Any] = json.loads(answer[-1])
    found["peak_memory_mb"] = max(found["peak_memory_mb"], sampled_mb)
    return Measurement(task.row, task.name, process_s=process_s, **found)


def best_of(command: Sequence[str], times: int) -> float:
    """Return the shortest of several runs of a command [s].

    Raises
    ------
    subprocess.CalledProcessError
        If it fails.
    """
    return min(_timed(command) for _ in range(times))


def _timed(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return time.perf_counter() - started


def _watch(
    command: Sequence[str], most_s: float | None, out: IO[str], err: IO[str]
) -> tuple[int | None, float, float]:
    """Return the exit code (None: ended by us), seconds, and most memory seen [MB]."""
    started, most_mb = time.perf_counter(), 0.0
    process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err, start_new_session=True)
    try:
        while process.poll() is None:
            most_mb = max(most_mb, _resident_mb(process.pid))
            if most_s is not None and time.perf_counter() - started > most_s:
                return None, time.perf_counter() - started, most_mb
            time.sleep(SAMPLE_S)
        return process.returncode, time.perf_counter() - started, most_mb
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _resident_mb(pid: int) -> float:
    """Return the resident memory of a process and all below it; 0 where there is no /proc [MB]."""
    proc = Path("/proc") / str(pid)
    try:
        total = int((proc / "statm").read_text().split()[1]) * PAGE_MB
        below = [c for task in (proc / "task").iterdir() for c in _children(task)]
    except OSError:  # it has just ended
        return 0.0
    return total + sum(_resident_mb(child) for child in below)


def _children(task: Path) -> list[int]:
    try:
        return [int(pid) for pid in (task / "children").read_text().split()]
    except OSError:
        return []


def _lines(file: IO[str]) -> list[str]:
    file.seek(0)
    return [line for line in file.read().splitlines() if line.strip()]
