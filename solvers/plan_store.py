"""Plans on disk, so that a Program that was solved before starts from its plan."""

from pathlib import Path

import numpy as np

from solvers.errors import SolverError
from solvers.npz import Arrays, NpzFolder, expect
from solvers.program import Floats

FORMAT = 1
"""Raised whenever what a file means changes; other formats are not read."""


class PlanStore:
    """A folder of plans, one for each Program; any number of processes may share it.

    Parameters
    ----------
    folder
        Made if it is not there. If it cannot be written, plans are not kept, and a warning says so.
    limit_bytes
        When the plans grow beyond this, those not used for longest are removed.

    Examples
    --------
    >>> import tempfile
    >>> store = PlanStore(Path(tempfile.mkdtemp()))
    >>> store.load("a1b2") is None
    True
    >>> store.save("a1b2", np.array([3.0, 1.5]))
    >>> store.load("a1b2").tolist()
    [3.0, 1.5]
    """

    def __init__(self, folder: Path, *, limit_bytes: int = 50_000_000) -> None:
        self._files = NpzFolder(folder, "plan", limit_bytes)

    def load(self, key: str) -> Floats | None:
        """Return (n,) the plan of a Program; None if there is none or the file cannot be read.

        Parameters
        ----------
        key
            A hash of the Program; letters, digits, ``-`` and ``_``.
        """
        return self._files.read(key, lambda arrays: _plan(key, arrays))

    def save(self, key: str, x: Floats) -> None:
        """Keep a plan in place of the one before, or say in a warning that it cannot be done.

        Raises
        ------
        SolverError
            If it is not a vector of finite numbers.
        """
        plan = np.array(x, dtype=np.float64)
        if plan.ndim != 1 or not np.isfinite(plan).all():
            msg = f"{key}: a plan has to be a vector of finite numbers"
            raise SolverError(msg)
        arrays = {"format": np.array(FORMAT), "key": np.array(key), "x": plan}
        self._files.replace(key, lambda: arrays)


def _plan(key: str, arrays: Arrays) -> Floats:
    """Make a plan of a file's arrays, which may be anybody's."""
    expect("format", int(arrays["format"]), FORMAT)
    expect("key", str(arrays["key"]), key)
    x: Floats = arrays["x"]
    expect("kind", (x.ndim, x.dtype), (1, np.float64))
    expect("finite", bool(np.isfinite(x).all()), True)
    return x
