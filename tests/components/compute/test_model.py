"""Figures of language models agree with each other and with what is published."""

import pytest
from pydantic import ValidationError

from components.catalog.loader import load_family
from components.compute.model import LanguageModel

MODELS = {e.name: e.parameters for e in load_family("model").values()}
MIXTURES = {name: model for name, model in MODELS.items() if model.experts}
LESS_CACHE = {"gpt_oss_120b": 1 / 2, "deepseek_v4_pro": (30 / 4 + 31 / 128) / 61}
"""Share of layers and tokens that have an entry, where layers see a window or compress."""
BITS = {"bf16": (15.5, 16.5), "fp8": (7.9, 8.4), "fp4": (4.2, 5.0), "int4": (4.2, 5.0)}
R1 = MODELS["deepseek_r1"]


@pytest.mark.parametrize("model", MIXTURES.values(), ids=MIXTURES)
class TestMixturesOfExperts:
    def test_experts_and_the_rest_are_all_parameters(self, model: LanguageModel) -> None:
        """The rest is what a token passes beside the experts that it chooses."""
        layers = model.expert_params_b * model.moe_layers
        rest = model.active_params_b - model.experts_per_token * layers

        assert model.experts * layers + rest == pytest.approx(model.params_b, rel=0.03)

    def test_a_token_passes_more_than_its_experts(self, model: LanguageModel) -> None:
        each = model.experts_per_token + model.shared_experts
        rest = model.active_params_b - each * model.expert_params_b * model.moe_layers

        assert 0.2 < rest / model.active_params_b < 0.5


@pytest.mark.parametrize(("name", "model"), MODELS.items(), ids=MODELS)
class TestEveryModel:
    def test_weights_take_what_their_format_says(self, name: str, model: LanguageModel) -> None:
        for weight_format, size in model.weights_gb.items():
            low, high = BITS[weight_format]
            assert low <= 8 * size / model.params_b <= high, weight_format

    def test_cache_is_that_of_its_heads(self, name: str, model: LanguageModel) -> None:
        both = model.kv_heads * (model.score_width + model.value_width)
        entry = model.score_width if model.attention == "mla" else both

        assert model.kv_elements_per_token == pytest.approx(
            model.layers * entry * LESS_CACHE.get(name, 1), rel=1e-3
        )


def test_attention_of_deepseek_r1_by_its_matrices() -> None:
    """Low-rank queries, latent and rotary, keys and values of 128 heads, output; the rest of
    what a token passes beside experts is three dense layers of 18432 and the head."""
    queries = 7168 * 1536 + 1536 * 128 * 192
    latent = 7168 * (512 + 64) + 512 * 128 * (128 + 128)
    attention = 61 * (queries + latent + 128 * 128 * 7168)
    rest = attention + 3 * 3 * 7168 * 18_432 + 129_280 * 7168
    each = R1.experts_per_token + R1.shared_experts
    experts = each * R1.expert_params_b * R1.moe_layers

    assert rest / 1e9 + experts == pytest.approx(R1.active_params_b, rel=0.02)


def test_cache_of_deepseek_r1() -> None:
    """70.3 KB a token in bf16, 35.1 in fp8."""
    assert R1.kv_bytes_per_token("bf16") == 70_272
    assert R1.kv_bytes_per_token("fp8") == 35_136


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"expert_width": 0}, "go together"),
        ({"accepted_tokens": 4.5}, "at most draft_tokens"),
        ({"weights_gb": {}}, "weights_gb"),
        ({"weights_gb": {"fp3": 100}}, "weights_gb"),
    ],
)
def test_refuses_what_has_no_meaning(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        LanguageModel.model_validate(R1.model_dump() | change)
