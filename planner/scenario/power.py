"""Section ``power``: what may make or bring electricity, and what its fuel costs."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from planner.scenario.base import Choice, Names
from planner.scenario.by_year import ByYear, Within
from planner.scenario.remote import RemoteName, RemotePlant

GAS_USD_PER_MMBTU = ByYear.of({2026: 3.76, 2027: 3.85, 2030: 3.9})
"""Henry Hub, real [USD/MMBtu].

EIA, Short-Term Energy Outlook, March 2026: 3.76 (2026), 3.85 (2027). EIA, Annual Energy Outlook
2025, reference case: 3.6 to 4.0 by 2030 in 2024 dollars; its middle in 2025 dollars.
"""

GEOTHERMAL_STATES = ("AZ", "CA", "CO", "ID", "MT", "NM", "NV", "OR", "UT", "WA", "WY")
"""Where a geothermal plant may stand, unless told otherwise.

The states of the mainland in the assessment of C. F. Williams et al., USGS Fact Sheet 2008-3082:
they hold the systems hot enough for power that are known, and the 518 GW that enhanced systems
could add. Within a state heat differs from place to place, which is not known here.
"""


class Power(Choice):
    """Power products, fuel and what energy that is not delivered costs."""

    gas_usd_per_mmbtu: Annotated[ByYear, Within(ge=0, le=100)] = Field(
        default=GAS_USD_PER_MMBTU, description="Gas at Henry Hub by year, HHV [USD/MMBtu]"
    )
    curtailed_load_usd_per_mwh: float = Field(
        default=10000.0, ge=0, le=1e6, description="What load that is not served costs [USD/MWh]"
    )
    firm_transport: bool = Field(
        default=False,
        description="true: transport of gas is reserved for the plant's peak and paid whether used "
        "or not; false: paid by use",
    )
    early_retirement: bool = Field(
        default=False,
        description="true: gas plant and fuel cells may be sold, or moved to another site, before "
        "their life ends",
    )
    pv_resource_scale: float = Field(
        default=1.04,
        ge=0.5,
        le=1.5,
        description="Solar output over that of the typical year [1]",
    )
    wind_resource_scale: float = Field(
        default=1.0,
        ge=0.5,
        le=1.5,
        description="Wind at hub height over what is extrapolated from 10 m [1]",
    )
    geothermal_states: Names = Field(
        default=GEOTHERMAL_STATES,
        description="States, two letters, in whose sites a geothermal plant may stand",
    )
    remote: Mapping[RemoteName, RemotePlant] = Field(
        default={}, description="Name to a plant beyond the fence and its line"
    )
