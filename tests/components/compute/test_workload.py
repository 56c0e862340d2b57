"""Kinds of use: figures that go together, and contexts that grow."""

import pytest
from pydantic import ValidationError

from components.catalog.loader import load_family
from components.compute.workload import WorkloadKind

AGENT = {
    "model": "any",
    "input_tokens": 150_000,
    "output_tokens": 500,
    "cached_share": 0.96,
    "tokens_per_s_per_user": 80,
    "session_gap_median_s": 7,
    "session_gap_mean_s": 240,
}


def test_the_first_year_is_as_it_says() -> None:
    traffic = WorkloadKind.model_validate({**AGENT, "context_growth_per_year": 0.5}).traffic(0)

    assert traffic.input_tokens == 150_000
    assert traffic.cached_share == pytest.approx(0.96)
    assert (traffic.output_tokens, traffic.tokens_per_s_per_user) == (500, 80)


def test_what_grows_is_history() -> None:
    """Twice half as much again: 150,000 to 337,500, of which 6,000 stay new."""
    later = WorkloadKind.model_validate({**AGENT, "context_growth_per_year": 0.5}).traffic(2)

    assert later.input_tokens == pytest.approx(337_500)
    assert later.new_tokens == pytest.approx(6000)
    assert later.cached_share == pytest.approx(1 - 6000 / 337_500)
    assert later.output_tokens == 500


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"session_gap_mean_s": None}, "go together"),
        ({"session_gap_mean_s": 6}, "at least the median, 7"),
        ({"session_gap_median_s": None, "session_gap_mean_s": None}, "what is cached waits"),
        ({"cached_share": 1}, "less than 1"),
        ({"defer_h": 169}, "less than or equal to 168"),
        ({"tools": 3}, "Extra inputs"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        WorkloadKind.model_validate({**AGENT, **change})


def test_growth_without_sessions_is_refused() -> None:
    change = {"session_gap_median_s": None, "session_gap_mean_s": None, "cached_share": 0}

    assert WorkloadKind.model_validate({**AGENT, **change}).traffic(3).input_tokens == 150_000
    with pytest.raises(ValidationError, match="what is cached waits"):
        WorkloadKind.model_validate({**AGENT, **change, "context_growth_per_year": 0.1})


def test_agents_read_what_traces_say() -> None:
    """TraceLab, 357,161 steps: 154 k in and 523 out, 95.8 % cached, 294 in for one out."""
    agent = load_family("workload")["coding_agent"].parameters
    assert isinstance(agent, WorkloadKind)

    assert agent.input_tokens == pytest.approx(154_000, rel=0.05)
    assert agent.output_tokens == pytest.approx(523, rel=0.05)
    assert agent.cached_share == pytest.approx(0.958, abs=0.005)
    assert agent.input_tokens / agent.output_tokens == pytest.approx(294, rel=0.05)
