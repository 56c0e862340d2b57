"""Scenario files in a temporary folder that is also the current one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.errors import Problem, ScenarioError
from planner.scenario import Known, load

Write = Callable[..., Path]
Refuse = Callable[..., tuple[Problem, ...]]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a text to a file and return its path, relative to the current folder."""
    monkeypatch.chdir(tmp_path)

    def _write(text: str, name: str = "a.yaml") -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return _write


@pytest.fixture
def refuse(write: Write) -> Refuse:
    """Load a text that has to be refused and return its problems."""

    def _refuse(text: str, *sets: str, known: Known | None = None) -> tuple[Problem, ...]:
        path = write(text)
        with pytest.raises(ScenarioError) as caught:
            load(path, sets, known)
        return caught.value.problems

    return _refuse
