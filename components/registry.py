"""Every component the planner knows. A new one is a module, and a line here."""

from collections.abc import Mapping
from types import MappingProxyType, ModuleType

from components.base import Parameters
from components.compute import rack
from components.compute.chips import ChipSupply
from components.compute.throughput import Throughput
from components.cooling.parameters import Cooling
from components.facility import block, site_works
from components.power import battery, fuel_cell, gas, gas_lateral, grid, solar

POWER: Mapping[type[Parameters], ModuleType] = MappingProxyType(
    {
        gas.Gas: gas,
        fuel_cell.FuelCell: fuel_cell,
        solar.Solar: solar,
        battery.Battery: battery,
        grid.Grid: grid,
    }
)
"""Parameters of each power component to its module, which speaks the protocol of the README."""

FAMILIES: Mapping[str, type[Parameters]] = MappingProxyType(
    {
        "gas": gas.Gas,
        "fuel_cell": fuel_cell.FuelCell,
        "solar": solar.Solar,
        "battery": battery.Battery,
        "grid": grid.Grid,
        "gas_lateral": gas_lateral.GasLateral,
        "cooling": Cooling,
        "block": block.Block,
        "site_works": site_works.SiteWorks,
        "rack": rack.Rack,
        "throughput": Throughput,
        "chip_supply": ChipSupply,
    }
)
"""Each family of the catalog to the class that checks its rows."""

POWER_FAMILIES = ("gas", "fuel_cell", "solar", "battery", "grid")
"""Families whose products ``power.use`` may name."""
