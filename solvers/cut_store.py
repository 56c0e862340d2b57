"""Cuts on disk, so that the next run starts where this one ended.

One file per key, in NumPy's ``npz`` format without pickles: nothing in it is ever executed. A
file is replaced as a whole, so that a reader never sees half of one, and writers of one key take
turns. What cannot be read is dropped with a warning: a store is a memory, not a source.
"""

import logging
import os
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np

from solvers.cut import CutSet, no_cuts
from solvers.errors import SolverError

logger = logging.getLogger(__name__)

FORMAT = 1
"""Raised whenever what a file means changes; other formats are not read."""

_STALE_LOCK_S = 30.0
_WAIT_S = 10.0
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile)


class CutStore:
    """A folder of cuts.

    Parameters
    ----------
    folder
        Made if it is not there.
    links, uses
        Names of the linking quantities and uses, in order. A file with others is not read.
    limit_bytes
        When the folder grows beyond this, files not touched for longest are removed.
    most_cuts
        A key keeps at most this many cuts, the latest.

    Examples
    --------
    >>> import tempfile
    >>> store = CutStore(Path(tempfile.mkdtemp()), links=("load",), uses=("fuel",))
    >>> len(store.load("abilene-winter"))
    0
    >>> store.add("abilene-winter", CutSet(np.array([[4.0]]), np.array([[30.0]])))
    >>> len(store.load("abilene-winter"))
    1
    """

    def __init__(
        self,
        folder: Path,
        *,
        links: tuple[str, ...],
        uses: tuple[str, ...],
        limit_bytes: int = 500_000_000,
        most_cuts: int = 2000,
    ) -> None:
        self._folder = folder
        self._links = links
        self._uses = uses
        self._limit_bytes = limit_bytes
        self._most_cuts = most_cuts
        folder.mkdir(parents=True, exist_ok=True)

    def load(self, key: str) -> CutSet:
        """Return the cuts of a key; none if there are none or the file cannot be read.

        Parameters
        ----------
        key
            A hash of all that the cuts depend on; letters, digits, ``-`` and ``_``.
        """
        path = self._path(key)
        if not path.exists():
            return self._nothing()
        try:
            found = self._read(path)
            os.utime(path)
        except _UNREADABLE as error:
            logger.warning("%s: not a file of cuts (%s); starting without it", path, error)
            return self._nothing()
        return found

    def add(self, key: str, cuts: CutSet) -> None:
        """Add cuts to those of a key on disk.

        Raises
        ------
        SolverError
            If the cuts do not have this store's linking quantities and uses, or are not finite.
        """
        shape = (cuts.prices.shape[1], cuts.slopes.shape[1])
        if shape != (len(self._uses), len(self._links)):
            msg = (
                f"{key}: cuts of {shape} uses and links, the store has {self._uses}, {self._links}"
            )
            raise SolverError(msg)
        if not (np.isfinite(cuts.prices).all() and np.isfinite(cuts.slopes).all()):
            msg = f"{key}: a cut has a coefficient that is not finite"
            raise SolverError(msg)
        path = self._path(key)
        with _lock(path.with_suffix(".lock")):
            before = self.load(key)
            both = before.with_cuts(cuts)
            if len(both) > len(before):
                latest = slice(-self._most_cuts, None)
                self._write(path, CutSet(both.prices[latest], both.slopes[latest]))
        self._make_room(path)

    def _path(self, key: str) -> Path:
        if not key or not all(letter.isalnum() or letter in "-_" for letter in key):
            msg = f"{key!r}: not a key, try letters, digits, - and _"
            raise SolverError(msg)
        return self._folder / f"{key}.npz"

    def _nothing(self) -> CutSet:
        return no_cuts(len(self._uses), len(self._links))

    def _read(self, path: Path) -> CutSet:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            _expect("format", int(file["format"]), FORMAT)
            _expect("links", tuple(file["links"].tolist()), self._links)
            _expect("uses", tuple(file["uses"].tolist()), self._uses)
            cuts = CutSet(file["prices"], file["slopes"])
        count = len(cuts)
        _expect("prices", cuts.prices.shape, (count, len(self._uses)))
        _expect("slopes", cuts.slopes.shape, (count, len(self._links)))
        _expect("kind", (cuts.prices.dtype, cuts.slopes.dtype), (np.float64, np.float64))
        finite = bool(np.isfinite(cuts.prices).all() and np.isfinite(cuts.slopes).all())
        _expect("finite", finite, True)
        return cuts

    def _write(self, path: Path, cuts: CutSet) -> None:
        with NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
            np.savez_compressed(
                file,
                format=np.array(FORMAT),
                links=np.array(self._links, dtype=np.str_),
                uses=np.array(self._uses, dtype=np.str_),
                prices=cuts.prices,
                slopes=cuts.slopes,
            )
        Path(file.name).replace(path)

    def _make_room(self, just_written: Path) -> None:
        found: list[tuple[float, int, Path]] = []
        for path in self._folder.glob("*.npz"):
            with suppress(OSError):
                status = path.stat()
                found.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self._limit_bytes:
                return
            if path != just_written:
                path.unlink(missing_ok=True)
                total -= size


def _expect(what: str, got: object, want: object) -> None:
    if got != want:
        msg = f"{what} is {got}, not {want}"
        raise ValueError(msg)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Take turns with other processes; one that died holding the lock is passed over."""
    began = time.monotonic()
    while not _take(path):
        waited = time.monotonic() - began
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_LOCK_S or waited > _WAIT_S:
                path.unlink(missing_ok=True)
        time.sleep(0.01)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _take(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except (FileExistsError, PermissionError):
        return False
    return True
