"""What can go wrong with places and their weather.

* SitesError
  + SiteFileError    a table or layer of sites; carries every problem found
  + LayerError       a map layer to measure distances to
  + WeatherError     a year of weather, or the file it came from; carries every problem found
  + PriceFileError   a file of power prices; carries every problem found
  + UnknownNameError a grid area or station that no table holds
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class SitesError(ValueError):
    """Something about a place is wrong or unknown."""


class SiteFileError(SitesError):
    """A table or layer of sites cannot be used.

    Parameters
    ----------
    problems
        Each complete in itself: ``where: column: what, got; try ...``.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class LayerError(SitesError):
    """A map layer cannot be used to measure distances.

    Parameters
    ----------
    layer
        What it is of, such as ``lines``.
    source
        The file.
    problem
        What is wrong and what to try.
    """

    def __init__(self, layer: str, source: object, problem: str) -> None:
        self.layer = layer
        super().__init__(f"{source}: layer of {layer}: {problem}")


class WeatherError(SitesError):
    """A year of weather cannot be used.

    Parameters
    ----------
    source
        The file, or what else the weather came from.
    problems
        What is wrong and what to try, one sentence each.
    """

    def __init__(self, source: str, problems: Sequence[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{source}: {problem}" for problem in self.problems))


class PriceFileError(SitesError):
    """A file of power prices cannot be used.

    Parameters
    ----------
    source
        The file.
    problems
        Each as ``line: what, got; try ...``.
    """

    def __init__(self, source: str, problems: Sequence[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{source}:{problem}" for problem in self.problems))


class UnknownNameError(SitesError):
    """A name that a table does not hold.

    Parameters
    ----------
    kind
        What the name should have named, such as ``grid area``.
    name
        The name that was asked for.
    known
        The names there are.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        self.name = name
        near = get_close_matches(name, names, n=3, cutoff=0.4) or names[:5]
        super().__init__(f"unknown {kind} {name!r}; try {', '.join(near)} ({len(names)} known)")
