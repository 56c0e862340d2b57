"""The rows of the table of targets, one function each; `ROWS` names them."""

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from tests.benchmarks.judge import Most, Row, Target, exponent, told, within
from tests.benchmarks.measure import ROOT, Measurement, Task, best_of, measure

SCENARIOS = Path(__file__).parent / "scenarios"
ONE_SITE = SCENARIOS / "one_site_year.yaml"
FOUR_SITES = SCENARIOS / "four_sites.yaml"
NATIONAL = ROOT / "examples" / "us_2028.yaml"

TIMES_FASTER = 10.0
SAME_OBJECTIVE = 1e-3
MONOLITH_TIMES = 10.0
GRACE_S = 120.0
"""Beyond its time limit, for a monolith to write its hours."""

SWEEP_SHARES = (0.095, 0.105, 0.11)
GROWTH_SITES = (5, 10, 20, 40, 55)
GROWTH_PERIODS = (1, 2, 3, 4, 5)
CLOSE_TO_LINEAR = 1.25
"""Most of p, with seconds ~ size^p, that is called close to linear."""

STARTS = 3
START_S = 1.0

QUICK = ("horizon.hours=all", "horizon.weeks=", "horizon.step=quarter", "horizon.start=2028-01")
"""Makes every period a quarter of a year: to see that all of this works, not how fast."""


@dataclass(frozen=True, slots=True)
class Bench:
    """How the rows are run.

    Attributes
    ----------
    store
        An empty folder; cone stores are made in it.
    quick
        Quarters in place of years, and few sites, to try the benchmark itself.
    say
        Told of each measurement as it begins.
    """

    store: Path
    quick: bool
    say: Callable[[str], None]

    def plan(
        self, row: str, name: str, scenario: Path, *sets: str, most_s: float | None = None
    ) -> Measurement:
        """Measure a plan of ours."""
        self.say(f"{row}: {name}")
        more = QUICK if self.quick else ()
        return measure(Task(row, name, scenario, (*sets, *more), most_s=most_s))

    def decomposed(self, row: str, name: str, scenario: Path, *sets: str) -> Measurement:
        """Measure the decomposed engine with the row's cone store, as warm as it is."""
        ours = ("solver.engine=decomposed", f"solver.cone_store={self.store / row}")
        return self.plan(row, name, scenario, *ours, *sets)

    def cold(self, row: str) -> None:
        """Empty a row's cone store."""
        shutil.rmtree(self.store / row, ignore_errors=True)


def one_site(bench: Bench) -> Row:
    """One site, one year, every hour: ours by both engines, and PyPSA."""
    row = "one-site"
    ours = bench.decomposed(row, "decomposed, cold", ONE_SITE)
    whole = bench.plan(row, "monolithic", ONE_SITE, "solver.engine=monolithic")
    twin = _twin(bench, row)
    work = "one site, one year, every hour, all technologies, to 0.1 %"
    wanted = f">= {TIMES_FASTER:g} x faster than PyPSA + HiGHS, same objective to 0.1 %"
    measured, met = _against(ours, whole, twin)
    return Row((Target(work, wanted, measured, met),), (ours, whole, twin))


def _twin(bench: Bench, row: str) -> Measurement:
    if find_spec("pypsa") is None:
        return Measurement(row, "PyPSA + HiGHS", "pypsa is not installed")
    bench.say(f"{row}: PyPSA + HiGHS")
    return measure(Task(row, "PyPSA + HiGHS", ONE_SITE, QUICK if bench.quick else (), kind="pypsa"))


def _against(ours: Measurement, whole: Measurement, twin: Measurement) -> tuple[str, bool | None]:
    if not (ours.power_kusd and ours.seconds and twin.power_kusd and twin.seconds):
        return f"ours: {told(ours)}; PyPSA: {told(twin)}", None if ours.has_plan else False
    apart = ours.power_kusd / twin.power_kusd - 1
    times = twin.seconds / ours.seconds
    measured = (
        f"{ours.seconds:.1f} s against {twin.seconds:.1f} s: {times:.1f} x; objective {apart:+.1e} "
        f"apart, gap {ours.gap:.3%}; monolith: {told(whole)}"
    )
    return measured, times >= TIMES_FASTER and abs(apart) <= SAME_OBJECTIVE


def four_sites(bench: Bench) -> Row:
    """Four sites, three years, whole units: ours, and the monolith with ten times as long."""
    row, most = "four-sites", Most(seconds=60, gap=0.005)
    ours = bench.decomposed(row, "decomposed, cold", FOUR_SITES)
    work = "4 sites x 3 years, whole units, to 0.5 %"
    wanted = f"{most.words()}, where the monolith does not finish in 10 times that"
    if not ours.has_plan or ours.seconds is None:
        return Row((Target(work, wanted, told(ours), False),), (ours,))
    limit_s = MONOLITH_TIMES * ours.seconds
    limits = ("solver.engine=monolithic", f"solver.time_limit_s={limit_s:.0f}")
    whole = bench.plan(
        row, f"monolithic, {limit_s:.0f} s", FOUR_SITES, *limits, most_s=limit_s + GRACE_S
    )
    finishes = whole.status == "solved"
    met = most.kept_by(ours) and not finishes
    measured = f"{told(ours)}; monolith: {told(whole)}"
    return Row((Target(work, wanted, measured, met),), (ours, whole))


def national(bench: Bench) -> Row:
    """Everything on, cold and warm, then further points of a sweep with the warm store."""
    row, gap = "national", 0.005
    sets = _fewer(2, 3) if bench.quick else ()
    bench.cold(row)
    cold = bench.decomposed(row, "cold", NATIONAL, *sets)
    warm = bench.decomposed(row, "warm", NATIONAL, *sets)
    points = [
        bench.decomposed(row, f"share of 2028 {s}", NATIONAL, *sets, f"grid.share_limit.2028={s}")
        for s in SWEEP_SHARES
    ]
    work = "examples/us_2028.yaml"
    most = Most(300, gap, 4096)
    targets = [
        within(f"{work}, from nothing", most, cold),
        within(f"{work}, cone store warm", replace(most, seconds=120), warm),
        *(within(f"{work}, {p.name}, warm", Most(30, gap), p) for p in points),
    ]
    return Row(tuple(targets), (cold, warm, *points))


def growth(bench: Bench) -> Row:
    """More candidate sites, then more years, for the same demand."""
    row = "growth"
    by_sites = {
        n: _grown(bench, row, f"sites {n}, periods 2", n, 2) for n in _few(bench, GROWTH_SITES)
    }
    sites = 2 if bench.quick else 8
    by_periods = {
        n: _grown(bench, row, f"sites {sites}, periods {n}", sites, n)
        for n in _few(bench, GROWTH_PERIODS)
    }
    return Row(
        (_linear("sites", by_sites), _linear("periods", by_periods)),
        (*by_sites.values(), *by_periods.values()),
    )


def _grown(bench: Bench, row: str, name: str, sites: int, periods: int) -> Measurement:
    bench.cold(row)
    early = ("horizon.start=2026-01", "horizon.orders_from=2024-01")
    limits = ("solver.whole_units_from_mw=100", "solver.time_limit_s=900")
    return bench.decomposed(row, name, FOUR_SITES, *early, *limits, *_fewer(sites, periods))


def _linear(what: str, found: Mapping[int, Measurement]) -> Target:
    done = {n: m.seconds for n, m in found.items() if m.has_plan and m.seconds is not None}
    wanted = f"close to linear: p <= {CLOSE_TO_LINEAR:g} of seconds ~ {what}^p"
    times = ", ".join(f"{n}: {seconds:.1f} s" for n, seconds in done.items())
    if len(done) < len(found):
        return Target(f"growth with {what}", wanted, times or "no plan", None)
    p = exponent(list(done), list(done.values()))
    return Target(f"growth with {what}", wanted, f"{times}; p = {p:.2f}", p <= CLOSE_TO_LINEAR)


def start(bench: Bench) -> Row:
    """The command says its help, and checks the national scenario."""
    return Row(tuple(_started(bench, a) for a in ("--help", f"check {NATIONAL.relative_to(ROOT)}")))


def _started(bench: Bench, arguments: str) -> Target:
    bench.say(f"start: gigaplan {arguments}")
    command = [str(Path(sys.executable).with_name("gigaplan")), *arguments.split()]
    seconds = best_of(command, STARTS)
    measured = f"{seconds:.2f} s, best of {STARTS}"
    return Target(f"gigaplan {arguments}", f"<= {START_S:g} s", measured, seconds <= START_S)


def _fewer(sites: int, periods: int) -> tuple[str, ...]:
    from sites.table import builtin_sites

    names = ", ".join(list(builtin_sites())[:sites])
    return (f"sites.include=[{names}]", f"horizon.periods={periods}")


def _few(bench: Bench, sizes: Sequence[int]) -> Sequence[int]:
    return (1, 2) if bench.quick else sizes


ROWS: Mapping[str, Callable[[Bench], Row]] = MappingProxyType(
    {
        "one-site": one_site,
        "four-sites": four_sites,
        "national": national,
        "growth": growth,
        "start": start,
    }
)
"""Every part of the benchmark, in the order of the table."""
