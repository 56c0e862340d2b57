"""What is called met, and that the tables hold what was measured."""

import json
from dataclasses import replace

import pytest

from tests.benchmarks.judge import Most, Row, Target, exponent, told, within
from tests.benchmarks.measure import Measurement
from tests.benchmarks.tables import as_data, markdown

SOLVED = Measurement("national", "cold", "solved", 100.0, 105.0, 0.004, 5e6, 1e6, 2048.0, 70)
NO_PLAN = Measurement("four-sites", "monolithic", "no plan", None, 700.0, note="ended after 700 s")
MOST = Most(seconds=300, gap=0.005, memory_mb=4096)


@pytest.mark.parametrize(
    ("found", "met"),
    [
        (SOLVED, True),
        (replace(SOLVED, seconds=301.0), False),
        (replace(SOLVED, gap=0.006), False),
        (replace(SOLVED, peak_memory_mb=5000.0), False),
        (replace(SOLVED, peak_memory_mb=None), False),
        (NO_PLAN, False),
    ],
)
def test_met_is_within_every_bound(found: Measurement, met: bool) -> None:
    target = within("work", MOST, found)

    assert target.met is met
    assert target.target == "<= 300 s, gap <= 0.5%, <= 4 GB"


def test_a_run_is_told_in_words() -> None:
    assert told(SOLVED) == "100.0 s, gap 0.400%, 2.0 GB"
    assert told(NO_PLAN) == "no plan: ended after 700 s"


def test_growth_is_the_power_of_size() -> None:
    sizes = [5, 10, 20, 40]

    assert exponent(sizes, [3.0 * n**1.5 for n in sizes]) == pytest.approx(1.5)


def test_tables_and_data_hold_what_was_measured() -> None:
    pytest.importorskip("tabulate")
    rows = [Row((Target("work", "<= 1 s", "0.5 s", True),), (SOLVED, NO_PLAN))]
    machine = {"cores": "2", "highspy": "1.15.1"}

    text = markdown(rows, machine)
    data = json.loads(json.dumps(as_data(rows, machine, quick=False)))

    assert all(word in text for word in ("met", "no plan", "highspy", "2048", "getrusage"))
    assert data["targets"][0]["verdict"] == "met"
    assert [m["seconds"] for m in data["measurements"]] == [100.0, None]
