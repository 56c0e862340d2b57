"""The page holds all it needs, lets no text become code, and makes sense for any plan."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from planner.report.folder import RunFolder, RunFolderError, read_folder
from planner.report.page import embedded, render, write_report
from planner.report.script import content_hash, page_script
from tests.planner.report.conftest import ONE
from tests.planner.report.fake import write_run
from tests.planner.report.fake_plan import PLACES

HOSTILE = "</title><script>alert`1`</script><img src=x onerror=alert`2`>"
LARGEST_BYTES = 6_000_000


class Page(HTMLParser):
    """What a browser would make of a page: its elements, its text, its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self._script: dict[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        self._script = found if tag == "script" else None

    def handle_endtag(self, tag: str) -> None:
        self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is None:
            self.texts.append(data)
        else:
            self.scripts.append((self._script, data))

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).replace("\u202f", " ").split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def page(full: RunFolder) -> str:
    return render(full)


def test_nothing_on_the_page_is_fetched(page: str) -> None:
    elements = Page(page).elements
    loading = {"src", "srcset", "action", "poster", "data", "background", "ping", "xlink:href"}

    assert not [e for e in elements if loading & set(e[1])]
    assert all(a["href"].startswith("#") for a in Page(page).all("a"))
    assert not {"link", "iframe", "object", "embed", "img", "base"} & {tag for tag, _ in elements}
    without_scripts = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"https?://|//\w+\.\w+|@import|url\(", without_scripts)


def test_figures_refer_to_no_address_but_the_schema(page: str) -> None:
    specs = [text for attributes, text in Page(page).scripts if "type" in attributes]
    addresses = {a for spec in specs for a in re.findall(r"https?://[^\"\s]+", spec)}

    assert len(specs) > 10
    assert all(a.startswith("https://vega.github.io/schema/") for a in addresses)
    assert not [spec for spec in specs if '"url"' in spec]


def test_the_browser_is_told_to_run_one_script_and_fetch_nothing(page: str) -> None:
    (policy,) = [m["content"] for m in Page(page).all("meta") if "http-equiv" in m]
    (script,) = [text for attributes, text in Page(page).scripts if "type" not in attributes]

    assert "default-src 'none'" in policy
    assert f"script-src '{content_hash(script)}'" in policy
    assert script == page_script()
    assert "unsafe-eval" not in policy


def test_every_figure_has_its_chart_and_its_words(page: str) -> None:
    parsed = Page(page)
    asked = [figure["data-spec"] for figure in parsed.all("figure")]
    given = {attributes.get("id", "").removeprefix("spec-") for attributes, _ in parsed.scripts}

    assert len(asked) == len(set(asked)) == 26
    assert set(asked) <= given
    assert len(parsed.all("figcaption")) == len(asked)
    assert len(parsed.all("caption")) == len(parsed.all("table"))


def test_tables_that_are_folded_whole_stand_once(page: str) -> None:
    ids = [table["id"] for table in Page(page).all("table")]

    assert len(ids) == len(set(ids))
    assert {"products-not-asked", "ways-left-out", "recipes-not-used", "recipes"} <= set(ids)
    assert {"products-bought", "products-not-bought", "products-too-late", "colocation"} <= set(ids)


def test_the_page_says_the_answer_in_words(page: str) -> None:
    text = Page(page).text

    assert "By 2030 the plan runs 3.30 GW of IT load at 5 sites, after 250 MW in 2026" in text
    assert "It serves 96% of the tokens asked for; unmet are 20% in 2026" in text
    assert "one more GWh would save $38,500" in text
    assert "within 0.38% of the best possible" in text
    assert "gigaplan run 'examples/us 2028.yaml' --gap 0.005" in text
    assert "0123456789abcdef" in text
    assert "Dispatched product by product, the plan costs 0.0042% more than by dispatch" in text
    assert "3 of 3 vendors sell to this plan" in text
    assert "Products that the scenario does not ask for: 27" in text
    assert "Racks that serve in 2030, by power: 48% split, 24% split with a KV cache tier" in text
    assert "Ways to serve that are not in the model: 3" in text
    assert "weather of 11 sites is synthetic; that of Holly Ridge, LA was read from files" in text


def test_hostile_names_come_out_as_text(tmp_path: Path) -> None:
    """Title, site, workload, limit: nothing of them becomes an element or a script."""
    place = (HOSTILE, HOSTILE, *PLACES[0][2:])
    limit = {"limit": HOSTILE, "site": HOSTILE, "period": "2028", "price": 1.0}
    said = {
        "title": HOSTILE,
        "binding": [{**limit, "unit": HOSTILE, "meaning": HOSTILE}],
        "approximations": [HOSTILE],
        "engine": HOSTILE,
    }
    folder = write_run(tmp_path / "run", replace(ONE, places=(place,), summary=said))
    parsed = Page(render(read_folder(folder)))

    assert not parsed.all("img")
    kinds = [attributes.get("type") for attributes, _ in parsed.scripts]
    assert kinds.count(None) == 1
    assert HOSTILE in parsed.text
    specs = [json.loads(text) for attributes, text in parsed.scripts if "type" in attributes]
    assert any("<script>alert`1`</script>" in str(spec) for spec in specs)


@pytest.mark.parametrize("text", ["</script>", "<!--<script>", "\u2028\u2029", "a & b"])
def test_json_in_the_page_is_no_markup_and_reads_back(text: str) -> None:
    out = str(embedded({text: [text, 1.5]}))

    assert not set(out) & set("<>&\u2028\u2029")
    assert json.loads(out) == {text: [text, 1.5]}


def test_an_empty_plan_gives_a_page_that_says_so(empty: RunFolder) -> None:
    parsed = Page(render(empty))

    assert "The plan opens no site and builds nothing. 100% of the tokens" in parsed.text
    assert "No limit binds" in parsed.text
    assert "Nothing is built, so there is nothing to show." in parsed.text
    assert "No token is served." in parsed.text
    assert [f["data-spec"] for f in parsed.all("figure")] == ["map", "tokens-0", "tokens-1"]
    assert "nan" not in parsed.text.lower().split()


def test_one_site_in_one_year(single: RunFolder) -> None:
    text = Page(render(single)).text

    assert "In 2028 the plan runs 1.25 GW of IT load at 1 site." in text
    assert "Plan for 2028" in text
    assert "1 of 1 candidate opens; Abilene, TX runs 1.25 GW" in text


def test_a_plan_that_was_stopped_says_so(single: RunFolder) -> None:
    stopped = single.summary.model_copy(update={"status": "stopped", "gap": 0.031})
    text = Page(render(replace(single, summary=stopped))).text

    assert "the solver stopped at a limit before its goal" in text
    assert "within 3.10% of the best possible" in text


def test_the_report_replaces_an_older_one_and_is_small(fresh: Path) -> None:
    (fresh / "report.html").write_text("old", encoding="utf-8")

    path = write_report(fresh)

    assert path == fresh / "report.html"
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert path.stat().st_size < LARGEST_BYTES


def test_the_same_run_gives_the_same_page(single: RunFolder) -> None:
    assert render(single) == render(single)


def test_no_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"summary\.json: cannot be read, try the folder"):
        write_report(tmp_path)
