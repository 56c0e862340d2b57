"""The figures of a point: its plan's summary and tables, flattened to one row."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from planner.plan.plan import Plan
from planner.plan.summary import summarise
from planner.run import peak_memory_mb
from planner.sweep.point import Cell

ADDED_UP = ("grid_mwh", "co2_t", "co2_stacks_t", "co2_grid_t", "power_water_m3", "cooling_water_m3")
"""Parts of the summary by period that stand in the table as their sum too."""

FLAT = (
    "objective_usd",
    "unmet_share",
    "it_mw",
    "grid_share",
    "grid_share_limit",
    "usd_per_mtok",
    "usd_per_mwh",
    *ADDED_UP,
    "product_dispatch",
    "reliability",
)
"""Parts of the summary that stand in the table as they are."""


def figures_of(plan: Plan) -> dict[str, Cell]:
    """Return the figures of a plan that are the same whenever it is planned, by column.

    The columns are described in ``README.md`` beside this file.
    """
    summary = summarise(plan, 0.0)
    tables, labels = plan.tables, plan.formulation.case.periods.labels
    found: dict[str, Cell] = {}
    for part in FLAT:
        if part in ADDED_UP:
            found[part] = math.fsum(summary[part].values())
        if summary[part] is not None:
            found |= _flat(part, summary[part])
    found |= _tokens(tables["tokens"])
    found["capex_usd"] = float(tables["builds"]["capex_usd"].sum())
    by_family = tables["costs"].groupby("family")["discounted_usd"].sum()
    found |= {f"cost_usd.{family}": float(usd) for family, usd in by_family.items()}
    found |= _in_service("mw", tables["capacity"].query("family == 'power'"), "kind", "mw", labels)
    found |= _in_service("racks", tables["racks"], "rack", "racks", labels)
    found |= _sites(tables["sites"], labels[-1])
    opened = summary["sites_opened"]
    found |= {"sites_open": len(opened), "sites_opened": ", ".join(opened)}
    found |= _prices(tables["shadow_prices"])
    found["binding"] = "; ".join(_said(row) for row in summary["binding"])
    return {name: _finite(value) for name, value in found.items()}


def varying_of(plan: Plan, seconds: float) -> dict[str, Cell]:
    """Return what another run of the same point may find otherwise: its proof, and what it took."""
    outcome = plan.outcome
    found: dict[str, Cell] = {
        "gap": outcome.gap,
        "bound_usd": 1000 * outcome.bound_kusd,
        "cuts": outcome.cuts,
        "seconds": round(seconds, 3),
        "peak_memory_mb": round(peak_memory_mb(), 1),
    }
    found |= {f"seconds.{phase}": round(s, 3) for phase, s in outcome.seconds.items()}
    return {name: _finite(value) for name, value in found.items()}


def _flat(name: str, value: Any) -> dict[str, Cell]:
    """Write mappings out as dotted names; nothing of what is null as a whole."""
    if not isinstance(value, Mapping):
        return {name: value}
    inner = [_flat(f"{name}.{key}", each) for key, each in value.items()]
    return {key: cell for each in inner for key, cell in each.items()}


def _finite(value: Cell) -> Cell:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _tokens(tokens: pd.DataFrame) -> dict[str, Cell]:
    served = tokens[tokens["kind"] == "served"]
    asked = float(tokens["tokens"].sum())
    unmet = float(tokens.loc[tokens["kind"] == "unmet", "tokens"].sum())
    by_period = served.groupby("period")["tokens"].sum()
    by_workload = served.groupby("workload")["tokens"].sum()
    by_both = served.groupby(["workload", "period"])["tokens"].sum()
    found: dict[str, Cell] = {
        "unmet_share": unmet / asked if asked else None,
        "tokens_served": float(served["tokens"].sum()),
    }
    for part in (by_period, by_workload):
        found |= {f"tokens_served.{name}": float(n) for name, n in part.items()}
    return found | {f"tokens_served.{w}.{t}": float(n) for (w, t), n in _pairs(by_both)}


def _pairs(series: pd.Series) -> Iterator[tuple[tuple[str, str], float]]:
    for key, value in series.items():
        assert isinstance(key, tuple)
        yield (str(key[0]), str(key[1])), float(value)


def _in_service(
    name: str, table: pd.DataFrame, of: str, amount: str, labels: tuple[str, ...]
) -> dict[str, Cell]:
    """Add up what is in service by what it is and period; the last period stands alone too."""
    both = table.groupby([of, "period"])[amount].sum()
    found: dict[str, Cell] = {}
    for thing in sorted(table[of].unique()):
        by_period = {label: float(both.get((thing, label), 0.0)) for label in labels}
        found[f"{name}.{thing}"] = by_period[labels[-1]]
        found |= {f"{name}.{thing}.{label}": n for label, n in by_period.items()}
    return found


def _sites(sites: pd.DataFrame, last: str) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for row in sites[sites["period"] == last].itertuples():
        found[f"sites.{row.site}.open"] = int(bool(row.open))
        found[f"sites.{row.site}.it_mw"] = float(str(row.it_mw))
    return found


def _prices(prices: pd.DataFrame) -> dict[str, Cell]:
    """Return the price of each limit that is no single site's.

    ``grid share: grid energy`` is called ``grid_share``: of what there is one of a kind, the
    kind is name enough.
    """
    common = prices[prices["site"] == ""]
    kinds = common["limit"].drop_duplicates().str.partition(": ")[0].value_counts()
    found: dict[str, Cell] = {}
    for row in common.itertuples():
        kind, _, name = str(row.limit).partition(": ")
        whole = kind if kinds[kind] == 1 else f"{kind} {name}"
        found[f"price.{whole.replace(' ', '_').lower()}.{row.period}"] = float(str(row.price))
    return found


def _said(row: Mapping[str, Any]) -> str:
    where = " ".join(filter(None, (row["limit"], row["site"], row["period"])))
    return f"{where} at {row['price']:.6g} {row['unit']}"
