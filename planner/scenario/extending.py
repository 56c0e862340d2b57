"""Files that extend files: the chain is read, checked for cycles, and merged into one value."""

from dataclasses import dataclass
from pathlib import Path

from planner.errors import Problem
from planner.scenario.places import Located, merge, without
from planner.scenario.reading import read_document

LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Chain:
    """A file and all it extends, merged.

    Attributes
    ----------
    root
        The merged value, without ``extends``; None if a file could not be read.
    files
        Every file read, the extending before the extended.
    problems
        What is wrong with the files as YAML, and with ``extends``.
    """

    root: Located | None
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


def read_chain(path: Path) -> Chain:
    """Read a file and what it extends."""
    return _read(path, ())


def _read(path: Path, before: tuple[Path, ...]) -> Chain:
    document = read_document(path, str(path))
    files = (*before, path)
    root = document.root
    extends = root.child("extends") if root is not None else None
    if root is None or extends is None:
        return Chain(root, files, document.problems)
    own = without(root, "extends")
    base = path.parent / str(extends.value)
    if complaint := _complaint(root, base, files):
        return Chain(None, files, (*document.problems, complaint))
    chain = _read(base, files)
    merged = merge(chain.root, own) if chain.root is not None else None
    return Chain(merged, chain.files, (*document.problems, *chain.problems))


def _complaint(root: Located, base: Path, files: tuple[Path, ...]) -> Problem | None:
    """Return what is wrong with a file's ``extends``, if anything is."""
    loc = ("extends",)
    value = root.child("extends")
    if value is None or not isinstance(value.value, str):
        got = "nothing" if value is None or value.value is None else "no text"
        return root.problem(loc, "must be the name of one file", got, "extends: base.yaml")
    if any(base.resolve() == file.resolve() for file in files):
        chain = " -> ".join(map(str, (*files, base)))
        return root.problem(loc, "goes in a circle", chain, "leaving one extends out")
    if len(files) >= LONGEST_CHAIN:
        got = f"over {LONGEST_CHAIN} files"
        return root.problem(loc, "makes too long a chain", got, "fewer files")
    if not base.is_file():
        hint = "a path from the folder of this file"
        return root.problem(loc, "names no file", str(base), hint)
    return None
