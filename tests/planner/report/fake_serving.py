"""How a made-up plan serves its tokens: recipes, the racks that they hold, what is left out."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from tests.planner.report.fake_plan import MW_SHARE, TOKENS_PER_MW, Fake, it_mw

RACK_MW = {
    "gb300_nvl72": 0.14,
    "vr200_nvl72": 0.21,
    "lpx_groq3": 0.13,
    "etl256_vera": 0.11,
    "stx_bluefield4": 0.025,
}

RECIPES: tuple[tuple[str, str, dict[str, float], tuple[float, ...]], ...] = (
    ("chat", "colocated", {"gb300_nvl72": 1.0}, (1.0, 0.6, 0.4, 0.25, 0.2)),
    ("chat", "split", {"vr200_nvl72": 1.0}, (0.0, 0.4, 0.6, 0.75, 0.8)),
    ("coding_agent", "split", {"gb300_nvl72": 1.0}, (1.0, 1.0, 0.5, 0.2, 0.0)),
    (
        "coding_agent",
        "split+kv_tier",
        {"vr200_nvl72": 0.9, "etl256_vera": 0.07, "stx_bluefield4": 0.03},
        (0.0, 0.0, 0.5, 0.5, 0.6),
    ),
    (
        "coding_agent",
        "afd+kv_tier",
        {"vr200_nvl72": 0.6, "lpx_groq3": 0.3, "etl256_vera": 0.07, "stx_bluefield4": 0.03},
        (0.0, 0.0, 0.0, 0.3, 0.4),
    ),
)
"""Workload, mode, share of each rack in the MW that are held, and share of tokens by period."""

UNMET_OVER_SERVED = (0.25, 0.18, 0.06, 0.01, 0.0)
SECONDS_PER_YEAR = 31_536_000


def rack_parts(t: int) -> dict[str, float]:
    """Share of each rack in the MW of a site."""
    found = dict.fromkeys(RACK_MW, 0.0)
    for workload, _, racks, parts in RECIPES:
        for rack, share in racks.items():
            found[rack] += MW_SHARE[workload] * parts[t] * share
    return found


def _served(fake: Fake) -> Iterator[tuple[str, str, str, str, dict[str, float], float]]:
    """Period, site, workload, mode, share of each rack and MW held."""
    for t, period in enumerate(fake.periods):
        for workload, mode, racks, parts in RECIPES:
            for s in range(fake.opened):
                mw = it_mw(fake, s, t) * MW_SHARE[workload] * parts[t]
                if mw > 0:
                    yield period, fake.places[s][0], workload, mode, racks, mw


def make_tokens(fake: Fake) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for period, site, workload, mode, racks, mw in _served(fake):
        rate, rack = mw * TOKENS_PER_MW[workload], "+".join(racks)
        way = (site, mode, rack, f"{workload}:{mode}:{rack}")
        rows.append((period, workload, "served", *way, rate, rate * SECONDS_PER_YEAR, mw))
    rates = pd.DataFrame([(r[0], r[1], r[7]) for r in rows], columns=["period", "workload", "rate"])
    total = rates.groupby(["period", "workload"])["rate"].sum()
    for t, period in enumerate(fake.periods):
        for workload in TOKENS_PER_MW:
            served = float(total.get((period, workload), 0.0))
            unmet = UNMET_OVER_SERVED[t] * served if served else 1e6
            blank = ("", "", "", "")
            rows.append((period, workload, "unmet", *blank, unmet, unmet * SECONDS_PER_YEAR, 0.0))
    columns = ["period", "workload", "kind", "site", "mode", "rack", "recipe"]
    return pd.DataFrame(rows, columns=[*columns, "tokens_per_s", "tokens", "racks_mw"])


def make_rack_use(fake: Fake) -> pd.DataFrame:
    rows = [
        (period, site, rack, workload, mode, mw * share / RACK_MW[rack])
        for period, site, workload, mode, racks, mw in _served(fake)
        for rack, share in racks.items()
    ]
    return pd.DataFrame(rows, columns=["period", "site", "rack", "workload", "mode", "racks"])


LEFT_OUT = (
    ("chat", "colocated", "hgx_h100", "weights: 689 GB in 640 GB"),
    ("chat", "split", "gb300_nvl72", "takes no less of anything than colocated on gb300_nvl72"),
    ("coding_agent", "colocated", "gb300_nvl72", "61 tokens/s/user at most"),
)


def make_recipes() -> pd.DataFrame:
    """The recipes in use, one that could be and is not, and three ways that are none."""
    found = [
        *((workload, mode, "+".join(racks)) for workload, mode, racks, _ in RECIPES),
        ("chat", "afd", "vr200_nvl72+lpx_groq3"),
    ]
    rows: list[dict[str, Any]] = [
        {
            "recipe": f"{workload}:{mode}:{rack}",
            "workload": workload,
            "mode": mode,
            "rack": rack,
            "kw_per_ktoken_s": 1e6 / TOKENS_PER_MW[workload],
            "output_tokens_per_s_per_gpu": 2344.9,
            "tokens_per_s_per_user": 52.5,
            "first_token_s": 1.25,
            "batch": 2130.0,
            "layout": "EP64",
            "bound_by": "attention: memory",
            "measured": rack.startswith("gb300"),
            "left_out": "",
        }
        for workload, mode, rack in found
    ]
    keys = ("workload", "mode", "rack", "left_out")
    rows += [dict(zip(keys, out, strict=True)) for out in LEFT_OUT]
    return pd.DataFrame(rows)
