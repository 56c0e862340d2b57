"""The one door for YAML: a text becomes located plain data, or a list of what is wrong with it.

Never builds Python objects. Refuses what a scenario has no use for and what could make a small file
large: tags, merge keys, several documents, deep nesting, aliases that multiply.
"""

import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from pathlib import Path

import yaml

from planner.errors import Problem
from planner.scenario.building import DEEPEST, Builder, ReadingStopped
from planner.scenario.places import Located

LARGEST_FILE = 1_000_000
"""Bytes. A scenario that changes a field at each of 1,000 sites has some 50,000."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Only its parser is used: events, not objects."""

# YAML 1.2, section 5.1: the characters a YAML text may hold.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as far as it could be read.

    Attributes
    ----------
    root
        Its content; None if reading had to stop.
    problems
        What is wrong with it as YAML; empty if nothing is.
    """

    root: Located | None
    problems: tuple[Problem, ...] = ()


def read_document(path: Path, name: str) -> Document:
    """Read a YAML file that has to hold one mapping.

    Parameters
    ----------
    path
        The file.
    name
        What to call it in problems.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        what = f"cannot be read: {(error.strerror or 'input error').lower()}"
        return _stopped(Problem(name, 0, 0, "", what))
    if len(content) > LARGEST_FILE:
        what = "is too large for a scenario"
        most = f"at most {LARGEST_FILE} bytes"
        return _stopped(Problem(name, 0, 0, "", what, f"over {LARGEST_FILE} bytes", most))
    try:
        text = content.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        return _stopped(_not_utf8(error, name))
    document = parse(text, name)
    if document.root is not None and not isinstance(document.root.value, dict):
        return _stopped(*document.problems, _not_a_mapping(document.root))
    return document


def parse(text: str, name: str, *, lines: bool = True) -> Document:
    """Read a YAML text.

    Parameters
    ----------
    text
        One document.
    name
        What to call it in problems.
    lines
        Whether places have lines; texts from the command line have none.
    """
    if found := _UNPRINTABLE.search(text):
        line, column = _position(text, found.start()) if lines else (0, 0)
        what, got = "holds a character that YAML does not allow", repr(found.group())
        return _stopped(Problem(name, line, column, "", what, got, "removing it"))
    builder = Builder(name, lines=lines)
    try:
        root = builder.document(yaml.parse(text, Loader=_LOADER))
    except ReadingStopped as stop:
        return _stopped(*builder.problems, stop.problem)
    except yaml.MarkedYAMLError as error:
        return _stopped(*builder.problems, _syntax(error, builder, text))
    return Document(root, tuple(builder.problems))


def _stopped(*problems: Problem) -> Document:
    return Document(None, problems)


def _position(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, index - before.rfind("\n")


def _not_utf8(error: UnicodeDecodeError, name: str) -> Problem:
    before = error.object[: error.start].decode("utf-8")
    line, column = _position(before, len(before))
    got = f"byte 0x{error.object[error.start]:02x}"
    return Problem(name, line, column, "", "is not UTF-8 text", got, "saving the file as UTF-8")


def _not_a_mapping(root: Located) -> Problem:
    got = {tuple: "a list", type(None): "nothing"}.get(type(root.value), "a single value")
    return root.problem((), "must be a mapping of keys to values", got, "title: a name")


def _syntax(error: yaml.MarkedYAMLError, builder: Builder, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = builder.place(mark)
    lines = text.splitlines()
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    got = " ".join(filter(None, (error.problem, error.context)))
    if "maximum nesting depth" in got:  # libyaml's own limit, with PyYAML 6.0.4 and later
        what, most = "is nested too deep", f"over {DEEPEST} levels"
        return Problem(place.path, place.line, place.column, "", what, most, "a flatter file")
    hint = ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        hint = "spaces in place of tabs"
    elif "mapping values are not allowed" in got:
        hint = "quotes round a text that holds a colon, or more careful indentation"
    return Problem(place.path, place.line, place.column, "", "is not YAML", got, hint)
