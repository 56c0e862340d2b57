"""Before and after the grid: 300 MW at New Albany, Ohio, with the grid in 84, 48 and 24 months.

``python -m examples.speed_to_power -o FOLDER`` plans ``speed_to_power.yaml`` with each wait and
writes ``speed_to_power.svg`` and ``.csv``: MW in service by source and year. A late grid is bridged
by plant that is leased or bought; when the grid comes the leases run out, and what was bought stays
as backup, moves on or is sold.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import altair as alt
import pandas as pd
import typer

from planner.known import read_scenario
from planner.plan.plan import Plan
from planner.run import plan_scenario

HERE = Path(__file__).parent
WAITS_MONTHS = (84, 48, 24)

SOURCES = {
    "gas": "bought gas plant",
    "fuel_cell": "fuel cells",
    "rental": "leased gas plant",
    "grid": "grid",
    "solar": "sun and battery",
    "battery": "sun and battery",
}
"""Family of the catalog to its name in the picture."""


def plan_with(wait_months: float, sets: Sequence[str] = ()) -> Plan:
    """Plan the scenario with a wait for the firm connection [months]."""
    wanted = (f"grid.firm_wait_months.newalbany_oh={wait_months}", *sets)
    return plan_scenario(read_scenario(HERE / "speed_to_power.yaml", wanted).scenario)


def in_service(plan: Plan) -> pd.DataFrame:
    """Return MW in service by period and source, every source in every period."""
    capacity = plan.tables["capacity"].query("family == 'power'").copy()
    capacity["source"] = capacity["kind"].map(SOURCES)
    labels = list(plan.formulation.case.periods.labels)
    table = capacity.pivot_table(index="period", columns="source", values="mw", aggfunc="sum")
    table = table.reindex(index=labels, columns=sorted(set(SOURCES.values()))).fillna(0.0)
    table.index.name = "period"
    return table.melt(value_name="mw", ignore_index=False).reset_index()


def picture(table: pd.DataFrame) -> alt.FacetChart:
    """Draw the years side by side, one row for each wait."""
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=alt.X("period:O", title=None),
            y=alt.Y("mw:Q", title="MW in service"),
            color=alt.Color("source:N", title=None, legend=alt.Legend(orient="top")),
        )
        .properties(width=460, height=140)
        .facet(
            row=alt.Row("wait:N", title=None, sort=[f"grid in {w} months" for w in WAITS_MONTHS])
        )
    )


def main(
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder.")] = Path("speed"),
) -> None:
    """Plan every wait, and write picture and table."""
    output.mkdir(parents=True, exist_ok=True)
    tables = []
    for wait in WAITS_MONTHS:
        plan = plan_with(wait)
        tables.append(in_service(plan).assign(wait=f"grid in {wait} months"))
        cost = plan.outcome.objective_kusd / 1e6
        typer.echo(f"grid in {wait} months: {cost:.2f} billion USD in present value")
    table = pd.concat(tables, ignore_index=True)
    table.to_csv(output / "speed_to_power.csv", index=False)
    picture(table).save(output / "speed_to_power.svg")
    typer.echo(f"written to {output}")


if __name__ == "__main__":
    typer.run(main)
