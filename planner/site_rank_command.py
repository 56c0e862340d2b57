"""What ``gigaplan site --rank`` prints and writes."""

import csv as csv_files
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.errors import Problem, ScenarioError
from planner.printing import print_table, say
from planner.site_rank import rank_sites
from planner.site_ways import WAYS

COLUMNS = ("rank", "site", "months", "USD/MWh", "way", *WAYS, "PUE", "water stress", "opening")


def print_ranking(
    scenario: Path | None,
    within: float | None,
    cooling: str,
    it_mw: float,
    csv: Path | None,
    *,
    as_json: bool,
) -> None:
    """Rate all sites, and print them as a table or as JSON; write them as CSV if asked.

    Raises
    ------
    ScenarioError
        As `planner.site_rank.rank_sites` and `write_rows`.
    """
    rows = rank_sites(scenario, within=within, cooling=cooling, it_mw=it_mw)
    if csv is not None:
        write_rows(rows, csv)
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))  # noqa: T201 - for pipes
        return
    limit = "" if within is None else f", with power within {within:g} months"
    print_table(f"Sites for {it_mw:g} MW of IT{limit}", COLUMNS, table_of(rows))
    say("Each way: months until power: USD/MWh of power. USD/MWh in all is the cheapest way in")
    say("time, with land and works. * no other site has power both sooner and cheaper.")
    if csv is not None:
        say(f"written: {csv}")


def table_of(rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return the cells of what is printed, under `COLUMNS`.

    A way is told as its months and its cost of power. A star marks the sites of the front.
    """
    return [
        [
            "-" if row["rank"] is None else f"{row['rank']}{'*' if row['on_front'] else ''}",
            row["site"],
            _number(row["months"], 0),
            _number(row["usd_per_mwh"], 1),
            row["products"] or "-",
            *(_cell(row, kind.replace(" ", "_")) for kind in WAYS),
            f"{row['pue_mean']:.3f}",
            row["water_stress"],
            _opening(row),
        ]
        for row in rows
    ]


def _cell(row: Mapping[str, Any], prefix: str) -> str:
    if row[f"{prefix}_months"] is None:
        return "-"
    return f"{row[f'{prefix}_months']:.0f}: {row[f'{prefix}_usd_per_mwh']:.0f}"


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def _opening(row: Mapping[str, Any]) -> str:
    if row["moratorium"] is None:
        return "free"
    return "closed" if row["closed"] else f"before {row['moratorium']}"


def write_rows(rows: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Write all columns of a ranking as CSV, whole or not at all.

    Raises
    ------
    ScenarioError
        If there is no such folder.
    """
    if not file.parent.is_dir():
        what = "is in no folder that is there"
        raise ScenarioError([Problem("site", 0, 0, "csv", what, str(file), "making it first")])
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            writer = csv_files.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
