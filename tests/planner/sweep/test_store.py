"""Records come whole, are found again by what they ask, and make one table."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from planner.sweep.point import Record
from planner.sweep.store import (
    Wanted,
    adopt,
    read_points,
    read_records,
    steady,
    write_record,
    write_table,
)

RECORDS = [
    Record(0, "a", {"x": 1.0}, "solved", "", {"co2_t": 5.0, "binding": ""}, {"seconds": 1.0}),
    Record(1, "b", {"x": 2.0}, "infeasible", "too little", {}, {"seconds": 2.0}),
    Record(2, "c", {"x": 3.0}, "solved", "", {"co2_t": 7.0, "mw.gas": 3.0}, {"gap": 0.1}),
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    for record in RECORDS:
        write_record(tmp_path, record)
    return tmp_path


def test_records_are_read_back_as_they_were_and_leave_nothing_beside(store: Path) -> None:
    assert read_records(store) == RECORDS
    assert sorted(path.name for path in (store / "points").iterdir()) == [
        "0000.json",
        "0001.json",
        "0002.json",
    ]


def test_the_table_has_axes_figures_and_what_varies_in_this_order(store: Path) -> None:
    table = read_points(store)
    assert list(table.columns) == [
        "point", "key", "status", "reason", "x", "co2_t", "binding", "mw.gas", "seconds", "gap",
    ]  # fmt: skip
    assert table["x"].tolist() == [1, 2, 3]
    assert table["co2_t"].isna().tolist() == [False, True, False]
    assert list(steady(table).columns) == list(table.columns)[:-2]
    write_table(store, table)
    pd.testing.assert_frame_equal(pd.read_parquet(store / "points.parquet"), table)
    assert pd.read_csv(store / "points.csv")["co2_t"].dropna().tolist() == [5.0, 7.0]


def test_half_a_record_is_no_record(store: Path) -> None:
    text = (store / "points" / "0001.json").read_text()
    (store / "points" / "0001.json").write_text(text[: len(text) // 2])
    (store / "points" / "0002.json").write_text(json.dumps({"point": 2, "other": 1}))
    assert read_records(store) == RECORDS[:1]


def test_points_are_found_by_their_key_under_new_numbers(store: Path) -> None:
    wanted = [Wanted("c", 0, {"y": 30}), Wanted("new", 1, {"y": 9}), Wanted("a", 2, {"y": 10})]
    done = adopt(store, wanted)
    assert done == {
        0: replace(RECORDS[2], point=0, axes={"y": 30}),
        2: replace(RECORDS[0], point=2, axes={"y": 10}),
    }
    assert read_records(store) == [done[0], done[2]]
    assert [r.key for r in read_records(store, "others")] == ["b"]
    again = adopt(store, [Wanted("b", 0, {"x": 2.0})])
    assert again == {0: replace(RECORDS[1], point=0)}, "what was not asked for a while is kept"


def test_points_that_ask_the_same_share_a_record(store: Path) -> None:
    done = adopt(store, [Wanted("a", 0, {"x": 1.0}), Wanted("a", 1, {"x": 1.0})])
    assert [done[n].figures for n in (0, 1)] == [RECORDS[0].figures] * 2


def test_no_sweep_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="is no sweep"):
        read_points(tmp_path)
