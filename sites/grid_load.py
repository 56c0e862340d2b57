"""How much electricity a grid area uses: energy, peaks and growth of its load."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field

from sites.errors import UnknownNameError
from sites.table import DATA, read_rows

SOURCE = "EIA Form 930, cleaned by Ruggles and Farnham, doi:10.5281/zenodo.3517197, CC BY 4.0"


class AreaLoad(BaseModel):
    """Load of a grid area in 2024, all customers, as metered at the transmission system."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    grid_area: str = Field(min_length=1, description="Area or region of EIA Form 930")
    annual_twh: float = Field(gt=0, description="Energy of 2024 [TWh]")
    mean_mw: float = Field(gt=0, description="Mean load of 2024 [MW]")
    peak_mw: float = Field(gt=0, description="Highest hour of 2024 [MW]")
    load_factor: float = Field(gt=0, le=1, description="Mean over peak [1]")
    summer_peak_mw: float = Field(gt=0, description="Highest hour, April to September [MW]")
    winter_peak_mw: float = Field(gt=0, description="Highest hour, October to March [MW]")
    growth_per_year: float = Field(description="Mean growth of energy, 2020 to 2024 [1/a]")

    @property
    def peaks_in(self) -> str:
        """``summer`` or ``winter``."""
        return "summer" if self.summer_peak_mw >= self.winter_peak_mw else "winter"


@cache
def area_loads() -> Mapping[str, AreaLoad]:
    """Return the load of 59 balancing areas and zones and of 13 regions, by name.

    Returns
    -------
    mapping of str to AreaLoad
        The areas of `sites.grid.grid_areas`; cannot be changed.
    """
    rows = (AreaLoad.model_validate(row) for _, row in read_rows(DATA / "grid_area_load.csv"))
    return MappingProxyType({row.grid_area: row for row in rows})


def area_load(grid_area: str) -> AreaLoad:
    """Return the load of a grid area.

    Raises
    ------
    UnknownNameError
        If there is no such area; it names areas with similar names.

    Examples
    --------
    >>> area_load("ERCO-WEST").annual_twh
    11.857
    """
    try:
        return area_loads()[grid_area]
    except KeyError:
        kind = "grid area"
        raise UnknownNameError(kind, grid_area, area_loads()) from None
