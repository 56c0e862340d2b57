"""Curves of speed and output from files, such as aiconfigurator's Pareto fronts."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from pathlib import Path

from components.compute.curves import Curve, curve_of
from planner.errors import Problem, ScenarioError
from planner.scenario.curve_file import CurveFile

SPEED, OUTPUT = "tokens/s/user", "tokens/s/gpu"
"""Columns that a file needs: of a user, and output tokens of one GPU of all [tokens/s]."""

MOST_BYTES = 20_000_000
"""Of a file; a Pareto front has some thousands."""

MOST_PROBLEMS = 20
"""More are counted and not listed."""

Key = tuple[str, str, str]
"""Model, rack and mode of a curve."""


def read_curves(files: Iterable[CurveFile]) -> Mapping[Key, tuple[Curve, ...]]:
    """Read every file of ``serving.curves``.

    Returns
    -------
    mapping of (model, rack, mode) to curves
        In the order of the files.

    Raises
    ------
    ScenarioError
        With every problem of every file: its line, what was found and what to try.
    """
    found: dict[Key, tuple[Curve, ...]] = {}
    problems: list[Problem] = []
    for each in files:
        points, wrong = read_points(Path(each.file))
        problems += wrong
        if not wrong:
            key = (each.model, each.rack, each.mode)
            found[key] = (*found.get(key, ()), _curve(each, points))
    if problems:
        raise ScenarioError(problems)
    return found


def _curve(asked: CurveFile, points: list[tuple[float, float]]) -> Curve:
    return curve_of(
        points,
        input_tokens=asked.input_tokens,
        output_tokens=asked.output_tokens,
        source=Path(asked.file).name,
    )


def read_points(path: Path) -> tuple[list[tuple[float, float]], tuple[Problem, ...]]:
    """Read speed and output from a CSV file with a header; other columns are passed over.

    Returns
    -------
    points
        Speed of a user and output of one GPU [tokens/s].
    problems
        What is wrong with the file; none of it is filled in or left out.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        why = (error.strerror or "input error").lower()
        return [], (Problem(str(path), 0, 0, "", f"cannot be read: {why}"),)
    if len(content) > MOST_BYTES:
        what = "is too large for a curve"
        return [], (Problem(str(path), 0, 0, "", what, f"over {MOST_BYTES} bytes"),)
    try:
        text = content.decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except (UnicodeDecodeError, csv.Error) as error:
        problem = Problem(str(path), 1, 1, "", "is no CSV in UTF-8", str(error), "saving it anew")
        return [], (problem,)
    return _points(path, lines)


def _points(
    path: Path, lines: list[tuple[int, list[str]]]
) -> tuple[list[tuple[float, float]], tuple[Problem, ...]]:
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    missing = [name for name in (SPEED, OUTPUT) if header.count(name) != 1]
    if missing:
        what = f"needs one column {' and one '.join(missing)}"
        got = ", ".join(header) or "an empty file"
        tip = "pareto.csv of aiconfigurator or aisimulate"
        return [], (Problem(str(path), 1, 1, "", what, got, tip),)
    if len(lines) == 1:
        return [], (Problem(str(path), 1, 1, "", "has no points below its header"),)
    at = (header.index(SPEED), header.index(OUTPUT))
    points: list[tuple[float, float]] = []
    problems: list[Problem] = []
    for line, row in lines[1:]:
        wrong = list(_wrong(path, line, row, header, at))
        problems += wrong
        if not wrong:
            points.append((float(row[at[0]]), float(row[at[1]])))
    if len(problems) > MOST_PROBLEMS:
        more = f"and {len(problems) - MOST_PROBLEMS} more problems like these"
        problems = [*problems[:MOST_PROBLEMS], Problem(str(path), 0, 0, "", more)]
    return points, tuple(problems)


def _wrong(
    path: Path, line: int, row: list[str], header: list[str], at: tuple[int, int]
) -> Iterator[Problem]:
    if len(row) != len(header):
        what = f"needs {len(header)} cells, one for each column"
        yield Problem(str(path), line, 1, "", what, str(len(row)))
        return
    for position in at:
        if not _is_positive(row[position]):
            what = "must be a number above 0"
            yield Problem(str(path), line, 1, header[position], what, row[position] or "nothing")


def _is_positive(text: str) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return isfinite(value) and value > 0
