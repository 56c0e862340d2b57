"""From all gas to nearly all sun off the grid at Abilene, beside a published study.

``python -m examples.off_grid_texas -o FOLDER`` plans ``off_grid_texas.yaml`` with rising least
shares of the load that come without fuel, and writes ``off_grid_texas.svg`` and ``.csv``: the
plan's own cost, the same sizes priced with the study's figures and loans, the study's own rule run
on the same weather (`off_grid_study`), and the three points that it published. Why they differ:

- The plan counts real dollars and a real cost of capital of 8 % before tax. The study counts
  nominal dollars with loans, tax and a credit of 30 % on sun and battery that has since ended for
  the sun, and lets gas rise by 3 % a year from 5 USD/MMBtu.
- The plan chooses its sizes with foresight of the hours; the study's battery takes what is left.
- The plan pays 2025's US prices: more for gas plants (1,300 to 1,700 USD/kW in place of 885) and
  less for gas at the site.
- The plan keeps a spare unit (N+1) in place of the study's quarter on top.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import altair as alt
import numpy as np
import pandas as pd
import typer

from examples.off_grid_study import (
    LIFE_YEARS,
    TURBINE,
    Costs,
    Energy,
    Sizes,
    cheapest_by_share,
    price_usd_per_mwh,
    study_solar_share,
)
from planner.known import read_scenario
from planner.plan.plan import Plan
from planner.plan.summary import summarise
from planner.run import plan_scenario
from sites.synthetic import synthetic_weather

HERE = Path(__file__).parent

SHARES = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

PUBLISHED = ((0.0, 86.0), (0.44, 93.0), (0.90, 109.0))
"""Share of the sun and USD/MWh: offgridai.us, December 2024."""

DC_OVER_AC = 1.3
"""Of a solar field, as `sites.solar.tracker_capacity_factor` has it [1]."""

OWN, PRICED = "this plan", "this plan's sizes, the study's figures and loans"
RULE, STUDY = "the study's rule on the same weather", "published"


@dataclass(frozen=True, slots=True)
class Point:
    """One plan: what it costs and what it is made of.

    Attributes
    ----------
    solar_share
        Of the load that comes without fuel [1].
    usd_per_mwh, study_usd_per_mwh
        By the plan's accounting, and by the study's [USD/MWh].
    solar_mw, battery_mw, gas_mw, peak_mw
        AC ratings, and the highest load [MW].
    """

    solar_share: float
    usd_per_mwh: float
    study_usd_per_mwh: float
    solar_mw: float
    battery_mw: float
    gas_mw: float
    peak_mw: float


def plan_at(share: float, sets: Sequence[str] = ()) -> Plan:
    """Plan the scenario with a least share of the load without fuel."""
    wanted = (f"policy.carbon_free_share={share}", *sets)
    return plan_scenario(read_scenario(HERE / "off_grid_texas.yaml", wanted).scenario)


def point_of(plan: Plan) -> Point:
    """Read what the picture shows out of a plan of one site and one period."""
    capacity = plan.tables["capacity"].groupby("kind")["mw"].sum()
    season = plan.tables["power_by_season"].groupby("component")["mwh"].sum()
    kinds = {name: product.family for name, product in plan.formulation.case.power.items()}
    fired = sum(float(season.get(n, 0.0)) for n, k in kinds.items() if k in ("gas", "fuel_cell"))
    load = -float(season["load"]) - float(season.get("curtailed", 0.0))
    (usd_per_mwh,) = summarise(plan, peak_memory_mb=0.0)["usd_per_mwh"].values()
    (sites,) = plan.tables["sites"].to_dict(orient="records")
    gas_mw = float(capacity.get("gas", 0.0) + capacity.get("fuel_cell", 0.0))
    solar_mw, battery_mw = float(capacity.get("solar", 0.0)), float(capacity.get("battery", 0.0))
    hours = np.full(LIFE_YEARS, 1.0)
    none = 0.0 * hours
    sizes = Sizes(DC_OVER_AC * solar_mw, battery_mw, gas_mw, load_mw=load / 8760)
    energy = Energy(load * hours, fired * hours, none, none, none)
    return Point(
        solar_share=1 - fired / load,
        usd_per_mwh=usd_per_mwh,
        study_usd_per_mwh=price_usd_per_mwh(sizes, TURBINE, energy, Costs()),
        solar_mw=solar_mw,
        battery_mw=battery_mw,
        gas_mw=gas_mw,
        peak_mw=float(sites["peak_facility_mw"]),
    )


def curves(points: Sequence[Point], sun: np.ndarray) -> pd.DataFrame:
    """Return all curves as rows of curve, share of the sun and USD/MWh."""
    rows = [(OWN, p.solar_share, p.usd_per_mwh) for p in points]
    rows += [(PRICED, p.solar_share, p.study_usd_per_mwh) for p in points]
    rows += [(RULE, share, usd) for share, usd, _ in cheapest_by_share(sun, TURBINE)]
    rows += [(STUDY, share, usd) for share, usd in PUBLISHED]
    return pd.DataFrame(rows, columns=["curve", "solar_share", "usd_per_mwh"])


def picture(table: pd.DataFrame) -> alt.LayerChart:
    """Draw the curves."""
    base = alt.Chart(table[table["solar_share"] <= 0.95]).encode(
        x=alt.X("solar_share:Q", title="share of the load without fuel", axis=alt.Axis(format="%")),
        y=alt.Y("usd_per_mwh:Q", title="USD per MWh", scale=alt.Scale(zero=False)),
        color=alt.Color(
            "curve:N",
            title=None,
            sort=[OWN, PRICED, RULE, STUDY],
            legend=alt.Legend(orient="top", columns=2, labelLimit=400),
        ),
    )
    lines = base.transform_filter(alt.datum.curve != STUDY).mark_line(point=True)
    published = base.transform_filter(alt.datum.curve == STUDY).mark_point(
        size=90, filled=True, shape="diamond"
    )
    return (lines + published).properties(
        width=560, height=320, title="100 MW off the grid at Abilene, Texas"
    )


def main(
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder.")] = Path("off_grid"),
) -> None:
    """Plan every share, and write picture and table."""
    output.mkdir(parents=True, exist_ok=True)
    points: list[Point] = []
    for share in SHARES:
        plan = plan_at(share)
        points.append(point_of(plan))
        typer.echo(f"{share:.0%}: {points[-1]}")
    (here,) = plan.formulation.case.sites.values()
    table = curves(points, study_solar_share(synthetic_weather(here.site, seed=0)))
    table.to_csv(output / "off_grid_texas.csv", index=False)
    picture(table).save(output / "off_grid_texas.svg")
    typer.echo(f"written to {output}")


if __name__ == "__main__":
    typer.run(main)
