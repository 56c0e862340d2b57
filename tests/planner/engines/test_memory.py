"""What a run leaves behind helps the next and misleads none."""

import logging
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from components.base import USES
from planner.case import Case
from planner.engines.site_operations import digest, operations_of
from planner.plan.plan import Plan
from solvers.cone import Cone
from solvers.cut import CutSet
from solvers.cut_store import CutStore
from tests.planner.engines.both import by_cuts
from tests.planner.engines.drawn import drawn_case

ROOT = Path(__file__).parents[3]
WEEK = {"start": "2028-01", "periods": 2, "step": "year", "hours": "weeks", "weeks": 1}
LIMITS = {
    "tokens_per_day": 8.64e11,
    "grid_gwh": 40.0,
    "co2_t": None,
    "budget": None,
    "slots_mw": 1e5,
    "must_serve": False,
    "must_open": False,
    "spare_units": 1,
    "whole_units_from_mw": 10.0,
    "gas_usd_per_mmbtu": 6.0,
}
USE = {
    "power": ["wartsila_18v50sg", "firm_grid", "pv_tracker", "li_ion_4h"],
    "racks": ["gb200_nvl72"],
    "blocks": ["vertiv_onecore"],
}


def small_case(**limits) -> Case:
    return drawn_case(WEEK, ["abilene_tx", "ashburn_va"], USE, {**LIMITS, **limits})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for every operation evaluated."""
    found: list[int] = []
    evaluate = Cone.evaluate

    def counted(self, *args, **kwargs):
        found.append(1)
        return evaluate(self, *args, **kwargs)

    monkeypatch.setattr(Cone, "evaluate", counted)
    return found


def _assert_same(one: Plan, other: Plan) -> None:
    assert set(one.tables) == set(other.tables)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name], rtol=1e-9, atol=1e-9, obj=name)


def test_the_second_run_has_the_same_plan_and_asks_less(tmp_path: Path, asked: list[int]) -> None:
    first = by_cuts(small_case(), tmp_path)
    needed = len(asked)
    asked.clear()

    second = by_cuts(small_case(), tmp_path)

    _assert_same(first, second)
    assert len(asked) < needed / 2
    assert second.outcome.gap <= 1e-3


def test_another_question_learns_from_the_first(tmp_path: Path, asked: list[int]) -> None:
    """Cuts speak of uses, not of prices or demands."""
    other = small_case(gas_usd_per_mmbtu=9.0, tokens_per_day=1.5e12)
    alone = by_cuts(other, tmp_path / "empty")
    needed = len(asked)
    by_cuts(small_case(), tmp_path / "store")
    asked.clear()

    found = by_cuts(other, tmp_path / "store")

    assert len(asked) < needed
    assert_same_answer(found, alone)


def test_a_cold_run_does_not_look_at_the_store_but_adds_to_it(
    tmp_path: Path, asked: list[int]
) -> None:
    first = by_cuts(small_case(), tmp_path)
    needed = len(asked)
    for file in tmp_path.glob("*.npz"):
        file.unlink()
    asked.clear()

    by_cuts(small_case(), tmp_path)
    again = len(asked)
    asked.clear()
    cold = by_cuts(small_case(), tmp_path, cold=True)

    assert len(asked) == needed == again
    _assert_same(first, cold)
    assert list(tmp_path.glob("*.cuts.npz"))


def _stored(case: Case, folder: Path) -> tuple[CutStore, dict[str, str]]:
    operations = operations_of(case)
    store = CutStore(folder, links=operations.links, uses=USES)
    return store, {key: digest(operations[key]) for key in operations}


@pytest.mark.parametrize("victim", [0, 1])
def test_cuts_that_do_not_hold_are_noticed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, victim: int
) -> None:
    case = small_case()
    first = by_cuts(case, tmp_path)
    store, names = _stored(case, tmp_path)
    name = list(names.values())[victim]
    cuts = store.load(name)
    assert len(cuts)
    for file in (*tmp_path.glob("*.plan.npz"), tmp_path / f"{name}.cuts.npz"):
        file.unlink()
    store.add(name, CutSet(cuts.prices, 1.5 * cuts.slopes))

    with caplog.at_level(logging.WARNING):
        found = by_cuts(case, tmp_path)

    assert "a stored cut does not hold" in caplog.text
    assert_same_answer(first, found)


def test_sound_cuts_raise_no_doubt(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        by_cuts(small_case(), tmp_path)
        by_cuts(small_case(tokens_per_day=1.0e12), tmp_path)

    assert caplog.text == ""


def assert_same_answer(one: Plan, other: Plan) -> None:
    """Neither plan is cheaper than the other's bound."""
    for plan, than in ((one, other), (other, one)):
        assert plan.outcome.gap <= 1e-3
        assert plan.outcome.bound_kusd <= than.outcome.objective_kusd * (1 + 1e-9)


SCRIPT = """
import sys
from pathlib import Path
from tests.planner.engines.both import by_cuts
from tests.planner.engines.test_memory import small_case
for cold in [False] * int(sys.argv[2]) + [True] * int(sys.argv[3]):
    plan = by_cuts(small_case(), Path(sys.argv[1]), cold=cold)
    print(plan.outcome.objective_kusd, plan.outcome.bound_kusd, flush=True)
"""


def _start(folder: Path, warm: int, cold: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", SCRIPT, str(folder), str(warm), str(cold)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_two_runs_at_once_share_a_store(tmp_path: Path) -> None:
    runs = [_start(tmp_path, 2, 1) for _ in range(2)]
    said = [run.communicate(timeout=120)[0] for run in runs]

    assert [run.returncode for run in runs] == [0, 0]
    answers = [tuple(map(float, line.split())) for text in said for line in text.splitlines()]
    assert len(answers) == 6
    best, bound = min(a for a, _ in answers), max(b for _, b in answers)
    assert bound <= best * (1 + 1e-9)
    assert max(a for a, _ in answers) <= best / (1 - 1e-3)
    assert by_cuts(small_case(), tmp_path).outcome.gap <= 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.3])
def test_a_run_that_is_killed_leaves_a_store_that_can_be_used(
    tmp_path: Path, after_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    """Killed some time after it first wrote something; it writes the same files again and again."""
    wanted = by_cuts(small_case(), tmp_path / "alone")
    folder = tmp_path / "store"
    run = _start(folder, 0, 1000)
    until = time.monotonic() + 60
    while not list(folder.glob("*.cuts.*")) and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(after_s)
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=10)
    assert run.returncode == -signal.SIGKILL

    with caplog.at_level(logging.WARNING):
        found = by_cuts(small_case(), folder)

    assert "not a file of" not in caplog.text
    assert_same_answer(found, wanted)
