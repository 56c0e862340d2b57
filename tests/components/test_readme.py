"""The README says what is so."""

import doctest
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "components"
README = (PACKAGE / "README.md").read_text(encoding="utf-8")


def test_its_examples_run() -> None:
    found = doctest.testfile(str(PACKAGE / "README.md"), module_relative=False)

    assert found.attempted >= 4
    assert found.failed == 0


@pytest.mark.parametrize("module", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_it_names_every_module(module: Path) -> None:
    assert module.name == "__init__.py" or re.search(rf"[`/]{module.name}`", README)
