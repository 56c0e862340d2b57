"""A run folder made up by rule: what a plan of a few sites and years looks like, without solving.

The tables add up among themselves (load and generation, tokens and racks, costs and the summary's
figures), so that a figure drawn from one can be checked against another.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tests.planner.report.fake_cooling import make_cooling
from tests.planner.report.fake_elements import make_elements
from tests.planner.report.fake_plan import (
    CAPEX_USD_PER_KW,
    LATE_GRID,
    MIX,
    MW_SHARE,
    NAMEPLATE_OVER_MEAN,
    TECHNOLOGY,
    Fake,
    it_mw,
    make_dispatch,
    make_power_by_season,
)
from tests.planner.report.fake_serving import (
    RACK_MW,
    make_rack_use,
    make_recipes,
    make_tokens,
    rack_parts,
)
from tests.planner.report.fake_vendors import make_colocation, make_moves, make_products


def write_run(folder: Path, fake: Fake | None = None) -> Path:
    """Write a whole run folder and return it."""
    fake = fake or Fake()
    tables = make_tables(fake)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    summary = make_summary(fake, tables)
    (folder / "summary.json").write_text(json.dumps(summary, allow_nan=False), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    return folder


MANIFEST = {
    "inputs": {"scenario": {"path": "examples/us_2028.yaml", "sha256": "0123456789abcdef" * 4}},
    "command": ["gigaplan", "run", "examples/us 2028.yaml", "--gap", "0.005"],
    "seed": 0,
    "gigaplan": "0.1.0",
    "python": "3.11.9",
    "platform": "Linux-6.1",
    "processors": 2,
    "libraries": {"pyomo": "6.10.1", "highspy": "1.15.1"},
}


def make_tables(fake: Fake) -> dict[str, pd.DataFrame]:
    """Make every table of a run folder."""
    dispatch = make_dispatch(fake)
    season = make_power_by_season(dispatch)
    sites = _sites(fake, dispatch)
    capacity = _capacity(fake)
    builds = _builds(capacity)
    racks = _racks(capacity, builds)
    tokens = make_tokens(fake)
    supply = _supply(fake, builds, season)
    return {
        "sites": sites,
        "builds": builds,
        "elements": make_elements(builds),
        "capacity": capacity,
        "power_by_season": season,
        "dispatch": dispatch,
        "tokens": tokens,
        "racks": racks,
        "cooling": make_cooling(racks),
        "rack_use": make_rack_use(fake),
        "recipes": make_recipes(),
        "supply": supply,
        "reliability": _reliability(fake, sites),
        "costs": _costs(fake, capacity, season, tokens),
        "shadow_prices": _shadow_prices(supply),
        "moves": make_moves(fake),
        "products": make_products(builds),
        "colocation": make_colocation(fake),
    }


def _sites(fake: Fake, dispatch: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for s, (site, name, state, lat, lon, area, limit) in enumerate(fake.places):
        for t, period in enumerate(fake.periods):
            here = dispatch[(dispatch["site"] == site) & (dispatch["period"] == period)]
            rows.append(
                {
                    "site": site,
                    "name": name,
                    "state": state,
                    "latitude_deg": lat,
                    "longitude_deg": lon,
                    "grid_area": area,
                    "period": period,
                    "open": it_mw(fake, s, t) > 0,
                    "it_mw": it_mw(fake, s, t),
                    "limit_it_mw": limit,
                    "peak_facility_mw": float(-here["load"].min()) if len(here) else 0.0,
                    "load_mwh": float(-(here["load"] * here["weight"]).sum()),
                    "weather": "station.csv" if s == 1 else "synthetic",
                    "weather_synthetic": s != 1,
                    "weather_years": 1,
                }
            )
    return pd.DataFrame(rows)


def _capacity(fake: Fake) -> pd.DataFrame:
    columns = ["site", "period", "family", "kind", "component", "technology", "cooling"]
    columns += ["units", "mw"]
    rows = []
    for s in range(fake.opened):
        for t, period in enumerate(fake.periods):
            it, site = it_mw(fake, s, t), fake.places[s][0]
            if it == 0:
                continue
            for name, (kind, ratio) in MIX.items():
                if s == LATE_GRID and kind == "grid" and t < len(fake.periods) - 1:
                    continue
                mw = ratio * it
                hours = 3.4 if kind == "battery" else float("nan")
                what = (name, TECHNOLOGY.get(name, ""), "")
                rows.append((site, period, "power", kind, *what, mw, mw, mw * hours, mw))
            placed = it * NAMEPLATE_OVER_MEAN
            block = (site, period, "block", "block", "vertiv_onecore", "", "liquid_dry")
            rows.append((*block, placed / 12.5, placed, float("nan"), placed))
            for rack, part in rack_parts(t).items():
                mw = part * placed
                kind = ("rack", "rack", rack, "", "liquid_dry")
                if mw > 0:
                    rows.append((site, period, *kind, mw / RACK_MW[rack], mw, float("nan"), mw))
    return pd.DataFrame(rows, columns=[*columns, "mwh", "usable_mw"])


def _builds(capacity: pd.DataFrame) -> pd.DataFrame:
    columns = ["site", "period", "family", "kind", "component", "cooling", "units", "mw"]
    keys = ["site", "component"]
    rows = capacity.sort_values("period", kind="stable")
    added = rows.groupby(keys)[["units", "mw"]].diff().fillna(rows[["units", "mw"]])
    rows = rows.assign(units=added["units"], mw=added["mw"])
    rows = rows[rows["mw"] > 1e-9]
    usd = 1000 * rows["mw"] * rows["component"].map(CAPEX_USD_PER_KW).astype(float)
    found = rows.assign(capex_usd=usd)[[*columns, "capex_usd"]]
    first = found.drop_duplicates("site")
    works = first.assign(
        family="site", kind="site_works", component="greenfield", cooling="", units=1.0, mw=0.0,
        capex_usd=7.5e7,
    )  # fmt: skip
    return pd.concat([found, works], ignore_index=True)


def _racks(capacity: pd.DataFrame, builds: pd.DataFrame) -> pd.DataFrame:
    columns = ["site", "period", "rack", "cooling", "racks", "running", "it_mw", "added"]
    rows = capacity[capacity["family"] == "rack"]
    added = builds.set_index(["site", "period", "component"])["units"].to_dict()
    keys = zip(rows["site"], rows["period"], rows["component"], strict=True)
    found = rows.assign(added=[added.get(key, 0.0) for key in keys], running=rows["units"])
    names = {"component": "rack", "units": "racks", "mw": "it_mw"}
    return found.rename(columns=names)[columns].reset_index(drop=True)


def _supply(fake: Fake, builds: pd.DataFrame, season: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for t, period in enumerate(fake.periods):
        here = builds[builds["period"] == period]
        mw = here.groupby("component")["mw"].sum()
        of_racks = builds[(builds["family"] == "rack") & (builds["period"] <= period)]
        racks = of_racks["units"].sum()
        vera = of_racks.loc[of_racks["component"] == "vr200_nvl72", "units"].sum()
        lpx = here.loc[here["component"] == "lpx_groq3", "units"].sum()
        grid = season[(season["period"] == period) & (season["component"] == "firm_grid")]
        used = grid["mwh"].sum() / 1000
        rows += [
            (period, "grid share", "grid energy", "", "GWh", used, max(used, 1500.0 * t), False),
            (period, "chips", "cowos", "", "wafers", 6 * racks, 100_000.0 * (t + 1), True),
            (period, "chips", "hbm4", "", "stacks", 576 * vera, 3e6 * t, True),
            (period, "chips", "nand", "", "TB", 450 * racks, 4e6 * (t + 1), True),
            (period, "ramp", "lpx_groq3", "", "racks", lpx, 40.0 * 3**t, False),
            (period, "slots", "ge_7ha02", "", "MW", mw.get("ge_7ha02", 0.0), 630.0, False),
            (period, "slots", "wartsila_18v50sg", "", "MW", mw.get("wartsila_18v50sg", 0.0), 440.0,
             False),
            (period, "slots", "vertiv_onecore", "", "MW", mw.get("vertiv_onecore", 0.0), 1000.0,
             False),
            (period, "grid area", "ERCO-WEST", "", "MW", 375.0 * (fake.opened > 0), 1500.0, True),
        ]  # fmt: skip
        for s in range(fake.opened):
            site, limit = fake.places[s][0], fake.places[s][6]
            hours = 8500 * float(
                here[(here["site"] == site) & (here["family"] == "block")]["mw"].sum()
            )
            rows.append((period, "labour", "craft hours", site, "h", hours, 3.3e6, False))
            it = it_mw(fake, s, t) * NAMEPLATE_OVER_MEAN
            rows.append((period, "site", "IT power", site, "MW", it, limit, False))
    columns = ["period", "kind", "name", "site", "unit", "used", "limit", "cumulative"]
    return pd.DataFrame(rows, columns=columns)


def _reliability(fake: Fake, sites: pd.DataFrame) -> pd.DataFrame:
    """Each year a nine more or less, the sites a little apart."""
    position = {p: t for t, p in enumerate(fake.periods)}
    rows = []
    for row in sites[sites["open"]].itertuples():
        lole = 200.0 * (1 + row.limit_it_mw / 1e4) / 10 ** position[row.period]
        lost = (lole / 4380, lole, 40 * lole, 1 - lole / 8760)
        rows.append((row.site, row.period, 12.0, 80.0, *lost, 24.0, 0.999, 0.97))
    columns = ["site", "period", "units", "spare_mw", "worst_lolp", "lole_h_per_year"]
    columns += ["eue_mwh_per_year", "availability", "outage_h", "survival_mean", "survival_least"]
    return pd.DataFrame(rows, columns=columns)


def _least_available(table: pd.DataFrame) -> dict[str, Any] | None:
    if table.empty:
        return None
    worst = table.sort_values("availability", kind="stable").iloc[0]
    names = ["availability", "site", "period", "lole_h_per_year", "outage_h", "survival_least"]
    return {"availability_asked": 0.97, **{name: worst[name] for name in names}}


def _shadow_prices(supply: pd.DataFrame) -> pd.DataFrame:
    prices = {"grid share": 38_500.0, "slots": 412_317.0, "labour": 31.4}
    full = (supply["used"] >= 0.97 * supply["limit"]) & (supply["used"] > 0)
    return pd.DataFrame(
        {
            "limit": supply["kind"] + ": " + supply["name"],
            "site": supply["site"],
            "period": supply["period"],
            "price": supply["kind"].map(prices).fillna(0.0).where(full, 0.0),
            "unit": "USD/" + supply["unit"],
            "used": supply["used"],
            "bound": supply["limit"],
            "meaning": "saved by one more " + supply["unit"] + " of " + supply["name"] + " ("
            + supply["kind"] + "), dollars of that period",
        }
    )  # fmt: skip


def _costs(
    fake: Fake, capacity: pd.DataFrame, season: pd.DataFrame, tokens: pd.DataFrame
) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for site, period, family, component, mw in capacity[
        ["site", "period", "family", "component", "mw"]
    ].itertuples(index=False):
        capex = 1000 * mw * CAPEX_USD_PER_KW[component]
        share = {"rack": 0.25, "block": 0.102, "power": 0.095}[family]
        rows.append((site, period, family, component, "capital", share * capex))
        rows.append((site, period, family, component, "fixed_om", 0.02 * capex))
    out = season[season["direction"] == "out"]
    for (site, period), here in out.groupby(["site", "period"]):
        mwh = here.groupby("component")["mwh"].sum()
        gas = mwh.reindex(["ge_7ha02", "wartsila_18v50sg", "bloom_energy_server"]).fillna(0).sum()
        rows += [
            (site, period, "power", "gas", "fuel", 33.0 * gas),
            (site, period, "power", "plant", "variable_om", 4.0 * gas),
            (site, period, "power", "grid", "energy", 62.0 * mwh.get("firm_grid", 0.0)),
            (site, period, "site", "greenfield", "capital", 9e6),
            (site, period, "site", "gas_lateral", "capital", 2e6),
        ]
        if mwh.get("curtailed", 0.0) > 0:
            rows.append((site, period, "power", "load", "curtailed", 1e4 * mwh["curtailed"]))
    for row in tokens[(tokens["kind"] == "unmet") & (tokens["tokens"] > 0)].itertuples():
        rows.append(("", row.period, "demand", row.workload, "unmet", 4e-6 * row.tokens))
    table = pd.DataFrame(rows, columns=["site", "period", "family", "component", "item", "usd"])
    position = table["period"].map({p: t for t, p in enumerate(fake.periods)}).astype(float)
    return table.assign(discounted_usd=table["usd"] / 1.08 ** (position + 0.5))


def _ratio(above: pd.Series, below: pd.Series, periods: Sequence[str]) -> dict[str, float | None]:
    return {
        p: float(above.get(p, 0.0)) / float(below[p]) if below.get(p, 0.0) > 0 else None
        for p in periods
    }


def make_summary(fake: Fake, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Make ``summary.json`` from the tables."""
    periods = list(fake.periods)
    sites, tokens, costs = tables["sites"], tables["tokens"], tables["costs"]
    season = tables["power_by_season"]
    paid = costs[costs["family"] != "demand"].groupby("period")["usd"].sum()
    served = tokens[tokens["kind"] == "served"].groupby(["workload", "period"])["tokens"].sum()
    power = costs[
        ((costs["family"] == "power") | (costs["component"] == "gas_lateral"))
        & (costs["item"] != "curtailed")
    ]
    energy = season[season["component"].isin(["load", "curtailed"])]
    drawn = -energy.groupby("period")["mwh"].sum()
    grid = season[season["component"] == "firm_grid"].groupby("period")["mwh"].sum()
    unmet = tokens[tokens["kind"] == "unmet"].groupby("period")["tokens"].sum()
    us_mwh = {p: 4.262e9 * 1.025**t for t, p in enumerate(periods)}
    objective = float(costs["discounted_usd"].sum())
    prices = tables["shadow_prices"]
    binding = prices[prices["price"] > 0]
    per_mtok = {"all": _ratio(1e6 * paid, served.groupby("period").sum(), periods)}
    for workload, part in MW_SHARE.items():
        mine = served.get(workload, pd.Series(dtype=float))
        per_mtok[workload] = _ratio(1e6 * part * paid, mine, periods)
    return {
        "title": "US inference fleet 2026 to 2030",
        "status": "solved",
        "objective_usd": objective,
        "bound_usd": 0.9962 * objective,
        "gap": 0.0038 if objective else 0.0,
        "unmet_share": _ratio(unmet, tokens.groupby("period")["tokens"].sum(), periods),
        "sites_opened": sorted(sites.loc[sites["open"], "site"].unique()),
        "it_mw": sites.groupby("period", sort=False)["it_mw"].sum().to_dict(),
        "grid_mwh": {p: float(grid.get(p, 0.0)) for p in periods},
        "grid_share": {p: (1.83e8 + float(grid.get(p, 0.0))) / us_mwh[p] for p in periods},
        "grid_share_limit": dict.fromkeys(periods, 0.0455),
        "grid_share_denominator": "consumption",
        "usd_per_mtok": per_mtok,
        "usd_per_mwh": _ratio(power.groupby("period")["usd"].sum(), drawn, periods),
        "co2_t": {p: 0.4 * float(drawn.get(p, 0.0)) for p in periods},
        "product_dispatch": {"difference_usd": 4.2e-5 * objective, "share_of_cost": 4.2e-5},
        "reliability": _least_available(tables["reliability"]),
        "binding": binding.drop(columns=["used", "bound"]).to_dict(orient="records"),
        "seconds": {"sites": 1.2, "build": 8.4, "solve": 241.7, "read": 3.1},
        "peak_memory_mb": 2310.5,
        "engine": "decomposed",
        "cuts": 1843,
        "version": "0.1.0",
        "approximations": [
            "Mean outages of generating units are taken evenly over the year.",
            "Racks draw their mean power in every hour.",
        ],
        "synthetic_weather": [p[0] for s, p in enumerate(fake.places) if s != 1],
        **fake.summary,
    }
