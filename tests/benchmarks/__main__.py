"""``python -m tests.benchmarks``: what the design promises, beside what this machine does."""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.benchmarks.machine import describe
from tests.benchmarks.rows import ROWS, Bench
from tests.benchmarks.tables import as_data, markdown

err = Console(stderr=True, highlight=False)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    rows: Annotated[
        list[str] | None, typer.Argument(help=f"Some of: {', '.join(ROWS)}; by default all.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="One week a year and few sites: tries the benchmark.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="JSON file for the results.")
    ] = None,
) -> None:
    """Measure what the design promises and print it as Markdown."""
    chosen = rows or list(ROWS)
    if unknown := sorted(set(chosen) - set(ROWS)):
        msg = f"no such row: {', '.join(unknown)}; try {', '.join(ROWS)}"
        raise typer.BadParameter(msg)
    with tempfile.TemporaryDirectory(prefix="gigaplan-benchmarks-") as folder:
        bench = Bench(Path(folder), quick, err.print)
        found = [ROWS[name](bench) for name in ROWS if name in chosen]
    machine = describe()
    if output is not None:
        output.write_text(json.dumps(as_data(found, machine, quick=quick), indent=2) + "\n")
    typer.echo(markdown(found, machine))


if __name__ == "__main__":
    app()
