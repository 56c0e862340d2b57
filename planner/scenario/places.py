"""Plain data that knows where it stands: every key and value with its file, line and column."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from planner.errors import Problem
from planner.scenario.base import Loc

Scalar = str | int | float | bool | None
Plain = Scalar | list["Plain"] | dict[str | int, "Plain"]
"""What YAML can say."""

COMMAND_LINE = "--set"


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file, counted from 1; on the command line there is no line.

    >>> print(Place("a.yaml", 3, 7), Place("--set"))
    a.yaml:3:7 --set
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return ``file:line:column``."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path

    @property
    def folder(self) -> Path:
        """The folder that relative paths written here start from."""
        return Path() if self.path == COMMAND_LINE else Path(self.path).parent


@dataclass(frozen=True, slots=True)
class Located:
    """A value and its place; inside lists and mappings, again such values.

    Attributes
    ----------
    value
        A scalar, a tuple of located values, or a mapping of key to located value.
    place
        Where the value begins.
    key_place
        Where its key begins; for list items and whole files, where the value does.
    """

    value: "Scalar | tuple[Located, ...] | Mapping[str | int, Located]"
    place: Place
    key_place: Place

    def plain(self) -> Plain:
        """Return the value without places."""
        if isinstance(self.value, tuple):
            return [item.plain() for item in self.value]
        if isinstance(self.value, Mapping):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value

    def items(self) -> "tuple[Located, ...]":
        """Return the values inside a list or mapping, none for a scalar."""
        if isinstance(self.value, Mapping):
            return tuple(self.value.values())
        return self.value if isinstance(self.value, tuple) else ()

    def child(self, part: str | int) -> "Located | None":
        """Return what stands under one key or list position, if anything does."""
        if isinstance(self.value, Mapping):
            return self.value.get(part)
        if isinstance(self.value, tuple) and isinstance(part, int) and part < len(self.value):
            return self.value[part]
        return None

    def follow(self, loc: Loc) -> "tuple[Loc, Located]":
        """Go along ``loc`` as deep as the file goes, passing over parts it does not have."""
        here, found = self, []
        for part in loc:
            if (child := here.child(part)) is not None:
                here = child
                found.append(part)
        return tuple(found), here

    def get(self, loc: Loc) -> "Located | None":
        """Return what stands exactly at ``loc``, if anything does."""
        found, here = self.follow(loc)
        return here if found == loc else None

    def key(self, loc: Loc) -> str:
        """Write ``loc`` as a dotted key, list positions in brackets: ``sites.include[2]``."""
        here: Located | None = self
        text = ""
        for part in loc:
            in_list = here is not None and isinstance(here.value, tuple)
            text += f"[{part}]" if in_list else f".{part}"
            here = here.child(part) if here is not None else None
        return text.removeprefix(".")

    def problem(
        self, loc: Loc, what: str, got: str = "", try_: str = "", *, at_key: bool = False
    ) -> Problem:
        """Place a complaint about ``loc``, at the deepest value on its way that the file has.

        Parameters
        ----------
        loc
            What the complaint is about; it need not stand in the file.
        what, got, try_
            As in `Problem`.
        at_key
            Point to the key rather than to the value.
        """
        found, here = self.follow(loc)
        place = here.key_place if at_key or found != loc else here.place
        return Problem(place.path, place.line, place.column, self.key(loc), what, got, try_)


def merge(base: Located, over: Located) -> Located:
    """Lay one value over another: mappings merge deep, anything else is replaced.

    The merged mapping takes its own place from ``over``; whatever came from ``base`` keeps its own.
    """
    if not (isinstance(base.value, Mapping) and isinstance(over.value, Mapping)):
        return over
    merged = dict(base.value)
    for key, item in over.value.items():
        merged[key] = merge(merged[key], item) if key in merged else item
    return replace(over, value=merged)


def put(root: Located, loc: Loc, value: Located) -> Located:
    """Replace what stands at ``loc`` by ``value``, making the mappings on the way.

    Lists on the way stay lists where they have the position.
    """
    if not loc:
        return value
    first = loc[0]
    if isinstance(root.value, tuple) and isinstance(first, int) and 0 <= first < len(root.value):
        here = put(root.value[first], loc[1:], value)
        return replace(root, value=(*root.value[:first], here, *root.value[first + 1 :]))
    items = dict(root.value) if isinstance(root.value, Mapping) else {}
    way = items.get(first, Located({}, value.place, value.key_place))
    items[first] = put(way, loc[1:], value)
    return replace(root, value=items)


def without(root: Located, key: str) -> Located:
    """Return a mapping without one of its keys."""
    if not isinstance(root.value, Mapping):
        return root
    return replace(root, value={k: item for k, item in root.value.items() if k != key})
