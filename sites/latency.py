"""Round trips between sites and the people of metropolitan areas."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field

from sites.normals import distance_km
from sites.site import Site
from sites.table import DATA, ColumnFact, read_facts, read_rows

FIBRE_KM_PER_MS = 204.0
"""Light in fibre: 299.8 km/ms over a group index of 1.47 (ITU-T G.652), about 2/3 c [km/ms]."""

PATH_FACTOR = 1.4
"""Length of a fibre route over the great circle [1].

Shortest paths through the long-haul conduits of the US are 1.3 times as long between the 120
largest centres, in the median; latency on the Internet is as of 2.1 times (Bozkurt et al.,
"Dissecting latency in the Internet's fiber infrastructure", arXiv 1811.10737). A campus buys its
own routes.
"""

FIXED_MS = 0.3
"""Of switches and the way into the city, there and back [ms]."""


class Metro(BaseModel):
    """A metropolitan area whose people are served."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    id: str = Field(min_length=1, description="Short name")
    name: str = Field(min_length=1, description="First city")
    state: str = Field(min_length=2, max_length=2, description="State of the city")
    latitude_deg: float = Field(ge=-90, le=90, description="North is positive [degree]")
    longitude_deg: float = Field(ge=-180, le=180, description="East is positive [degree]")
    population: int = Field(gt=0, description="Of the area, 1 July 2024 [people]")


@cache
def metros() -> Mapping[str, Metro]:
    """Return the 20 largest metropolitan areas of the United States, by id.

    Returns
    -------
    mapping of str to Metro
        From the largest to the smallest; cannot be changed.

    Examples
    --------
    >>> metros()["dallas"].population
    8344032
    """
    found = (Metro.model_validate(row) for _, row in read_rows(DATA / "metros.csv"))
    return MappingProxyType({metro.id: metro for metro in found})


@cache
def metro_facts() -> Mapping[str, ColumnFact]:
    """Return unit, confidence and source of every column of the table of metropolitan areas."""
    return read_facts(DATA / "metro_columns.csv")


@cache
def population_shares() -> Mapping[str, float]:
    """Return the share of each metropolitan area in the people of all of them [1].

    Examples
    --------
    >>> round(population_shares()["new_york"], 3)
    0.155
    """
    people = {name: metro.population for name, metro in metros().items()}
    total = sum(people.values())
    return MappingProxyType({name: each / total for name, each in people.items()})


def rtt_ms(site: Site, metro: str) -> float:
    r"""Return the round trip from a site to a metropolitan area and back [ms].

    .. math:: t = t_0 + 2 \frac{f d}{v}

    with the great circle d, the path factor f and the speed v of light in fibre. It is the formula
    of the round trips in the site table, whose whole numbers it meets within 0.6 ms. What is
    measured between users and servers is up to 1.5 times as long, by carrier and route.

    Parameters
    ----------
    site
        Where the racks are.
    metro
        A key of `metros`.

    Raises
    ------
    KeyError
        If there is no such metropolitan area.

    Examples
    --------
    >>> from sites.table import builtin_sites
    >>> round(rtt_ms(builtin_sites()["abilene_tx"], "dallas"), 1)
    4.2
    """
    here, there = site, metros()[metro]
    km = distance_km(here.latitude_deg, here.longitude_deg, there.latitude_deg, there.longitude_deg)
    return FIXED_MS + 2 * PATH_FACTOR * km / FIBRE_KM_PER_MS
