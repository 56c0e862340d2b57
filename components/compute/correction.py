"""A measured curve put above the performance model, at its own lengths and at others."""

from collections.abc import Callable
from dataclasses import replace

from components.compute.curves import NO_LIMIT_S, Counted, Curve, curve_of
from components.compute.traffic import Infeasible, Performance, Traffic

ModelAt = Callable[[Traffic], Performance | Infeasible]
"""The performance model of one language model on one rack in one mode, at any traffic."""


def correct(
    found: Performance | Infeasible, traffic: Traffic, curve: Curve, model_at: ModelAt
) -> Performance | Infeasible:
    """Put a measured curve above what the model gives at some traffic.

    For several speeds at the same lengths, `Correction` does not work out everything each time.

    Parameters
    ----------
    found
        What the model gives at the traffic.
    traffic
        What is asked.
    curve
        Measured on the same rack, with the same model and mode.
    model_at
        The same model at any traffic.

    Returns
    -------
    Performance or Infeasible
        ``measured``, with a note of what was done. Infeasible only if neither the model nor
        the curve serves at that speed.
    """
    return Correction(curve, traffic, model_at).of(found, traffic)


class Correction:
    """A curve carried over to the lengths of some traffic, and to the setup that is run there.

    At each of its speeds, output there is that of the model times the ratio of measured over model
    at the curve's own lengths and setup; at the same lengths never less than was measured. Points
    that end up below a faster one are left out, so that output falls with speed, as it does in the
    model.

    Parameters
    ----------
    curve, traffic, model_at
        As in `correct`; the speed of the traffic does not matter.
    like_at
        The model held to the setup that was measured; None: ``model_at``.
    same_mode
        Whether it was measured in the mode that is asked.
    """

    def __init__(
        self,
        curve: Curve,
        traffic: Traffic,
        model_at: ModelAt,
        like_at: ModelAt | None = None,
        *,
        same_mode: bool = True,
    ) -> None:
        self._curve = curve
        self._same = same_mode and curve.has_lengths_of(traffic)
        self._model_at = model_at
        self._here = _carried(curve, traffic, model_at, like_at or model_at, same=self._same)

    def of(self, found: Performance | Infeasible, traffic: Traffic) -> Performance | Infeasible:
        """Return what racks give at a speed: measured, or the model in its proportion."""
        here = self._here
        if here is None:
            return found
        if isinstance(found, Performance):
            return self._measured(here, found, traffic)
        slower = self._slower(here, traffic)
        if isinstance(slower, Infeasible):
            return found
        why = f"the model says {found.why}; layout and step are those of a slower user"
        return self._measured(here, replace(slower, notes=(*slower.notes, why)), traffic)

    def _slower(self, here: Curve, traffic: Traffic) -> Performance | Infeasible:
        """Return the model at the fastest speed of the curve that it reaches.

        Not if what fails is something else than the speed, or the curve does not reach it either.
        """
        speed = traffic.tokens_per_s_per_user
        unhurried = self._model_at(replace(traffic, first_token_s=NO_LIMIT_S))
        if speed > here.fastest or isinstance(unhurried, Performance):
            return Infeasible("not for the speed")
        for slower in sorted((here.slowest / 2, *here.speeds.tolist()), reverse=True):
            if slower < speed:
                found = self._model_at(replace(traffic, tokens_per_s_per_user=slower))
                if isinstance(found, Performance):
                    return found
        return Infeasible("not at a slower speed either")

    def _measured(self, here: Curve, model: Performance, traffic: Traffic) -> Performance:
        speed = traffic.tokens_per_s_per_user
        end = min(max(speed, here.slowest), here.fastest)
        target = here.output_at(end)
        if end != speed:
            at_end = self._model_at(replace(traffic, tokens_per_s_per_user=end))
            if isinstance(at_end, Performance):
                target *= _counted(model, here.gpus) / _counted(at_end, here.gpus)
        note = self._note(target / _counted(model, here.gpus), beyond=end != speed)
        return replace(
            scaled(model, target, here.gpus),
            tokens_per_s_per_user=max(model.tokens_per_s_per_user, speed)
            if end != speed
            else speed,
            measured=True,
            notes=(*model.notes, note),
        )

    def _note(self, ratio: float, *, beyond: bool) -> str:
        curve = self._curve
        said = f"{curve.source}: {ratio:.2f} of the model"
        if not self._same:
            said += f", measured at {curve.input_tokens:,.0f} in and {curve.output_tokens:,.0f} out"
        if beyond:
            said += f", measured from {curve.slowest:.3g} to {curve.fastest:.3g} tokens/s/user"
        return said


def scaled(model: Performance, output: float, gpus: Counted) -> Performance:
    """Return a performance with another output of one GPU, and racks in proportion.

    Parameters
    ----------
    output
        Output of one of the GPUs that are counted [tokens/s].
    gpus
        ``decode``: prefill stays as it is; ``all``: both change by the same factor.
    """
    if gpus == "all":
        factor = output / model.output_tokens_per_s_per_gpu
        decode, prefill = model.decode_tokens_per_s_per_gpu * factor, factor
        total = output
    else:
        before = 1 / model.output_tokens_per_s_per_gpu - 1 / model.decode_tokens_per_s_per_gpu
        decode, prefill = output, 1.0
        total = 1 / (1 / output + before)
    slower = model.output_tokens_per_s_per_gpu / total
    racks = {name: number * slower for name, number in model.racks_per_ktoken_s.items()}
    return replace(
        model,
        racks_per_ktoken_s=racks,
        output_tokens_per_s_per_gpu=total,
        decode_tokens_per_s_per_gpu=decode,
        prefill_tokens_per_s_per_gpu=model.prefill_tokens_per_s_per_gpu * prefill,
    )


def _counted(model: Performance, gpus: Counted) -> float:
    """Return the output of one of the GPUs that are counted [tokens/s]."""
    if gpus == "all":
        return model.output_tokens_per_s_per_gpu
    return model.decode_tokens_per_s_per_gpu


def _carried(
    curve: Curve, traffic: Traffic, model_at: ModelAt, like_at: ModelAt, *, same: bool
) -> Curve | None:
    """Return a curve at other lengths and setup; None if the model compares at none of its speeds.

    Where the model does not reach a measured speed at the curve's own lengths, the ratio of
    the next slower point holds; where it does not at the other lengths, the curve ends.
    """
    points: list[tuple[float, float]] = []
    ratio: float | None = None
    for speed, output in zip(curve.speeds.tolist(), curve.outputs.tolist(), strict=True):
        there = like_at(curve.traffic_at(speed))
        if isinstance(there, Performance):
            ratio = output / _counted(there, curve.gpus)
        here = model_at(replace(traffic, tokens_per_s_per_user=speed))
        found = [output] if same else []
        if ratio is not None and isinstance(here, Performance):
            found.append(ratio * _counted(here, curve.gpus))
        if found:
            points.append((speed, max(found)))
    if not points:
        return None
    return curve_of(
        points,
        input_tokens=traffic.input_tokens,
        output_tokens=traffic.output_tokens,
        gpus=curve.gpus,
        source=curve.source,
    )
