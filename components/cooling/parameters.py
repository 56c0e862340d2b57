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

    heat_rejection: Literal["dry", "tower", "adiabatic"] = Field(
        description="Dry to outdoor air, in a tower, or to air that wet media have cooled"
    )
    density_limit_kw_per_rack: float = Field(gt=0, description="Most one rack may draw [kW]")
    capex_usd_per_kw: float = Field(ge=0, description="Cooling plant per kW of IT [USD/kW]")
    liquid_share: float = Field(ge=0, le=1, description="Heat that leaves by liquid, over all [1]")
    liquid_supply_c: float = Field(
        description="Liquid supplied to cold plates, doors, tanks [degC]"
    )
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
        ge=0, description="Condenser over what heat is rejected to: dry or wet bulb, wet media [K]"
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
    wetting_effectiveness: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Of adiabatic coolers or pads: cooling of the air over its wet-bulb "
        "depression [1]",
    )
    pad_fan_share: float = Field(
        default=0.0,
        ge=0,
        description="Dry-cooler fans while pads are wet, over the heat in liquid; 0: no pads [1]",
    )
    pad_water_l_per_mwh: float = Field(
        default=0.0,
        ge=0,
        description="Water of pads that are wet all over, per heat in liquid [l/MWh]",
    )

    @property
    def has_pads(self) -> bool:
        """Whether a dry cooler wets its air on hot days."""
        return self.pad_fan_share > 0

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

    @model_validator(mode="after")
    def _water_goes_with_wet_parts(self) -> Self:
        wet = self.heat_rejection == "adiabatic" or self.has_pads
        if wet != (self.wetting_effectiveness > 0):
            msg = (
                "wetting_effectiveness must be above 0 for adiabatic heat rejection and for pads, "
                f"and 0 elsewhere, got {self.wetting_effectiveness:g}"
            )
            raise ValueError(msg)
        if self.has_pads != (self.pad_water_l_per_mwh > 0):
            msg = "pads need both pad_fan_share and pad_water_l_per_mwh, and no pads neither"
            raise ValueError(msg)
        if self.has_pads and self.heat_rejection != "dry":
            msg = f"pads belong to dry coolers, and heat_rejection is {self.heat_rejection}"
            raise ValueError(msg)
        if self.has_pads and self.pad_fan_share < self.liquid_fan_share:
            msg = f"pad_fan_share must not be below liquid_fan_share, {self.liquid_fan_share:g}"
            raise ValueError(msg)
        return self
