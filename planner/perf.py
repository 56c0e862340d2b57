"""What racks give at a kind of traffic, without a plan: the body of ``gigaplan perf``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from components.compute.afd import serve_apart
from components.compute.correction import ModelAt
from components.compute.measured_curves import (
    LENT,
    Key,
    MeasuredCurve,
    Setup,
    Standing,
    curves_for,
    lender,
    lent,
)
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.serving import serve
from components.compute.software import ServingSoftware
from components.compute.token_cost import TokenCost, kw_per_ktoken_s, token_cost
from components.compute.traffic import Infeasible, Performance, Traffic

SLOWEST = 5.0
"""Speed from which a curve is shown [tokens/s]."""

FASTEST = 20_000.0
"""No rack is asked for more [tokens/s]."""

SPEEDS = 12
"""Points of a curve that is shown as a table."""

HALVINGS = 12
"""Steps in which the fastest speed of a way is found, to a few thousandths."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What the cost of tokens is reckoned with.

    Attributes
    ----------
    cost_of_capital
        Real, per year [1].
    usd_per_mwh
        Of energy at the meter [USD/MWh].
    pue
        Power at the meter over that of the racks [1].
    """

    cost_of_capital: float = 0.08
    usd_per_mwh: float = 60.0
    pue: float = 1.2


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Figures by name, and measured curves by model, rack and mode."""

    models: Mapping[str, LanguageModel]
    racks: Mapping[str, Rack]
    software: Mapping[str, ServingSoftware]
    curves: Mapping[Key, tuple[MeasuredCurve, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """Racks and the mode in which they serve.

    Attributes
    ----------
    rack
        The accelerators.
    mode
        ``colocated``, ``split`` or ``afd``.
    ffn_rack
        With ``afd``, what holds the feed-forward layers; else empty.
    """

    rack: str
    mode: str
    ffn_rack: str = ""

    @property
    def label(self) -> str:
        """Racks and mode on one line."""
        racks = f"{self.rack} + {self.ffn_rack}" if self.ffn_rack else self.rack
        return f"{racks}, {self.mode}"


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What one way gives at one speed.

    Attributes
    ----------
    way, traffic
        What was asked.
    found
        What it gives, or why it cannot.
    cost
        Of a million output tokens; None where it cannot serve.
    kw_per_ktoken_s
        Rated power for 1000 output tokens/s; None where it cannot serve [kW s/1000 tokens].
    """

    way: Way
    traffic: Traffic
    found: Performance | Infeasible
    cost: TokenCost | None = None
    kw_per_ktoken_s: float | None = None


class Server:
    """One way to serve one model, at any speed of one kind of traffic.

    Parameters
    ----------
    known
        Figures of the model and the racks, and curves.
    model, way
        Names in it.
    traffic
        Its speed does not matter.
    prices
        What costs are reckoned with, and what of several ways with ``afd`` is best.
    data_sheet
        Whether racks that nobody has measured are believed: no haircut.
    """

    def __init__(
        self,
        known: Known,
        model: str,
        way: Way,
        traffic: Traffic,
        prices: Prices,
        *,
        data_sheet: bool = False,
    ) -> None:
        self.way = way
        self._known, self._traffic, self._prices = known, traffic, prices
        self._model = known.models[model]
        self._haircut = 0.0 if data_sheet else None
        self._lender = lender(known.curves, model, way.rack, way.mode, known.racks)
        lends = self._lender not in ("", way.rack)
        self.measured = curves_for(known.curves, model, way.rack, way.mode)
        found = curves_for(known.curves, model, self._lender or way.rack, way.mode)
        self._standing = Standing(found, traffic, self._model_as, LENT if lends else way.mode)

    def at(self, speed: float) -> Answer:
        """Return what it gives at a speed [tokens/s]: measured where a curve stands above."""
        traffic = replace(self._traffic, tokens_per_s_per_user=speed)
        found = self._standing.of(self.model_at(traffic), traffic)
        if self._lender not in ("", self.way.rack):
            found = lent(found, self._lender)
        if isinstance(found, Infeasible):
            return Answer(self.way, traffic, found)
        needed = found.racks_per_ktoken_s
        racks = self._known.racks
        return Answer(self.way, traffic, found, self._cost(found), kw_per_ktoken_s(needed, racks))

    def fastest(self) -> float:
        """Return the greatest speed at which it serves; 0 if it does at none [tokens/s]."""
        if isinstance(self.at(SLOWEST).found, Infeasible):
            return 0.0
        low, high = SLOWEST, FASTEST
        for _ in range(HALVINGS):
            middle = (low * high) ** 0.5
            if isinstance(self.at(middle).found, Infeasible):
                high = middle
            else:
                low = middle
        return low

    def model_at(self, traffic: Traffic) -> Performance | Infeasible:
        """Return what the performance model says, without measured curves."""
        return self._model_as(Setup())(traffic)

    def _model_as(self, setup: Setup) -> ModelAt:
        """Return the performance model, held to a setup."""
        own = setup == Setup() or not self._lender
        name = self.way.rack if own else self._lender
        rack = self._known.racks[name]
        if not rack.software:
            nothing = Infeasible(f"a rack of kind {rack.kind} serves no model by itself")
            return lambda _: nothing
        model, software = setup.figures(self._model, self._known.software[rack.software])
        return partial(
            self._apart if self.way.mode == "afd" else self._together, name, model, software, setup
        )

    def _together(
        self,
        name: str,
        model: LanguageModel,
        software: ServingSoftware,
        setup: Setup,
        traffic: Traffic,
    ) -> Performance | Infeasible:
        return serve(
            model,
            name,
            self._known.racks[name],
            software,
            traffic,
            mode=setup.mode or self.way.mode,
            kv_format=setup.kv_format,
            haircut=self._haircut,
            most_chips=setup.most_chips,
        )

    def _apart(
        self,
        name: str,
        model: LanguageModel,
        software: ServingSoftware,
        setup: Setup,
        traffic: Traffic,
    ) -> Performance | Infeasible:
        """Return the cheapest split between accelerators and racks of feed-forward layers."""
        found = serve_apart(
            model,
            name,
            self._known.racks[name],
            software,
            self.way.ffn_rack,
            self._known.racks[self.way.ffn_rack],
            traffic,
            kv_format=setup.kv_format,
            haircut=self._haircut,
            ffn_haircut=self._haircut,
        )
        if isinstance(found, Infeasible):
            return found
        return min(found, key=lambda each: self._cost(each).usd_per_mtok)

    def _cost(self, found: Performance) -> TokenCost:
        return token_cost(
            found.racks_per_ktoken_s,
            self._known.racks,
            cost_of_capital=self._prices.cost_of_capital,
            usd_per_mwh=self._prices.usd_per_mwh,
            pue=self._prices.pue,
        )


def curve(server: Server, fastest: float) -> Iterator[Answer]:
    """Yield what a way gives at speeds evenly apart in logarithms, until it can serve no more.

    Parameters
    ----------
    server
        The way.
    fastest
        Of all ways that are compared, so that they are asked the same [tokens/s].
    """
    for speed in np.geomspace(SLOWEST, max(fastest, 2 * SLOWEST), SPEEDS):
        answer = server.at(rounded(float(speed)))
        yield answer
        if isinstance(answer.found, Infeasible):
            return


def rounded(speed: float) -> float:
    """Cut a speed to two digits, so that it can be read and typed.

    >>> rounded(127.3), rounded(5.0)
    (120.0, 5.0)
    """
    unit = 10 ** (np.floor(np.log10(speed)) - 1)
    return float(np.floor(speed / unit + 1e-9) * unit)
