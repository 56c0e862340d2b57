"""A folder of arrays by key that several processes may read and write, and that may be lost.

One file per key, in NumPy's ``npz`` format without pickles: nothing in it is ever executed. A file
is replaced as a whole, so that a reader never sees half of one and a writer may be killed at any
moment. Writers take turns under a lock of the operating system, which ends with its holder. Only
files of this folder's kind are ever touched.

Such a folder is a memory, not a source. What cannot be read is passed over, and what cannot be
written is not kept; both are said in a warning and stop nobody.
"""

import logging
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from uuid import uuid4

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from solvers.errors import SolverError

logger = logging.getLogger(__name__)

Arrays: TypeAlias = Mapping[str, npt.NDArray[Any]]
T = TypeVar("T")

LONGEST_WAIT_S = 20.0
"""For a turn to write, which takes milliseconds; after it nothing is kept."""

STALE_PART_S = 3600.0
"""Age at which a half-written file has lost its writer for sure."""

LONGEST_KEY = 128


class NpzFolder:
    """Files ``<key>.<kind>.npz`` in one folder, with a cap on their size.

    Parameters
    ----------
    folder
        Made if it is not there. If that fails, nothing is ever found or kept.
    kind
        What the arrays are; other kinds may stand in the same folder.
    limit_bytes
        When the files of this kind grow beyond it, those not used for longest are removed.
    """

    def __init__(self, folder: Path, kind: str, limit_bytes: int) -> None:
        self._folder = folder
        self._kind = kind
        self._limit_bytes = limit_bytes
        self._complained = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._complain(error)

    def read(self, key: str, parse: Callable[[Arrays], T]) -> T | None:
        """Return what a key's file says; None if there is none or it cannot be used.

        Parameters
        ----------
        key
            Letters, digits, ``-`` and ``_``.
        parse
            Makes sense of the arrays, which nobody has checked; whatever it raises means that the
            file is not one of ours.
        """
        path = self._path(key)
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                found = parse(file)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except Exception as error:  # a foreign file can fail in every way there is
            logger.warning("%s: not a file of %s (%s); passed over", path, self._kind, error)
            return None
        with suppress(OSError):  # a folder that may only be read has no order of use
            os.utime(path)
        return found

    def replace(self, key: str, make: Callable[[], Arrays | None]) -> None:
        """Write a key's file anew, in turn with other processes.

        Parameters
        ----------
        key
            As in `read`.
        make
            Gives the arrays, or None to leave the file as it is. What it reads stays true until
            the file is written.
        """
        path = self._path(key)
        lock = FileLock(self._folder / f"{self._kind}.lock", timeout=LONGEST_WAIT_S)
        try:
            with lock:
                arrays = make()
                if arrays is not None:
                    self._write(path, arrays)
                    self._make_room(path)
        except OSError as error:  # filelock's Timeout is one
            self._complain(error)

    def _path(self, key: str) -> Path:
        fine = key.isascii() and all(letter.isalnum() or letter in "-_" for letter in key)
        if not fine or not 0 < len(key) <= LONGEST_KEY:
            msg = f"{key!r}: not a key, try at most {LONGEST_KEY} letters, digits, - and _"
            raise SolverError(msg)
        return self._folder / f"{key}.{self._kind}.npz"

    def _complain(self, error: OSError) -> None:
        """Say once that this folder does not keep what it is given."""
        if not self._complained:
            logger.warning("%s: %s cannot be kept (%s)", self._folder, self._kind, error)
        self._complained = True

    def _write(self, path: Path, arrays: Arrays) -> None:
        part = self._folder / f"{uuid4().hex}.{self._kind}.part"
        try:
            with part.open("xb") as file:
                np.savez_compressed(file, allow_pickle=False, **dict(arrays))
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def _make_room(self, just_written: Path) -> None:
        """Remove what dead writers left, then the files not used for longest."""
        for modified, _, part in self._found("part"):
            if time.time() - modified > STALE_PART_S:
                part.unlink(missing_ok=True)
        found = self._found("npz")
        total = sum(size for _, size, _ in found)
        for _, size, path in found:
            if total <= self._limit_bytes:
                return
            if path != just_written:
                path.unlink(missing_ok=True)
                total -= size

    def _found(self, suffix: str) -> list[tuple[float, int, Path]]:
        """Return when files were last used [s], their size [bytes] and path, the oldest first."""
        found: list[tuple[float, int, Path]] = []
        for path in self._folder.glob(f"*.{self._kind}.{suffix}"):
            with suppress(FileNotFoundError):
                status = path.stat()
                found.append((status.st_mtime, status.st_size, path))
        return sorted(found)


def expect(what: str, got: object, want: object) -> None:
    """Raise ``ValueError`` if something in a file is not as it has to be."""
    if got != want:
        msg = f"{what} is {got}, not {want}"
        raise ValueError(msg)
