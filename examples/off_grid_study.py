"""The off-grid solar study of December 2024, worked anew: its sizes, its dispatch rule, its price.

Baranko, Campbell, Hausfather, McWalter and Ransohoff, "Fast, scalable, clean, and cheap enough: how
off-grid solar microgrids can power the AI race", offgridai.us, 2024. Figures and rules are those of
its open calculator (github.com/christianhvejsel/cost-calculator). For 100 MW of load in west Texas
it gives 86 USD/MWh for gas turbines alone, 93 with 44 % solar energy and 109 with 90 %.

What differs from a plan of Gigaplan: sizes are given, not chosen; the battery takes whatever is
left over, without foresight; the plant is financed as a project with loans, in nominal dollars.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.levelised import Loans, Project, levelise
from components.taxes import depreciation
from sites.solar import tracker_capacity_factor
from sites.weather import Weather

Floats = NDArray[np.float64]

LIFE_YEARS = 20
DC_OVER_AC = 1.2
ONE_WAY_EFFICIENCY = 0.92**0.5
SOLAR_LOSS_PER_YEAR = 0.005
BATTERY_LOSS_PER_YEAR = 0.35 / 20
"""Straight line to 35 % in twenty years; a remark in the calculator says 0.35 %."""

LOANS = Loans(
    debt_share=0.70,
    debt_rate=0.075,
    debt_years=20,
    equity_rate=0.11,
    tax_rate=0.21,
    credit_share=0.30,
    construction_years=2,
    depreciation=depreciation(5),
)
"""All of the plant is depreciated over five years, generators too."""


@dataclass(frozen=True, slots=True)
class Generator:
    """Figures of the generators of one kind, in the units of their names; heat is HHV."""

    usd_per_kw: float
    heat_rate_mmbtu_per_mwh: float
    fixed_om_usd_per_kw_year: float
    variable_om_usd_per_mwh: float


TURBINE = Generator(885, 9.630, 15, 5)
ENGINE = Generator(1150, 8.989, 10, 25)


@dataclass(frozen=True, slots=True)
class Costs:
    """Figures of the study, in the units of their names; shares are over hard cost."""

    solar_usd_per_kw_dc: float = 770
    battery_usd_per_kwh: float = 260
    integration_usd_per_kw_load: float = 410
    soft_share: float = 0.118
    solar_om_usd_per_kw_year: float = 11
    battery_om_usd_per_kw_year: float = 2.5
    plant_om_usd_per_kw_load_year: float = 6
    soft_om_share: float = 0.0025
    om_escalation: float = 0.025
    fuel_usd_per_mmbtu: float = 5
    fuel_escalation: float = 0.03


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is built for a constant load."""

    solar_mw_dc: float
    battery_mw: float
    generator_mw: float
    battery_h: float = 4
    load_mw: float = 100


@dataclass(frozen=True, slots=True, eq=False)
class Energy:
    """Energy of one plant in each year of its life, each (years,) [MWh]."""

    served: Floats
    generated: Floats
    charged: Floats
    discharged: Floats
    spilled: Floats

    @property
    def solar_share(self) -> float:
        """Energy served without the generators, over all that is served in the life [1]."""
        return float(1 - self.generated.sum() / self.served.sum())


def study_solar_share(weather: Weather) -> Floats:
    """Return the study's output of a new array over its rating, (8760,) [1].

    Trackers as pvlib has them by default, modules that lose 0.4 % per kelvin, no losses but those
    of the inverter. Module temperature is Faiman's here, that of Sandia there.
    """
    return tracker_capacity_factor(
        weather,
        dc_ac_ratio=1.0,
        losses=0.0,
        max_angle_deg=90.0,
        ground_cover=2 / 7,
        temperature_coefficient_per_k=-0.004,
    )


def simulate(plants: Sequence[Sizes], solar_share: Floats) -> list[Energy]:
    """Run plants by the study's rule: sun, then battery, then generators, then load unserved.

    What the sun gives beyond the load charges the battery, up to its power and, counted before
    losses, its free energy; the rest is spilled. Generators never charge. Each year starts with
    all the energy of a new battery, though in later years it holds less.

    Parameters
    ----------
    plants
        P plants; all are run at once.
    solar_share : (H,)
        Output of a new array, DC, over its rating, hour by hour [1]. The study multiplies it by
        ``solar_mw_dc / 1.2``: the ratio of DC to AC rating is taken off the energy as well.

    Returns
    -------
    list of Energy
        One for each plant, each year on its own.

    Examples
    --------
    Half of the load of two hours comes from the sun, the other half from a full battery.

    >>> plant = Sizes(solar_mw_dc=60, battery_mw=100, generator_mw=0)
    >>> (energy,) = simulate([plant], np.ones(2))
    >>> float(energy.discharged[0]), float(energy.served[0])
    (100.0, 200.0)
    """
    age = np.arange(LIFE_YEARS)

    def each(values: Sequence[float], loss: float = 0.0) -> Floats:
        return np.outer(values, 1 - loss * age)

    solar_mw = each([p.solar_mw_dc / DC_OVER_AC for p in plants], SOLAR_LOSS_PER_YEAR)
    most_mwh = each([p.battery_mw * p.battery_h for p in plants], BATTERY_LOSS_PER_YEAR)
    load_mw = each([p.load_mw for p in plants])
    battery_mw = each([p.battery_mw for p in plants])
    generator_mw = each([p.generator_mw for p in plants])

    level = most_mwh[:, :1] * np.ones(LIFE_YEARS)
    sums = {name: np.zeros_like(level) for name in Energy.__dataclass_fields__}
    for share in solar_share:
        over = share * solar_mw - load_mw
        short = np.maximum(-over, 0)
        room = np.minimum(battery_mw, np.maximum(most_mwh - level, 0))
        charged = np.minimum(np.maximum(over, 0), room)
        drawn = np.minimum(np.minimum(battery_mw, level), short / ONE_WAY_EFFICIENCY)
        level = level + ONE_WAY_EFFICIENCY * charged - drawn
        discharged = ONE_WAY_EFFICIENCY * drawn
        generated = np.minimum(short - discharged, generator_mw)
        sums["served"] += load_mw - short + discharged + generated
        sums["generated"] += generated
        sums["charged"] += charged
        sums["discharged"] += discharged
        sums["spilled"] += np.maximum(over, 0) - charged
    return [Energy(**{name: s[i] for name, s in sums.items()}) for i in range(len(plants))]


def study_project(
    sizes: Sizes, generator: Generator, served_mwh: Floats, generated_mwh: Floats, costs: Costs
) -> Project:
    """Return what a plant of the study costs and serves.

    Parameters
    ----------
    sizes, generator, costs
        The plant.
    served_mwh, generated_mwh : (years,)
        Load served, and the part of it that generators made [MWh].
    """
    hard = {
        "solar": 1000 * sizes.solar_mw_dc * costs.solar_usd_per_kw_dc,
        "battery": 1000 * sizes.battery_mw * sizes.battery_h * costs.battery_usd_per_kwh,
        "generator": 1000 * sizes.generator_mw * generator.usd_per_kw,
        "integration": 1000 * sizes.load_mw * costs.integration_usd_per_kw_load,
    }
    by_kw = (
        sizes.solar_mw_dc * costs.solar_om_usd_per_kw_year
        + sizes.battery_mw * costs.battery_om_usd_per_kw_year
        + sizes.generator_mw * generator.fixed_om_usd_per_kw_year
        + sizes.load_mw * costs.plant_om_usd_per_kw_load_year
    )
    return Project(
        capex_usd={item: (1 + costs.soft_share) * usd for item, usd in hard.items()},
        credited=frozenset({"solar", "battery"}),
        served_mwh=served_mwh,
        fuel_mmbtu=generator.heat_rate_mmbtu_per_mwh * generated_mwh,
        fuel_usd_per_mmbtu=costs.fuel_usd_per_mmbtu,
        fixed_om_usd_per_year=1000 * by_kw + costs.soft_om_share * sum(hard.values()),
        variable_om_usd=generator.variable_om_usd_per_mwh * generated_mwh,
        fuel_escalation=costs.fuel_escalation,
        om_escalation=costs.om_escalation,
    )


def price_usd_per_mwh(
    sizes: Sizes,
    generator: Generator,
    energy: Energy,
    costs: Costs | None = None,
    loans: Loans = LOANS,
) -> float:
    """Return the study's levelised cost of a plant that has been simulated [USD/MWh]."""
    costs = costs or Costs()
    return levelise(study_project(sizes, generator, energy.served, energy.generated, costs), loans)


def cheapest_by_share(
    solar_share: Floats,
    generator: Generator,
    *,
    solar_mw_dc: Sequence[float] = (0, 100, 200, 300, 400, 500, 650, 800, 1000, 1250),
    battery_mw: Sequence[float] = (0, 50, 100, 200, 300, 400, 500, 650),
    generator_mw: float = 125,
    costs: Costs | None = None,
) -> list[tuple[float, float, Sizes]]:
    """Return the study's curve: plants that no other beats in both price and share of the sun.

    Returns
    -------
    list of (solar share, USD/MWh, sizes)
        By rising share; so is the price.
    """
    plants = [Sizes(pv, mw, generator_mw) for pv in solar_mw_dc for mw in battery_mw]
    found = sorted(
        (
            (energy.solar_share, price_usd_per_mwh(plant, generator, energy, costs), plant)
            for plant, energy in zip(plants, simulate(plants, solar_share), strict=True)
        ),
        key=lambda each: (-each[0], each[1]),
    )
    curve: list[tuple[float, float, Sizes]] = []
    for share, usd, plant in found:
        if not curve or usd < curve[-1][1]:
            curve.append((share, usd, plant))
    return curve[::-1]
