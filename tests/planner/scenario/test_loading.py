"""From a file to a scenario: defaults, paths of files, and what comes with it."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.errors import ScenarioError
from planner.scenario import Scenario, load


def test_a_title_is_enough(write: Callable[..., Path]) -> None:
    loaded = load(write("title: Only a title\n"))

    assert loaded.scenario == Scenario(title="Only a title")
    assert loaded.resolved == {"title": "Only a title"}
    assert loaded.files == (Path("a.yaml"),)


def test_a_text_names_a_file_too(write: Callable[..., Path]) -> None:
    write("title: x\n", "sub/b.yaml")

    assert load("sub/b.yaml").scenario.title == "x"


def test_a_scenario_that_is_not_there() -> None:
    with pytest.raises(ScenarioError, match=r"nowhere\.yaml: cannot be read: no such file"):
        load("nowhere.yaml")


def test_files_are_found_from_the_folder_of_the_file_that_names_them(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    write("id\n", "common/sites.csv")
    write("x\n", "common/a.epw")
    write("x\n", "b.epw")
    write("title: x\nsites: {file: sites.csv, weather: {files: {a: a.epw}}}\n", "common/base.yaml")
    path = write("extends: ../common/base.yaml\n", "mine/a.yaml")

    loaded = load(path, ["sites.weather.files.b=b.epw"])

    sites = loaded.scenario.sites
    assert sites.file is not None
    assert Path(sites.file).samefile(tmp_path / "common/sites.csv")
    assert Path(sites.weather.files["a"]).samefile(tmp_path / "common/a.epw")
    assert Path(sites.weather.files["b"]).samefile(tmp_path / "b.epw")
    assert all(Path(file).is_absolute() for file in (sites.file, *sites.weather.files.values()))


def test_files_of_a_list_are_found_likewise(write: Callable[..., Path], tmp_path: Path) -> None:
    """A site has a file for each weather year; a file may stand for two."""
    write("x\n", "common/a.epw")
    write("x\n", "common/b.epw")
    files = "weather_years: 3, weather: {files: {a: [a.epw, b.epw, a.epw]}}"
    write(f"title: x\nsites: {{{files}}}\n", "common/base.yaml")

    weather = load(write("extends: ../common/base.yaml\n", "mine/a.yaml")).scenario.sites.weather

    names = [
        Path(file).resolve().relative_to(tmp_path.resolve()).as_posix() for file in weather.of("a")
    ]
    assert names == ["common/a.epw", "common/b.epw", "common/a.epw"]
    assert weather.of("b") == ()


def test_a_folder_is_found_likewise_and_need_not_be_there(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    write("title: x\nsolver: {cone_store: cones/deep}\n", "common/base.yaml")
    path = write("extends: ../common/base.yaml\n", "mine/a.yaml")

    store = load(path).scenario.solver.cone_store
    from_here = load(path, ["solver.cone_store=common"]).scenario.solver.cone_store

    assert store is not None
    assert from_here is not None
    assert Path(store).resolve() == tmp_path.resolve() / "common/cones/deep"
    assert Path(from_here).samefile(tmp_path / "common")
    assert not (tmp_path / "common/cones").exists()
    assert load(path, ["solver.cone_store=null"]).scenario.solver.cone_store is None


def test_the_resolved_data_make_the_same_scenario(write: Callable[..., Path]) -> None:
    write("title: x\ngrid: {share_limit: {2026: 0.1, 2030: 0.2}}\n", "base.yaml")
    path = write("extends: base.yaml\nsites: {include: [a, b]}\n")

    loaded = load(path, ["grid.share_limit.2028=0.2"])

    assert loaded.resolved == {
        "title": "x",
        "grid": {"share_limit": {2026: 0.1, 2030: 0.2, 2028: 0.2}},
        "sites": {"include": ["a", "b"]},
    }
    assert Scenario.model_validate(loaded.resolved) == loaded.scenario


def test_what_is_loaded_can_go_to_another_process(write: Callable[..., Path]) -> None:
    loaded = load(write("title: x\ngrid: {share_limit: null}\n"))

    assert pickle.loads(pickle.dumps(loaded)) == loaded


def test_loading_needs_none_of_the_large_libraries() -> None:
    """`gigaplan check` has to answer within a second."""
    code = (
        "import sys; import planner.scenario; "
        "print([m for m in ('numpy', 'pandas', 'pyomo', 'scipy', 'highspy') if m in sys.modules])"
    )
    root = Path(__file__).parents[3]

    found = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"
