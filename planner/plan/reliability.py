"""How reliable the plan's power is: at every open site, in every period.

Sun, wind, batteries and remote plants count as scheduled in the plan's hours; planned curtailment
is no loss. Units that can be dispatched are in order or not, each on its own, with the mean share
of time that they are out, planned or not, at their rating less what heat and height take. A grid
connection is one unit. What they give together in an hour of the plan is what they have to be able
to give: all units in service stand ready for it, those held back too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
import pandas as pd

from components.base import Floats, Parameters
from components.catalog.loader import load_family
from components.power.battery import Battery
from components.power.grid import Grid
from components.power.outage_survival import Generators, Storage, UnitFailure, lumped, survival
from components.power.plant import PlantParameters, in_order
from components.power.reliability import LossOfLoad, Units, loss_of_load
from components.power.remote import Remote
from components.registry import POWER
from planner.engines.outcome import SiteDispatch
from planner.formulate.formulation import Formulation, Part
from planner.formulate.operation import CURTAILED, LOAD, world_of
from planner.plan.redispatch import Dispatch
from planner.plan.values import number

COLUMNS = (
    "site",
    "period",
    "units",
    "spare_mw",
    "worst_lolp",
    "lole_h_per_year",
    "eue_mwh_per_year",
    "availability",
    "outage_h",
    "survival_mean",
    "survival_least",
)

STARTS = 24
"""Hours of a weather year, evenly over it and the day, in which an outage is let start."""

BATTERY_LEVELS = 11
"""Levels of the battery that are told apart in an outage."""

MOST_STATES = 200
"""Combinations of running generators that are told apart in an outage."""


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """What stands at a site in a period, as far as it may fail, and what it has to carry.

    Attributes
    ----------
    site, period
        Which; the period by position.
    names : K products
        Of each kind; a part of a unit is a kind of its own.
    kinds : K kinds
        Units at their rating.
    derate : (K, H)
        What heat, height and agreed cuts leave of each [1].
    net_load_mw : (H,)
        What the kinds give together in the plan [MW].
    load_mw : (H,)
        What the site draws, curtailed load apart [MW].
    weight : (H,)
        Hours that each stands for [h].
    """

    site: str
    period: int
    names: tuple[str, ...]
    kinds: tuple[Units, ...]
    derate: Floats
    net_load_mw: Floats
    load_mw: Floats
    weight: Floats

    @property
    def loaded_h(self) -> float:
        """Hours of the period in which the site draws power [h]."""
        return float(self.weight[self.load_mw > 0].sum())

    def loss(self, more: tuple[Units, ...] = ()) -> LossOfLoad:
        """Return the loss of load, with ``more`` units that give their rating at any hour."""
        derate = np.vstack([self.derate, np.ones((len(more), len(self.weight)))])
        return loss_of_load((*self.kinds, *more), derate, self.net_load_mw, self.weight)

    def availability(self, more: tuple[Units, ...] = ()) -> float:
        """Return the expected share of the hours with load in which all of it is served [1]."""
        if self.loaded_h <= 0:
            return 1.0
        return 1 - self.loss(more).lole_h / self.loaded_h


def reliability_table(formulation: Formulation, dispatch: Dispatch) -> pd.DataFrame:
    """Return how reliable power is, for each open site and period.

    ``spare_mw`` is what all units could give over what they give, in the tightest hour.
    ``survival`` is the probability of carrying the load through an outage of the grid of
    ``outage_h``, over hours in which it may start; units have to start only where the site has a
    connection. Its mean and least.
    """
    case = formulation.case
    rows = []
    for fleet in fleets(formulation, dispatch):
        loss = fleet.loss()
        years = float(case.periods.length_years[fleet.period])
        lasts = _survival(formulation, fleet, dispatch[fleet.site, fleet.period])
        rows.append(
            {
                "site": fleet.site,
                "period": case.periods.labels[fleet.period],
                "units": float(sum(k.count for k in fleet.kinds)),
                "spare_mw": _spare_mw(fleet),
                "worst_lolp": loss.worst_lolp,
                "lole_h_per_year": loss.lole_h / years,
                "eue_mwh_per_year": loss.eue_mwh / years,
                "availability": fleet.availability(),
                "outage_h": float(case.scenario.reliability.outage_h),
                "survival_mean": float(lasts.mean()),
                "survival_least": float(lasts.min()),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def fleets(formulation: Formulation, dispatch: Dispatch) -> Iterator[Fleet]:
    """Return what may fail at every open site in every period."""
    case, model = formulation.case, formulation.model
    for (s, t), run in dispatch.items():
        if round(number(model.site[s].works.built[t])) == 1:
            here = [p for p in formulation.parts if p.site == s and p.name in case.power]
            yield _fleet(formulation, here, s, t, run)


def outage_share(p: Parameters) -> float | None:
    """Return the share of time in which a unit is out, planned or not; None: as scheduled [1]."""
    if isinstance(p, Remote):
        return outage_share(p.plant)
    if isinstance(p, PlantParameters):
        return 1 - in_order(p)
    return p.outage_share if isinstance(p, Grid) else None


def _fleet(
    formulation: Formulation, here: list[Part], site: str, t: int, run: SiteDispatch
) -> Fleet:
    world = world_of(formulation.case, site, run.hours)
    names: list[str] = []
    kinds: list[Units] = []
    derate: list[Floats] = []
    net_load = np.zeros(len(run.hours))
    for part in here:
        p, out = part.figures, outage_share(part.figures)
        mw = part.investment.unit_mw * number(part.investment.units[t])
        if out is None or mw <= 0:
            continue
        share = POWER[type(p)].profile(p, world).shares["output_within_capacity"]
        share = np.atleast_2d(share).sum(axis=0)
        share = share if isinstance(p, Grid) else np.minimum(share / (1 - out), 1.0)
        for units in _units(part, mw, out):
            names.append(part.name)
            kinds.append(units)
            derate.append(share)
        net_load = net_load + run.power_mw.get(part.name, np.zeros(len(run.hours)))
    return Fleet(
        site=site,
        period=t,
        names=tuple(names),
        kinds=tuple(kinds),
        derate=np.array(derate).reshape(len(kinds), len(run.hours)),
        net_load_mw=_clean(net_load),
        load_mw=_clean(-run.power_mw[LOAD] - run.power_mw[CURTAILED]),
        weight=run.hours.weight,
    )


def _units(part: Part, mw: float, out: float) -> Iterator[Units]:
    """Split a product's capacity into whole units, and what is left of one."""
    if isinstance(part.figures, Grid):
        yield Units(1, mw, out)
        return
    unit_mw = part.investment.unit_mw
    whole = int(mw / unit_mw + 1e-6)
    if whole:
        yield Units(whole, unit_mw, out)
    if mw - whole * unit_mw > 1e-6 * unit_mw:
        yield Units(1, mw - whole * unit_mw, out)


def _clean(power_mw: Floats) -> Floats:
    """Take away the solver's noise around nothing."""
    noise = 1e-9 * max(float(np.abs(power_mw).max(initial=0.0)), 1.0)
    return np.where(power_mw > noise, power_mw, 0.0)


def _spare_mw(fleet: Fleet) -> float:
    rating = np.array([k.mw for k in fleet.kinds])
    able = rating @ fleet.derate if len(rating) else np.zeros(len(fleet.weight))
    return float((able - fleet.net_load_mw).min())


def _survival(formulation: Formulation, fleet: Fleet, run: SiteDispatch) -> Floats:
    """Return the probability of carrying the load through an outage, for each start."""
    case = formulation.case
    asked = case.scenario.reliability
    kinds = [case.power[name].figures for name in fleet.names]
    has_grid = any(isinstance(p, Grid) for p in kinds)
    own = [k for k, p in enumerate(kinds) if not isinstance(p, Grid)]
    machines = [_generators(kinds[k], fleet.kinds[k], starts=has_grid) for k in own]
    machines_left, derate = lumped(machines, fleet.derate[own], asked.outage_h, MOST_STATES)
    storage, level = _storage(formulation, fleet, run)
    fuel = asked.fuel_on_site_h
    hours = len(fleet.weight)
    starts = STARTS * case.scenario.sites.weather_years
    return survival(
        machines_left,
        fleet.load_mw - _scheduled(formulation, run),
        asked.outage_h,
        storage=storage,
        level_mwh=level,
        derate=derate,
        fuel_mwh=float("inf") if fuel is None else fuel * float(fleet.load_mw.mean()),
        starts=np.arange(0, hours, max(hours // starts, 1))[:starts],
    )[:, -1]


def _scheduled(formulation: Formulation, run: SiteDispatch) -> Floats:
    """Return what feeds the site as scheduled, batteries apart [MW]."""
    found = np.zeros(len(run.hours))
    for name, product in formulation.case.power.items():
        p = product.figures
        if name in run.power_mw and outage_share(p) is None and not isinstance(p, Battery):
            found = found + run.power_mw[name]
    return found


def _generators(p: Parameters, units: Units, *, starts: bool) -> Generators:
    fails = failure_of(getattr(p, "technology", ""))
    return Generators(
        count=units.count,
        unit_mw=units.unit_mw,
        in_order_share=1 - units.outage_share,
        start_failure_share=fails.start_failure_share if starts else 0.0,
        mean_time_to_failure_h=fails.mean_time_to_failure_h,
    )


@cache
def _failures() -> Mapping[str, UnitFailure]:
    rows = [cast(UnitFailure, e.parameters) for e in load_family("unit_failure").values()]
    return {t: row for row in rows for t in (row.technologies or ("",))}


def failure_of(technology: str) -> UnitFailure:
    """Return how units of a technology fail; of one that is not named, as any other."""
    return _failures().get(technology, _failures()[""])


def _storage(
    formulation: Formulation, fleet: Fleet, run: SiteDispatch
) -> tuple[Storage | None, Floats | None]:
    """All batteries as one, and how full it is at least before each hour."""
    mw, mwh, weighted, power = 0.0, 0.0, 0.0, np.zeros(len(run.hours))
    for part in formulation.of(fleet.site, "battery"):
        p = part.figures
        if isinstance(p, Battery):
            size = part.investment.unit_mw * number(part.investment.units[fleet.period])
            mw, mwh = mw + size, mwh + size * p.usable_mwh_per_mw
            weighted += size * p.round_trip_efficiency**0.5
            power = power + run.power_mw.get(part.name, 0.0)
    if mw <= 0:
        return None, None
    one_way = weighted / mw
    moved = np.where(power < 0, -power * one_way, -power / one_way)
    return Storage(mw, mwh, one_way, one_way, BATTERY_LEVELS), _least_levels(run, moved)


def _least_levels(run: SiteDispatch, moved_mwh: Floats) -> Floats:
    """Follow the level through each unbroken run of hours, as low as it can have been."""
    breaks = np.flatnonzero(run.hours.before != np.arange(len(moved_mwh)) - 1)
    found = np.zeros(len(moved_mwh))
    for start, end in zip(breaks, [*breaks[1:], len(moved_mwh)], strict=True):
        path = np.concatenate([[0.0], np.cumsum(moved_mwh[start:end])])
        found[start:end] = path[:-1] - path.min()
    return found
