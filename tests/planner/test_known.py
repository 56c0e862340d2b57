"""Figures that only the catalog can judge: own models and workloads, each with its place."""

from pathlib import Path

import pytest

from planner.errors import Problem, ScenarioError
from planner.known import read_scenario

CHAT = "tokens_per_day: 1, value_usd_per_mtok: 1"

# name: (text after the title, line, column, key, words)
WRONG: dict[str, tuple[str, int, int, str, str]] = {
    "figure out of bounds": (
        "serving: {models: {mine: {like: glm_5, layers: -3}}}",
        2, 48, "serving.models.mine.layers", "greater than 0",
    ),
    "format of weights": (
        "serving: {models: {mine: {like: glm_5, weights_gb: {fp9: 3}}}}",
        2, 53, "serving.models.mine.weights_gb.fp9", "Input should be",
    ),
    "figures that contradict": (
        "serving: {models: {mine: {like: deepseek_r1, draft_tokens: 0}}}",
        2, 26, "serving.models.mine", "accepted_tokens is at most draft_tokens + 1, 1",
    ),
    "gap against the catalog's": (
        f"demand:\n  workloads:\n    coding_agent: {{{CHAT}, session_gap_mean_s: 5}}",
        4, 19, "demand.workloads.coding_agent", "at least the median, 7",
    ),
    "cache without a session": (
        f"demand:\n  workloads:\n    batch: {{{CHAT}, cached_share: 0.5}}",
        4, 12, "demand.workloads.batch", "what is cached waits",
    ),
    "users of what may be anywhere": (
        f"demand:\n  workloads:\n    chat: {{{CHAT}, metros: {{dallas: 1}}}}",
        4, 62, "demand.workloads.chat.metros", "without meaning",
    ),
    "users that are not all": (
        f"demand:\n  workloads:\n    voice: {{{CHAT}, metros: {{dallas: 0.5}}}}",
        4, 63, "demand.workloads.voice.metros", "must sum to 1",
    ),
}  # fmt: skip


def refused(text: str, folder: Path) -> tuple[Problem, ...]:
    """Read a scenario that has to be refused."""
    path = folder / "a.yaml"
    path.write_text(f"title: x\n{text}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    return caught.value.problems


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_said_with_its_place(name: str, tmp_path: Path) -> None:
    text, line, column, key, words = WRONG[name]

    (problem,) = refused(text, tmp_path)

    assert (problem.line, problem.column, problem.key) == (line, column, key)
    assert words in problem.what


def test_an_own_model_from_nothing_is_told_all_it_lacks(tmp_path: Path) -> None:
    problems = refused("serving: {models: {mine: {layers: 3, hidden: 8}}}", tmp_path)

    lacking = {problem.key.rsplit(".", 1)[-1] for problem in problems}
    assert {"params_b", "attention", "weights_gb"} <= lacking
    assert not {"layers", "hidden", "developer"} & lacking
    assert {(problem.line, problem.got) for problem in problems} == {(2, "")}


def test_the_catalog_and_own_models_serve_own_workloads(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "title: x\n"
        "serving: {models: {mine: {like: glm_5, max_context_tokens: 1000000}}}\n"
        "demand:\n  workloads:\n"
        f"    calls: {{{CHAT}, like: voice, metros: {{dallas: 0.4, houston: 0.6}}}}\n"
        f"    agents: {{{CHAT}, like: coding_agent, model: mine}}\n",
        encoding="utf-8",
    )

    workloads = read_scenario(path).scenario.demand.workloads

    assert workloads["calls"].metros == {"dallas": 0.4, "houston": 0.6}
    assert workloads["agents"].model == "mine"


def test_a_curve_is_read_from_the_folder_of_its_scenario(tmp_path: Path) -> None:
    (tmp_path / "pareto.csv").write_text("tokens/s/user,tokens/s/gpu\n50,900\n", encoding="utf-8")
    path = tmp_path / "a.yaml"
    path.write_text(
        "title: x\nserving:\n  curves:\n"
        "  - {file: pareto.csv, model: deepseek_r1, rack: gb200_nvl72,"
        " input_tokens: 1000, output_tokens: 1000}\n",
        encoding="utf-8",
    )

    (curve,) = read_scenario(path).scenario.serving.curves

    assert curve.file == str(tmp_path / "pareto.csv")
    assert (curve.model, curve.mode) == ("deepseek_r1", "split")
