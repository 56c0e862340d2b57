import logging
import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from solvers.cut import CutSet, no_cuts
from solvers.cut_store import CutStore
from solvers.errors import SolverError

LINKS, USES = ("solar", "load"), ("fuel",)


def _store(folder: Path, **more: int) -> CutStore:
    return CutStore(folder, links=LINKS, uses=USES, **more)


def _cuts(*slopes: float) -> CutSet:
    return CutSet(np.ones((len(slopes), 1)), np.array([[-s, s] for s in slopes]))


def _add_from_another_process(folder: Path, number: int) -> None:
    for k in range(5):
        _store(folder).add("shared", _cuts(1.0 + 10 * number + k))


class TestCutSet:
    def test_repetitions_are_dropped_whatever_their_scale(self) -> None:
        """Prices 1, slopes -2, 2 and prices 3, slopes -6, 6 say the same."""
        thrice = CutSet(np.array([[3.0]]), np.array([[-6.0, 6.0]]))

        both = _cuts(2.0, 5.0).with_cuts(thrice).with_cuts(_cuts(7.0, 2.0))

        assert both.slopes[:, 1].tolist() == [2, 5, 7]

    def test_slack_is_what_is_left(self) -> None:
        """1 * 5 fuel - (-2 * 1 solar + 2 * 4 load) = -1."""
        assert _cuts(2.0).slack(np.array([5.0]), np.array([1.0, 4.0])).tolist() == [-1]


class TestMemory:
    def test_what_went_in_comes_out(self, tmp_path: Path) -> None:
        _store(tmp_path).add("a", _cuts(1.0, 2.0))

        found = _store(tmp_path).load("a")

        assert found.slopes.tolist() == [[-1, 1], [-2, 2]]
        assert found.prices.tolist() == [[1], [1]]

    def test_cuts_of_a_key_are_merged(self, tmp_path: Path) -> None:
        store = _store(tmp_path)
        store.add("a", _cuts(1.0, 2.0))
        store.add("a", _cuts(2.0, 3.0))
        store.add("b", _cuts(9.0))

        assert store.load("a").slopes[:, 1].tolist() == [1, 2, 3]
        assert store.load("b").slopes[:, 1].tolist() == [9]
        assert len(store.load("c")) == 0

    def test_the_latest_are_kept(self, tmp_path: Path) -> None:
        store = _store(tmp_path, most_cuts=2)
        store.add("a", _cuts(1.0, 2.0, 3.0))

        assert store.load("a").slopes[:, 1].tolist() == [2, 3]

    def test_nothing_is_left_behind(self, tmp_path: Path) -> None:
        _store(tmp_path).add("a", _cuts(1.0))

        assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


class TestBadFiles:
    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"\x80\x04K\x01."])
    def test_garbage_is_passed_over_and_replaced(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
    ) -> None:
        (tmp_path / "a.npz").write_bytes(content)
        store = _store(tmp_path)

        with caplog.at_level(logging.WARNING):
            assert len(store.load("a")) == 0
        assert "not a file of cuts" in caplog.text

        store.add("a", _cuts(1.0))
        assert len(store.load("a")) == 1

    def test_half_a_file_is_passed_over(self, tmp_path: Path) -> None:
        store = _store(tmp_path)
        store.add("a", _cuts(*np.linspace(1, 2, 200)))
        whole = (tmp_path / "a.npz").read_bytes()
        (tmp_path / "a.npz").write_bytes(whole[: len(whole) // 2])

        assert len(store.load("a")) == 0

    def test_other_names_and_formats_are_passed_over(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        CutStore(tmp_path, links=("load", "solar"), uses=USES).add("a", _cuts(1.0))
        good = {
            "format": np.array(1),
            "links": np.array(LINKS),
            "uses": np.array(USES),
            "prices": np.ones((1, 1)),
            "slopes": np.ones((1, 2)),
        }
        np.savez(tmp_path / "old.npz", **{**good, "format": np.array(0)})
        np.savez(tmp_path / "shape.npz", **{**good, "slopes": np.ones((2, 2))})
        np.savez(tmp_path / "nan.npz", **{**good, "slopes": np.full((1, 2), np.nan)})
        np.savez(tmp_path / "kind.npz", **{**good, "slopes": np.ones((1, 2), dtype=int)})
        np.savez(tmp_path / "good.npz", **good)

        with caplog.at_level(logging.WARNING):
            counts = [len(_store(tmp_path).load(k)) for k in ("a", "old", "shape", "nan", "kind")]

        assert counts == [0] * 5
        assert len(caplog.records) == 5
        assert len(_store(tmp_path).load("good")) == 1

    def test_a_lone_array_is_passed_over(self, tmp_path: Path) -> None:
        with (tmp_path / "a.npz").open("wb") as file:
            np.save(file, np.ones(3))

        assert len(_store(tmp_path).load("a")) == 0

    def test_pickles_are_not_read(self, tmp_path: Path) -> None:
        evil = np.empty(1, dtype=object)
        evil[0] = Path
        np.savez(tmp_path / "a.npz", format=evil)

        assert len(_store(tmp_path).load("a")) == 0


class TestRefusals:
    @pytest.mark.parametrize("key", ["", "../a", "a/b", "a.npz"])
    def test_keys_that_are_paths(self, tmp_path: Path, key: str) -> None:
        with pytest.raises(SolverError, match="not a key"):
            _store(tmp_path).load(key)

    def test_cuts_of_another_cone(self, tmp_path: Path) -> None:
        with pytest.raises(SolverError, match="uses and links"):
            _store(tmp_path).add("a", no_cuts(2, 2))

    def test_cuts_that_are_not_finite(self, tmp_path: Path) -> None:
        with pytest.raises(SolverError, match="not finite"):
            _store(tmp_path).add("a", _cuts(float("inf")))


class TestRoom:
    def test_least_recently_used_goes_first(self, tmp_path: Path) -> None:
        store = _store(tmp_path)
        long_ago = time.time() - 1000
        for number, key in enumerate("abc"):
            store.add(key, _cuts(1.0 + number))
            os.utime(tmp_path / f"{key}.npz", (long_ago + number, long_ago + number))
        store.load("a")
        size = (tmp_path / "a.npz").stat().st_size

        _store(tmp_path, limit_bytes=3 * size).add("d", _cuts(4.0))

        assert sorted(path.stem for path in tmp_path.iterdir()) == ["a", "c", "d"]


class TestSeveralProcesses:
    def test_no_cut_is_lost(self, tmp_path: Path) -> None:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            list(pool.map(_add_from_another_process, [tmp_path] * 2, [1, 2]))

        found = sorted(_store(tmp_path).load("shared").slopes[:, 1].tolist())

        assert found == [11, 12, 13, 14, 15, 21, 22, 23, 24, 25]

    def test_a_lock_left_by_the_dead_is_passed_over(self, tmp_path: Path) -> None:
        lock = tmp_path / "a.lock"
        lock.touch()
        os.utime(lock, (time.time() - 1000, time.time() - 1000))

        _store(tmp_path).add("a", _cuts(1.0))

        assert len(_store(tmp_path).load("a")) == 1
        assert not lock.exists()
