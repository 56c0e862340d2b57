"""What is shown while a plan is sought, on a terminal and on a pipe."""

import re
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from planner.progress import COLUMNS, SHOWN, live
from solvers.decomposition import Round
from solvers.options import Progress

NONE_YET = Round("relaxation", 1, 0.4, float("-inf"), float("inf"), float("inf"), 0, 8, 0.1, 0.3)
ROUND = Round("relaxation", 2, 3661.6, 12_345_678.9, 12_500_000, 0.01234, 1234, 16, 0.25, 60.5)
MIP = Progress(seconds=1.0, bound=2e6, objective=3e6, gap=1 / 3, nodes=5, iterations=0)
LP = Progress(
    seconds=1.0,
    bound=float("-inf"),
    objective=float("inf"),
    gap=float("inf"),
    nodes=0,
    iterations=7,
)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@pytest.fixture
def pipe() -> Console:
    return Console(file=StringIO(), force_terminal=False, width=40)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.setenv("TERM", "xterm-256color")
    return Console(file=StringIO(), force_terminal=True, width=80, height=24)


def _text(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def _frames(console: Console) -> list[str]:
    """What stood on the terminal from one refresh to the next, in plain words."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", _text(console))
    return re.split(r"(?:\r?\x1b\[[0-9;?]*[A-Za-ln-z])+", plain)


class TestPipe:
    def test_each_phase_is_a_line_once(self, pipe: Console) -> None:
        with live(pipe) as tell:
            for phase in ("sites", "sites", "relaxation", "a [new] phase"):
                tell(phase, None)
                tell(phase, MIP)

        assert _text(pipe).splitlines() == [
            "weather and prices of the sites",
            "solving the continuous relaxation",
            "a [new] phase",
        ]

    def test_each_round_is_a_line_of_fixed_columns(self, pipe: Console) -> None:
        with live(pipe) as tell:
            tell("relaxation", None)
            tell("relaxation", NONE_YET)
            tell("relaxation", ROUND)
            tell("whole numbers", None)
            tell("whole numbers", replace(ROUND, phase="whole numbers", iteration=3))

        text = _text(pipe)
        assert text.splitlines() == [
            "solving the continuous relaxation",
            "round  phase          bound bn USD   plan bn USD       gap     cuts"
            "  master s   sites s  elapsed s",
            "    1  relaxation                -             -         -        0"
            "       0.1       0.3          0",
            "    2  relaxation           12.346        12.500     1.23%    1,234"
            "       0.2      60.5      3,662",
            "finding whole numbers",
            "    3  whole numbers        12.346        12.500     1.23%    1,234"
            "       0.2      60.5      3,662",
        ]
        assert not CONTROL.search(text)

    def test_columns_are_as_wide_as_their_heads(self) -> None:
        assert all(len(head) <= width for head, width in COLUMNS.items())


class TestTerminal:
    def test_the_phase_and_how_it_stands(self, terminal: Console) -> None:
        with live(terminal) as tell:
            tell("relaxation", LP)
        with live(terminal) as tell:
            tell("whole numbers", MIP)

        text = " ".join(_frames(terminal))
        assert "solving the continuous relaxation: 7 iterations" in text
        assert "finding whole numbers: 3.000 against 2.000 billion USD, gap 33.33%" in text

    def test_the_last_rounds_stand_above_the_phase(self, terminal: Console) -> None:
        with live(terminal) as tell:
            tell("relaxation", NONE_YET)
            for number in range(2, 31):
                tell("relaxation", replace(ROUND, iteration=number))

        last = next(frame for frame in reversed(_frames(terminal)) if "round" in frame)
        lines = [line.split() for line in last.splitlines()]
        shown = [int(words[0]) for words in lines if words and words[0].isdigit()]
        assert shown == list(range(31 - SHOWN, 31))
        row = ["30", "relaxation", "12.346", "12.500", "1.23%", "1,234", "0.2", "60.5", "3,662"]
        assert row in lines
        assert "solving the continuous relaxation: round 30, gap 1.23%" in last
        assert last.index("1.23%") < last.index("solving the")

    def test_a_table_fits_a_small_terminal(self, terminal: Console) -> None:
        large = replace(ROUND, phase="whole numbers", bound=1.2e9, objective=1.3e9, cuts=123_456)
        with live(terminal) as tell:
            tell("whole numbers", replace(large, iteration=1234, seconds=99_999))

        assert "…" not in _text(terminal)
        assert "1,200.000" in _text(terminal)

    def test_nothing_stays_on_the_screen(self, terminal: Console) -> None:
        with live(terminal) as tell:
            tell("relaxation", ROUND)

        assert _frames(terminal)[-1].strip() == ""
