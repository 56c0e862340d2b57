"""How tokens are served: modes, recipes in use, what else was looked at, and what is used when."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from planner.report import findings
from planner.report.figures.modes import mode_shares, modes_by_workload
from planner.report.folder import RunFolder
from planner.report.labels import site_labels
from planner.report.palette import MODE
from planner.report.parts import Figure, Section, figure
from planner.report.tables import Table
from planner.report.ways import mode_name, rack_kind, racks_name, reason_in_words
from planner.report.words import NOTHING, counted, digits, joined, name_of, share

MOST_NAMED = 3
"""Most sites, and workloads, that a sentence names; of more, the rest are counted."""

KEYS = ["workload", "mode", "rack"]
MATCH = ["workload", "recipe"]
"""Columns in which a recipe is the same in the tables ``recipes`` and ``tokens``."""

FIGURES = (
    ("kW per 1,000 tokens/s", "kw_per_ktoken_s"),
    ("Tokens/s per GPU", "output_tokens_per_s_per_gpu"),
    ("Tokens/s per user", "tokens_per_s_per_user"),
    ("First token, s", "first_token_s"),
    ("Batch", "batch"),
)
"""Title of a column to the column of the table ``recipes``."""


def section(run: RunFolder) -> Section:
    """Return the section of modes and recipes; one mode alone is told, not drawn."""
    tokens = run.tables["tokens"]
    modes = mode_shares(tokens)["mode"].nunique()
    figures: tuple[Figure, ...] = ()
    lead = f"{findings.modes(run)}." if modes == 1 else ""
    if modes > 1:
        chart = modes_by_workload(tokens, run.summary.periods)
        what = "Share of the tokens served, by mode"
        figures = (figure("modes", findings.modes(run), what, chart, "tokens", wide=True),)
    missing = "" if modes else "No token is served."
    title = "How tokens are served"
    return Section("serving", title, figures, tables(run), missing, lead, told(run))


def tables(run: RunFolder) -> tuple[Table, ...]:
    """Return the recipes in use, those that could be, and the ways that are none; no empty ones."""
    found = (*recipes(run), left_out(run))
    return tuple(table for table in found if table.rows or table.more)


def recipes(run: RunFolder, shown: int = 20) -> tuple[Table, Table]:
    """Return the recipes in use, and on demand those that the plan could choose and does not."""
    table, period = run.tables["recipes"], run.summary.periods[-1]
    parts = shares_of_recipes(run, period)
    there = table[table["left_out"] == ""]
    keys = [tuple(map(str, key)) for key in there[MATCH].itertuples(index=False)]
    there = there.assign(part=[parts.get(key, float("nan")) for key in keys])
    told = [NOTHING if part != part else share(part) for part in there["part"]]
    there = _by_workload(run, there.assign(told=told))
    used = there["part"].notna()
    head = ("Workload", "Mode", "Racks", f"Tokens {period}", *(title for title, _ in FIGURES))
    head = (*head, "Layout", "Bound by", "Figures")
    text = frozenset({0, 1, 2, len(head) - 3, len(head) - 2, len(head) - 1})
    caption = "Recipes in use: racks and modes, and what they give"
    others = "Recipes that the plan could use and does not"
    in_use = _recipes(there[used])
    return (
        Table("recipes", caption, head, in_use[:shown], text, in_use[shown:]),
        Table("recipes-not-used", others, head, (), text, _recipes(there[~used])),
    )


def shares_of_recipes(run: RunFolder, period: str) -> dict[tuple[str, ...], float]:
    """Return what each recipe in use gives of what is served of its workload in a period.

    Returns
    -------
    dict
        Workload and recipe to the share; 0 if it serves in other periods alone [1].
    """
    tokens = run.tables["tokens"]
    served = tokens[(tokens["kind"] == "served") & (tokens["tokens_per_s"] > 0)]
    here = served[served["period"] == period]
    total = here.groupby("workload")["tokens_per_s"].sum()
    now = here.groupby(MATCH)["tokens_per_s"].sum()
    keys = dict.fromkeys(tuple(map(str, key)) for key in served[MATCH].itertuples(index=False))
    return {key: float(now.get(key, 0.0)) / float(total.get(key[0], 1.0)) for key in keys}


def _recipes(table: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            name_of(str(row["workload"])),
            mode_name(str(row["mode"])),
            racks_name(str(row["rack"])),
            str(row["told"]),
            *(_number(row[column]) for _, column in FIGURES),
            str(row["layout"]) or NOTHING,
            str(row["bound_by"]),
            _source(row),
        )
        for row in table.to_dict(orient="records")
    )


def _source(row: Mapping[Hashable, object]) -> str:
    """Say where the figures of a recipe come from."""
    if row["mode"] == "given":
        return "given"
    return "measured" if row["measured"] else "modelled"


def _number(value: object) -> str:
    return digits(float(value)) if isinstance(value, float) and value == value else NOTHING


def left_out(run: RunFolder) -> Table:
    """Return the ways to serve that are not in the model, with the reason; all on demand."""
    table = _by_workload(run, run.tables["recipes"].query("left_out != ''"))
    rows = tuple(
        (name_of(w), mode_name(mode), racks_name(racks), reason_in_words(why))
        for w, mode, racks, why in table[[*KEYS, "left_out"]].itertuples(index=False)
    )
    head = ("Workload", "Mode", "Racks", "Why")
    caption = "Ways to serve that are not in the model"
    return Table("ways-left-out", caption, head, (), frozenset(range(4)), rows)


def _by_workload(run: RunFolder, table: pd.DataFrame) -> pd.DataFrame:
    """Sort by workload as the tokens are, then by the share of its tokens, if there is any."""
    order = {w: i for i, w in enumerate(run.tables["tokens"]["workload"].unique())}
    place = {mode: i for i, mode in enumerate(MODE)}
    ranked = table.assign(
        rank=table["workload"].map(order),
        most=table.get("part", 0.0),
        place=table["mode"].map(place),
    )
    ranked = ranked.sort_values(
        ["rank", "most", "place"], ascending=[True, False, True], kind="stable"
    )
    return table.loc[ranked.index]


@dataclass(frozen=True, slots=True)
class Special:
    """Something that not every plan uses.

    Attributes
    ----------
    name, verb
        What it is called at the start of a sentence, and what it does for workloads.
    in_recipe
        Whether a recipe of this mode and these racks (joined by ``+``) uses it.
    kind
        Kind of rack in the catalog.
    """

    name: str
    verb: str
    in_recipe: Callable[[str, str], bool]
    kind: str


SPECIAL = (
    Special("AFD", "serves", lambda mode, _: mode.startswith("afd"), "ffn"),
    Special(
        "A KV cache tier on storage racks",
        "helps to serve",
        lambda _, racks: _has(racks, "storage"),
        "storage",
    ),
    Special("CPU racks", "run the tools of", lambda _, racks: _has(racks, "cpu"), "cpu"),
)
"""What is told of, in order."""


def _has(racks: str, kind: str) -> bool:
    return any(rack_kind(rack) == kind for rack in racks.split("+"))


def told(run: RunFolder) -> tuple[str, ...]:
    """Say where AFD, storage racks and CPU racks are used, and since when."""
    return tuple(sentence for each in SPECIAL for sentence in _told(run, each))


def _told(run: RunFolder, what: Special) -> Iterator[str]:
    """Say it of one of them; nothing if no way to serve that was looked at uses it."""
    looked_at = run.tables["recipes"]
    looked_at = looked_at[_uses(looked_at, what)]
    if looked_at.empty:
        return
    tokens = run.tables["tokens"].query("kind == 'served' and tokens_per_s > 0")
    used = tokens[_uses(tokens, what)]
    if used.empty:
        choices = int((looked_at["left_out"] == "").sum())
        could = f"{counted(choices, 'recipe')} could be chosen"
        yield f"{what.name}: not used, {could if choices else 'all ways to use it are left out'}."
        return
    periods = [p for p in run.summary.periods if p in set(used["period"])]
    since = f"from {periods[0]} on" if periods[0] != run.summary.periods[-1] else f"in {periods[0]}"
    workloads = _few([name_of(w) for w in used["workload"].unique()], "workloads")
    yield (
        f"{what.name} {what.verb} {workloads} {since}, at {_places(run, used)}"
        f"{_racks(run, what, periods[-1])}."
    )


def _uses(table: pd.DataFrame, what: Special) -> list[bool]:
    return [what.in_recipe(m, r) for m, r in zip(table["mode"], table["rack"], strict=True)]


def _places(run: RunFolder, used: pd.DataFrame) -> str:
    """Name the sites with most of it, and count the others."""
    labels = site_labels(run.tables["sites"])
    size = used.groupby("site")["tokens"].sum().sort_values(ascending=False, kind="stable")
    names = [labels.get(str(s), str(s)) for s in size.index]
    return _few(names, "sites")


def _few(names: list[str], what: str) -> str:
    if len(names) <= MOST_NAMED:
        return joined(names)
    return joined([*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} other {what}"])


def _racks(run: RunFolder, what: Special, period: str) -> str:
    """Count the racks of its kind that are held."""
    use = run.tables["rack_use"]
    here = use[(use["period"] == period) & (use["rack"].map(rack_kind) == what.kind)]
    count = here.groupby("rack", sort=False)["racks"].sum()
    listed = joined([f"{n:,.0f} {name_of(str(rack))}" for rack, n in count.items()])
    return f"; {listed} racks are held in {period}" if listed else ""
