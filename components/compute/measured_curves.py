"""Which measured curve stands above the model of a rack, and how it holds for other setups."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf
from types import MappingProxyType

from components.compute.correction import Correction, ModelAt
from components.compute.curves import Counted, Curve, curve_of, nearest
from components.compute.formats import BYTES, WeightFormat
from components.compute.measured import MeasuredPoint
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Performance, Traffic

Key = tuple[str, str, str]
"""Model, rack and mode."""

LENT = "lent"
"""No mode: asked for where a curve was measured on another rack."""

LEAST_POINTS = 2
"""Speeds of a curve; a lone point says nothing of other speeds [1]."""


@dataclass(frozen=True, slots=True)
class Setup:
    """How a model was served when it was measured, where that is not free.

    Attributes
    ----------
    mode
        Empty: the one that is asked.
    weight_format
        Of the experts; None: whatever is best.
    kv_format
        Of the cache.
    drafting
        Whether tokens were drafted; None: whatever is best.
    most_chips
        Of one decode instance; None: any number [chips].
    """

    mode: str = ""
    weight_format: WeightFormat | None = None
    kv_format: str = "fp8"
    drafting: bool | None = None
    most_chips: int | None = None

    def figures(
        self, model: LanguageModel, software: ServingSoftware
    ) -> tuple[LanguageModel, ServingSoftware]:
        """Return model and software that leave nothing else to choose.

        Raises
        ------
        KeyError
            If the model has no weights in that format.
        """
        if self.weight_format:
            size = {self.weight_format: model.weights_gb[self.weight_format]}
            model = model.model_copy(update={"weights_gb": size})
        if self.drafting is not None:
            software = software.model_copy(update={"drafting": self.drafting})
        return model, software

    def __str__(self) -> str:
        """Return it in words."""
        drafts = {True: ", with drafts", False: ", without drafts", None: ""}[self.drafting]
        chips = f", at most {self.most_chips} chips" if self.most_chips else ""
        mode = f", {self.mode}" if self.mode else ""
        return f"{self.weight_format or 'any'} weights{drafts}{chips}{mode}"


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredCurve:
    """A curve and the setup that it was measured with."""

    setup: Setup
    curve: Curve


def measured_curves(
    points: Mapping[str, MeasuredPoint],
) -> Mapping[Key, tuple[MeasuredCurve, ...]]:
    """Gather measured points to curves: those of one setup and of the same lengths.

    Points of prefill, those that say no speed and lone points are on none.

    Parameters
    ----------
    points : name to MeasuredPoint
        Of the catalog.
    """
    groups: dict[tuple[Key, Setup, float, float, Counted], list[tuple[float, float]]] = {}
    for point in points.values():
        if point.counts == "prefill" or point.tokens_per_s_per_user is None:
            continue
        key: Key = (point.model, point.rack, point.mode)
        setup = Setup(
            point.mode, point.weight_format, point.kv_format, point.drafting, point.most_chips
        )
        gpus: Counted = "decode" if point.gpus_counted == "decode" else "all"
        output = point.tokens_per_s_per_gpu
        if point.counts == "total":
            output *= point.output_tokens / (point.input_tokens + point.output_tokens)
        group = (key, setup, point.input_tokens, point.output_tokens, gpus)
        groups.setdefault(group, []).append((point.tokens_per_s_per_user, output))
    found: dict[Key, tuple[MeasuredCurve, ...]] = {}
    for (key, setup, taken, given, gpus), pairs in groups.items():
        if len({speed for speed, _ in pairs}) < LEAST_POINTS:
            continue
        curve = curve_of(
            pairs,
            input_tokens=taken,
            output_tokens=given,
            gpus=gpus,
            source=f"measured with {setup}",
        )
        found[key] = (*found.get(key, ()), MeasuredCurve(setup, curve))
    return MappingProxyType(found)


def curves_for(
    curves: Mapping[Key, tuple[MeasuredCurve, ...]], model: str, rack: str, mode: str
) -> tuple[MeasuredCurve, ...]:
    """Return the curves of a mode; without one, those of the other: a chip and its software stay.

    Curves of mode ``afd`` stand for nothing else, and nothing else for it.
    """
    other = {"split": "colocated", "colocated": "split"}.get(mode, mode)
    return curves.get((model, rack, mode)) or curves.get((model, rack, other), ())


def lender(
    curves: Mapping[Key, tuple[MeasuredCurve, ...]],
    model: str,
    name: str,
    mode: str,
    racks: Mapping[str, Rack],
) -> str:
    """Return the rack whose curves stand for a rack: itself, or one that runs the same software.

    Of a curve that is lent only the ratio of measured over model holds: what software reaches is
    its own, and `Standing` is then asked for mode `LENT`.

    Parameters
    ----------
    curves
        Of all models, racks and modes.
    model, name, mode
        Of whose curve is wanted.
    racks
        Those of the catalog.

    Returns
    -------
    str
        Empty if nothing was measured on any.
    """
    software = racks[name].software
    like = [other for other, rack in racks.items() if software and rack.software == software]
    return next((n for n in (name, *like) if curves_for(curves, model, n, mode)), "")


def lent(found: Performance | Infeasible, rack: str) -> Performance | Infeasible:
    """Say that nobody has measured it: the curve is of another rack."""
    if isinstance(found, Infeasible) or not found.measured:
        return found
    return replace(found, measured=False, notes=(*found.notes, f"measured on {rack}"))


class Standing:
    """The curve of one model on one rack in one mode that stands above its model at some traffic.

    Of several it is that of the setup which is likest to the best: files first, then the
    narrowest weights, drafts, and most chips; then that of the nearest lengths. What was measured
    over what the model gives in the same setup is a property of rack and software at a speed, and
    holds for the setup that is best at the traffic too.

    Parameters
    ----------
    curves
        Of that model, rack and mode.
    traffic
        Its speed does not matter.
    model_as
        Setup to the model that is held to it.
    mode
        The one that is asked.

    Attributes
    ----------
    chosen
        The curve and its setup; None if nothing was measured.
    """

    def __init__(
        self,
        curves: Iterable[MeasuredCurve],
        traffic: Traffic,
        model_as: Callable[[Setup], ModelAt],
        mode: str,
    ) -> None:
        self.chosen = _likest(tuple(curves), traffic)
        self._correction: Correction | None = None
        if self.chosen is not None:
            setup = self.chosen.setup
            self._correction = Correction(
                self.chosen.curve,
                traffic,
                model_as(Setup()),
                model_as(setup),
                same_mode=setup.mode in ("", mode),
            )

    def of(self, found: Performance | Infeasible, traffic: Traffic) -> Performance | Infeasible:
        """Return what racks give with the curve above the model.

        Parameters
        ----------
        found
            What the model gives at the traffic, free to choose its setup.
        """
        return found if self._correction is None else self._correction.of(found, traffic)


def _likest(curves: tuple[MeasuredCurve, ...], traffic: Traffic) -> MeasuredCurve | None:
    if not curves:
        return None
    best = min((each.setup for each in curves), key=_order)
    alike = [each for each in curves if _order(each.setup) == _order(best)]
    near = nearest((each.curve for each in alike), traffic)
    return next(each for each in alike if each.curve is near)


def _order(setup: Setup) -> tuple[float, bool, float]:
    """Return what setups are sorted by: bytes of weights, no drafts, fewer chips."""
    size = BYTES[setup.weight_format] if setup.weight_format else 0.0
    return size, setup.drafting is False, -(setup.most_chips or inf)
