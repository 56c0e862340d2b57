"""Figures of a plant whose units fail and are taken out for upkeep, whatever it runs on."""

from pydantic import Field

from components.power.additions import UnitParameters


class PlantParameters(UnitParameters):
    """Figures shared by all plants that run when they are wanted."""

    variable_om_usd_per_mwh: float = Field(
        ge=0, description="Variable operation and maintenance [USD/MWh]"
    )
    forced_outage_share: float = Field(
        ge=0, lt=1, description="Share of hours on unplanned outage in base-load duty [1]"
    )
    planned_outage_h_per_year: float = Field(
        ge=0, lt=8760, description="Planned outage, refuelling included [h/a]"
    )


def in_order(p: PlantParameters) -> float:
    """Return the mean share of hours in which a unit is not on outage, planned or not [1]."""
    return (1 - p.forced_outage_share) * (1 - p.planned_outage_h_per_year / 8760)
