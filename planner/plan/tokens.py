"""Which tokens are served where, by which recipe and racks, and which are not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from components.compute.recipe import Recipe
from planner.case import SECONDS_PER_YEAR, Case
from planner.formulate.compute import busy_per_served
from planner.formulate.formulation import Formulation
from planner.plan.values import number

Share = dict[tuple[str, str, int], float]
"""Site, rack and period to the site's share of the racks that are tied to no place [1]."""


@dataclass(frozen=True, slots=True)
class Served:
    """What a recipe serves at one site in one period, in the mean [10^6 tokens/s]."""

    site: str
    recipe: Recipe
    period: int
    mtokens_per_s: float


def tokens_table(formulation: Formulation) -> pd.DataFrame:
    """Return mean output tokens by workload, site and recipe; unmet ones have no site.

    What is served by racks of any site is told by where such racks are free. ``racks_mw`` is the
    power of the racks that are held for it.
    """
    case, model = formulation.case, formulation.model
    rows: list[dict[str, Any]] = []
    for each in served_by_site(formulation):
        recipe, t = each.recipe, each.period
        held_mw = sum(
            busy_per_served(case, recipe, r, t) * case.racks[r].figures.unit_mw
            for r in recipe.racks
        )
        rows.append(
            {
                "period": case.periods.labels[t],
                "workload": recipe.workload,
                "kind": "served",
                "site": each.site,
                "mode": recipe.mode,
                "rack": "+".join(recipe.racks),
                "recipe": recipe.name,
                **_tokens(case, each.mtokens_per_s, t),
                "racks_mw": held_mw * each.mtokens_per_s,
            }
        )
    for t, label in enumerate(case.periods.labels):
        for w in case.workloads:
            unmet = _tokens(case, number(model.unmet[w, t]), t)
            head = {"period": label, "workload": w, "kind": "unmet"}
            rows.append({**head, **_NOBODY, **unmet, "racks_mw": 0.0})
    periods, workloads = list(case.periods.labels), list(case.workloads)
    place = {(t, w): (i, j) for i, t in enumerate(periods) for j, w in enumerate(workloads)}
    rows.sort(key=lambda row: place[row["period"], row["workload"]])
    return pd.DataFrame(rows)


_NOBODY = dict.fromkeys(("site", "mode", "rack", "recipe"), "")


def _tokens(case: Case, mtokens_per_s: float, t: int) -> dict[str, float]:
    seconds = SECONDS_PER_YEAR * float(case.periods.length_years[t])
    return {"tokens_per_s": 1e6 * mtokens_per_s, "tokens": 1e6 * mtokens_per_s * seconds}


def rack_use_table(formulation: Formulation) -> pd.DataFrame:
    """Return the racks in order that are held for each workload and mode, at each site."""
    case = formulation.case
    share = _free_share(formulation)
    rows = []
    for recipe, site, t, mtokens_per_s in _amounts(formulation):
        for r in recipe.racks:
            racks = busy_per_served(case, recipe, r, t) * mtokens_per_s
            places = {site: 1.0} if site else _shares(case, share, r, t)
            for s, part in places.items():
                use = (case.periods.labels[t], s, r, recipe.workload, recipe.mode, racks * part)
                rows.append(use)
    columns = ["period", "site", "rack", "workload", "mode", "racks"]
    table = pd.DataFrame(rows, columns=columns)
    return table.groupby(columns[:-1], as_index=False, sort=False).sum()


def recipes_table(case: Case) -> pd.DataFrame:
    """Return every way to serve that was looked at: what it takes, or why it is left out."""
    rows: list[dict[str, str | float | None]] = []
    for recipe in case.recipes.values():
        p = recipe.performance
        last = max(t for t in case.periods.index if recipe.serves(t))
        mw = {r: float(n[last]) * case.racks[r].figures.unit_mw for r, n in recipe.racks.items()}
        rows.append(
            {
                "recipe": recipe.name,
                "workload": recipe.workload,
                "mode": recipe.mode,
                "rack": "+".join(recipe.racks),
                "kw_per_ktoken_s": 1000 * sum(mw.values()),
                "output_tokens_per_s_per_gpu": p.output_tokens_per_s_per_gpu if p else None,
                "tokens_per_s_per_user": p.tokens_per_s_per_user if p else None,
                "first_token_s": p.first_token_s if p else None,
                "batch": p.batch if p else None,
                "layout": p.layout if p else "",
                "bound_by": p.bound_by if p else "given in the scenario",
                "measured": p.measured if p else True,
                "left_out": "",
            }
        )
    rows.extend(
        {
            "recipe": "",
            "workload": out.workload,
            "mode": out.mode,
            "rack": out.racks,
            "layout": "",
            "bound_by": "",
            "left_out": out.why,
        }
        for out in case.left_out
    )
    return pd.DataFrame(rows, columns=RECIPE_COLUMNS)


RECIPE_COLUMNS = [
    "recipe",
    "workload",
    "mode",
    "rack",
    "kw_per_ktoken_s",
    "output_tokens_per_s_per_gpu",
    "tokens_per_s_per_user",
    "first_token_s",
    "batch",
    "layout",
    "bound_by",
    "measured",
    "left_out",
]


def served_by_site(formulation: Formulation) -> Iterator[Served]:
    """Say what each recipe serves at each site; nothing is left out, and nothing is nothing."""
    case = formulation.case
    share = _free_share(formulation)
    for recipe, site, t, amount in _amounts(formulation):
        if site:
            yield Served(site, recipe, t, amount)
            continue
        first = next(iter(recipe.racks))
        for s, part in _shares(case, share, first, t).items():
            yield Served(s, recipe, t, part * amount)


def _amounts(formulation: Formulation) -> Iterator[tuple[Recipe, str, int, float]]:
    """Yield recipe, site, period and mean output; no site: racks of any site serve."""
    case, model = formulation.case, formulation.model
    for (name, t), variable in model.serve.items():
        if amount := number(variable):
            yield case.recipes[name], "", t, amount
    for (s, name, t), variable in model.serve_at.items():
        if amount := number(variable):
            yield case.recipes[name], s, t, amount


def _free_share(formulation: Formulation) -> Share:
    """Return where racks are in order that nothing tied to the place holds."""
    case = formulation.case
    free: Share = {}
    for part in formulation.parts:
        if part.family == "rack":
            for t in case.periods.index:
                running = number(part.investment.links["mw"][t]) / part.investment.unit_mw
                key = (part.site, part.name, t)
                free[key] = free.get(key, 0.0) + case.in_order(part.site) * running
    for key, racks in _tied(formulation):
        free[key] -= racks
    return {key: max(racks, 0.0) for key, racks in free.items()}


def _tied(formulation: Formulation) -> Iterator[tuple[tuple[str, str, int], float]]:
    """Yield the racks that are held at a place, by site, rack and period."""
    case, model = formulation.case, formulation.model
    for (s, name, t), variable in model.serve_at.items():
        recipe = case.recipes[name]
        amount = 0.0 if case.may_wait(recipe) else number(variable)
        for r in recipe.racks if amount else ():
            yield (s, r, t), busy_per_served(case, recipe, r, t) * amount
    if case.defer_h is not None:
        for (s, r, _, t), held in model.held.items():
            yield (s, r, t), number(held)


def _shares(case: Case, free: Share, r: str, t: int) -> dict[str, float]:
    racks = {s: free.get((s, r, t), 0.0) for s in case.sites}
    total = sum(racks.values())
    return {s: n / total for s, n in racks.items() if n > 0}
