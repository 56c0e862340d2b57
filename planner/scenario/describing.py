"""The JSON schema of a scenario, and what it says about one key.

The schema is kept in ``schema.json`` beside this file, for completion in editors; after a change of
the models write it anew with ``gigaplan schema > planner/scenario/schema.json``.
"""

from collections.abc import Iterator, Mapping
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


@cache
def _root() -> Node:
    return schema()


def known_keys(loc: Loc) -> list[str]:
    """List the keys that a mapping of the scenario may have; empty if its names are free."""
    return [key for node in _at(loc) for key in node.get("properties", {})]


def expectation(loc: Loc) -> str:
    """Say what may stand at a key, with its bounds and its meaning.

    Examples
    --------
    >>> expectation(("horizon", "periods"))
    'a whole number from 1 to 40: Number of investment steps [1]'
    """
    forms = " or ".join(dict.fromkeys(filter(None, map(_form, _alternatives(list(_at(loc)))))))
    return ": ".join(filter(None, (forms, _meaning(loc))))


def _meaning(loc: Loc) -> str:
    """Return the description of a key, or of the key that it stands under."""
    found = [node["description"] for node in _at(loc) if "description" in node]
    return found[0] if found or not loc else _meaning(loc[:-1])


def _at(loc: Loc) -> Iterator[Node]:
    """Yield the schema of a key: its own node first, then what that refers to."""
    nodes: list[Node] = [_root()]
    for part in loc:
        nodes = [inner for node in _alternatives(nodes) for inner in _inside(node, part)]
    for node in nodes:
        yield node
        if "$ref" in node:
            yield _resolved(node)


def _inside(node: Node, part: str | int) -> Iterator[Node]:
    if part in node.get("properties", {}):
        yield node["properties"][part]
    elif isinstance(part, int) and "items" in node:
        yield node["items"]
    elif isinstance(part, int) and "patternProperties" in node:
        yield from node["patternProperties"].values()
    elif isinstance(node.get("additionalProperties"), Mapping):
        yield node["additionalProperties"]


def _alternatives(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        inner = node.get("anyOf", ())
        if inner and "properties" not in node:
            yield from _alternatives(inner)
        else:
            yield _resolved(node)


def _resolved(node: Node) -> Node:
    if "$ref" not in node:
        return node
    target: Node = _root()["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return target


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
