"""Files of curves are read whole or refused, each problem with its line."""

from pathlib import Path

import pytest

from planner.curve_files import MOST_PROBLEMS, read_curves, read_points
from planner.errors import ScenarioError
from planner.scenario.curve_file import CurveFile

PARETO = """\
tokens/s/gpu,tokens/s/user,parallel,concurrency
1200.5,20.1,tp8,64
500,40,tp8,16

200,80,tp8,4
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "pareto.csv"
    found.write_text(PARETO, encoding="utf-8")
    return found


def _entry(path: Path, **changes: object) -> CurveFile:
    said = {"file": str(path), "model": "m", "rack": "r", "input_tokens": 1e3, "output_tokens": 5e2}
    return CurveFile.model_validate({**said, **changes})


def test_points_are_read_by_the_names_of_their_columns(path: Path) -> None:
    assert read_points(path) == ([(20.1, 1200.5), (40.0, 500.0), (80.0, 200.0)], ())


def test_curves_stand_by_model_rack_and_mode(path: Path) -> None:
    found = read_curves([_entry(path), _entry(path, mode="colocated"), _entry(path)])

    assert {key: len(curves) for key, curves in found.items()} == {
        ("m", "r", "split"): 2,
        ("m", "r", "colocated"): 1,
    }
    curve = found["m", "r", "colocated"][0]
    assert (curve.input_tokens, curve.output_tokens) == (1000, 500)
    assert (curve.gpus, curve.source) == ("all", "pareto.csv")
    assert curve.outputs.tolist() == [1200.5, 500, 200]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tokens/s/user", "speed", ":1:1: needs one column tokens/s/user, got tokens/s/gpu, speed"),
        (
            PARETO,
            "",
            ":1:1: needs one column tokens/s/user and one tokens/s/gpu, got an empty file",
        ),
        ("500,40", "fast,40", ":3:1: tokens/s/gpu: must be a number above 0, got fast"),
        ("500,40", "500,-4", ":3:1: tokens/s/user: must be a number above 0, got -4"),
        ("500,40", "500,nan", ":3:1: tokens/s/user: must be a number above 0, got nan"),
        ("500,40,", "500,", ":3:1: needs 4 cells, one for each column, got 3"),
        (PARETO[PARETO.index("1200") :], "", ":1:1: has no points below its header"),
        ("tp8,4", '"tp8,4', ":1:1: is no CSV in UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(path: Path, old: str, new: str, said: str) -> None:
    assert old in PARETO
    path.write_text(PARETO.replace(old, new), encoding="utf-8")

    with pytest.raises(ScenarioError) as caught:
        read_curves([_entry(path)])

    assert str(caught.value).startswith(f"{path}{said}")


def test_every_file_is_told_of(path: Path, tmp_path: Path) -> None:
    path.write_text(PARETO.replace("500", "x").replace("200,", "y,"), encoding="utf-8")

    with pytest.raises(ScenarioError) as caught:
        read_curves([_entry(path), _entry(tmp_path / "none.csv")])

    assert [problem.line for problem in caught.value.problems] == [3, 5, 0]
    assert "none.csv: cannot be read: no such file" in str(caught.value)


def test_many_problems_are_counted(path: Path) -> None:
    rows = "\n".join(["tokens/s/gpu,tokens/s/user", *["0,1"] * (MOST_PROBLEMS + 5)])
    path.write_text(rows, encoding="utf-8")

    _, problems = read_points(path)

    assert len(problems) == MOST_PROBLEMS + 1
    assert "and 5 more problems like these" in str(problems[-1])
