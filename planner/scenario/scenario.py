"""The scenario: all that is asked, checked, and unchangeable."""

from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import BaseModel, Field, model_validator

from planner.scenario.base import Complaint, Loc, Section, complain
from planner.scenario.blocks import Blocks
from planner.scenario.by_year import ByYear
from planner.scenario.cooling import Cooling
from planner.scenario.demand import Demand
from planner.scenario.elements import Elements
from planner.scenario.finance import Finance
from planner.scenario.grid import Grid
from planner.scenario.horizon import Horizon
from planner.scenario.policy import Policy
from planner.scenario.power import Power
from planner.scenario.racks import Racks
from planner.scenario.reliability import Reliability
from planner.scenario.scenarios import Branches, SharedUntil, complaints
from planner.scenario.serving import Serving
from planner.scenario.sites import Sites
from planner.scenario.solver import Solver
from planner.scenario.supply import Supply


class Scenario(Section):
    """One question to the planner. Equal scenarios have equal plans.

    Only ``title`` has to be given. Figures by year have to cover every year of the horizon.

    Examples
    --------
    >>> scenario = Scenario.model_validate(
    ...     {"title": "One site", "sites": {"include": ["abilene_tx"]}}
    ... )
    >>> scenario.grid.share_limit.at(2028)
    0.1
    """

    title: str = Field(min_length=1, max_length=200, description="What this scenario is about")
    horizon: Horizon = Field(default=Horizon(), description="The time that is planned for")
    finance: Finance = Field(default=Finance(), description="Money")
    demand: Demand = Field(default=Demand(), description="The tokens that are asked for")
    grid: Grid = Field(default=Grid(), description="The public grid")
    supply: Supply = Field(default=Supply(), description="What this buyer can get of scarce things")
    sites: Sites = Field(default=Sites(), description="The places that may be built on")
    power: Power = Field(default=Power(), description="Power products and fuel")
    cooling: Cooling = Field(default=Cooling(), description="Ways to cool")
    blocks: Blocks = Field(default=Blocks(), description="Units of a facility")
    racks: Racks = Field(default=Racks(), description="Compute systems")
    elements: Elements = Field(default=Elements(), description="What parts of a plan are made of")
    serving: Serving = Field(default=Serving(), description="How racks are run")
    reliability: Reliability = Field(default=Reliability(), description="Spare units")
    policy: Policy = Field(default=Policy(), description="Prices, limits and duties")
    solver: Solver = Field(default=Solver(), description="How the answer is found")
    scenarios: Branches = Field(
        default={},
        description="Futures that share their first decisions: name to weight, and what is other",
    )
    shared_until: SharedUntil = Field(
        default=None,
        description="Last period whose additions are the same in all scenarios: its label, a "
        "year, or a number of periods; null: the first period [1]",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain((*self._years_missing(), *self._contradictions()))
        return self

    def _years_missing(self) -> Iterator[Complaint]:
        years = self.horizon.years()
        first, last = years[0], years[-1]
        for loc, figure in _figures_by_year(self, ()):
            if figure.covers(first, last):
                continue
            gaps = [year for year in (first, last) if not figure.covers(year, year)]
            what = f"must cover the years of the horizon, {first} to {last}"
            hint = f"adding {' and '.join(map(str, gaps))}"
            yield Complaint(loc, what, figure.span, hint, instead=("horizon",))

    def _contradictions(self) -> Iterator[Complaint]:
        yield from complaints(self.scenarios, self.shared_until, self.horizon.periods_table())
        yield from self._without_scenarios_only()
        yield from self._idle_throughput()
        yield from self._idle_demand_charge()
        yield from self._sampled_weather_years()
        for position, name in enumerate(self.policy.must_open):
            out = self.sites.include != "all" and name not in self.sites.include
            if out or name in self.sites.exclude:
                what = "has to be opened but is not among the sites"
                hint = f"adding {name} to sites.include"
                yield Complaint(("policy", "must_open", position), what, name, hint)

    def _sampled_weather_years(self) -> Iterator[Complaint]:
        years = self.sites.weather_years
        if years > 1 and self.horizon.hours == "weeks":
            what = "above 1 needs horizon.hours: all, for sampled weeks do not see the worst spells"
            hint = "1, or horizon.hours: all"
            yield Complaint(("sites", "weather_years"), what, str(years), hint)

    def _without_scenarios_only(self) -> Iterator[Complaint]:
        asked, solver = self.reliability.availability, self.solver.name
        if self.scenarios and asked is not None:
            what = "is not looked for where there are scenarios"
            loc = ("reliability", "availability")
            yield Complaint(loc, what, f"{asked:g}", "reliability.spare_units")
        if self.scenarios and solver != "highs":
            yield Complaint(("solver", "name"), "has to be highs with scenarios", solver, "highs")

    def _idle_demand_charge(self) -> Iterator[Complaint]:
        figure = "demand_charge_usd_per_kw_month"
        for name, figures in self.power.change.items():
            if figure in figures and self.grid.tariff == "all_in":
                loc = ("power", "change", name, figure)
                what = "is not paid under grid.tariff: all_in, whose energy price has it in it"
                hint = "grid.tariff: energy_and_demand"
                yield Complaint(loc, what, str(figures[figure]), hint)

    def _idle_throughput(self) -> Iterator[Complaint]:
        workloads = self.demand.workloads
        for rack, figures in self.serving.tokens_per_s_per_rack.items():
            for workload in figures:
                if workload not in workloads:
                    loc = ("serving", "tokens_per_s_per_rack", rack, workload)
                    what = "is no workload of demand.workloads"
                    near = f"one of {', '.join(sorted(workloads))}"
                    yield Complaint(loc, what, workload, near, at_key=True)


def _figures_by_year(value: object, loc: Loc) -> Iterator[tuple[Loc, ByYear]]:
    if isinstance(value, ByYear):
        yield loc, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _figures_by_year(getattr(value, name), (*loc, name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _figures_by_year(item, (*loc, key))
