"""Reading a run folder: its summary, its manifest and its tables, checked before use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from planner.errors import PlannerError

ByPeriod: TypeAlias = Mapping[str, float | None]

DISPATCH_KEYS = ("site", "period", "weather_year", "hour", "weight")
"""Columns of the table ``dispatch`` that are not components."""

TEXT, NUMBER, FLAG = "str", "float", "bool"

COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "sites": {
            **dict.fromkeys(("site", "name", "state", "grid_area", "period", "weather"), TEXT),
            **dict.fromkeys(("open", "weather_synthetic"), FLAG),
            **dict.fromkeys(("latitude_deg", "longitude_deg"), NUMBER),
            **dict.fromkeys(("it_mw", "limit_it_mw", "peak_facility_mw", "load_mwh"), NUMBER),
            "weather_years": NUMBER,
        },
        "builds": {
            **dict.fromkeys(("site", "period", "family", "kind", "component", "cooling"), TEXT),
            **dict.fromkeys(("units", "mw", "capex_usd"), NUMBER),
        },
        "elements": {
            **dict.fromkeys(("site", "period", "element", "part"), TEXT),
            **dict.fromkeys(("number", "mw", "usd", "share", "lead_weeks"), NUMBER),
            "published_usd_per_kw": NUMBER,
        },
        "capacity": {
            **dict.fromkeys(("site", "period", "family", "kind", "component", "cooling"), TEXT),
            "technology": TEXT,
            **dict.fromkeys(("units", "mw", "mwh", "usable_mw"), NUMBER),
        },
        "moves": {
            **dict.fromkeys(("site", "period", "kind", "component", "what"), TEXT),
            **dict.fromkeys(("units", "mw"), NUMBER),
        },
        "power_by_season": {
            **dict.fromkeys(("site", "period", "season", "component", "direction"), TEXT),
            "mwh": NUMBER,
        },
        "tokens": {
            **dict.fromkeys(("period", "workload", "kind", "site"), TEXT),
            **dict.fromkeys(("mode", "rack", "recipe"), TEXT),
            **dict.fromkeys(("tokens_per_s", "tokens", "racks_mw"), NUMBER),
        },
        "racks": {
            **dict.fromkeys(("site", "period", "rack", "cooling"), TEXT),
            **dict.fromkeys(("racks", "running", "it_mw", "added"), NUMBER),
        },
        "cooling": {
            **dict.fromkeys(("site", "period", "cooling", "racks", "water_stress"), TEXT),
            **dict.fromkeys(("rack_mw", "it_mw", "mean_pue", "peak_pue"), NUMBER),
            **dict.fromkeys(("water_m3", "water_l_per_kwh"), NUMBER),
            **dict.fromkeys(("hot_drybulb_c", "hot_wetbulb_c"), NUMBER),
        },
        "rack_use": {
            **dict.fromkeys(("period", "site", "rack", "workload", "mode"), TEXT),
            "racks": NUMBER,
        },
        "recipes": {
            **dict.fromkeys(("workload", "mode", "rack", "layout", "bound_by"), TEXT),
            **dict.fromkeys(("recipe", "left_out"), TEXT),
            **dict.fromkeys(("kw_per_ktoken_s", "output_tokens_per_s_per_gpu"), NUMBER),
            **dict.fromkeys(("tokens_per_s_per_user", "first_token_s", "batch"), NUMBER),
            "measured": FLAG,
        },
        "supply": {
            **dict.fromkeys(("period", "kind", "name", "site", "unit"), TEXT),
            **dict.fromkeys(("used", "limit"), NUMBER),
            "cumulative": FLAG,
        },
        "reliability": {
            **dict.fromkeys(("site", "period"), TEXT),
            **dict.fromkeys(("units", "spare_mw", "availability", "worst_lolp"), NUMBER),
            **dict.fromkeys(("lole_h_per_year", "eue_mwh_per_year"), NUMBER),
            **dict.fromkeys(("outage_h", "survival_mean", "survival_least"), NUMBER),
        },
        "products": {
            **dict.fromkeys(("family", "component", "vendor", "product", "technology"), TEXT),
            **dict.fromkeys(("first_period", "state", "reason"), TEXT),
            **dict.fromkeys(("unit_mw", "lead_months", "open_mw", "bought_mw"), NUMBER),
            "usd_per_mwh": NUMBER,
        },
        "colocation": {
            **dict.fromkeys(("site", "component", "source", "at", "period"), TEXT),
            **dict.fromkeys(("miles", "plant_usd_per_mwh", "line_usd_per_mwh"), NUMBER),
            **dict.fromkeys(("loss_usd_per_mwh", "arriving_usd_per_mwh"), NUMBER),
            **dict.fromkeys(("fence_usd_per_mwh", "saved_usd_per_mwh"), NUMBER),
        },
        "costs": {
            **dict.fromkeys(("site", "period", "family", "component", "item"), TEXT),
            **dict.fromkeys(("usd", "discounted_usd"), NUMBER),
        },
    }
)
"""The columns that a report reads, by table; ``dispatch`` is read apart, a site at a time."""


class RunFolderError(PlannerError):
    """A run folder cannot be read: something is missing or is not what it should be.

    Parameters
    ----------
    path
        The folder or file.
    what
        What is wrong with it.
    try_
        What to do.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, path: Path, what: str, try_: str) -> None:
        self.path = path
        self.what = what
        self.try_ = try_
        super().__init__(path, what, try_)

    def __str__(self) -> str:
        """Return ``path: what, try X``."""
        return f"{self.path}: {self.what}, try {self.try_}"


class BindingLimit(BaseModel):
    """A limit that binds, and what one more unit of it would save."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    limit: str
    site: str
    period: str
    price: float
    unit: str
    meaning: str


class LeastAvailable(BaseModel):
    """The site and period that is least available, and what was asked for."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    availability: float
    availability_asked: float | None = None
    site: str
    period: str
    lole_h_per_year: float
    outage_h: float
    survival_least: float


class ProductDispatch(BaseModel):
    """What dispatch product by product costs over dispatch by classes, in present value."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    difference_usd: float
    share_of_cost: float


class Summary(BaseModel):
    """What ``summary.json`` says; figures are by period unless their name says otherwise."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    title: str
    status: str
    objective_usd: float
    bound_usd: float
    gap: float
    unmet_share: ByPeriod
    sites_opened: tuple[str, ...]
    it_mw: Mapping[str, float]
    grid_mwh: ByPeriod
    grid_share: ByPeriod
    grid_share_limit: ByPeriod
    grid_share_denominator: str = "consumption"
    usd_per_mtok: Mapping[str, ByPeriod]
    usd_per_mwh: ByPeriod
    co2_t: ByPeriod
    product_dispatch: ProductDispatch | None = None
    reliability: LeastAvailable | None = None
    binding: tuple[BindingLimit, ...]
    seconds: Mapping[str, float]
    peak_memory_mb: float
    engine: str
    cuts: int
    version: str
    approximations: tuple[str, ...]

    @property
    def periods(self) -> tuple[str, ...]:
        """Labels of the periods, in order."""
        return tuple(self.it_mw)


@dataclass(frozen=True, slots=True, eq=False)
class RunFolder:
    """What a run folder holds.

    Attributes
    ----------
    path
        The folder.
    summary
        ``summary.json``, checked.
    manifest
        ``manifest.json`` as it stands.
    tables : name to DataFrame
        Every table but ``dispatch``; each has at least the columns of `COLUMNS`.
    """

    path: Path
    summary: Summary
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def dispatch(self, site: str, period: str) -> pd.DataFrame:
        """Read the hours of one site in one period, in order; empty where nothing runs there.

        Returns
        -------
        DataFrame
            Columns of `DISPATCH_KEYS`, and one per component, ``load`` and ``curtailed`` [MW].
        """
        wanted = [("site", "==", site), ("period", "==", period)]
        table = _read_parquet(self.path / "dispatch.parquet", filters=wanted)
        kinds = {str(c): TEXT if c in DISPATCH_KEYS[:2] else NUMBER for c in table}
        needed = (*DISPATCH_KEYS, "load", "curtailed")
        return _checked(table, {**dict.fromkeys(needed, NUMBER), **kinds}, self.path / "dispatch")


def read_folder(path: Path) -> RunFolder:
    """Read and check a run folder.

    Raises
    ------
    RunFolderError
        If a file is missing, or lacks what a report needs.
    """
    return RunFolder(
        path=path,
        summary=_read_summary(path / "summary.json"),
        manifest=MappingProxyType(_read_json(path / "manifest.json")),
        tables=MappingProxyType(
            {
                name: _checked(_read_parquet(path / f"{name}.parquet"), columns, path / name)
                for name, columns in COLUMNS.items()
            }
        ),
    )


def _read_summary(path: Path) -> Summary:
    try:
        return Summary.model_validate(_read_json(path))
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise RunFolderError(path, found, "running the scenario again") from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunFolderError(path, "cannot be read", "the folder of a finished run") from error
    except ValueError as error:
        raise RunFolderError(path, f"is not JSON ({error})", "running again") from error
    if not isinstance(data, dict):
        raise RunFolderError(path, f"is not a mapping, got {data!r:.40}", "running again")
    return data


def _read_parquet(path: Path, filters: list[tuple[str, str, str]] | None = None) -> pd.DataFrame:
    if not path.is_file():
        raise RunFolderError(path, "is missing", "the folder of a finished run")
    return pd.read_parquet(path, filters=filters)


def _checked(table: pd.DataFrame, columns: Mapping[str, str], path: Path) -> pd.DataFrame:
    """Give every column its kind: in an empty table, none has one."""
    if missing := sorted(set(columns) - set(table.columns)):
        what = f"has no column {', '.join(missing)}"
        raise RunFolderError(path, what, "running the scenario again with this version")
    return table.astype(dict(columns))
