"""The numbers of a candidate site in orbit: what the formulation reads of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.base import Floats
from components.compute.recipe import Recipe
from components.orbit.orbital_rack import OrbitalRack
from components.orbit.satellite import Mass, Satellite


@dataclass(frozen=True, slots=True, eq=False)
class OrbitCase:
    """All numbers of one constellation.

    Attributes
    ----------
    name
        As in ``sites.orbit``.
    satellite_name, satellite
        Row of the catalog, with the scenario's changes and the months of integration and launch in
        its lead time.
    mass
        Of a kW of IT in orbit.
    racks : name to OrbitalRack
        What may fly; named after the rack and the constellation, and in ``case.racks`` too.
    refused : rack to reason
        Racks in use that cannot fly.
    launch_usd_per_kg : (n,)
        Price of a launch in each period [USD/kg].
    launch_t : (n,)
        Most that can be launched for service in each period; None: no limit [t].
    link_gbit_s : (n,)
        Most that its links carry; None: no limit [Gbit/s].
    gbit_per_mtoken : workload to (n,)
        What the links carry for a million output tokens, prompts and all [Gbit].
    in_order
        Share of the racks that run that serve at any time [1].
    rtt_ms
        From users anywhere [ms].
    """

    name: str
    satellite_name: str
    satellite: Satellite
    mass: Mass
    racks: Mapping[str, OrbitalRack]
    refused: Mapping[str, str]
    launch_usd_per_kg: Floats
    launch_t: Floats | None
    link_gbit_s: Floats | None
    gbit_per_mtoken: Mapping[str, Floats]
    in_order: float
    rtt_ms: float

    def carries(self, recipe: Recipe) -> bool:
        """Tell whether a recipe serves with racks of this constellation."""
        return any(rack in self.racks for rack in recipe.racks)

    @property
    def pue(self) -> float:
        """Power of the satellite over that of its racks [1]."""
        return 1 + self.satellite.overhead_share
