"""The error tree: exit codes, words, and the way through a process pool."""

import pickle
from pathlib import Path

import pytest

from planner.errors import (
    BalanceError,
    InfeasibleError,
    PlannerError,
    Problem,
    RunExistsError,
    ScenarioError,
    StoppedError,
)

PROBLEM = Problem("a.yaml", 2, 16, "finance.discount_rate", "must be at most 0.5", "8", "0.08")
ERRORS = [
    (ScenarioError([PROBLEM]), 2, "a.yaml:2:16: finance.discount_rate: must be at most 0.5"),
    (RunExistsError(Path("runs/a")), 2, "runs/a: there is a run here already"),
    (InfeasibleError(("chips in 2026", "must_serve chat")), 3, "\n  chips in 2026"),
    (InfeasibleError(), 3, "not known"),
    (StoppedError("3600 s are over"), 4, "3600 s are over"),
    (BalanceError("power at abilene_tx [MW]", 0.25), 1, "[MW] is off by 0.25"),
]


@pytest.mark.parametrize(("error", "code", "words"), ERRORS)
def test_each_error_knows_its_exit_code_and_says_what_it_carries(
    error: PlannerError, code: int, words: str
) -> None:
    assert error.exit_code == code
    assert words in str(error)


@pytest.mark.parametrize("error", [error for error, _, _ in ERRORS])
def test_errors_survive_the_way_between_processes(error: PlannerError) -> None:
    again = pickle.loads(pickle.dumps(error))

    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (PROBLEM, "a.yaml:2:16: finance.discount_rate: must be at most 0.5, got 8, try 0.08"),
        (Problem("--set", 0, 0, "a.b", "unknown key"), "--set: a.b: unknown key"),
        (Problem("a.yaml", 1, 1, "", "is not YAML", "this"), "a.yaml:1:1: is not YAML, got this"),
        (Problem("a.yaml", 0, 0, "", "is missing"), "a.yaml: is missing"),
    ],
)
def test_a_problem_leaves_out_what_it_does_not_know(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_scenario_error_says_every_problem() -> None:
    other = Problem("a.yaml", 9, 1, "solvr", "unknown key", "solvr", "solver")

    error = ScenarioError(iter([PROBLEM, other]))

    assert error.problems == (PROBLEM, other)
    assert str(error).splitlines() == [str(PROBLEM), str(other)]
