"""The JSON schema of a scenario, and what it says about one key.

The schema is kept in ``schema.json`` beside this file, for completion in editors; after a change of
the models write it anew with ``gigaplan schema > planner/scenario/schema.json``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import to_jsonable_python

from planner.scenario.base import Loc
from planner.scenario.by_year import ByYear
from planner.scenario.scenario import Scenario

DIALECT = "http://json-schema.org/draft-07/schema#"
EXTENDS = {
    "type": "string",
    "description": "A scenario that this one changes: a path from the folder of this file",
}

Node = Mapping[str, Any]


class _Generator(GenerateJsonSchema):
    """Writes defaults as YAML says them."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, BaseModel):
            return {}  # a section that is left out is one without keys
        return to_jsonable_python(dft.plain() if isinstance(dft, ByYear) else dft)


def schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario file; the same for the same models."""
    found: dict[str, Any] = _tidy(Scenario.model_json_schema(schema_generator=_Generator))
    return {
        "$schema": DIALECT,
        "title": "Gigaplan scenario",
        "description": found["description"],
        "type": "object",
        "properties": {"extends": EXTENDS, **found["properties"]},
        "additionalProperties": False,
        "anyOf": [{"required": ["title"]}, {"required": ["extends"]}],
        "$defs": found["$defs"],
    }


def schema_of(model: type[BaseModel]) -> Node:
    """Return the schema of any model, for a `Guide`."""
    found: dict[str, Any] = _tidy(model.model_json_schema(schema_generator=_Generator))
    return found


def _tidy(node: Any) -> Any:
    """Drop the titles that pydantic makes from names, and all but the summary of docstrings.

    ``oneOf`` becomes ``anyOf``, for a whole number is a number too.
    """
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if isinstance(node, str):
        return node.partition("\n\n")[0]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if key != "title" or isinstance(value, dict)}
    return {"anyOf" if key == "oneOf" else key: _tidy(value) for key, value in kept.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """What a JSON schema says about keys.

    Attributes
    ----------
    root
        A schema as `schema` makes it.
    """

    root: Node

    def known_keys(self, loc: Loc) -> list[str]:
        """List the keys that a mapping may have; empty if its names are free."""
        return [key for node in self._at(loc) for key in node.get("properties", {})]

    def has(self, loc: Loc) -> bool:
        """Tell whether anything may stand at a key."""
        return any(True for _ in self._at(loc))

    def expectation(self, loc: Loc) -> str:
        """Say what may stand at a key, with its bounds and its meaning."""
        alternatives = self._alternatives(list(self._at(loc)))
        forms = " or ".join(dict.fromkeys(filter(None, map(_form, alternatives))))
        return ": ".join(filter(None, (forms, self._meaning(loc))))

    def is_by_year(self, loc: Loc) -> bool:
        """Tell whether numbers by year may stand at a key."""
        return any("patternProperties" in n for n in self._alternatives(list(self._at(loc))))

    def default(self, loc: Loc) -> Any:
        """Return what holds if a key is left out; None where there is no such thing."""
        return next((node["default"] for node in self._at(loc) if "default" in node), None)

    def _meaning(self, loc: Loc) -> str:
        """Return the description of a key, or of the key that it stands under."""
        found = [node["description"] for node in self._at(loc) if "description" in node]
        return found[0] if found or not loc else self._meaning(loc[:-1])

    def _at(self, loc: Loc) -> Iterator[Node]:
        """Yield the schema of a key: its own node first, then what that refers to."""
        nodes: list[Node] = [self.root]
        for part in loc:
            nodes = [inner for node in self._alternatives(nodes) for inner in _inside(node, part)]
        for node in nodes:
            yield node
            if "$ref" in node:
                yield self._resolved(node)

    def _alternatives(self, nodes: list[Node]) -> Iterator[Node]:
        for node in nodes:
            inner = node.get("anyOf", ())
            if inner and "properties" not in node:
                yield from self._alternatives(inner)
            else:
                yield self._resolved(node)

    def _resolved(self, node: Node) -> Node:
        if "$ref" not in node:
            return node
        target: Node = self.root["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        return target


@cache
def of_scenarios() -> Guide:
    """Return the guide to the keys of a scenario."""
    return Guide(schema())


def known_keys(loc: Loc) -> list[str]:
    """List the keys that a mapping of the scenario may have; empty if its names are free."""
    return of_scenarios().known_keys(loc)


def expectation(loc: Loc) -> str:
    """Say what may stand at a key, with its bounds and its meaning.

    Examples
    --------
    >>> expectation(("horizon", "periods"))
    'a whole number from 1 to 40: Number of investment steps [1]'
    """
    return of_scenarios().expectation(loc)


def _inside(node: Node, part: str | int) -> Iterator[Node]:
    if part in node.get("properties", {}):
        yield node["properties"][part]
    elif isinstance(part, int) and "items" in node:
        yield node["items"]
    elif "patternProperties" in node:
        for pattern, inner in node["patternProperties"].items():
            if isinstance(part, int) or re.search(pattern, part):
                yield inner
    elif isinstance(node.get("additionalProperties"), Mapping):
        yield node["additionalProperties"]


def _form(node: Node) -> str:
    if "enum" in node or "const" in node:
        return " or ".join(map(str, node.get("enum") or [node["const"]]))
    if "pattern" in node:
        return "a month such as 2026-07"
    if "patternProperties" in node:
        return "such numbers by year"
    kind = _KINDS.get(node.get("type", ""), "")
    return " ".join(filter(None, (kind, _bounds(node))))


_KINDS = {
    "number": "a number",
    "integer": "a whole number",
    "string": "a text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}


def _bounds(node: Node) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    words = (
        f"from {low:g}" if low is not None else "",
        f"over {node['exclusiveMinimum']:g}" if "exclusiveMinimum" in node else "",
        f"to {high:g}" if high is not None and low is not None else "",
        f"up to {high:g}" if high is not None and low is None else "",
        f"under {node['exclusiveMaximum']:g}" if "exclusiveMaximum" in node else "",
    )
    return " ".join(filter(None, words))
