"""What stands before the first period has to be something that its site can have and operate."""

from collections.abc import Iterator

from components.power.remote import Remote
from planner.case import Case, SiteCase
from planner.errors import Problem, ScenarioError
from planner.formulate.facility import POWER_GROUPS
from planner.formulate.formulation import Part


def check_standing(case: Case, parts: tuple[Part, ...]) -> None:
    """Refuse what stands somewhere and has no part there, or no room; nothing is dropped.

    Raises
    ------
    ScenarioError
        With all such places of ``sites.existing``.
    """
    problems = [
        problem
        for site, here in case.sites.items()
        for problem in _problems(case, here, [p for p in parts if p.site == site])
    ]
    if problems:
        raise ScenarioError(problems)


def _problems(case: Case, here: SiteCase, parts: list[Part]) -> Iterator[Problem]:
    there = {(p.name, p.cooling) for p in parts if not _out_of_reach(p, here)}
    for name, cooling in here.existing_mw:
        if (name, cooling) not in there:
            at = f" on {cooling}" if cooling else ""
            tip = "racks within the density of their cooling, and plant in reach of the site"
            yield _problem(here, f"cannot be operated there{at}", name, tip)
    for group, (families, ratio) in POWER_GROUPS.items():
        mw = max(
            _standing_mw([p for p in parts if p.family in families], t) for t in case.periods.index
        )
        if mw > ratio * here.limit_it_mw:
            what = f"is more {group} than {ratio:g} times the site's limit of IT power"
            tip = f"sites.change.{here.site.id}.limit_it_mw"
            yield _problem(here, what, f"{mw:g} MW", tip)


def _out_of_reach(part: Part, here: SiteCase) -> bool:
    p = part.figures
    return isinstance(p, Remote) and p.miles_figure not in here.figures


def _standing_mw(parts: list[Part], t: int) -> float:
    found = [p.investment for p in parts]
    return sum(i.unit_mw * i.existing[t] for i in found if i.existing)


def _problem(here: SiteCase, what: str, got: str, tip: str) -> Problem:
    return Problem("scenario", 0, 0, f"sites.existing.{here.site.id}", what, got, tip)
