"""Scenarios as text: a resolved one for the run folder, and a first one to start from."""

from pathlib import Path
from typing import Any

import yaml

from planner.scenario.scalars import resolve
from planner.scenario.scenario import Scenario

FOLDER = Path(__file__).parent


class _Dumper(yaml.SafeDumper):
    """Quotes every text that a YAML 1.2 reader could take for something else; no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if isinstance(resolve(text), str) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dump(scenario: Scenario) -> str:
    """Write a scenario as YAML with every default in it; `load` reads the equal scenario back."""
    return dump_plain(scenario.model_dump())


def dump_plain(data: Any) -> str:
    """Write plain data as YAML that is read back as it was."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def template() -> str:
    """Return a small commented scenario to start from; its first line names the schema."""
    text = (FOLDER / "template.yaml").read_text(encoding="utf-8")
    return f"# yaml-language-server: $schema={(FOLDER / 'schema.json').as_posix()}\n{text}"
