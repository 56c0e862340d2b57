"""What the command line prints of a robust plan."""

from pathlib import Path
from typing import Any

from planner.printing import print_table, say

COSTS = ("scenario", "weight", "robust bn USD", "alone bn USD", "after mean bn USD")
SHARED = ("site", "period", "what", "units", "MW")


def print_robust(folder: Path, summary: dict[str, Any], *, report: bool) -> None:
    """Print what a robust plan costs in every scenario, what they share, and where it stands."""
    robust = summary["robust"]
    say(f"{summary['status']}, within {summary['gap']:.2%} of the best possible")
    print_table("", COSTS, [_costs(name, of) for name, of in robust["scenarios"].items()])
    if robust["first_stage"]:
        title = f"added in all of them until {robust['shared_periods'][-1]}"
        print_table(title, SHARED, [_shared(row) for row in robust["first_stage"]])
    for sentence in robust["sentences"]:
        say(sentence)
    say(f"run folder: {folder}")
    for name in robust["scenarios"] if report else ():
        say(f"report: {folder / name / 'report.html'}")


def _costs(name: str, of: dict[str, Any]) -> list[str]:
    after = of["after_mean_usd"]
    return [
        name,
        f"{of['weight']:.3g}",
        _billions(of["objective_usd"]),
        _billions(of["alone_usd"]["plan"]),
        "-" if after is None else _billions(after["plan"]),
    ]


def _shared(row: dict[str, Any]) -> list[str]:
    numbers = (row["units"], row["mw"])
    return [row["site"], row["period"], row["component"], *(f"{n:,.4g}" for n in numbers)]


def _billions(usd: float) -> str:
    return f"{usd / 1e9:,.3f}"
