"""Plants that burn or convert gas on demand: the algebra shared by gas and fuel cells."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Floats, Investment, Operation, Profile, Setting, World
from components.power.additions import add_units
from components.power.generator import generate
from components.power.plant import PlantParameters, in_order

ISO_DRYBULB_C = 15.0
"""ISO 2314 reference ambient temperature [degC]."""


class DispatchableParameters(PlantParameters):
    """Figures of a plant whose output can be chosen hour by hour."""

    CLASSED: ClassVar[bool] = True
    """Whether products of this kind may share a dispatch class."""

    vendor: str = Field(min_length=1, description="Who builds it")
    product: str = Field(min_length=1, description="The vendor's name for it")
    heat_rate_mmbtu_per_mwh: float = Field(gt=0, description="Net, HHV, new and clean [MMBtu/MWh]")
    heat_rate_margin: float = Field(
        default=0.03, ge=0, description="Auxiliaries and ageing on top of the heat rate [1]"
    )
    minimum_load_share: float = Field(
        ge=0, le=1, description="Least stable output of a running unit over its rating [1]"
    )
    nox_lb_per_mwh: float = Field(ge=0, description="With the controls as sold [lb/MWh]")
    co2_t_per_mmbtu: float = Field(
        default=0.05306, ge=0, description="Natural gas, 40 CFR 98 table C-1 [t/MMBtu]"
    )
    derate_per_c: float = Field(
        ge=0, description="Loss of output for each degree above 15 degC [1/K]"
    )
    derate_per_km: float = Field(
        default=0.0, ge=0, description="Loss of output for each km above sea level [1/km]"
    )
    water_l_per_mwh: float = Field(
        default=0.0, ge=0, description="Water that is used up, such as in cooling [l/MWh]"
    )

    @property
    def net_heat_rate_mmbtu_per_mwh(self) -> float:
        """Heat rate that is paid for, with auxiliaries and ageing [MMBtu/MWh]."""
        return self.heat_rate_mmbtu_per_mwh * (1 + self.heat_rate_margin)


def add_plant(block: pyo.Block, p: DispatchableParameters, setting: Setting) -> Investment:
    """Add the plant's units, which also draw on what all vendors of their class deliver.

    As `components.power.additions.add_units`, with the draw ``plant_class_mw`` beside that on the
    vendor's own slots.
    """
    found = add_units(block, p, setting)
    added = tuple(p.unit_mw * units for units in found.units_added)
    return replace(found, draws={**found.draws, "plant_class_mw": added})


def availability(p: DispatchableParameters, drybulb_c: Floats, elevation_m: float) -> Floats:
    r"""Return the output that can be had per MW of rating, hour by hour.

    .. math:: (1-f)(1-m/8760)\,(1-d_T\max(T-15,0))\,(1-d_z z)

    with forced-outage share f, planned outage m, and losses by temperature and altitude. Mean
    outages are taken evenly over the year; the spare units of the site carry the rest.

    Parameters
    ----------
    p
        The product.
    drybulb_c : (H,)
        Dry-bulb temperature [degC].
    elevation_m
        Height above sea level [m].

    Returns
    -------
    (H,)
        Share of the rating, 0 to 1 [1].
    """
    heat = 1 - p.derate_per_c * np.maximum(drybulb_c - ISO_DRYBULB_C, 0)
    height = 1 - p.derate_per_km * max(elevation_m, 0) / 1000
    return np.asarray(np.clip(in_order(p) * heat * height, 0, 1), dtype=float)


def profile(p: DispatchableParameters, world: World) -> Profile:
    """Return the availability, and the fuel, money and CO2 that a MWh takes in every hour."""
    able = availability(p, world.profiles["drybulb_c"], world.figures["elevation_m"])
    rate = p.net_heat_rate_mmbtu_per_mwh
    per_mwh = {
        "fuel_gbtu": rate,
        "variable_kusd": p.variable_om_usd_per_mwh,
        "co2_kt": rate * p.co2_t_per_mmbtu,
        "fired_gwh": 1.0,
    }
    return Profile(
        shares={"output_within_capacity": able},
        amounts={use: np.full(len(world.hours), amount) for use, amount in per_mwh.items()},
    )


def operate(
    block: pyo.Block, p: DispatchableParameters, world: World, links: dict[str, Expr]
) -> Operation:
    """Add the hours: output P with ``0 <= P[h] <= availability[h] * mw``.

    Minimum load is not in the hourly model: a plant of several units follows the load by
    switching units, and a single one below its minimum is rare where power is dear.
    """
    return generate(block, profile(p, world), world, links)
