"""A run folder is checked when it is read; what is missing is named."""

import json
from pathlib import Path

import pandas as pd
import pytest

from planner.report.folder import COLUMNS, RunFolder, RunFolderError, read_folder


def test_every_table_has_the_kinds_it_should_have_even_if_empty(empty: RunFolder) -> None:
    for name, columns in COLUMNS.items():
        kinds = empty.tables[name].dtypes

        assert all(kinds[c] == "float64" for c, kind in columns.items() if kind == "float")
    assert empty.tables["builds"].empty


def test_dispatch_of_one_site_and_period_in_order(full: RunFolder) -> None:
    hours = full.dispatch("abilene_tx", "2027")

    assert len(hours) == 8760
    assert hours["hour"].tolist() == list(range(8760))
    assert set(hours["period"]) == {"2027"}


def test_dispatch_where_nothing_runs_is_empty(full: RunFolder, empty: RunFolder) -> None:
    assert full.dispatch("quincy_wa", "2030").empty
    assert empty.dispatch("abilene_tx", "2030").empty


def test_a_missing_table_is_named(fresh: Path) -> None:
    (fresh / "costs.parquet").unlink()

    with pytest.raises(RunFolderError, match=r"costs\.parquet: is missing"):
        read_folder(fresh)


def test_a_missing_column_is_named(fresh: Path) -> None:
    path = fresh / "racks.parquet"
    pd.read_parquet(path).drop(columns=["running", "added"]).to_parquet(path)

    with pytest.raises(RunFolderError, match="has no column added, running, try running"):
        read_folder(fresh)


@pytest.mark.parametrize(
    ("text", "said"), [("{", "is not JSON"), ("[1]", "is not a mapping, got"), ("{}", "title:")]
)
def test_a_broken_summary_is_refused(fresh: Path, text: str, said: str) -> None:
    (fresh / "summary.json").write_text(text, encoding="utf-8")

    with pytest.raises(RunFolderError, match=said) as caught:
        read_folder(fresh)
    assert caught.value.exit_code == 2


def test_a_number_that_is_none_is_refused(fresh: Path) -> None:
    path = fresh / "summary.json"
    data = json.loads(path.read_text(encoding="utf-8")) | {"gap": float("nan")}
    path.write_text(json.dumps(data), encoding="utf-8")

    with pytest.raises(RunFolderError, match="gap"):
        read_folder(fresh)
