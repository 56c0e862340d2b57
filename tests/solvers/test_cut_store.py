import logging
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from solvers.cut import CutSet, no_cuts
from solvers.cut_store import FORMAT, CutStore
from solvers.errors import SolverError

LINKS, USES = ("solar", "load"), ("fuel",)


def _store(folder: Path, **more: int) -> CutStore:
    return CutStore(folder, links=LINKS, uses=USES, **more)


def _cuts(*slopes: float) -> CutSet:
    return CutSet(np.ones((len(slopes), 1)), np.array([[-s, s] for s in slopes]))


def _file(folder: Path, key: str) -> Path:
    return folder / f"{key}.cuts.npz"


def _good(key: str) -> dict[str, np.ndarray]:
    """What a file of one cut holds."""
    return {
        "format": np.array(FORMAT),
        "key": np.array(key),
        "links": np.array(LINKS),
        "uses": np.array(USES),
        "prices": np.ones((1, 1)),
        "slopes": np.ones((1, 2)),
    }


def _add_from_another_process(folder: Path, number: int) -> None:
    for k in range(20):
        _store(folder).add("shared", _cuts(100.0 * number + k))


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

    def test_what_is_known_is_not_written_again(self, tmp_path: Path) -> None:
        store = _store(tmp_path)
        store.add("a", _cuts(1.0, 2.0))
        before = _file(tmp_path, "a").stat().st_ino
        store.add("a", _cuts(2.0))

        assert _file(tmp_path, "a").stat().st_ino == before


class TestBadFiles:
    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"\x80\x04K\x01."])
    def test_garbage_is_passed_over_and_replaced(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
    ) -> None:
        _file(tmp_path, "a").write_bytes(content)
        store = _store(tmp_path)

        with caplog.at_level(logging.WARNING):
            assert len(store.load("a")) == 0
        assert "not a file of cuts" in caplog.text

        store.add("a", _cuts(1.0))
        assert len(store.load("a")) == 1

    def test_a_file_cut_short_anywhere_is_passed_over(self, tmp_path: Path) -> None:
        store = _store(tmp_path)
        store.add("a", _cuts(*np.linspace(1, 2, 200)))
        whole = _file(tmp_path, "a").read_bytes()
        for length in range(0, len(whole), 40):
            _file(tmp_path, "a").write_bytes(whole[:length])

            assert len(store.load("a")) == 0

    def test_a_changed_byte_never_makes_another_cut(self, tmp_path: Path) -> None:
        store = _store(tmp_path)
        store.add("a", _cuts(1.0, 2.5))
        whole = _file(tmp_path, "a").read_bytes()
        for position in range(len(whole)):
            broken = bytearray(whole)
            broken[position] ^= 0xFF
            _file(tmp_path, "a").write_bytes(bytes(broken))

            assert store.load("a").slopes[:, 1].tolist() in ([], [1.0, 2.5])

    @pytest.mark.parametrize(
        "change",
        [
            {"format": np.array(FORMAT - 1)},
            {"format": np.array("new")},
            {"key": np.array("b")},
            {"links": np.array(LINKS[::-1])},
            {"links": np.array(("solar",))},
            {"uses": np.array(("coal",))},
            {"slopes": np.ones((2, 2))},
            {"slopes": np.ones((1, 3))},
            {"slopes": np.array(1.0)},
            {"slopes": np.full((1, 2), np.nan)},
            {"slopes": np.ones((1, 2), dtype=int)},
            {"prices": np.full((1, 1), np.inf)},
        ],
    )
    def test_other_formats_names_and_shapes_are_passed_over_and_replaced(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture, change: dict[str, np.ndarray]
    ) -> None:
        np.savez(_file(tmp_path, "a"), **_good("a"))
        assert len(_store(tmp_path).load("a")) == 1
        np.savez(_file(tmp_path, "a"), **_good("a") | change)

        with caplog.at_level(logging.WARNING):
            assert len(_store(tmp_path).load("a")) == 0
        assert len(caplog.records) == 1

        _store(tmp_path).add("a", _cuts(7.0))
        assert _store(tmp_path).load("a").slopes[:, 1].tolist() == [7]

    @pytest.mark.parametrize("name", list(_good("a")))
    def test_a_file_without_one_of_its_arrays_is_passed_over(
        self, tmp_path: Path, name: str
    ) -> None:
        np.savez(_file(tmp_path, "a"), **{k: v for k, v in _good("a").items() if k != name})

        assert len(_store(tmp_path).load("a")) == 0

    def test_a_lone_array_is_passed_over(self, tmp_path: Path) -> None:
        with _file(tmp_path, "a").open("wb") as file:
            np.save(file, np.ones(3))

        assert len(_store(tmp_path).load("a")) == 0

    @pytest.mark.parametrize("name", list(_good("a")))
    def test_pickles_are_not_read(self, tmp_path: Path, name: str) -> None:
        evil = np.empty(1, dtype=object)
        evil[0] = _Trap(tmp_path / "sprung")
        np.savez(_file(tmp_path, "a"), **_good("a") | {name: evil})

        assert len(_store(tmp_path).load("a")) == 0
        assert not (tmp_path / "sprung").exists()


class _Trap:
    """Leaves a trace when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.path,))


class TestRefusals:
    @pytest.mark.parametrize("key", ["", "../a", "a/b", "a.npz", "ä", "a" * 200])
    def test_keys_that_are_paths(self, tmp_path: Path, key: str) -> None:
        with pytest.raises(SolverError, match="not a key"):
            _store(tmp_path).load(key)

    def test_cuts_of_another_cone(self, tmp_path: Path) -> None:
        with pytest.raises(SolverError, match="uses and links"):
            _store(tmp_path).add("a", no_cuts(2, 2))

    def test_cuts_that_are_not_finite(self, tmp_path: Path) -> None:
        with pytest.raises(SolverError, match="not finite"):
            _store(tmp_path).add("a", _cuts(float("inf")))


class TestSeveralProcesses:
    def test_no_cut_is_lost(self, tmp_path: Path) -> None:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            list(pool.map(_add_from_another_process, [tmp_path] * 2, [1, 2]))

        found = sorted(_store(tmp_path).load("shared").slopes[:, 1].tolist())

        assert found == [100.0 * number + k for number in (1, 2) for k in range(20)]
