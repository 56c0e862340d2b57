"""The racks in use and what they give: the performance model with measured curves above it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeVar

from components.base import Parameters
from components.catalog.loader import load_family
from components.compute.afd import serve_apart
from components.compute.correction import ModelAt
from components.compute.measured import MeasuredPoint
from components.compute.measured_curves import (
    LENT,
    Key,
    MeasuredCurve,
    Setup,
    Standing,
    curves_for,
    lender,
    lent,
    measured_curves,
)
from components.compute.rack import Rack
from components.compute.serving import serve
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Performance, Traffic
from planner.curve_files import read_curves
from planner.remembered import remembered
from planner.scenario import Scenario
from planner.workloads import Asked

P = TypeVar("P", bound=Parameters)

SOFTWARE_OF = 2026.5
"""Date of the software in the catalog: what racks gain by software counts from it [a]."""

SERVED, SERVED_APART = remembered(serve), remembered(serve_apart)
"""The two searches, which a sweep would else repeat at every point."""

Serve = Callable[[Traffic, float], tuple[Performance, ...] | Infeasible]
"""What racks give at some traffic and share of the cached input that is held."""


@dataclass(frozen=True, eq=False)
class Fleet:
    """The racks in use, and how they are run.

    Attributes
    ----------
    scenario
        Says which modes, formats and claims hold.
    racks : name to Rack
        What may be bought.
    """

    scenario: Scenario
    racks: Mapping[str, Rack]

    def of_kind(self, kind: str) -> dict[str, Rack]:
        """Return the racks of one kind."""
        return {name: rack for name, rack in self.racks.items() if rack.kind == kind}

    @cached_property
    def software(self) -> dict[str, ServingSoftware]:
        """Software of the catalog by name."""
        return _family("serving_software", ServingSoftware)

    @cached_property
    def curves(self) -> dict[Key, tuple[MeasuredCurve, ...]]:
        """Curves of the scenario's files; where it has none, those of the catalog's points."""
        serving = self.scenario.serving
        points = _family("measured", MeasuredPoint) if serving.measured else {}
        found = dict(measured_curves(points))
        for key, curves in read_curves(serving.curves).items():
            found[key] = tuple(MeasuredCurve(Setup(mode=key[2]), curve) for curve in curves)
        return found

    @property
    def haircut(self) -> float | None:
        """Haircut of racks that nobody has measured; None: each rack's own [1]."""
        return 0.0 if self.scenario.serving.claims == "vendor" else None

    def software_gain(self, name: str, year: float) -> float:
        """Return the output of a rack in a year over that with the catalog's software [1].

        It grows by ``serving.software_gain_per_year`` for ``software_gain_years`` from the later of
        the rack's release and the date of the software.
        """
        rack, serving = self.racks[name], self.scenario.serving
        if rack.kind not in ("accelerator", "ffn"):
            return 1.0
        since = year - max(rack.release_month / 12, SOFTWARE_OF)
        years = min(max(since, 0.0), serving.software_gain_years)
        return float((1 + serving.software_gain_per_year) ** years)

    def alone(self, asked: Asked, name: str, mode: str) -> Serve:
        """Return what racks of one kind give; a measured curve stands above the model.

        A rack without one takes that of a rack whose software is the same row of the catalog, as
        a ratio of measured over model: what software reaches is its own.
        """
        model = asked.model
        measured = lender(self.curves, asked.model_name, name, mode, self._catalog)
        curves = curves_for(self.curves, asked.model_name, measured or name, mode)

        def model_as(share: float, setup: Setup) -> ModelAt:
            free = setup == Setup()
            rack = self.racks[name] if free or not measured else self._catalog[measured]
            held, software = setup.figures(model, self.software[rack.software])
            return lambda traffic: SERVED(
                held, name, rack, software, traffic,
                mode=setup.mode or mode, held_share=share, haircut=self.haircut,
                kv_format=self.scenario.serving.kv_format if free else setup.kv_format,
                most_chips=setup.most_chips,
            )  # fmt: skip

        def found(traffic: Traffic, share: float) -> tuple[Performance, ...] | Infeasible:
            given = model_as(share, Setup())(traffic)
            own = mode if measured == name else LENT
            standing = Standing(curves, traffic, partial(model_as, share), own)
            given = standing.of(given, traffic)
            if measured not in ("", name):
                given = lent(given, measured)
            return given if isinstance(given, Infeasible) else (given,)

        return found

    @cached_property
    def _catalog(self) -> dict[str, Rack]:
        """Racks of the catalog, with the scenario's figures where they are in use."""
        return {**_family("rack", Rack), **self.racks}

    def apart(self, asked: Asked, name: str, ffn: str) -> Serve:
        """Return what racks give whose feed-forward layers run elsewhere."""
        model, rack = asked.model, self.racks[name]
        serving = self.scenario.serving

        def found(traffic: Traffic, share: float) -> tuple[Performance, ...] | Infeasible:
            return SERVED_APART(
                model, name, rack, self.software[rack.software], ffn, self.racks[ffn], traffic,
                held_share=share, kv_format=serving.kv_format,
                haircut=self.haircut, ffn_haircut=self.haircut,
            )  # fmt: skip

        return found


def _family(name: str, kind: type[P]) -> dict[str, P]:
    entries = load_family(name).items()
    return {key: e.parameters for key, e in entries if isinstance(e.parameters, kind)}
