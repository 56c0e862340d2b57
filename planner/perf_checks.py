"""The performance model against what vendors claim and what others measured, as tables."""

from collections.abc import Iterable, Mapping
from functools import cache
from math import exp, isfinite, log
from statistics import fmean
from typing import TypeVar, cast

from components.base import Parameters
from components.catalog.loader import load_family
from components.compute.claims import WORDS, Claim, Compared, Figures, claims_table
from components.compute.measured import MeasuredPoint, Residual, residuals
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.software import ServingSoftware

CLAIM_COLUMNS = ("claim", "said", "data\nsheet", "with\nhaircut", "reached from")

CLAIM_COLUMNS_LONG = (
    "claim",
    "said for",
    "said",
    "model at",
    "data sheet",
    "with haircut",
    "reached from",
)

MEASURED_COLUMNS = ("point", "measured", "model", "model /\nmeasured", "fitted", "layout")

P = TypeVar("P", bound=Parameters)


def named(family: str, kind: type[P]) -> Mapping[str, P]:
    """Return the figures of a family of the catalog, by name."""
    found = {name: entry.parameters for name, entry in load_family(family).items()}
    return cast(Mapping[str, P], found)


@cache
def compared() -> tuple[Compared, ...]:
    """Return every claim of the catalog against the model."""
    figures = Figures(
        named("model", LanguageModel),
        named("rack", Rack),
        named("serving_software", ServingSoftware),
    )
    return claims_table(named("claim", Claim), figures)


@cache
def measured() -> tuple[Residual, ...]:
    """Return every measured point of the catalog against the model."""
    return tuple(
        residuals(
            named("measured", MeasuredPoint),
            named("model", LanguageModel),
            named("rack", Rack),
            named("serving_software", ServingSoftware),
        )
    )


def claim_rows() -> list[list[str]]:
    """Return a row for each claim, as under `CLAIM_COLUMNS`."""
    return [
        [each.name, said, sheet, cut, reached]
        for each in compared()
        for _, _, said, _, sheet, cut, reached in [_long_row(each)]
    ]


def claim_lines() -> tuple[str, ...]:
    """Return a line for each claim: what is said for which point, and where the model is asked."""
    lines = []
    for each in compared():
        claim = each.claim
        at = f"; model at {claim.checked_at}, {WORDS[claim.measure]}" if claim.model else ""
        lines.append(f"{each.name}: {claim.said_by}: {claim.said}; for {claim.said_at}{at}")
    return tuple(lines)


def _long_row(each: Compared) -> list[str]:
    claim = each.claim
    said = f"{claim.said_by}: {claim.said}"
    if not claim.model:
        return [said, claim.said_at, f"{claim.times:g}", "only stated", "-", "-", "-"]
    reached = f"{each.reached_at:g} tokens/s/user" if each.reached_at else "no speed"
    return [
        said,
        claim.said_at,
        f"{claim.times:g}",
        f"{claim.checked_at}; {WORDS[claim.measure]}",
        _times(each.data_sheet_times),
        _times(each.times),
        reached,
    ]


def _times(value: float | None) -> str:
    return "cannot serve" if value is None else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def measured_rows() -> list[list[str]]:
    """Return a row for each measured point, as under `MEASURED_COLUMNS`."""
    return [
        [
            each.point,
            f"{each.measured:,.0f}",
            f"{each.model:,.0f}" if isfinite(each.model) else "cannot serve",
            f"{each.model / each.measured:.2f}" if isfinite(each.model) else "-",
            "yes" if each.fitted else "no",
            each.layout,
        ]
        for each in measured()
    ]


def measured_summary() -> str:
    """Return how far the model is from what was measured, over points fitted and not fitted."""
    found = measured()
    parts = [
        _summary("fitted", [each for each in found if each.fitted]),
        _summary("not fitted", [each for each in found if not each.fitted]),
    ]
    return "; ".join(part for part in parts if part)


def _summary(kind: str, found: list[Residual]) -> str:
    served = [each.factor for each in found if isfinite(each.factor)]
    if not served:
        return ""
    mean = exp(fmean(map(log, served)))
    near = sum(factor <= 2 for factor in served)
    return (
        f"{len(found)} points {kind}: off by a factor of {mean:.2f} in the mean, "
        f"{near} within 2, worst {max(served):.1f}"
    )


def claims_markdown() -> str:
    """Return the claims against the model as a Markdown table."""
    return _markdown(CLAIM_COLUMNS_LONG, [_long_row(each) for each in compared()])


def measured_markdown() -> str:
    """Return measured points against the model as a Markdown table."""
    return _markdown(MEASURED_COLUMNS, measured_rows())


def _markdown(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = [column.replace("\n", " ") for column in columns]
    lines = [heads, ["---"] * len(heads), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
