"""Section ``power``: what may make or bring electricity, and what its fuel costs."""

from typing import Annotated

from pydantic import Field

from planner.scenario.base import Choice
from planner.scenario.by_year import ByYear, Within

GAS_USD_PER_MMBTU = ByYear.of({2026: 3.76, 2027: 3.85, 2030: 3.9})
"""Henry Hub, real [USD/MMBtu].

EIA, Short-Term Energy Outlook, March 2026: 3.76 (2026), 3.85 (2027). EIA, Annual Energy Outlook
2025, reference case: 3.6 to 4.0 by 2030 in 2024 dollars; its middle in 2025 dollars.
"""


class Power(Choice):
    """Power products, fuel and what energy that is not delivered costs."""

    gas_usd_per_mmbtu: Annotated[ByYear, Within(ge=0, le=100)] = Field(
        default=GAS_USD_PER_MMBTU, description="Gas at Henry Hub by year, HHV [USD/MMBtu]"
    )
    curtailed_load_usd_per_mwh: float = Field(
        default=10000.0, ge=0, le=1e6, description="What load that is not served costs [USD/MWh]"
    )
    pv_resource_scale: float = Field(
        default=1.04,
        ge=0.5,
        le=1.5,
        description="Solar output over that of the typical year [1]",
    )
