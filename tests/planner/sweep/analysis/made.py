"""Sweeps made up from formulas, without solving: records in a folder, as a sweep writes them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from planner.sweep.analysis.studied import PeriodFacts, Studied
from planner.sweep.designs import levels_of
from planner.sweep.model import Sweep
from planner.sweep.store import Record, table_of, write_record

BASE = """\
title: small
horizon: {start: 2028-01, orders_from: 2025-01, periods: 1, hours: weeks, weeks: 1}
sites: {include: [abilene_tx, cheyenne_wy], limit_it_mw: 100}
demand: {workloads: {chat: {tokens_per_day: 1.0e+12, value_usd_per_mtok: 4.0}}}
"""

Figures = Callable[..., Mapping[str, Any]]


def records(sweep: Sweep, figures: Figures) -> list[Record]:
    """Return a record for each point; ``figures`` takes the axes by name; None: no plan."""
    found = []
    for number, levels in enumerate(levels_of(sweep)):
        at = {name: value for name, (value, _) in levels.items()}
        values = dict(figures(**at))
        status = values.pop("status", "solved")
        reason = values.pop("reason", "")
        varying = {k: values.pop(k) for k in ("bound_usd", "gap") if k in values}
        found.append(Record(number, f"k{number}", at, status, reason, values, varying))
    return found


def studied(sweep: Sweep, figures: Figures, us_mwh: float = 4e9) -> Studied:
    """Return a sweep of one period, 2028, with a discount of a half."""
    table: pd.DataFrame = table_of(records(sweep, figures))
    return Studied(table, tuple(sweep.axes), sweep, {"2028": PeriodFacts(0.5, us_mwh)})


def asked(axes: Mapping[str, Any], **more: Any) -> Sweep:
    """Return a checked sweep of these axes."""
    return Sweep.model_validate({"base": "base.yaml", "axes": dict(axes), **more})


def write_sweep(folder: Path, sweep: Sweep, figures: Figures) -> Path:
    """Write a sweep's folder: records, the sweep as asked, and its base beside it."""
    folder.mkdir(parents=True)
    base = folder.parent / "base.yaml"
    base.write_text(BASE, encoding="utf-8")
    data = sweep.model_dump(mode="json", by_alias=True, exclude_none=True) | {"base": str(base)}
    (folder / "sweep.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    for record in records(sweep, figures):
        write_record(folder, record)
    return folder
