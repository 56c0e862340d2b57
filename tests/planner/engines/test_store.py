"""Where cuts are kept: what the scenario says, or the user's cache."""

from pathlib import Path

import pytest

from planner.engines.store import store_bytes, store_folder
from planner.scenario import Scenario, load


def test_the_users_cache_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("planner.engines.store.user_cache_path", lambda name: tmp_path / name)

    assert store_folder(Scenario(title="x")) == tmp_path / "gigaplan/cones"
    assert store_bytes(Scenario(title="x")) == 500_000_000
    assert not list(tmp_path.iterdir())


def test_the_scenario_may_name_another(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("title: x\nsolver: {cone_store: here, cone_store_mb: 1.5}\n")
    scenario = load(path).scenario

    assert store_folder(scenario) == tmp_path / "here"
    assert store_bytes(scenario) == 1_500_000
