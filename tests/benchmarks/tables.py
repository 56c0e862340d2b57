"""What was found, as Markdown to read and as JSON to keep."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from tests.benchmarks.judge import Row
from tests.benchmarks.measure import MEMORY

CLOCK = (
    "Seconds are from the scenario's file to the audited plan (of PyPSA: to its answer), in a "
    "fresh process whose imports are done; process seconds are all of it."
)


def targets_table(rows: Sequence[Row]) -> pd.DataFrame:
    """Return the table of targets: work, target, measured, verdict."""
    lines = [
        {"work": t.work, "target": t.target, "measured": t.measured, "": t.verdict}
        for row in rows
        for t in row.targets
    ]
    return pd.DataFrame(lines)


def measurements_table(rows: Sequence[Row]) -> pd.DataFrame:
    """Return every measurement with its unit in the column's name."""
    lines = [
        {
            "row": m.row,
            "run": m.name,
            "status": m.status,
            "seconds": _rounded(m.seconds, 1),
            "process [s]": _rounded(m.process_s, 1),
            "gap [%]": _rounded(m.gap, 3, 100),
            "objective [million USD]": _rounded(m.objective_kusd, 3, 1e-3),
            "memory [MB]": _rounded(m.peak_memory_mb, 0),
            "cuts": m.cuts,
            "note": m.note,
        }
        for row in rows
        for m in row.measurements
    ]
    return pd.DataFrame(lines, dtype=object)


def markdown(rows: Sequence[Row], machine: Mapping[str, str]) -> str:
    """Return the whole report as Markdown."""
    about = pd.DataFrame(machine.items(), columns=["machine and versions", ""])
    found = measurements_table(rows)
    parts = [
        targets_table(rows).to_markdown(index=False),
        *([found.to_markdown(index=False, missingval="")] if len(found) else []),
        about.to_markdown(index=False, disable_numparse=True),
        f"{CLOCK} {MEMORY}",
    ]
    return "\n\n".join(parts)


def as_data(rows: Sequence[Row], machine: Mapping[str, str], *, quick: bool) -> dict[str, Any]:
    """Return all of it as JSON data."""
    return {
        "quick": quick,
        "machine": dict(machine),
        "targets": [{**asdict(t), "verdict": t.verdict} for row in rows for t in row.targets],
        "measurements": [asdict(m) for row in rows for m in row.measurements],
    }


def _rounded(value: float | None, digits: int, times: float = 1.0) -> float | None:
    return None if value is None else round(times * value, digits)
