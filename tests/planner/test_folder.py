"""A run folder appears whole or not at all, and nothing of the user's is ever lost."""

import json
from pathlib import Path

import pandas as pd
import pytest

from planner.errors import RunExistsError
from planner.plan.folder import (
    digest,
    manifest,
    new_folder,
    refuse_if_there,
    write_json,
    write_tables,
)


def _names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_it_appears_when_the_block_ends_well(tmp_path: Path) -> None:
    place = tmp_path / "deep/run"
    with new_folder(place, overwrite=False) as temporary:
        (temporary / "a").write_text("1")
        assert not place.exists()
        assert temporary.parent == place.parent, "a rename works within one file system only"
    assert _names(tmp_path) == ["deep", "deep/run", "deep/run/a"]
    assert place.stat().st_mode & 0o777 == 0o755


def _fail(place: Path, *, overwrite: bool = False) -> None:
    with new_folder(place, overwrite=overwrite) as temporary:
        (temporary / "a").write_text("half")
        raise KeyboardInterrupt


def test_a_block_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    with pytest.raises(KeyboardInterrupt):
        _fail(tmp_path / "deep/deeper/run")
    with pytest.raises(KeyboardInterrupt):
        _fail(tmp_path / "old/run")
    assert _names(tmp_path) == ["old"]


def _run(place: Path, text: str) -> None:
    place.mkdir()
    (place / "manifest.json").write_text(text)


def test_a_run_is_replaced_whole_and_only_if_told(tmp_path: Path) -> None:
    place = tmp_path / "run"
    _run(place, "old")
    (place / "notes.txt").write_text("old")
    with (
        pytest.raises(RunExistsError, match="try another folder or --overwrite"),
        new_folder(place, overwrite=False),
    ):
        pass
    with pytest.raises(KeyboardInterrupt):
        _fail(place, overwrite=True)
    assert (place / "notes.txt").read_text() == "old"

    with new_folder(place, overwrite=True) as temporary:
        (temporary / "manifest.json").write_text("new")
    assert _names(tmp_path) == ["run", "run/manifest.json"]
    assert (place / "manifest.json").read_text() == "new"


def test_what_is_no_run_is_never_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    refuse_if_there(mine, overwrite=False)  # empty: nothing to lose
    (mine / "thesis.tex").write_text("years of work")
    for place in (mine, mine / "thesis.tex", mine / "thesis.tex/run"):
        with pytest.raises(RunExistsError, match="no run is in the way"):
            refuse_if_there(place, overwrite=True)
    assert (mine / "thesis.tex").read_text() == "years of work"


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    with new_folder(tmp_path / "run", overwrite=False) as temporary:
        (temporary / "a").write_text("1")
        (tmp_path / "run").mkdir()
    assert _names(tmp_path) == ["run", "run/a"]


def test_tables_have_a_twin_with_the_same_numbers(tmp_path: Path) -> None:
    table = pd.DataFrame({"site": ["a", "b"], "mw": [1 / 3, 1e-17], "open": [True, False]})
    write_tables(tmp_path, {"t": table})
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "t.parquet"), table)
    again = pd.read_csv(tmp_path / "t.csv", dtype={"mw": str})
    assert [float(text) for text in again["mw"]] == table["mw"].tolist()
    assert again["open"].tolist() == [True, False]


def test_json_takes_no_number_that_is_none(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"name": "Española", "n": 1.5})
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"name": "Española", "n": 1.5}
    assert "Española" in text
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not JSON compliant"):
            write_json(tmp_path / "b.json", {"n": wrong})
    assert not (tmp_path / "b.json").exists()


def test_the_manifest_knows_inputs_command_and_versions(tmp_path: Path) -> None:
    """SHA-256 of ``abc`` from FIPS 180-2, appendix B.1."""
    file = tmp_path / "a.yaml"
    file.write_text("abc")
    sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest(file) == sha
    found = manifest({"scenario 0": file}, ["gigaplan", "run"], 7)
    assert found["inputs"] == {"scenario 0": {"path": str(file), "sha256": sha}}
    assert (found["command"], found["seed"]) == (["gigaplan", "run"], 7)
    assert found["libraries"]["highspy"].startswith("1.15")
