"""What the README shows, runs; what it lists, exists."""

import re
from pathlib import Path

import sites.table

FOLDER = Path(sites.table.__file__).parent
TEXT = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_snippet_runs() -> None:
    snippets = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)

    names: dict[str, object] = {}
    for snippet in snippets:
        exec(snippet, names)

    assert getattr(names["output"], "shape", None) == (8760,)


def test_every_module_and_data_file_is_listed() -> None:
    files = [*FOLDER.glob("[!_]*.py"), *(FOLDER / "data").iterdir()]

    assert [file.name for file in files if f"`{file.name}`" not in TEXT] == []
