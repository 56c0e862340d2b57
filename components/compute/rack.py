"""Rack-scale compute systems."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal, Self

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Setting
from components.power.additions import UnitParameters, add_units
from components.taxes import COMPUTER_YEARS

Amount = Annotated[float, Field(ge=0)]


class Rack(UnitParameters):
    """Parameters of a rack; ``capex_usd_per_kw`` is its price over its rated power.

    Figures of compute are those of one chip, dense, at peak; what a kind of rack has not is 0.
    """

    vendor: str = Field(min_length=1, description="Who builds it")
    kind: Literal["accelerator", "ffn", "cpu", "storage"] = Field(
        default="accelerator",
        description=(
            "Serves whole models; only feed-forward layers, from SRAM; tools of agents; KV cache"
        ),
    )
    chips: int = Field(gt=0, description="Chips in the rack: packages as sold [chips]")
    cabinets: int = Field(default=1, gt=0, description="Cabinets that share its power [cabinets]")
    cooling: tuple[str, ...] = Field(min_length=1, description="Cooling types it can run on")
    release: str = Field(
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="Month of first volume shipment, YYYY-MM"
    )
    ingredients: Mapping[str, Amount] = Field(
        default_factory=dict,
        description="What one rack is made of, by ingredient, in its unit in chip_supply [units]",
    )
    ramp_per_year: float | None = Field(
        default=None,
        gt=0,
        description="Most racks of a year over those of the year before; none: no limit [1]",
    )
    ramp_seed_racks: float = Field(
        default=0.0, ge=0, description="Racks a year beside that growth, from the first [racks/a]"
    )
    bf16_pflops: float = Field(default=0.0, ge=0, description="Of one chip [PFLOPS]")
    fp8_pflops: float = Field(default=0.0, ge=0, description="Of one chip; 0: none [PFLOPS]")
    fp4_pflops: float = Field(default=0.0, ge=0, description="Of one chip; 0: none [PFLOPS]")
    memory_gb: float = Field(
        default=0.0, ge=0, description="HBM of one chip, or SRAM where that is all [GB]"
    )
    memory_tb_s: float = Field(default=0.0, ge=0, description="Bandwidth of it [TB/s]")
    domain_chips: int = Field(
        default=1, ge=1, description="Chips of one scale-up domain, over racks if larger [chips]"
    )
    topology: Literal["switched", "mesh", "torus", "two_tier"] = Field(
        default="switched",
        description="Of the scale-up domain; two_tier: switched racks joined by optics",
    )
    torus_dimensions: Literal[2, 3] | None = Field(
        default=None, description="Of a torus; none: it is none [1]"
    )
    domain_gb_s: float = Field(
        default=0.0, ge=0, description="Scale-up bandwidth of one chip, one way [GB/s]"
    )
    tier_chips: int | None = Field(
        default=None, gt=0, description="Chips below the optics of two_tier [chips]"
    )
    tier_gb_s: float | None = Field(
        default=None, gt=0, description="Bandwidth of one chip across the optics, one way [GB/s]"
    )
    nic_gb_s: float = Field(
        default=0.0, ge=0, description="Scale-out bandwidth of one chip, one way [GB/s]"
    )
    host_memory_tb: float = Field(default=0.0, ge=0, description="Of the rack, beside HBM [TB]")
    host_link_gb_s: float = Field(
        default=0.0, ge=0, description="From host memory to one chip, one way [GB/s]"
    )
    cores: int = Field(default=0, ge=0, description="CPU cores of the rack for tools [cores]")
    storage_tb: float = Field(default=0.0, ge=0, description="Flash of the rack [TB]")
    storage_gb_s: float = Field(
        default=0.0, ge=0, description="What the rack's flash and network read, one way [GB/s]"
    )
    weight_kg: float = Field(default=0.0, ge=0, description="Of the rack; 0: not known [kg]")
    software: str = Field(
        default="",
        description="Row of serving_software that runs it; empty: serves no model by itself",
    )
    haircut: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Of speed, off what the data sheet says, until somebody has measured it [1]",
    )

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of computers [a]."""
        return COMPUTER_YEARS

    def with_added_cost(self, share: float) -> Self:
        """Return the rack at a price that has scale-out network and storage in it.

        Parameters
        ----------
        share
            What they cost over the price of the rack alone; nothing is added to a rack for
            storage, which is some itself [1].
        """
        if self.kind == "storage":
            return self
        prices = {
            name: (1 + share) * price
            for name in ("capex_usd_per_kw", "capex_2030_usd_per_kw")
            if (price := getattr(self, name)) is not None
        }
        return self.model_copy(update=prices)

    @property
    def release_month(self) -> int:
        """Release counted in months from year 0."""
        year, month = self.release.split("-")
        return 12 * int(year) + int(month) - 1


def invest(block: pyo.Block, p: Rack, setting: Setting) -> Investment:
    """Add racks on one cooling type: not before their release and the lead time after it."""
    since_first = p.release_month - setting.periods.first_order_month
    found = add_units(block, p, setting, lead_months=max(since_first, 0) + p.lead_months)
    draws = {
        name: tuple(amount * n for n in found.units_added) for name, amount in p.ingredients.items()
    }
    return replace(found, draws={**found.draws, **draws})
