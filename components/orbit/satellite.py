"""Satellites that house racks: their own sun, their own radiators, one launch, no repair."""

import math
from dataclasses import dataclass, replace
from typing import Self

import pyomo.environ as pyo
from pydantic import Field, model_validator

from components.base import Floats, Investment, Setting
from components.finance import annual_charges
from components.orbit.radiator import flux_w_per_m2, radiator_c
from components.power.additions import UnitParameters, add_units
from components.taxes import COMPUTER_YEARS


@dataclass(frozen=True, slots=True)
class Mass:
    """What of a satellite weighs how much, over the IT power that it feeds [kg/kW].

    Attributes
    ----------
    array, battery, radiator, compute, bus
        Solar array; battery for the shade; panels with loop and pumps; racks as they fly;
        structure, propulsion, avionics and links.
    """

    array: float
    battery: float
    radiator: float
    compute: float
    bus: float

    @property
    def total(self) -> float:
        """All of it [kg/kW]."""
        return self.array + self.battery + self.radiator + self.compute + self.bus


class Satellite(UnitParameters):
    """Parameters of a satellite; power is that of the racks it can feed and cool (IT).

    ``capex_usd_per_kw`` is what it costs on the ground without racks and without launch.
    """

    vendor: str = Field(min_length=1, description="Who builds it, or whose design it follows")
    cooling: tuple[str, ...] = Field(
        min_length=1, description="Cooling types on the ground whose racks its loop can cool"
    )
    array_w_per_kg: float = Field(gt=0, description="Solar array at begin of life [W/kg]")
    array_loss_per_year: float = Field(ge=0, lt=0.2, description="Yearly loss of the array [1/a]")
    overhead_share: float = Field(
        ge=0, lt=1, description="Pumps, conversion and avionics over IT power: PUE less one [1]"
    )
    coolant_supply_c: float = Field(description="Liquid supplied to cold plates [degC]")
    coolant_return_c: float = Field(description="Liquid that comes back [degC]")
    radiator_drop_k: float = Field(ge=0, description="Liquid over radiator surface [K]")
    emissivity: float = Field(gt=0, le=1, description="Of the radiator in the infrared [1]")
    radiator_sides: int = Field(ge=1, le=2, description="Faces of a radiator that see space [1]")
    absorbed_w_per_m2: float = Field(
        ge=0, description="From Earth and Sun, over all faces of a panel [W/m2]"
    )
    radiator_kg_per_m2: float = Field(
        gt=0, description="Panel with its loop, pumps and coolant [kg/m2]"
    )
    battery_wh_per_kg: float = Field(gt=0, description="Usable, at the depth of discharge [Wh/kg]")
    battery_efficiency: float = Field(gt=0, le=1, description="Of a round trip [1]")
    orbit_min: float = Field(gt=0, description="Time of one orbit [min]")
    compute_kg_per_kw: float = Field(gt=0, description="Racks as they fly [kg/kW]")
    bus_share: float = Field(
        ge=0, lt=1, description="Structure, propulsion, avionics and links over all mass [1]"
    )
    link_gb_s: float = Field(
        ge=0, description="To neighbours, by light, one way; 0: it flies alone [GB/s]"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.coolant_return_c <= self.coolant_supply_c:
            msg = f"coolant_return_c must be above coolant_supply_c, {self.coolant_supply_c:g}"
            raise ValueError(msg)
        self.mass(0.0)  # raises where no radiator is large enough
        return self

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period: 5 years, as of computers, which are most of what flies [a]."""
        return COMPUTER_YEARS

    @property
    def radiator_m2_per_kw(self) -> float:
        """Panel that gives away the heat of a kW of IT and of what goes with it [m2/kW]."""
        surface_c = radiator_c(self.coolant_supply_c, self.coolant_return_c, self.radiator_drop_k)
        flux = flux_w_per_m2(
            surface_c,
            emissivity=self.emissivity,
            sides=self.radiator_sides,
            absorbed_w_per_m2=self.absorbed_w_per_m2,
        )
        return 1000 * (1 + self.overhead_share) / flux

    def array_kw_per_kw(self, dark_share: float) -> float:
        r"""Return the array at begin of life over IT power, so that it is enough at the end [1].

        With the overhead o, the shade d that a battery of round-trip efficiency e carries, the
        yearly loss l and the life n,

        .. math:: (1 + o) \left(1 + \frac{d}{(1 - d)\, e}\right) (1 - l)^{-n}

        Parameters
        ----------
        dark_share
            Share of every orbit in the shade through which the battery runs the racks; 0 where
            racks stop in the shade [1].
        """
        charging = dark_share / ((1 - dark_share) * self.battery_efficiency)
        aged = math.pow(1 - self.array_loss_per_year, self.life_years)
        return (1 + self.overhead_share) * (1 + charging) / aged

    def mass(self, dark_share: float) -> Mass:
        """Return what a kW of IT weighs in orbit, by part; ``dark_share`` as in `array_kw_per_kw`.

        The battery holds what one shade takes: ``(1 + o) d`` of an orbit.
        """
        array = 1000 * self.array_kw_per_kw(dark_share) / self.array_w_per_kg
        dark_wh = 1000 * (1 + self.overhead_share) * dark_share * self.orbit_min / 60
        battery = dark_wh / self.battery_wh_per_kg
        radiator = self.radiator_kg_per_m2 * self.radiator_m2_per_kw
        carried = array + battery + radiator + self.compute_kg_per_kw
        bus = carried * self.bus_share / (1 - self.bus_share)
        return Mass(array, battery, radiator, self.compute_kg_per_kw, bus)


def invest(
    block: pyo.Block,
    p: Satellite,
    setting: Setting,
    *,
    launch_usd_per_kg: Floats,
    kg_per_kw: float,
) -> Investment:
    """Add satellites, what they cost on the ground, and what their launch costs.

    Parameters
    ----------
    block
        An empty Pyomo block.
    p, setting
        The satellite; when and at what cost of capital.
    launch_usd_per_kg : (n,)
        Price of the launch of what enters service in each period [USD/kg].
    kg_per_kw
        Mass at launch over IT power, racks and all [kg/kW].

    Returns
    -------
    Investment
        With the items ``capital``, ``fixed_om`` and ``launch``, which is paid over the life of the
        satellite like its price, and the draw ``launch_t``, tonnes.
    """
    found = add_units(block, p, setting)
    kg = 1000 * p.unit_mw * kg_per_kw
    launch = tuple(
        kg * float(usd) * n for usd, n in zip(launch_usd_per_kg, found.units_added, strict=True)
    )
    yearly = annual_charges(launch, p.life_years, setting, recovery_years=p.depreciation_years)
    return replace(
        found,
        annual_usd={**found.annual_usd, "launch": yearly},
        capex_usd=tuple(a + b for a, b in zip(found.capex_usd, launch, strict=True)),
        draws={**found.draws, "launch_t": tuple(1e-3 * kg * n for n in found.units_added)},
    )
