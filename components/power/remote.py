"""Plants beyond the fence: their power comes over a radial line of some miles, less its losses.

The line is sized with the plant, so that a MW of plant has its share of line and the losses
depend on how much of it runs and not on its size: circuits are divisible, as if shared with
neighbours. Where they are not, a unit of the plant is a whole circuit (`Remote.unit_mw`).
"""

import sys
from dataclasses import replace
from types import ModuleType
from typing import Self

import numpy as np
import pyomo.environ as pyo
from pydantic import Field, SerializeAsAny

from components.base import Expr, Floats, Investment, Operation, Profile, Setting, World
from components.finance import annual_charges
from components.power.additions import UnitParameters
from components.power.generator import priced
from components.power.line import SEGMENTS, Line, LossCurve, usd_per_mw
from components.taxes import TRANSMISSION_YEARS

NEEDS_GAS = False
SPARED = False

OUTPUT = "output_within_capacity"


class Remote(UnitParameters):
    """Parameters of a plant and its line; what is said of units and costs is the plant's."""

    name: str = Field(min_length=1, description="Of this plant and line")
    source: str = Field(min_length=1, description="Product that the plant is")
    plant: SerializeAsAny[UnitParameters] = Field(description="Figures of the plant")
    line: Line = Field(description="Figures of the line")
    at: str = Field(default="", description="Place of the plant; empty: weather of the campus")
    line_share: float = Field(
        default=1.0, gt=0, le=1, description="Rating of the line over that of the plant [1]"
    )
    segments: int = Field(
        default=SEGMENTS, ge=1, le=20, description="Pieces of the loss, if fuel is burnt [1]"
    )

    @classmethod
    def of(
        cls,
        name: str,
        source: str,
        plant: UnitParameters,
        line: Line,
        *,
        at: str = "",
        line_share: float = 1.0,
        whole_circuits: bool = False,
    ) -> Self:
        """Join a plant and a line: both have to be there, and a unit may be a whole circuit."""
        unit_mw = line.rating_mw / line_share if whole_circuits else plant.unit_mw
        lead_months = max(plant.lead_months, line.lead_months)
        far = plant.model_copy(update={"unit_mw": unit_mw, "lead_months": lead_months})
        shared = {figure: getattr(far, figure) for figure in UnitParameters.model_fields}
        return cls(
            **shared, name=name, source=source, plant=far, line=line, at=at, line_share=line_share
        )

    @property
    def technology(self) -> str:
        """Of the plant, whose vendors' supply it draws on; empty if it has none."""
        return str(getattr(self.plant, "technology", ""))

    @property
    def miles_figure(self) -> str:
        """Name of the figure of a place that says how long the line is; none: no such line."""
        return f"remote_miles@{self.name}"

    def line_usd_per_mw(self, miles: float, cost_ratio: float) -> float:
        """Return the overnight cost of the line that a MW of plant has [USD/MW]."""
        return self.line_share * usd_per_mw(self.line, miles, cost_ratio)


def invest(block: pyo.Block, p: Remote, setting: Setting) -> Investment:
    """Add the plant's units and the line that comes with them.

    Needs the figure ``line_cost_ratio``, and `Remote.miles_figure` where the line may be built;
    elsewhere the units are fixed at zero. The plant's credit is not the line's.
    """
    plant: Investment = module_of(p.plant).invest(block, p.plant, setting)
    miles = setting.figures.get(p.miles_figure)
    if miles is None:
        block.units_added.fix(0)
        return plant
    usd = p.unit_mw * p.line_usd_per_mw(miles, setting.figures["line_cost_ratio"])
    line_usd = tuple(usd * n for n in plant.units_added)
    charges = annual_charges(
        line_usd, p.line.life_years, setting, recovery_years=TRANSMISSION_YEARS
    )
    upkeep = [usd * p.line.fixed_om_share * n for n in plant.units]
    yearly = tuple(a + b for a, b in zip(charges, upkeep, strict=True))
    return replace(
        plant,
        annual_usd={**plant.annual_usd, "line": yearly},
        capex_usd=tuple(a + b for a, b in zip(plant.capex_usd, line_usd, strict=True)),
    )


def profile(p: Remote, world: World) -> Profile:
    r"""Return what can arrive in every hour, and what a MWh that arrives takes.

    A plant that takes nothing sends all it can, so that at most :math:`u - s u - r u^2` arrives,
    over the rating of the line, with loading u and losses s (steady) and r (resistance): the
    true, quadratic loss. A plant that takes something is cut into `Remote.segments` pieces of
    output, each with the loss :math:`l_k` of its chord: what is sent in a piece is bounded by its
    width, and a MWh of it that arrives takes :math:`1 / (1 - l_k)` times what a MWh of the plant
    does. Dear pieces come last, so they fill in order.

    Of the world the plant's own profiles and figures, with ``@`` and its place behind the name
    where it has one, and `Remote.miles_figure`; where there is none, nothing arrives.

    Returns
    -------
    Profile
        Of arrays (K, H): K pieces in each hour.
    """
    own = own_profile(p, world)
    sent = own.shares[OUTPUT] / p.line_share
    miles = world.figures.get(p.miles_figure)
    curve = LossCurve.of(p.line, miles or 0.0)
    if own.amounts:
        pieces = curve.segments(p.segments)
        kept = (1 - pieces.slope)[:, None]
        arrived = kept * pieces.filled(sent)
        amounts = {use: amount[None, :] / kept for use, amount in own.amounts.items()}
    else:
        arrived, amounts = curve.arrived(sent)[None, :], {}
    if miles is None:
        arrived = np.zeros_like(arrived)
    return Profile(shares={OUTPUT: p.line_share * arrived}, amounts=amounts)


def operate(block: pyo.Block, p: Remote, world: World, links: dict[str, Expr]) -> Operation:
    """Add the hours: what arrives A, in pieces, with ``0 <= A[k, h] <= share[k, h] * mw``."""
    found = profile(p, world)
    share, hours = found.shares[OUTPUT], world.hours
    pieces = range(len(share))
    block.output_mw = pyo.Var(pieces, hours.index, domain=pyo.NonNegativeReals)

    @block.Constraint(pieces, hours.index)
    def output_within_capacity(b, k, h):  # type: ignore[no-untyped-def]
        return b.output_mw[k, h] <= float(share[k, h]) * links["mw"]

    def of_piece(k: int) -> tuple[Expr, ...]:
        return tuple(block.output_mw[k, h] for h in hours.index)

    return Operation(
        power_mw=tuple(sum(block.output_mw[k, h] for k in pieces) for h in hours.index),
        uses={
            use: tuple(pair for k in pieces for pair in priced(of_piece(k), world, amount[k]))
            for use, amount in found.amounts.items()
        },
    )


def generated_mw(p: Remote, world: World, arrived_mw: Floats, mw: float) -> Floats:
    """Return the least that the plant has to generate so that so much arrives.

    Parameters
    ----------
    p, world
        As in `profile`.
    arrived_mw : (H,)
        At the campus [MW].
    mw
        Of the plant [MW].

    Returns
    -------
    (H,)
        At the plant, before the line [MW].
    """
    if mw <= 0:
        return np.zeros(len(arrived_mw))
    rating = mw * p.line_share
    curve = LossCurve.of(p.line, world.figures.get(p.miles_figure, 0.0))
    if own_profile(p, world).amounts:
        return rating * curve.segments(p.segments).sent(arrived_mw / rating)
    return rating * curve.sent(arrived_mw / rating)


def own_profile(p: Remote, world: World) -> Profile:
    """Return the profile of the plant at its own fence, before the line."""
    return module_of(p.plant).profile(p.plant, _there(world, p.at))  # type: ignore[no-any-return]


def module_of(figures: UnitParameters) -> ModuleType:
    """Return the module of a component's figures, which speaks the protocol of the README."""
    return sys.modules[type(figures).__module__]


def _there(world: World, at: str) -> World:
    """Return the world at the plant: what has its place behind the name goes before the rest."""
    if not at:
        return world
    end = f"@{at}"
    profiles = {n.removesuffix(end): v for n, v in world.profiles.items() if n.endswith(end)}
    figures = {n.removesuffix(end): v for n, v in world.figures.items() if n.endswith(end)}
    return World(world.hours, {**world.profiles, **profiles}, {**world.figures, **figures})
