"""Folders of arrays: killed writers, full, read-only and odd folders, order of use."""

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from solvers import npz
from solvers.npz import Arrays, NpzFolder

ROOT = Path(__file__).parents[2]
FOREVER = """\
import sys
from pathlib import Path
import numpy as np
from solvers.npz import NpzFolder

folder = NpzFolder(Path(sys.argv[1]), "test", 10**9)
print("ready", flush=True)
number = 0
while True:
    number += 1
    folder.replace(f"key{number % 3}", lambda: {"x": np.full(200_000, number % 7, dtype=float)})
"""
HOLD = """\
import sys
import time
from pathlib import Path
from solvers.npz import NpzFolder

def hold():
    print("ready", flush=True)
    time.sleep(60)

NpzFolder(Path(sys.argv[1]), "test", 10**9).replace("a", hold)
"""


def _folder(path: Path, limit_bytes: int = 10**9) -> NpzFolder:
    return NpzFolder(path, "test", limit_bytes)


def _save(folder: NpzFolder, key: str, *numbers: float) -> None:
    folder.replace(key, lambda: {"x": np.array(numbers)})


def _load(folder: NpzFolder, key: str) -> list[float] | None:
    def numbers(arrays: Arrays) -> list[float]:
        return list(arrays["x"].tolist())

    return folder.read(key, numbers)


def _kill_after(script: str, folder: Path, seconds: float) -> None:
    """Run a script until it is ready and some seconds more, then kill it without warning."""
    call = [sys.executable, "-c", script, str(folder)]
    place = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(call, env=place, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)


def test_writers_that_are_killed_break_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        _kill_after(FOREVER, tmp_path, 0.3)

    folder = _folder(tmp_path)
    with caplog.at_level(logging.WARNING):
        found = [_load(folder, f"key{k}") for k in range(3)]
        _save(folder, "key0", 5.0)

    assert all(x is not None and len(x) == 200_000 and len(set(x)) == 1 for x in found)
    assert _load(folder, "key0") == [5.0]
    assert not caplog.records


def test_a_lock_ends_with_its_holder(tmp_path: Path) -> None:
    _kill_after(HOLD, tmp_path, 0.0)
    began = time.monotonic()

    _save(_folder(tmp_path), "a", 1.0)

    assert _load(_folder(tmp_path), "a") == [1.0]
    assert time.monotonic() - began < 5


def test_who_waits_too_long_goes_on_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npz, "LONGEST_WAIT_S", 0.1)
    outer, inner = _folder(tmp_path), _folder(tmp_path)

    def meanwhile() -> Arrays:
        _save(inner, "b", 2.0)
        return {"x": np.array([1.0])}

    with caplog.at_level(logging.WARNING):
        outer.replace("a", meanwhile)

    assert _load(outer, "a") == [1.0]
    assert _load(outer, "b") is None
    assert "cannot be kept" in caplog.text


def test_nothing_but_the_lock_is_left_behind(tmp_path: Path) -> None:
    _save(_folder(tmp_path), "a", 1.0)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.test.npz", "test.lock"]


def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(tmp_path)
    _save(folder, "a", 1.0)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with caplog.at_level(logging.WARNING):
        _save(folder, "a", 2.0)

    assert _load(folder, "a") == [1.0]
    assert "No space left" in caplog.text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.test.npz", "test.lock"]


def test_parts_of_the_dead_go_after_an_hour(tmp_path: Path) -> None:
    ages = {"old.test.part": 4000, "young.test.part": 10, "old.other.part": 4000, "my.part": 4000}
    for name, age in ages.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)

    _save(_folder(tmp_path), "a", 1.0)

    left = {path.name for path in tmp_path.iterdir()} & set(ages)
    assert left == set(ages) - {"old.test.part"}


def test_least_recently_used_goes_first(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    long_ago = time.time() - 1000
    for number, key in enumerate("abc"):
        _save(folder, key, 1.0 + number)
        os.utime(tmp_path / f"{key}.test.npz", (long_ago + number,) * 2)
    _load(folder, "a")
    (tmp_path / "b.npz").write_bytes(b"somebody's own" * 1000)
    size = (tmp_path / "a.test.npz").stat().st_size

    _save(_folder(tmp_path, limit_bytes=3 * size), "d", 4.0)

    left = sorted(path.name for path in tmp_path.glob("*.npz"))
    assert left == ["a.test.npz", "b.npz", "c.test.npz", "d.test.npz"]


def test_what_was_just_written_stays_however_large(tmp_path: Path) -> None:
    _save(_folder(tmp_path, limit_bytes=1), "a", 1.0)
    _save(_folder(tmp_path, limit_bytes=1), "b", 1.0)

    assert _load(_folder(tmp_path), "a") is None
    assert _load(_folder(tmp_path), "b") == [1.0]


def test_a_folder_below_a_file_is_said_once_and_kept_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_text("mine")

    with caplog.at_level(logging.WARNING):
        folder = _folder(tmp_path / "taken" / "store")
        _save(folder, "a", 1.0)
        assert _load(folder, "a") is None

    assert len(caplog.records) == 1
    assert "cannot be kept" in caplog.text


def test_a_folder_that_may_only_be_read_is_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _save(_folder(tmp_path / "store"), "a", 1.0)
    (tmp_path / "store").chmod(0o500)
    (tmp_path / "store/test.lock").chmod(0o400)
    if os.access(tmp_path / "store", os.W_OK):
        pytest.skip("root may write everywhere")
    try:
        with caplog.at_level(logging.WARNING):
            folder = _folder(tmp_path / "store")
            _save(folder, "a", 2.0)
            _save(folder, "b", 2.0)
        assert _load(folder, "a") == [1.0]
        assert _load(folder, "b") is None
        assert len(caplog.records) == 1
    finally:
        (tmp_path / "store").chmod(0o700)
