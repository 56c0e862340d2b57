"""What stood before the first period, in the report."""

from dataclasses import replace

import numpy as np

from planner.report.folder import RunFolder
from planner.report.standing import table


def _with(run: RunFolder, existing_mw: object) -> RunFolder:
    capacity = run.tables["capacity"].assign(existing_mw=existing_mw)
    return replace(run, tables={**run.tables, "capacity": capacity})


def test_each_thing_that_stood_has_its_row(full: RunFolder) -> None:
    first = np.arange(len(full.tables["capacity"])) == 0
    (found,) = table(_with(full, 12.5 * first))

    (row,) = found.rows
    assert row.count("12.5") == 1
    assert len(row) == len(found.head)
    assert found.head[4:] == tuple(f"MW {period}" for period in full.summary.periods)


def test_without_anything_there_is_no_table(full: RunFolder) -> None:
    assert table(_with(full, 0.0)) == ()


def test_folders_from_before_are_still_read(full: RunFolder) -> None:
    assert "existing_mw" not in full.tables["capacity"]
    assert table(full) == ()
