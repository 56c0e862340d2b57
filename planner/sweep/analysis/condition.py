"""Conditions on a point, such as ``sites.orbit_1.open == 1 and unmet_share.2028 < 0.01``.

Columns of the store compared with numbers, joined by ``and``, ``or``, ``not`` and brackets. The
text is parsed by Python's own parser and never run: whatever is not in that list is refused.
"""

import ast
import difflib
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from planner.sweep.analysis.sensitivity import AnalysisError

NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.\w+)*")
WORDS = ("and", "or", "not", "True", "False", "None")

COMPARE: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

NONE_THERE = ("mw.", "racks.", "cost_usd.")
"""Beginnings of columns that a point lacks where it has nothing of the kind."""

EXAMPLE = "sites.abilene_tx.open == 1"
MOST_LETTERS = 500


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read.

    Attributes
    ----------
    text
        As it was written.
    columns
        Columns it asks for, in the order in which they first come.
    """

    text: str
    columns: tuple[str, ...]
    _tree: ast.expr

    def holds(self, point: Mapping[str, Any]) -> bool:
        """Tell whether it holds of a point's row; a source or rack that it does not name is none.

        Raises
        ------
        AnalysisError
            If the point has no number in a column that is asked for.
        """
        return bool(_value(self._tree, [self._number(point, c) for c in self.columns]))

    def _number(self, point: Mapping[str, Any], column: str) -> float:
        value = point.get(column)
        if isinstance(value, int | float) and value == value:
            return float(value)
        if value is None and column.startswith(NONE_THERE):
            return 0.0
        near = difflib.get_close_matches(column, [str(name) for name in point], n=1)
        what = f"{self.text}: the point has no number in the column {column}"
        raise AnalysisError(what, near[0] if near and near[0] != column else "another column")


def read_condition(text: str) -> Condition:
    """Read a condition.

    Examples
    --------
    >>> found = read_condition("it_mw.2028 >= 100 and not mw.gas > 5")
    >>> found.columns, found.holds({"it_mw.2028": 120.0, "mw.gas": 5.0})
    (('it_mw.2028', 'mw.gas'), True)

    Raises
    ------
    AnalysisError
        If it is anything but columns compared with numbers.
    """
    columns: list[str] = []

    def placed(match: re.Match[str]) -> str:
        # A column such as it_mw.2028 is no name to Python's parser: a number stands in for it.
        if match[0] in WORDS:
            return match[0]
        if match[0] not in columns:
            columns.append(match[0])
        return f"column{columns.index(match[0])}"

    if len(text) > MOST_LETTERS:
        raise _refusal(text, "is longer than a condition should be")
    try:
        tree = ast.parse(NAME.sub(placed, text.strip()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refusal(text, "is no condition") from error
    _check(tree, text)
    if not columns:
        raise _refusal(text, "asks for no column")
    return Condition(text, tuple(columns), tree)


def _check(node: ast.expr, text: str) -> None:
    """Refuse what is no comparison, or joins anything else."""
    match node:
        case ast.BoolOp(values=parts):
            for part in parts:
                _check(part, text)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            _check(inner, text)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            if not all(type(op) in COMPARE for op in ops):
                raise _refusal(text, "compares by something else than ==, !=, <, <=, >, >=")
            for side in (left, *rights):
                _check_side(side, text)
        case _:
            raise _refusal(text, "has a part that is no comparison of a column with a number")


def _check_side(node: ast.expr, text: str) -> None:
    match node:
        case ast.Name():
            return
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float()):
            return
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
            return
    raise _refusal(text, "has something else than columns and numbers")


def _value(node: ast.expr, numbers: list[float]) -> float:
    """Return what a checked part comes to; true is 1."""
    match node:
        case ast.Name(id=name):
            return numbers[int(name.removeprefix("column"))]
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, numbers)
        case ast.UnaryOp(operand=inner):
            return float(not _value(inner, numbers))
        case ast.BoolOp(op=ast.And(), values=parts):
            return float(all(_value(part, numbers) for part in parts))
        case ast.BoolOp(values=parts):
            return float(any(_value(part, numbers) for part in parts))
        case ast.Compare(left=left, ops=ops, comparators=rights):
            sides = [_value(side, numbers) for side in (left, *rights)]
            pairs = zip(ops, sides[:-1], sides[1:], strict=True)
            return float(all(COMPARE[type(op)](a, b) for op, a, b in pairs))
    raise AssertionError(ast.dump(node))


def _refusal(text: str, what: str) -> AnalysisError:
    return AnalysisError(f"{text}: {what}", EXAMPLE)
