"""``python -m tests.benchmarks``: what the design promises, beside what this machine does."""

import json
import signal
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.benchmarks.machine import describe
from tests.benchmarks.rows import ROWS, Bench
from tests.benchmarks.tables import as_data, markdown

TERMINATED = 143

err = Console(stderr=True, highlight=False)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    rows: Annotated[
        list[str] | None, typer.Argument(help=f"Some of: {', '.join(ROWS)}; by default all.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Quarters for years, few sites: tries the benchmark.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="JSON file for the results.")
    ] = None,
) -> None:
    """Measure what the design promises and print it as Markdown."""
    if find_spec("tabulate") is None:
        msg = "tabulate writes the tables; try pip install 'gigaplan[bench]'"
        raise typer.BadParameter(msg)
    chosen = rows or list(ROWS)
    if unknown := sorted(set(chosen) - set(ROWS)):
        msg = f"no such row: {', '.join(unknown)}; try {', '.join(ROWS)}"
        raise typer.BadParameter(msg)
    # A run is in a session of its own: ended politely, we end it too (see `measure`).
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    with tempfile.TemporaryDirectory(prefix="gigaplan-benchmarks-") as folder:
        bench = Bench(Path(folder), quick, err.print)
        found = [ROWS[name](bench) for name in ROWS if name in chosen]
    machine = describe()
    if output is not None:
        output.write_text(json.dumps(as_data(found, machine, quick=quick), indent=2) + "\n")
    typer.echo(markdown(found, machine))


if __name__ == "__main__":
    app()
