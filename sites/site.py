"""A site: a place where data centres can be built, with its limits and prices."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

WaterStress = Literal["low", "low-medium", "medium", "medium-high", "high", "extreme", "unknown"]

# Political time zones of the United States lie within about two hours of solar time.
_MAX_CLOCK_ERROR_H = 3.5


def _half_of_firm_wait(data: dict[str, Any]) -> float:
    return 0.5 * float(data["grid_wait_months"])


class Site(BaseModel):
    """A candidate place, with everything the plan reads about it.

    Numbers must be given; texts that only inform a reader may be left out. Each description ends
    in its unit. Where a figure comes from is told by `sites.table.column_facts`. An empty
    ``station`` means the nearest one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name used in scenarios and tables")
    name: str = Field(min_length=1, description="Name for people")
    county: str = Field(default="", description="County")
    state: str = Field(pattern=r"^[A-Z]{2}$", description="State, two letters")
    fips: str = Field(default="", pattern=r"^(\d{5})?$", description="Census county code")
    latitude_deg: float = Field(ge=-90, le=90, description="Latitude, north positive [deg]")
    longitude_deg: float = Field(ge=-180, le=180, description="Longitude, east positive [deg]")
    elevation_m: float = Field(ge=-430, le=6000, description="Height above sea level [m]")
    utc_offset_h: int = Field(ge=-12, le=14, description="Local standard time less UTC [h]")

    iso: str = Field(default="", description="Market operator")
    utility: str = Field(default="", description="Utility or balancing authority")
    grid_area: str = Field(min_length=1, description="Area of EIA Form 930")
    egrid_subregion: str = Field(default="", description="eGRID subregion")
    station: str = Field(default="", description="Weather station")
    grid_price_usd_per_mwh: float = Field(gt=0, description="Industrial price 2023 [USD/MWh]")
    grid_wait_months: float = Field(ge=0, description="Wait for firm service [months]")
    flexible_wait_months: float = Field(
        default_factory=_half_of_firm_wait,
        ge=0,
        description="Wait for service that is cut in peak hours [months]",
    )
    co2_grid_t_per_mwh: float = Field(ge=0, le=2, description="CO2 of grid power 2022 [t/MWh]")
    co2e_grid_t_per_mwh: float = Field(ge=0, le=2, description="CO2e of grid power 2023 [t/MWh]")

    gas_hub: str = Field(default="", description="Pricing point of natural gas")
    gas_basis_usd_per_mmbtu: float = Field(
        ge=-10, le=30, description="Price at the hub less Henry Hub [USD/MMBtu]"
    )
    gas_basis_low_usd_per_mmbtu: float | None = Field(
        default=None, ge=-10, le=30, description="Low end of the basis [USD/MMBtu]"
    )
    gas_basis_high_usd_per_mmbtu: float | None = Field(
        default=None, ge=-10, le=30, description="High end of the basis [USD/MMBtu]"
    )
    gas_transport_usd_per_mmbtu: float = Field(
        ge=0, le=10, description="Lateral and transport from the hub [USD/MMBtu]"
    )
    gas_pipeline: str = Field(default="", description="Nearest large pipelines")
    gas_pipeline_miles: float = Field(ge=0, description="Distance to a large pipeline [mi]")
    line_230kv_miles: float = Field(ge=0, description="Distance to a line of 230 kV or more [mi]")
    line_345kv_miles: float = Field(ge=0, description="Distance to a line of 345 kV or more [mi]")
    line_500kv_miles: float = Field(ge=0, description="Distance to a line of 500 kV or more [mi]")

    fibre_miles: float | None = Field(
        default=None, ge=0, description="Distance to long-haul fibre [mi]"
    )

    water_stress: WaterStress = Field(default="unknown", description="Baseline water stress")
    wage_class: Literal["A", "B", "C"] = Field(description="Craft wages, A lowest")
    metro: str = Field(default="", description="Nearest metropolitan area with an exchange")
    metro_rtt_ms: float = Field(ge=0, description="Round trip to that metropolitan area [ms]")
    rtt_ashburn_ms: float = Field(ge=0, description="Round trip to Ashburn [ms]")
    rtt_dallas_ms: float = Field(ge=0, description="Round trip to Dallas [ms]")
    rtt_sanjose_ms: float = Field(ge=0, description="Round trip to San Jose [ms]")
    land_usd_per_acre: float = Field(ge=0, description="Price of land [USD/acre]")
    tax: str = Field(default="", description="Tax incentives")
    evidence: str = Field(default="", description="Campuses at or near the site")

    @model_validator(mode="after")
    def _clock_fits_longitude(self) -> Self:
        solar = self.longitude_deg / 15
        if abs(self.utc_offset_h - solar) > _MAX_CLOCK_ERROR_H:
            msg = (
                f"utc_offset_h {self.utc_offset_h} does not fit longitude_deg "
                f"{self.longitude_deg} (the sun says {solar:.1f} h); try the other sign, "
                "or whether latitude and longitude are exchanged"
            )
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _basis_within_its_range(self) -> Self:
        low = self.gas_basis_low_usd_per_mmbtu
        high = self.gas_basis_high_usd_per_mmbtu
        basis = self.gas_basis_usd_per_mmbtu
        if (low is not None and low > basis) or (high is not None and high < basis):
            msg = (
                f"gas_basis_usd_per_mmbtu {basis} lies outside its own range {low} to {high}; "
                "try gas_basis_low and gas_basis_high again"
            )
            raise ValueError(msg)
        return self
