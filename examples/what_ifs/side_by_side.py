"""The what-ifs of this folder, planned and set side by side.

    python -m examples.what_ifs.side_by_side -o FOLDER

plans every YAML file here as ``gigaplan batch`` does (what is done already is not done again),
writes ``what_ifs.html`` and ``space.html`` as ``gigaplan compare`` does, and with ``--readme``
puts the table of results into ``README.md``; that needs ``gigaplan[bench]``.
"""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from planner.compare.figures_table import figures_table
from planner.compare.page import comparison
from planner.compare.runs import read_runs
from planner.report.plain import write_page
from planner.sweep.command import batch
from planner.sweep.sweeping import PLANS, Means
from planner.version import installed

HERE = Path(__file__).parent
README = HERE / "README.md"
BEGIN, END = "<!-- results -->", "<!-- end -->"

PAGES = {"what_ifs": "base", "space": "space_base"}
"""Page to the scenario that it compares the others with."""

YEAR = "2030"
TRILLION, BILLION, DAYS = 1e12, 1e9, 365.0
WORKLOADS = {"chat": "chat", "coding_agent": "coding", "premium_agent": "premium"}
SOURCES = {"grid": "grid", "gas": "gas", "solar": "sun", "battery": "battery"}
MOST_LIMITS = 4


def page_of(name: str) -> str:
    """Return the page on which a scenario stands."""
    return "space" if name.startswith("space") else "what_ifs"


def in_order(points: pd.DataFrame, page: str) -> pd.DataFrame:
    """Return the points of a page, its base first."""
    mine = points[points["scenario"].map(page_of) == page]
    return mine.sort_values("scenario", key=lambda names: names.where(names != PAGES[page], ""))


def write_pages(points: pd.DataFrame, folder: Path) -> list[Path]:
    """Compare the run folders of each page under the names of their scenarios."""
    written = []
    for page in PAGES:
        mine = in_order(points, page)
        if mine.empty:
            continue
        runs = read_runs([folder / PLANS / f"{number:04d}" for number in mine["point"]])
        compared = replace(runs, names=tuple(mine["scenario"]))
        made = comparison(compared, figures_table(compared))
        written.append(write_page(folder / f"{page}.html", made))
    return written


def results(points: pd.DataFrame) -> pd.DataFrame:
    """Return what came out in 2030, one row a scenario, numbers as text."""
    rows = pd.concat([in_order(points, page) for page in PAGES]).to_dict(orient="records")
    return pd.DataFrame([_result(row) for row in rows])


def _result(row: Mapping[Hashable, Any]) -> dict[str, str]:
    tokens = {
        f"{short}, 10^12 tokens/d": _number(row, f"tokens_served.{name}.{YEAR}", TRILLION * DAYS, 2)
        for name, short in WORKLOADS.items()
    }
    power = {
        f"{short}, GW": _number(row, f"mw.{kind}.{YEAR}", 1000.0, 2)
        for kind, short in SOURCES.items()
    }
    return {
        "what if": str(row["scenario"]),
        **tokens,
        "USD/Mtok": _number(row, f"usd_per_mtok.all.{YEAR}", 1.0, 3),
        "cost with unmet tokens, 10^9 USD": _number(row, "objective_usd", BILLION, 1),
        **power,
        "what binds, dearest first": _limits(str(row["binding"])),
    }


def _number(row: Mapping[Hashable, Any], column: str, unit: float, digits: int) -> str:
    value = row.get(column)
    return "0" if value is None or pd.isna(value) else f"{value / unit:.{digits}f}"


def _limits(binding: str) -> str:
    """Return the first limits of a point, without years, sites and prices."""
    named = [
        each.partition(" at ")[0].rsplit(" ", 1)[0].split(": ", 1) for each in binding.split("; ")
    ]
    words = (
        name[-1].split(" ")[0] if name[0] in ("chips", "ramp", "slots") else name[0]
        for name in named
    )
    return ", ".join(list(dict.fromkeys(words))[:MOST_LIMITS])


def write_results(points: pd.DataFrame) -> None:
    """Put the table of results between its marks in the README."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    said = f"Figures of {YEAR}; Gigaplan {installed()}, {date.today().isoformat()}."
    table = results(points).to_markdown(index=False, disable_numparse=True)
    README.write_text(f"{before}{BEGIN}\n{said}\n\n{table}\n{END}{after}", encoding="utf-8")


def main(
    output: Annotated[Path, typer.Option("-o", "--output", help="Store.")] = Path("runs/what_ifs"),
    readme: Annotated[bool, typer.Option("--readme", help="Renew the table there.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes.")] = None,
) -> None:
    """Plan every what-if, and set them side by side."""
    code = batch([HERE], output, (), Means(workers=workers), keep_plans=True)
    if code:
        raise typer.Exit(code)
    points = pd.read_parquet(output / "points.parquet")
    for page in write_pages(points, output):
        typer.echo(f"page: {page}")
    if readme:
        write_results(points)


if __name__ == "__main__":
    typer.run(main)
