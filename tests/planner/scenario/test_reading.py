"""The door for YAML: what it agrees on with PyYAML, and what it does not let in."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import Problem
from planner.scenario import building, reading
from planner.scenario.reading import parse, read_document

WORDS = st.from_regex(r"[a-z][a-z_]{0,8} ?[A-Zäöü]{0,3}", fullmatch=True).filter(
    lambda text: text == text.strip() and text.lower() not in {"yes", "no", "on", "off", "y", "n"}
)
NUMBERS = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = WORDS | NUMBERS | st.booleans() | st.none()
DATA = st.dictionaries(
    WORDS | st.integers(0, 9999),
    st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.integers(0, 9999), inner)
        ),
        max_leaves=12,
    ),
)


@settings(deadline=None)
@given(data=DATA, flow=st.booleans())
def test_reads_simple_data_as_pyyaml_does(data: dict[Any, Any], flow: bool) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True)

    document = parse(text, "a.yaml")

    assert document.problems == ()
    assert document.root is not None
    assert document.root.plain() == yaml.safe_load(text) == data


@settings(deadline=None)
@given(text=st.text(alphabet=":-{}[],&*!|>'\"%@`#?~<= \n\tab1.\x00é", max_size=60))
def test_never_fails_but_by_saying_so(text: str) -> None:
    document = parse(text, "a.yaml")

    assert (document.root is None) <= bool(document.problems)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in document.problems)


def test_every_key_and_value_knows_its_place() -> None:
    text = "title: x\ngrid:\n  us_twh: {2026: 4000,\n           2030: 4500}\nlist:\n- a\n- - b\n"
    root = parse(text, "a.yaml").root
    assert root is not None

    places = {
        loc: (str(root.follow(loc)[1].key_place), str(root.follow(loc)[1].place))
        for loc in [("title",), ("grid", "us_twh", 2030), ("list", 1, 0)]
    }

    assert places == {
        ("title",): ("a.yaml:1:1", "a.yaml:1:8"),
        ("grid", "us_twh", 2030): ("a.yaml:4:12", "a.yaml:4:18"),
        ("list", 1, 0): ("a.yaml:7:5", "a.yaml:7:5"),
    }


def test_an_alias_stands_where_it_is_used() -> None:
    root = parse("a: &x {b: 1}\nc: *x\n", "a.yaml").root
    assert root is not None

    assert root.plain() == {"a": {"b": 1}, "c": {"b": 1}}
    assert str(root.follow(("c",))[1].place) == "a.yaml:2:4"
    assert str(root.follow(("c", "b"))[1].place) == "a.yaml:1:11"


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_both_parsers_of_pyyaml_will_do(loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(yaml, loader):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(reading, "_LOADER", getattr(yaml, loader))
    text = "title: é\na: [1, {b: *no}]\na: !t 2\n"

    problems = parse(text, "a.yaml").problems

    assert [(p.line, p.column, p.key) for p in problems] == [
        (2, 12, "a[1].b"),
        (3, 4, "a"),
        (3, 1, "a"),
    ]


class TestLimits:
    def test_aliases_that_multiply_are_stopped_before_they_do(self) -> None:
        """Nine levels of nine aliases each would be 3.9e8 values."""
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]

        (problem,) = parse("\n".join(lines), "bomb.yaml").problems

        assert problem.what == "is too large for a scenario"
        assert problem.line == 6
        assert "aliases" in problem.got

    def test_aliases_that_nest_are_stopped(self) -> None:
        lines = ["a0: &a0 [x]", *(f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 40))]

        (problem,) = parse("\n".join(lines), "bomb.yaml").problems

        assert problem.what == "is nested too deep"
        assert problem.line == building.DEEPEST

    @pytest.mark.parametrize(
        "text",
        ["a: " + "[" * 200_000, "a: " + "{b: " * 50_000, "- " * 100_000, "? " * 100_000],
        ids=["lists", "mappings", "dashes", "keys"],
    )
    def test_deep_nesting_is_stopped(self, text: str) -> None:
        problems = parse(text, "deep.yaml").problems

        assert problems[-1].what == "is nested too deep"
        assert problems[-1].line == 1

    def test_the_deepest_level_allowed_is_allowed(self) -> None:
        deepest = "a: " + "[" * building.DEEPEST + "]" * building.DEEPEST

        assert parse(deepest, "a.yaml").problems == ()
        assert parse(f"a: [{deepest[3:]}]", "a.yaml").problems != ()

    def test_a_file_with_too_many_values_is_stopped(self) -> None:
        text = f"a: [{', '.join(['1'] * building.MOST_VALUES)}]"

        (problem,) = parse(text, "a.yaml").problems

        assert problem.got.startswith("over 100000 values")

    def test_a_large_file_is_not_read(self, tmp_path: Path) -> None:
        path = tmp_path / "large.yaml"
        path.write_bytes(b"#" * (reading.LARGEST_FILE + 1))

        (problem,) = read_document(path, "large.yaml").problems

        assert str(problem).startswith("large.yaml: is too large for a scenario, got over 1000000")

    def test_a_number_of_many_digits_is_text(self) -> None:
        """Python refuses to make an integer of more than 4,300 digits."""
        root = parse(f"a: {'9' * 5000}\n", "a.yaml").root

        assert root is not None
        assert root.plain() == {"a": "9" * 5000}


class TestFiles:
    def problem(self, path: Path) -> Problem:
        (problem,) = read_document(path, path.name).problems
        return problem

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        problem = self.problem(tmp_path / "no.yaml")

        assert str(problem) == "no.yaml: cannot be read: no such file or directory"

    def test_a_folder(self, tmp_path: Path) -> None:
        assert "is a directory" in self.problem(tmp_path).what

    @pytest.mark.parametrize(
        ("content", "line", "column", "byte"),
        [
            ("title: x\nä: Köln".encode("latin-1"), 2, 1, "0xe4"),
            ("title: x".encode("utf-16"), 1, 1, "0xff"),
            (b"\xef\xbb\xbftitle: \xff", 1, 8, "0xff"),
        ],
    )
    def test_text_that_is_not_utf8(
        self, tmp_path: Path, content: bytes, line: int, column: int, byte: str
    ) -> None:
        path = tmp_path / "a.yaml"
        path.write_bytes(content)

        problem = self.problem(path)

        assert (problem.line, problem.column) == (line, column)
        assert problem.what == "is not UTF-8 text"
        assert problem.got == f"byte {byte}"
        assert "UTF-8" in problem.try_

    def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(self, tmp_path: Path) -> None:
        path = tmp_path / "a.yaml"
        path.write_bytes(b"\xef\xbb\xbftitle: x\r\ngrid: {us_twh: 1}\r\n")

        document = read_document(path, "a.yaml")

        assert document.root is not None
        assert document.root.plain() == {"title": "x", "grid": {"us_twh": 1}}
        assert document.root.place.column == 1
