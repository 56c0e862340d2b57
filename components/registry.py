"""Every component the planner knows. A new one is a module, and a line here."""

from collections.abc import Mapping
from types import MappingProxyType, ModuleType

from components.base import Parameters
from components.compute import rack
from components.compute.chips import ChipSupply
from components.compute.claims import Claim
from components.compute.measured import MeasuredPoint
from components.compute.model import LanguageModel
from components.compute.software import ServingSoftware
from components.compute.workload import WorkloadKind
from components.cooling.parameters import Cooling
from components.facility import block, retrofit, site_works
from components.facility.elements import Element
from components.facility.labour_market import LabourMarket
from components.orbit.satellite import Satellite
from components.power import (
    air_permit,
    battery,
    fuel_cell,
    gas,
    gas_lateral,
    geothermal,
    grid,
    leaving,
    line,
    nuclear,
    plant_supply,
    remote,
    remote_firm,
    rental,
    solar,
    wind,
)
from components.power.outage_survival import UnitFailure

POWER: Mapping[type[Parameters], ModuleType] = MappingProxyType(
    {
        gas.Gas: gas,
        fuel_cell.FuelCell: fuel_cell,
        rental.Rental: rental,
        nuclear.Nuclear: nuclear,
        geothermal.Geothermal: geothermal,
        wind.Wind: wind,
        solar.Solar: solar,
        battery.Battery: battery,
        grid.Grid: grid,
        remote.Remote: remote,
        remote_firm.RemoteFirm: remote_firm,
    }
)
"""Parameters of each power component to its module, which speaks the protocol of the README."""

FAMILIES: Mapping[str, type[Parameters]] = MappingProxyType(
    {
        "gas": gas.Gas,
        "fuel_cell": fuel_cell.FuelCell,
        "rental": rental.Rental,
        "nuclear": nuclear.Nuclear,
        "geothermal": geothermal.Geothermal,
        "wind": wind.Wind,
        "solar": solar.Solar,
        "battery": battery.Battery,
        "grid": grid.Grid,
        "gas_lateral": gas_lateral.GasLateral,
        "air_permit": air_permit.AirPermit,
        "leaving": leaving.Leaving,
        "line": line.Line,
        "cooling": Cooling,
        "block": block.Block,
        "site_works": site_works.SiteWorks,
        "retrofit": retrofit.Retrofit,
        "satellite": Satellite,
        "labour_market": LabourMarket,
        "element": Element,
        "rack": rack.Rack,
        "model": LanguageModel,
        "serving_software": ServingSoftware,
        "workload": WorkloadKind,
        "measured": MeasuredPoint,
        "claim": Claim,
        "chip_supply": ChipSupply,
        "unit_failure": UnitFailure,
        "plant_supply": plant_supply.PlantSupply,
    }
)
"""Each family of the catalog to the class that checks its rows."""

POWER_FAMILIES = (
    "gas",
    "fuel_cell",
    "rental",
    "nuclear",
    "geothermal",
    "wind",
    "solar",
    "battery",
    "grid",
)
"""Families whose products ``power.use`` may name."""

COMPOSED: Mapping[str, tuple[type[Parameters], ...]] = MappingProxyType(
    {"remote": (remote.Remote, remote_firm.RemoteFirm)}
)
"""Families whose products the planner puts together from rows of other families."""
