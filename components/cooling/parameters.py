"""Parameters of a cooling type."""

from typing import Literal, Self

from pydantic import Field, model_validator

from components.base import Parameters


class Cooling(Parameters):
    """Parameters of one way to cool racks.

    A share of the heat leaves by liquid, the rest by room air. Each circuit has a supply and a
    return temperature, gives its heat to the outdoors while that is cold enough, and to a chiller
    for what is left.
    """

    heat_rejection: Literal["dry", "tower"] = Field(
        description="Dry to outdoor air, or by evaporating water in a tower"
    )
    density_limit_kw_per_rack: float = Field(gt=0, description="Most one rack may draw [kW]")
    capex_usd_per_kw: float = Field(ge=0, description="Cooling plant per kW of IT [USD/kW]")
    liquid_share: float = Field(ge=0, le=1, description="Heat that leaves by liquid, over all [1]")
    liquid_supply_c: float = Field(description="Liquid supplied to the cold plates [degC]")
    liquid_return_c: float = Field(description="Liquid that comes back [degC]")
    liquid_approach_k: float = Field(
        ge=0, description="Liquid over outdoor air without compressor: dry cooler and CDU [K]"
    )
    air_supply_c: float = Field(description="Air supplied to the racks [degC]")
    air_return_c: float = Field(description="Air that comes back [degC]")
    air_approach_k: float = Field(
        ge=0, description="Room air over outdoor air without compressor: economizer [K]"
    )
    condenser_approach_k: float = Field(
        ge=0, description="Condenser over dry bulb, or over wet bulb with a tower [K]"
    )
    chiller_efficiency: float = Field(
        gt=0, le=1, description="Share of the Carnot coefficient of performance [1]"
    )
    air_fan_share: float = Field(ge=0, description="Fans over the heat in room air [1]")
    air_pump_share: float = Field(ge=0, description="Pumps over the heat in room air [1]")
    liquid_fan_share: float = Field(
        ge=0, description="Dry-cooler fans at full speed over the heat in liquid [1]"
    )
    liquid_pump_share: float = Field(ge=0, description="Pumps over the heat in liquid [1]")
    electrical_loss_share: float = Field(ge=0, description="UPS, transformers, busway over IT [1]")
    misc_share: float = Field(ge=0, description="Lighting and controls over IT [1]")

    @model_validator(mode="after")
    def _heat_comes_back_warmer(self) -> Self:
        for circuit, supply_c, return_c in (
            ("liquid", self.liquid_supply_c, self.liquid_return_c),
            ("air", self.air_supply_c, self.air_return_c),
        ):
            if return_c <= supply_c:
                msg = f"{circuit}_return_c must be above {circuit}_supply_c, {supply_c}"
                raise ValueError(msg)
        return self
