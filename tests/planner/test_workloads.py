"""Workloads joined with the catalog: what is left out, what is other, what grows."""

from typing import Any

import pytest
from pydantic import ValidationError

from components.catalog.loader import load_family
from planner.scenario import Scenario
from planner.workloads import Asked, asked_workloads, language_models, own_model

YEARS = [2028, 2028, 2029, 2031]


def asked(serving: dict[str, Any] | None = None, **workloads: dict[str, Any]) -> dict[str, Asked]:
    """Join workloads of one token a day."""
    some = {"tokens_per_day": 1.0, "value_usd_per_mtok": 4.0}
    data = {
        "title": "x",
        "demand": {"workloads": {name: {**some, **w} for name, w in workloads.items()}},
        "serving": serving or {},
    }
    return asked_workloads(Scenario.model_validate(data), YEARS)


def test_a_name_of_the_catalog_is_enough() -> None:
    chat = asked(chat={})["chat"]

    assert chat.model_name == "deepseek_r1"
    assert chat.model == load_family("model")["deepseek_r1"].parameters
    assert list(chat.traffic) == [2028, 2029, 2031]
    assert chat.traffic[2031].input_tokens == 2000
    assert (chat.peak_to_mean, chat.value_usd_per_mtok, chat.must_serve) == (1.3, 4.0, False)
    assert (chat.defer_h, chat.latency_limit_ms, dict(chat.metros)) == (None, None, {})


def test_own_figures_stand_before_the_catalog() -> None:
    mine = asked(mine={"like": "coding_agent", "output_tokens": 700.0, "model": "glm_5"})["mine"]

    assert mine.traffic[2028].output_tokens == 700
    assert mine.traffic[2028].input_tokens == 150_000
    assert (mine.session_gap_median_s, mine.session_gap_mean_s) == (7, 240)
    assert mine.model_name == "glm_5"


def test_like_stands_before_the_name() -> None:
    assert asked(chat={"like": "batch"})["chat"].defer_h == 24


def test_work_that_may_wait_can_be_told_not_to() -> None:
    assert asked(batch={})["batch"].defer_h == 24
    assert asked(batch={"defer_h": 0})["batch"].defer_h is None


def test_contexts_grow_from_the_first_year_on() -> None:
    agent = asked(coding_agent={"context_growth_per_year": 1.0})["coding_agent"]

    assert agent.traffic[2028].input_tokens == 150_000
    assert agent.traffic[2029].input_tokens == 300_000
    assert agent.traffic[2031].input_tokens == 1_200_000
    assert agent.traffic[2031].new_tokens == pytest.approx(6000)


def test_all_of_its_traffic_makes_a_workload_of_any_name() -> None:
    traffic = {
        "model": "glm_5",
        "input_tokens": 10.0,
        "output_tokens": 20.0,
        "tokens_per_s_per_user": 30.0,
    }

    assert asked(mine=traffic)["mine"].traffic[2028].mean_context == 20
    with pytest.raises(ValidationError, match="output_tokens"):
        asked(mine={key: v for key, v in traffic.items() if key != "output_tokens"})


def test_users_are_everywhere_by_population_where_there_is_a_limit() -> None:
    voice = asked(voice={})["voice"]

    assert len(voice.metros) == 20
    assert sum(voice.metros.values()) == pytest.approx(1)
    assert voice.metros["new_york"] > voice.metros["denver"]


def test_users_are_where_the_scenario_says() -> None:
    voice = asked(voice={"metros": {"dallas": 0.75, "houston": 0.25, "chicago": 0.0}})["voice"]

    assert voice.metros == {"dallas": 0.75, "houston": 0.25}


def test_an_own_model_is_like_another_but_for_what_it_says() -> None:
    serving = {"models": {"mine": {"like": "deepseek_r1", "weights_gb": {"fp8": 100}}}}
    mine = asked(serving, chat={"model": "mine"})["chat"]
    r1 = load_family("model")["deepseek_r1"].parameters

    assert mine.model_name == "mine"
    assert mine.model.model_dump() == {**r1.model_dump(), "weights_gb": {"fp8": 100}}


def test_an_own_model_from_nothing_needs_its_figures() -> None:
    with pytest.raises(ValidationError, match="params_b"):
        own_model({"layers": 3})


def test_caches_of_all_models_grow_by_one_factor() -> None:
    scenario = Scenario.model_validate({"title": "x", "serving": {"kv_growth": 1.5}})
    grown = language_models(scenario)

    for name, plain in language_models(Scenario(title="x")).items():
        for kv_format in ("fp8", "bf16"):
            bytes_of = plain.kv_bytes_per_token(kv_format)
            assert grown[name].kv_bytes_per_token(kv_format) == pytest.approx(1.5 * bytes_of)
        assert grown[name].weights_gb == plain.weights_gb
