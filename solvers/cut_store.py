"""Cuts on disk, so that the next run starts where this one ended; how is in `solvers.npz`."""

from pathlib import Path

import numpy as np

from solvers.cut import CutSet, no_cuts
from solvers.errors import SolverError
from solvers.npz import Arrays, NpzFolder, expect

FORMAT = 2
"""Raised whenever what a file means changes; other formats are not read."""


class CutStore:
    """A folder of cuts, which any number of processes may share.

    Parameters
    ----------
    folder
        Made if it is not there. If it cannot be written, cuts are not kept, and a warning says so.
    links, uses
        Names of the linking quantities and uses, in order. A file with others is not read.
    limit_bytes
        When the cuts grow beyond this, files not used for longest are removed.
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
        self._files = NpzFolder(folder, "cuts", limit_bytes)
        self._links = links
        self._uses = uses
        self._most_cuts = most_cuts

    def load(self, key: str) -> CutSet:
        """Return the cuts of a key; none if there are none or the file cannot be read.

        Parameters
        ----------
        key
            A hash of all that the cuts depend on; letters, digits, ``-`` and ``_``.
        """
        found = self._files.read(key, lambda arrays: self._cuts(key, arrays))
        return no_cuts(len(self._uses), len(self._links)) if found is None else found

    def add(self, key: str, cuts: CutSet, *, anew: bool = False) -> None:
        """Add cuts to those of a key on disk, or say in a warning that it cannot be done.

        With ``anew`` they take the place of what is there, which nobody trusts.

        Raises
        ------
        SolverError
            If the cuts do not have this store's linking quantities and uses, or are not finite.
        """
        self._refuse_other(key, cuts)

        def merged() -> Arrays | None:
            before = no_cuts(len(self._uses), len(self._links)) if anew else self.load(key)
            both = before.with_cuts(cuts)
            return self._arrays(key, both) if len(both) > len(before) else None

        self._files.replace(key, merged)

    def _refuse_other(self, key: str, cuts: CutSet) -> None:
        shape = (cuts.prices.shape[1], cuts.slopes.shape[1])
        if shape != (len(self._uses), len(self._links)):
            msg = (
                f"{key}: cuts of {shape} uses and links, the store has {self._uses}, {self._links}"
            )
            raise SolverError(msg)
        if not _finite(cuts):
            msg = f"{key}: a cut has a coefficient that is not finite"
            raise SolverError(msg)

    def _arrays(self, key: str, cuts: CutSet) -> Arrays:
        latest = slice(-self._most_cuts, None)
        return {
            "format": np.array(FORMAT),
            "key": np.array(key),
            "links": np.array(self._links, dtype=np.str_),
            "uses": np.array(self._uses, dtype=np.str_),
            "prices": cuts.prices[latest],
            "slopes": cuts.slopes[latest],
        }

    def _cuts(self, key: str, arrays: Arrays) -> CutSet:
        """Make cuts of a file's arrays, which may be anybody's."""
        expect("format", int(arrays["format"]), FORMAT)
        expect("key", str(arrays["key"]), key)
        expect("links", tuple(arrays["links"].tolist()), self._links)
        expect("uses", tuple(arrays["uses"].tolist()), self._uses)
        cuts = CutSet(arrays["prices"], arrays["slopes"])
        count = len(cuts)
        expect("prices", cuts.prices.shape, (count, len(self._uses)))
        expect("slopes", cuts.slopes.shape, (count, len(self._links)))
        expect("kind", (cuts.prices.dtype, cuts.slopes.dtype), (np.float64, np.float64))
        expect("finite", _finite(cuts), True)
        return cuts


def _finite(cuts: CutSet) -> bool:
    return bool(np.isfinite(cuts.prices).all() and np.isfinite(cuts.slopes).all())
