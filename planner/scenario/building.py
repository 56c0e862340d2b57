"""From YAML events to located values, with limits on depth and size."""

from collections.abc import Iterator
from typing import Any, NoReturn

import yaml

from planner.errors import Problem
from planner.scenario.places import Located, Place
from planner.scenario.scalars import resolve, resolve_key

DEEPEST = 32
"""Lists and mappings inside each other; a scenario has 7."""

MOST_VALUES = 100_000
"""Values in one file, those repeated by aliases counted each time."""

Way = tuple[str, ...]
"""Keys and list positions from the top, as written in a dotted key: ``.sites``, ``[2]``."""


class ReadingStopped(Exception):
    """The rest of the file makes no sense after ``problem``; never leaves `reading`."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


class Builder:
    """Builds one document; what is wrong but can be passed over goes to ``problems``.

    Parameters
    ----------
    name
        What to call the file in problems.
    lines
        Whether places have lines.
    """

    def __init__(self, name: str, *, lines: bool = True) -> None:
        self.problems: list[Problem] = []
        self._name = name
        self._lines = lines
        self._events: Iterator[Any] = iter(())
        self._anchors: dict[str, Located] = {}
        self._values = 0

    def document(self, events: Iterator[Any]) -> Located:
        """Build the only document of a stream; an empty stream is null."""
        self._events = events
        next(events)  # start of the stream
        start = next(events)
        if isinstance(start, yaml.StreamEndEvent):
            place = Place(self._name, 1, 1) if self._lines else Place(self._name)
            return Located(None, place, place)
        if start.version is not None and tuple(start.version) < (1, 2):
            version = ".".join(map(str, start.version))
            self._note(start, (), "is read as YAML 1.2", f"%YAML {version}", "without that line")
        root = self._value(next(events), ())
        next(events)  # end of the document
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._stop(after, (), "holds several documents", "---", "one file for each")
        return root

    def place(self, mark: yaml.Mark | None) -> Place:
        """Return the place of a mark, counted from 1."""
        if mark is None or not self._lines:
            return Place(self._name)
        return Place(self._name, mark.line + 1, mark.column + 1)

    def _value(self, event: Any, way: Way, key_place: Place | None = None) -> Located:
        place = self.place(event.start_mark)
        key_place = key_place or place
        if isinstance(event, yaml.AliasEvent):
            return Located(self._alias(event, way).value, place, key_place)
        if event.tag is not None:
            self._note(event, way, "has a tag", event.tag, "it without; put text in quotes")
        if len(way) > DEEPEST:
            self._stop(event, way, "is nested too deep", f"over {DEEPEST} levels", "a flatter file")
        self._count(event, way, 1)
        found = Located(self._content(event, way), place, key_place)
        if event.anchor is not None:
            self._anchors[event.anchor] = found
        return found

    def _content(self, event: Any, way: Way) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return resolve(event.value) if event.implicit[0] else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return tuple(self._items(way))
        return self._mapping(way)

    def _items(self, way: Way) -> Iterator[Located]:
        position = 0
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._value(event, (*way, f"[{position}]"))
            position += 1

    def _mapping(self, way: Way) -> dict[str | int, Located]:
        found: dict[str | int, Located] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, way)
            here = (*way, f".{key}")
            value = self._value(next(self._events), here, self.place(event.start_mark))
            if key in found:
                hint = f"keeping one; the first is at {found[key].key_place}"
                self._note(event, here, "stands here twice", str(key), hint)
            elif key == "<<":
                hint = "extends: another file, which merges deep"
                self._note(event, here, "is a merge key, which is not read", "<<", hint)
            elif key is not None:
                found[key] = value
        return found

    def _key(self, event: Any, way: Way) -> str | int | None:
        if not isinstance(event, yaml.ScalarEvent):
            kind = "an alias" if isinstance(event, yaml.AliasEvent) else "a list or mapping"
            self._note(event, way, "has a key that is not a word", kind, "a plain word")
            self._value(event, (*way, ".?"))
            return None
        if event.tag is not None or event.anchor is not None:
            what = "has a key with a tag or an anchor"
            self._note(event, way, what, event.value, "the plain word")
        return resolve_key(event.value)

    def _alias(self, event: Any, way: Way) -> Located:
        found = self._anchors.get(event.anchor)
        if found is None:
            hint = "an anchor whose value ended before"
            self._note(event, way, "refers to no anchor before it", f"*{event.anchor}", hint)
            return Located(None, self.place(None), self.place(None))
        size, height = _measure(found)
        self._count(event, way, size)
        if len(way) + height > DEEPEST:
            self._stop(event, way, "is nested too deep", f"over {DEEPEST} levels", "fewer aliases")
        return found

    def _count(self, event: Any, way: Way, size: int) -> None:
        self._values += size
        if self._values > MOST_VALUES:
            got = f"over {MOST_VALUES} values, those of aliases counted each time"
            self._stop(event, way, "is too large for a scenario", got, "fewer aliases")

    def _note(self, event: Any, way: Way, what: str, got: str, hint: str) -> None:
        self.problems.append(self._problem(event, way, what, got, hint))

    def _stop(self, event: Any, way: Way, what: str, got: str, hint: str) -> NoReturn:
        raise ReadingStopped(self._problem(event, way, what, got, hint))

    def _problem(self, event: Any, way: Way, what: str, got: str, hint: str) -> Problem:
        place = self.place(event.start_mark)
        key = "".join(way).removeprefix(".")
        return Problem(place.path, place.line, place.column, key, what, got, hint)


def _measure(value: Located) -> tuple[int, int]:
    """Return how many values there are in one, itself included, and how deep they are nested."""
    inside = [_measure(item) for item in value.items()]
    size = 1 + sum(size for size, _ in inside)
    return size, 1 + max((height for _, height in inside), default=-1)
