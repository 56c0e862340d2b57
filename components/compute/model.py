"""Language models as a server sees them: weights, attention, experts and KV cache."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.base import Parameters
from components.compute.formats import BYTES, WeightFormat

Gigabytes = Annotated[float, Field(gt=0)]


class LanguageModel(Parameters):
    """Figures of one transformer, dense or mixture of experts."""

    developer: str = Field(min_length=1, description="Who trained it")
    params_b: float = Field(gt=0, description="All parameters, in thousand millions [10^9]")
    active_params_b: float = Field(
        gt=0, description="Parameters that one token passes, in thousand millions [10^9]"
    )
    layers: int = Field(gt=0, description="Transformer layers [layers]")
    dense_layers: int = Field(
        default=0, ge=0, description="Of them without routed experts [layers]"
    )
    hidden: int = Field(gt=0, description="Width of the residual stream [elements]")
    attention: Literal["mla", "gqa"] = Field(
        description="Multi-head latent attention, or grouped queries over shared keys and values"
    )
    query_heads: int = Field(gt=0, description="Attention heads of the queries [heads]")
    kv_heads: int = Field(
        default=1, gt=0, description="Heads of keys and values; 1 with mla [heads]"
    )
    score_width: int = Field(
        gt=0,
        description=(
            "Width of the dot product of one query head with a cached token: head width, or "
            "latent plus rotary with mla [elements]"
        ),
    )
    value_width: int = Field(
        gt=0, description="Width of what one head adds up: head width, or latent [elements]"
    )
    kv_elements_per_token: float = Field(
        gt=0, description="Cached elements of one token over all layers [elements]"
    )
    kv_fixed_mb_per_sequence: float = Field(
        default=0.0, ge=0, description="Cache that does not grow with the context, at 1 byte [MB]"
    )
    attended_tokens: int | None = Field(
        default=None,
        gt=0,
        description="Most cached tokens a query attends to; none: all of the context [tokens]",
    )
    index_elements_per_token: float = Field(
        default=0.0,
        ge=0,
        description="Cached elements that choose them, read for every token, all layers [elements]",
    )
    experts: int = Field(default=0, ge=0, description="Routed experts of a layer; 0: dense [1]")
    experts_per_token: int = Field(default=0, ge=0, description="Routed experts of a token [1]")
    shared_experts: int = Field(default=0, ge=0, description="Experts that all tokens pass [1]")
    expert_width: int = Field(default=0, ge=0, description="Inner width of one expert [elements]")
    weights_gb: Mapping[WeightFormat, Gigabytes] = Field(
        min_length=1, description="Format of the published weights to their size [GB]"
    )
    max_context_tokens: int = Field(gt=0, description="Longest context [tokens]")
    draft_tokens: int = Field(
        default=0, ge=0, description="Tokens it can draft itself in a step; 0: none [tokens]"
    )
    accepted_tokens: float = Field(
        default=1.0, ge=1, description="Tokens of a step that stand, with drafts [tokens]"
    )

    @model_validator(mode="after")
    def _experts_are_whole(self) -> Self:
        given = (self.experts > 0, self.experts_per_token > 0, self.expert_width > 0)
        if any(given) and not all(given):
            msg = "experts, experts_per_token and expert_width go together; try all three or none"
            raise ValueError(msg)
        if self.accepted_tokens > self.draft_tokens + 1:
            msg = f"accepted_tokens is at most draft_tokens + 1, {self.draft_tokens + 1}"
            raise ValueError(msg)
        return self

    @property
    def expert_params_b(self) -> float:
        """Parameters of one expert of one layer: gate, up and down matrices [10^9]."""
        return 3 * self.hidden * self.expert_width / 1e9

    @property
    def moe_layers(self) -> int:
        """Layers with routed experts [layers]."""
        return self.layers - self.dense_layers if self.experts else 0

    def kv_bytes_per_token(self, kv_format: str) -> float:
        """Return what one token of context takes in the cache, index included [B]."""
        elements = self.kv_elements_per_token + self.index_elements_per_token
        return elements * BYTES[kv_format]
