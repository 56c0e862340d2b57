import logging
from pathlib import Path

import numpy as np
import pytest

from solvers.errors import SolverError
from solvers.plan_store import FORMAT, PlanStore

GOOD = {"format": np.array(FORMAT), "key": np.array("a"), "x": np.array([1.0, 2.0])}


def test_the_latest_plan_of_a_program_comes_out(tmp_path: Path) -> None:
    PlanStore(tmp_path).save("a", np.array([1.0, 2.0]))
    PlanStore(tmp_path).save("b", np.array([5.0]))
    PlanStore(tmp_path).save("a", np.array([1.0, 0.1, 3.0]))

    found = PlanStore(tmp_path).load("a")

    assert found is not None
    assert found.tolist() == [1.0, 0.1, 3.0]
    assert PlanStore(tmp_path).load("c") is None


def test_cuts_and_plans_may_share_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.cuts.npz").touch()
    PlanStore(tmp_path, limit_bytes=0).save("a", np.ones(3))

    assert (tmp_path / "a.cuts.npz").exists()
    assert PlanStore(tmp_path).load("a") is not None


@pytest.mark.parametrize(
    "change",
    [
        {"format": np.array(FORMAT + 1)},
        {"key": np.array("b")},
        {"x": np.array(1.0)},
        {"x": np.ones((2, 2))},
        {"x": np.array([1, 2])},
        {"x": np.array([1.0, np.nan])},
        {"x": np.array([1.0, None], dtype=object)},
    ],
)
def test_a_file_of_anything_else_is_passed_over_and_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, change: dict[str, np.ndarray]
) -> None:
    np.savez(tmp_path / "a.plan.npz", **GOOD)
    assert PlanStore(tmp_path).load("a") is not None
    np.savez(tmp_path / "a.plan.npz", **GOOD | change)

    with caplog.at_level(logging.WARNING):
        assert PlanStore(tmp_path).load("a") is None
    assert "not a file of plan" in caplog.text

    PlanStore(tmp_path).save("a", np.ones(1))
    assert PlanStore(tmp_path).load("a") is not None


@pytest.mark.parametrize("x", [np.ones((1, 2)), np.array(1.0), np.array([np.inf])])
def test_what_is_no_plan_is_refused(tmp_path: Path, x: np.ndarray) -> None:
    with pytest.raises(SolverError, match="vector of finite numbers"):
        PlanStore(tmp_path).save("a", x)


def test_a_key_that_is_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SolverError, match="not a key"):
        PlanStore(tmp_path).save("../a", np.ones(1))
