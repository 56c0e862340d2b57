"""The answer in plain words: what is built, what it costs, what stops it; made from the numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

from planner.report.figures.power import energy_given
from planner.report.folder import BindingLimit, ByPeriod, RunFolder, Summary
from planner.report.labels import kind_in_prose, limit_label, site_labels, sources_of
from planner.report.words import POWER, amount, counted, digits, joined, money, share

LISTED_PERIODS = 6
"""Most periods of which each is told; of more, the first and the last."""

IN_A_LIST = 0.01
"""Share from which the parts of a whole are told in whole per cents [1]."""

SOLVED = "solved"

ONE_OF = {
    "wafers": "wafer",
    "stacks": "stack",
    "racks": "rack",
    "h": "hour",
    "MW": "MW",
    "short ton/a": "short ton a year",
    "million USD": "million dollars",
}
"""Unit of a limit to one of it."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the few numbers on top of the page."""

    number: str
    what: str


def answer(run: RunFolder) -> list[str]:
    """Return the answer, a sentence each."""
    return [sentence for sentence in _sentences(run) if sentence]


def tiles(run: RunFolder) -> list[Tile]:
    """Return the numbers on top of the page."""
    said = run.summary
    last, one = said.periods[-1], len(said.sites_opened) == 1
    found = [
        Tile(amount(POWER, said.it_mw[last]), f"IT load in {last}"),
        Tile(f"{len(said.sites_opened)}", "site opened" if one else "sites opened"),
        Tile(_usd(said.usd_per_mtok["all"].get(last)), f"per million tokens in {last}"),
        Tile(_usd(said.usd_per_mwh.get(last)), f"per MWh in {last}"),
        Tile(share(unmet_share(run)), "of all tokens unmet"),
        Tile(money(said.objective_usd), "present value of all costs"),
    ]
    return [tile for tile in found if tile.number]


def unmet_share(run: RunFolder) -> float:
    """Return unmet tokens over tokens asked for, all periods together [1]."""
    tokens = run.tables["tokens"]
    asked = float(tokens["tokens"].sum())
    unmet = float(tokens.loc[tokens["kind"] == "unmet", "tokens"].sum())
    return unmet / asked if asked > 0 else 0.0


def one_of(limit: BindingLimit) -> str:
    """Return the unit of a limit in the singular, such as ``wafer`` for ``USD/wafers``."""
    unit = limit.unit.removeprefix("USD/")
    return ONE_OF.get(unit, unit)


def name_of_limit(limit: BindingLimit, sites: dict[str, str]) -> str:
    """Return what a limit is called on the page."""
    kind, _, name = limit.limit.partition(": ")
    return limit_label(kind, name, limit.site, sites)


def _sentences(run: RunFolder) -> Iterator[str]:
    if not run.summary.sites_opened:
        yield from _nothing(run)
        return
    yield _fleet(run)
    yield _tokens(run)
    yield _cost(run)
    yield _sources(run)
    yield from _limits(run)
    yield _proof(run)


def _nothing(run: RunFolder) -> Iterator[str]:
    yield "The plan opens no site and builds nothing."
    unmet = share(unmet_share(run))
    yield f"{unmet} of the tokens asked for stay unmet."
    if run.summary.status == SOLVED:
        yield (
            "Within the limits and lead times of this scenario no way of serving them costs less "
            "than they are worth."
        )
    yield from _limits(run)
    yield _proof(run)


def _fleet(run: RunFolder) -> str:
    load = run.summary.it_mw
    periods = run.summary.periods
    last = periods[-1]
    sites = counted(len(run.summary.sites_opened), "site")
    now = f"{amount(POWER, load[last])} of IT load at {sites}"
    if len(periods) == 1:
        return f"In {last} the plan runs {now}."
    earlier = periods[:-1] if len(periods) <= LISTED_PERIODS else periods[:1]
    path = joined([f"{or_none(load[p])} in {p}" for p in earlier])
    return f"By {last} the plan runs {now}, after {path}."


def or_none(mw: float) -> str:
    r"""Return a power, or ``none``.

    Examples
    --------
    >>> or_none(0.0), or_none(12.0).replace("\u202f", " ")
    ('none', '12.0 MW')
    """
    return amount(POWER, mw) if mw > 0 else "none"


def _tokens(run: RunFolder) -> str:
    unmet = {p: v for p, v in run.summary.unmet_share.items() if v is not None and v > 0}
    if not unmet:
        return "It serves every token that is asked for."
    told = f"It serves {share(1 - unmet_share(run))} of the tokens asked for"
    if len(run.summary.periods) == 1:
        return f"{told}."
    some = len(unmet) <= LISTED_PERIODS
    worst = unmet if some else dict([max(unmet.items(), key=lambda item: item[1])])
    listed = joined([f"{share(v)} in {p}" for p, v in worst.items()])
    return f"{told}; {'unmet are' if some else 'at worst'} {listed}{'' if some else ' are unmet'}."


def _cost(run: RunFolder) -> str:
    last = run.summary.periods[-1]
    per_mtok, before = _ends(run.summary.usd_per_mtok["all"])
    if per_mtok is None:
        return ""
    change = f" ({_usd(before)} in {run.summary.periods[0]})" if before is not None else ""
    per_mwh = run.summary.usd_per_mwh.get(last)
    power = f"; the power for it costs {_usd(per_mwh)} per MWh" if per_mwh is not None else ""
    return f"A million tokens cost {_usd(per_mtok)} in {last}{change}{power}."


def _ends(by_period: ByPeriod) -> tuple[float | None, float | None]:
    """Last value, and the first where it is another period's."""
    found = list(by_period.values())
    return found[-1], found[0] if len(found) > 1 else None


def _sources(run: RunFolder) -> str:
    last = run.summary.periods[-1]
    parts = energy_shares(run, last)
    if not parts:
        return ""
    listed = joined(
        [f"{share(part, IN_A_LIST)} from {kind_in_prose(k)}" for k, part in parts.items()]
    )
    return f"Its energy comes, in {last}, {listed}."


def energy_shares(run: RunFolder, period: str) -> dict[str, float]:
    """Return the share of each kind of source in the energy of a period, the largest first [1]."""
    energy = energy_given(run.tables["power_by_season"], run.tables["capacity"])
    kinds = sources_of(run.tables["capacity"]).kinds
    here = energy[(energy["period"] == period) & energy["component"].isin(list(kinds))]
    by_kind = here.groupby(here["component"].map(kinds))["mwh"].sum()
    by_kind = by_kind[by_kind > 0].sort_values(ascending=False, kind="stable")
    total = float(by_kind.sum())
    return {str(kind): float(mwh) / total for kind, mwh in by_kind.items()}


def _limits(run: RunFolder) -> Iterator[str]:
    binding = run.summary.binding
    if not binding:
        yield "No limit binds: more of any supply would save nothing."
        return
    sites = site_labels(run.tables["sites"])
    order = {period: i for i, period in enumerate(run.summary.periods)}
    first = min(binding, key=lambda limit: order.get(limit.period, len(order)))
    yield (
        f"The first limit to bind is {_in_words(first, sites)}, in {first.period}: one more "
        f"{one_of(first)} would save {money(first.price)}."
    )
    dearest = binding[0]
    if (dearest.limit, dearest.site) != (first.limit, first.site):
        yield (
            f"The limit that costs most is {_in_words(dearest, sites)} in {dearest.period}: "
            f"{money(dearest.price)} per {one_of(dearest)}."
        )


def _in_words(limit: BindingLimit, sites: dict[str, str]) -> str:
    return f"“{name_of_limit(limit, sites)}”"


def _proof(run: RunFolder) -> str:
    said = run.summary
    how = "" if said.status == SOLVED else "the solver stopped at a limit before its goal; "
    unmet = ", unmet tokens at their value included" if unmet_share(run) > 0 else ""
    return (
        f"All costs have a present value of {_present(run)}{unmet}; {how}the plan is proven to be "
        f"within {gap_text(said.gap)} of the best possible."
    )


def gap_text(gap: float) -> str:
    """Return the gap in per cent.

    Examples
    --------
    >>> gap_text(0.00384), gap_text(0.0)
    ('0.38%', '0.01%')
    """
    return f"{max(100 * gap, 0.01):.2f}%"


def by_product(said: Summary) -> str:
    """Say what the plan costs if every product is dispatched on its own; empty where that is told.

    Products of one technology and heat rate operate as one class while the plan is made.
    """
    found = said.product_dispatch
    if found is None or found.difference_usd == 0:
        return ""
    less = found.difference_usd < 0
    return (
        f"Dispatched product by product, the plan costs {100 * abs(found.share_of_cost):.2g}% "
        f"{'less' if less else 'more'} than by dispatch classes "
        f"({money(abs(found.difference_usd))} in present value)."
    )


def _present(run: RunFolder) -> str:
    return money(run.summary.objective_usd)


def _usd(value: float | None) -> str:
    return "" if value is None else f"${digits(value)}"
