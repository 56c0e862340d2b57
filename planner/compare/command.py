"""What ``gigaplan compare`` and ``gigaplan export`` do."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planner.compare.export import write_csv, write_excel
from planner.compare.figures_table import figures_table
from planner.compare.page import comparison
from planner.compare.runs import Compared, notes, read_runs
from planner.compare.tables import CAPTIONS, topic_table
from planner.report.plain import write_page
from planner.report.tables import Table

SHEET = "comparison"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What ``gigaplan compare`` found.

    Attributes
    ----------
    compared
        The runs.
    figures
        Every figure, see `planner.compare.figures_table.figures_table`.
    notes
        What does not compare.
    """

    compared: Compared
    figures: pd.DataFrame
    notes: tuple[str, ...]

    def tables(self) -> list[Table]:
        """Return what is printed: a table for each topic, of the last shared period."""
        period = self.compared.shared[-1] if self.compared.shared else ""
        made = (topic_table(self.figures, self.compared.names, t, period) for t in CAPTIONS)
        return [table for table in made if table.rows]

    def json(self) -> str:
        """Return all of it for machines; no number is null."""
        rows: list[dict[str, Any]] = json.loads(self.figures.to_json(orient="records"))
        found = {
            "runs": {
                name: str(run.path)
                for name, run in zip(self.compared.names, self.compared.runs, strict=True)
            },
            "periods_shared": list(self.compared.shared),
            "notes": list(self.notes),
            "figures": rows,
        }
        return json.dumps(found, indent=2, ensure_ascii=False)


def compare(folders: Sequence[Path]) -> Comparison:
    """Compare run folders; errors are those of `planner.compare.runs.read_runs`."""
    compared = read_runs(folders)
    return Comparison(compared, figures_table(compared), tuple(notes(compared)))


def write_comparison(
    found: Comparison, csv: Path | None, excel: Path | None, html: Path | None
) -> list[Path]:
    """Write the files that are asked for, and return them."""
    written: list[Path] = []
    if csv is not None:
        written.append(write_csv(csv, found.figures))
    if excel is not None:
        written.append(write_excel(excel, {SHEET: found.figures}))
    if html is not None:
        html.parent.mkdir(parents=True, exist_ok=True)
        written.append(write_page(html, comparison(found.compared, found.figures)))
    return written
