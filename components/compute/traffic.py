"""What users ask of a rack, and what it gives: the words between demand and hardware."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests of one kind.

    Attributes
    ----------
    input_tokens, output_tokens
        Of the mean request, the cached part of the input included [tokens].
    tokens_per_s_per_user
        Least speed at which a user gets output: interactivity [tokens/s].
    first_token_s
        Longest time to first token [s].
    cached_share
        Input that stood in the same session's context before: it need not be computed if it is
        still held somewhere [1].
    """

    input_tokens: float
    output_tokens: float
    tokens_per_s_per_user: float
    first_token_s: float = 10.0
    cached_share: float = 0.0

    @property
    def new_tokens(self) -> float:
        """Input of a request that has to be computed if all of the cached is held [tokens]."""
        return self.input_tokens * (1 - self.cached_share)

    @property
    def mean_context(self) -> float:
        """Context of the mean output token [tokens]."""
        return self.input_tokens + self.output_tokens / 2


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """What a set of racks gives at one kind of traffic.

    Input tokens are counted apart from output tokens, and the GPUs that are counted are all:
    those of prefill and those of decode.

    Attributes
    ----------
    mode
        ``colocated``, ``split`` (prefill and decode on racks of their own) or ``afd`` (attention
        on accelerators, feed-forward layers on ``ffn`` racks).
    racks_per_ktoken_s : rack to number
        Racks in order that give 1000 output tokens/s [racks s/1000 tokens].
    output_tokens_per_s_per_gpu
        Over all accelerators of prefill and decode; ``ffn`` chips not counted [tokens/s].
    decode_tokens_per_s_per_gpu
        Over the accelerators that decode alone [tokens/s].
    prefill_tokens_per_s_per_gpu
        Computed input tokens of one accelerator that does nothing else [tokens/s].
    tokens_per_s_per_user
        What a user gets: at least what was asked [tokens/s].
    first_token_s
        Time to first token without queueing [s].
    batch
        Live sequences of one decode instance [sequences].
    layout
        Such as ``TP8`` or ``EP64``: accelerators of one decode instance and how they share it.
    step_us : part to number
        Time of one decode step by part, such as ``attention``, ``experts``, ``network``,
        ``fixed``, ``head`` [us]; they sum to the step.
    bound_by
        What takes most of the step and why, such as ``attention: memory``.
    kv_gb_per_sequence
        Cache of one live sequence at the mean context [GB].
    measured
        Whether a measured curve stands above the model.
    notes
        What a reader should know: a haircut, a curve that was extended.
    """

    mode: str
    racks_per_ktoken_s: Mapping[str, float]
    output_tokens_per_s_per_gpu: float
    decode_tokens_per_s_per_gpu: float
    prefill_tokens_per_s_per_gpu: float
    tokens_per_s_per_user: float
    first_token_s: float
    batch: float
    layout: str
    step_us: Mapping[str, float]
    bound_by: str
    kv_gb_per_sequence: float
    measured: bool = False
    notes: tuple[str, ...] = field(default=())

    def total_tokens_per_s_per_gpu(self, traffic: Traffic) -> float:
        """Return input and output tokens over all accelerators, as public charts count."""
        ratio = traffic.input_tokens / traffic.output_tokens
        return self.output_tokens_per_s_per_gpu * (1 + ratio)


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Why racks cannot serve a kind of traffic.

    Attributes
    ----------
    why
        Such as ``weights: 689 GB in 640 GB`` or ``30 tokens/s/user at most``.
    """

    why: str
