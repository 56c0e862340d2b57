"""What operation costs at a site that nobody has planned yet: cuts learnt before the first plan.

A few sites, the leads, are planned alone at 100 MW, power only, under mixes that between them show
what operation looks like with much sun, little grid or few engines. The duals found there make
valid cuts at every other site too (`solvers.cone.planes`), if not such sharp ones. The cuts have
no constant term and speak of uses, not costs, so they hold at any size, in every period and
scenario; see solvers/README.md. Without them a national plan explores site after site in vain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter

import pyomo.environ as pyo

from components.base import USES
from components.power.battery import Battery
from components.registry import COMPOSED, POWER, POWER_FAMILIES
from planner.case import Case
from planner.engines.links import BUDGETS, Columns, numbers_of, subproblem
from planner.engines.seasons import Window
from planner.formulate.formulation import Formulation, use_prices_kusd, yearly_usd
from solvers.benders import decompose
from solvers.cut import CutSet
from solvers.decomposition import BendersOptions
from solvers.options import Options
from solvers.oracle import SerialOracle
from solvers.program import compile_model

LOAD_MW = 100.0
"""IT power of the site that is planned."""

MOST_MW = 40 * LOAD_MW
"""More of one product than any mix wants."""


@dataclass(frozen=True, slots=True)
class Mix:
    """A way to be short of something or rich in it.

    Attributes
    ----------
    price : family to factor
        On the yearly cost of a MW; families that are not named keep theirs.
    most_mw : family to MW
        Of all products of the family together.
    grid_share
        Most grid energy over the load's.
    without_best
        Leave out the cheapest product of each burning family.
    waiting_share
        Of the load, where work may wait: that of the racks held for it, which work half the time.
    """

    price: Mapping[str, float] = field(default_factory=dict)
    most_mw: Mapping[str, float] = field(default_factory=dict)
    grid_share: float | None = None
    without_best: bool = False
    waiting_share: float = 0.0


CHEAP_SUN = {"solar": 0.4, "battery": 0.4}

MIXES = (
    Mix(),
    Mix(most_mw={"grid": LOAD_MW / 2}),
    Mix(price={"grid": 0.1}),
    Mix(without_best=True),
    Mix(price=CHEAP_SUN, waiting_share=0.5),
    Mix(grid_share=0.25),
    Mix(
        price=CHEAP_SUN,
        most_mw={"gas": 0, "fuel_cell": 0, "rental": 0, "grid": 30},
        waiting_share=0.5,
    ),
)
"""Each shows another face of the cost of operation."""

PLANNED = BendersOptions(gap=0.01, iterations=30)
"""How well each mix is planned."""


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What a site pays in one period.

    Attributes
    ----------
    kusd_per_mw : dispatch class to number
        Yearly cost of a MW of its cheapest product [1000 USD/(MW a)].
    of_uses : use to number
        Price of each use [1000 USD per unit of the use].
    """

    kusd_per_mw: Mapping[str, float]
    of_uses: Mapping[str, float]


def train(
    case: Case,
    windows: tuple[Window, ...],
    site: str,
    prices: Prices,
    oracle: SerialOracle,
    most_s: float,
) -> dict[str, CutSet]:
    """Plan one site alone under every mix, or as many as time allows.

    Parameters
    ----------
    case
        The numbers.
    windows
        All windows of a year, in order of time.
    site, prices
        The site and what it pays.
    oracle
        Answers for the site's windows; the key is ``site/window``.
    most_s
        No mix begins later than this [s].

    Returns
    -------
    key to CutSet
    """
    pool: dict[str, CutSet] = {}
    ends = perf_counter() + most_s
    for mix in MIXES:
        if pool and perf_counter() > ends:
            break
        pool |= _plan_alone(case, windows, site, prices, mix, oracle, pool)
    return pool


def _plan_alone(
    case: Case,
    windows: tuple[Window, ...],
    site: str,
    prices: Prices,
    mix: Mix,
    oracle: SerialOracle,
    pool: Mapping[str, CutSet],
) -> Mapping[str, CutSet]:
    model = _model(case, windows, prices, mix)
    program = compile_model(model)
    number = numbers_of(program)
    keys = [f"{site}/{window.name}" for window in windows]
    subproblems = [
        subproblem(case, key, key, _columns(case, windows, model, g), prices.of_uses, number)
        for g, key in enumerate(keys)
    ]
    found = decompose(
        program,
        subproblems,
        oracle,
        pool=pool,
        options=PLANNED,
        highs=Options(threads=1),
    )
    return found.pool


def _model(case: Case, windows: tuple[Window, ...], prices: Prices, mix: Mix) -> pyo.ConcreteModel:
    """Write the plan of one site for one year: capacities, levels, budgets and uses."""
    model = pyo.ConcreteModel()
    seasons = range(len(windows))
    hours = [float(w.hours.weight.sum()) for w in windows]
    batteries = {n: p.figures for n, p in case.classes.items() if isinstance(p.figures, Battery)}
    model.mw = pyo.Var(list(case.classes), bounds=(0, MOST_MW))
    model.it_mw = pyo.Var(list(case.cooling), domain=pyo.NonNegativeReals)
    model.level = pyo.Var(list(batteries), seasons, domain=pyo.NonNegativeReals)
    model.use = pyo.Var(USES, seasons, domain=pyo.NonNegativeReals)
    model.budget = pyo.Var(BUDGETS, seasons, domain=pyo.NonNegativeReals)
    each_mw = LOAD_MW / len(case.cooling)
    waiting = 0.0 if case.defer_h is None else mix.waiting_share
    steady_mw = (1 - waiting) * each_mw
    model.draw = pyo.Constraint(list(case.cooling), rule=lambda m, c: m.it_mw[c] == steady_mw)
    _let_wait(model, case, waiting * each_mw)

    @model.Constraint(list(batteries), seasons)
    def level_within_battery(m, p, g):  # type: ignore[no-untyped-def]
        return m.level[p, g] <= batteries[p].usable_mwh_per_mw * m.mw[p]

    @model.Constraint(BUDGETS, seasons)
    def enough(m, u, g):  # type: ignore[no-untyped-def]
        return m.budget[u, g] <= MOST_MW * hours[g] / 1000

    if mix.grid_share is not None:
        most_gwh = mix.grid_share * LOAD_MW * sum(hours) / 1000
        model.share = pyo.Constraint(expr=sum(model.budget["grid_gwh", :]) <= most_gwh)
    model.used = pyo.Constraint(expr=sum(model.use.values()) >= 0)
    model.most = pyo.ConstraintList()
    for family, most_mw in mix.most_mw.items():
        of_family = [n for n in case.classes if case.family_of(n) == family]
        if of_family:
            model.most.add(sum(model.mw[n] for n in of_family) <= most_mw)
    for name in _best(case, prices) if mix.without_best else ():
        model.mw[name].fix(0)
    paid = {n: f * mix.price.get(case.family_of(n), 1.0) for n, f in prices.kusd_per_mw.items()}
    model.cost = pyo.Objective(
        expr=sum(paid[n] * model.mw[n] for n in case.classes)
        + sum(prices.of_uses[u] * model.use[u, g] for u in USES for g in seasons)
    )
    return model


def _let_wait(model: pyo.ConcreteModel, case: Case, each_mw: float) -> None:
    """Hold racks of every cooling type for work that may wait, where any may."""
    if case.defer_h is None:
        return
    both = [(c, k) for c in case.cooling for k in (0, 1)]
    model.shift_mw = pyo.Var(both, domain=pyo.NonNegativeReals)
    model.shift = pyo.Constraint(both, rule=lambda m, c, k: m.shift_mw[c, k] == each_mw / (1 + k))


def _best(case: Case, prices: Prices) -> set[str]:
    """Return the cheapest class of each family that burns gas."""
    families: dict[str, list[str]] = {}
    for name, one in case.classes.items():
        if POWER[type(one.figures)].NEEDS_GAS:
            families.setdefault(case.family_of(name), []).append(name)
    return {min(names, key=lambda n: prices.kusd_per_mw[n]) for names in families.values()}


def _columns(case: Case, windows: tuple[Window, ...], model: pyo.ConcreteModel, g: int) -> Columns:
    batteries = [n for n, p in case.classes.items() if isinstance(p.figures, Battery)]
    after = (g + 1) % len(windows)
    return Columns(
        mw={name: model.mw[name] for name in case.classes},
        it_mw={c: model.it_mw[c] for c in case.cooling},
        levels={p: (model.level[p, g], model.level[p, after]) for p in batteries}
        if windows[g].is_open
        else {},
        budgets={u: model.budget[u, g] for u in BUDGETS},
        uses={u: model.use[u, g] for u in USES},
        shift_mw={}
        if case.defer_h is None
        else {c: (model.shift_mw[c, 0], model.shift_mw[c, 1]) for c in case.cooling},
    )


def prices_of(formulation: Formulation, site: str, t: int) -> Prices:
    """Return what a site pays in a period for a MW that enters service then, and for uses."""
    case = formulation.case
    own = {
        part.name: 1e-3 * yearly_usd(part, t) / part.investment.unit_mw
        for part in formulation.of(site, *POWER_FAMILIES, *COMPOSED)
    }
    found = {
        name: min(own[product] / worth for product, worth in one.members.items())
        for name, one in case.classes.items()
    }
    uses = use_prices_kusd(case, site)
    return Prices(found, {u: float(uses[u][t]) for u in USES})
