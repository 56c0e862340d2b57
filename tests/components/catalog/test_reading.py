"""Rows that are refused, each with its file and line."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pydantic import Field

from components.base import Parameters
from components.catalog.loader import FOLDER, Entry, read_family
from components.catalog.reading import CatalogError, read_rows

HEAD = "name,vendor,unit_mw,chips,capex_usd_per_kw,fixed_om_usd_per_kw_year,lead_months,life_years"
HEAD += ",release,cooling,ingredients,source,as_of,confidence,note,default"

GOOD = {
    "name": "gb200",
    "vendor": "NVIDIA",
    "unit_mw": "0.13",
    "chips": "72",
    "capex_usd_per_kw": "26000",
    "fixed_om_usd_per_kw_year": "500",
    "lead_months": "6",
    "life_years": "5",
    "release": "2025-03",
    "cooling": "liquid | air",
    "ingredients": "cowos=4.6|hbm3e=13.8",
    "source": "Data sheet of the vendor",
    "as_of": "2026-01-31",
    "confidence": "M",
    "note": "",
    "default": "yes",
}

THING = """\
# A comment on line 1.
lateral:
  default: true
  usd_per_mile: {value: 4000000, unit: USD/mile, source: OGJ 2025, as_of: 2025-11-30, confidence: L}
  tap_usd: {value: 6000000, unit: USD, source: OGJ 2025, as_of: 2025-10-31, confidence: M}
  lead_months: {value: 20, unit: months, source: OGJ 2025, as_of: 2025-11-30, confidence: M}
  life_years: {value: 30, unit: a, source: OGJ 2025, as_of: 2025-11-30, confidence: H}
  fixed_om_share: {value: 0.02, unit: 1/a, source: OGJ 2025, as_of: 2025-11-30, confidence: M}
  capacity_mmcf_per_day:
    {value: 220, unit: MMcf/d, source: OGJ 2025, as_of: 2025-11-30, confidence: M}
"""


@pytest.fixture
def read_racks(tmp_path: Path) -> Callable[..., tuple[Entry, ...]]:
    """Write rows of racks to a CSV file and read them."""

    def read(*rows: Mapping[str, str], head: str = HEAD) -> tuple[Entry, ...]:
        path = tmp_path / "rack.csv"
        lines = [head, *(",".join(row[column] for column in HEAD.split(",")) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_family(path, "rack")

    return read


@pytest.fixture
def read_lateral(tmp_path: Path) -> Callable[[str], tuple[Entry, ...]]:
    """Write YAML of gas laterals and read it."""

    def read(text: str) -> tuple[Entry, ...]:
        path = tmp_path / "gas_lateral.yaml"
        path.write_text(text, encoding="utf-8")
        return read_family(path, "gas_lateral")

    return read


def test_lists_and_mappings_in_cells(read_racks: Callable[..., tuple[Entry, ...]]) -> None:
    (entry,) = read_racks(GOOD)

    figures = entry.parameters.model_dump()

    assert figures["cooling"] == ("liquid", "air")
    assert figures["ingredients"] == {"cowos": 4.6, "hbm3e": 13.8}
    assert figures["chips"] == 72
    assert figures["slots_mw_per_year"] is None


@pytest.mark.parametrize("text", ["2", "3"])
def test_a_choice_of_numbers_that_may_be_left_out_is_a_number(text: str, tmp_path: Path) -> None:
    path = tmp_path / "rack.csv"
    cells = ",".join(GOOD[column] for column in HEAD.split(","))
    path.write_text(f"{HEAD},torus_dimensions\n{cells},{text}\n", encoding="utf-8")

    (entry,) = read_family(path, "rack")

    assert entry.parameters.model_dump()["torus_dimensions"] == int(text)


def test_an_empty_cell_is_an_absent_figure(read_racks: Callable[..., tuple[Entry, ...]]) -> None:
    (entry,) = read_racks(GOOD | {"ingredients": ""})

    assert entry.parameters.model_dump()["ingredients"] == {}


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """Excel begins UTF-8 with a mark and ends lines with CR LF."""
    path = tmp_path / "rack.csv"
    text = HEAD + "\r\n" + ",".join(GOOD[column] for column in HEAD.split(",")) + "\r\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())

    (entry,) = read_family(path, "rack")

    assert entry.name == "gb200"


@pytest.mark.parametrize(
    ("column", "text", "complaint"),
    [
        ("source", "", "gb200 has no source, got ''; try a title or address"),
        ("source", "press", "gb200 has no source, got 'press'"),
        ("as_of", "", "gb200 has no date in as_of, got ''; try a day such as 2026-01-31"),
        ("as_of", "2026-02-30", "gb200 has no date in as_of, got '2026-02-30'"),
        ("as_of", "20260131", "gb200 has no date in as_of, got '20260131'"),
        ("as_of", "31 Jan 2026", "gb200 has no date in as_of, got '31 Jan 2026'"),
        ("confidence", "", "gb200: confidence, got ''; try H, M or L"),
        ("confidence", "high", "gb200: confidence, got 'high'; try H, M or L"),
        ("default", "", "gb200: default, got ''; try yes or no"),
        ("name", "GB200 NVL72", "bad name, got 'GB200 NVL72'; try lower case, digits and _"),
        ("unit_mw", "-1", "gb200.unit_mw: Input should be greater than 0, got '-1'; try unit_mw:"),
        ("unit_mw", "nan", "gb200.unit_mw: Input should be a finite number, got 'nan'"),
        ("unit_mw", "0.13 MW", "gb200.unit_mw: Input should be a valid number"),
        ("capex_usd_per_kw", "", "gb200.capex_usd_per_kw: Field required, got None"),
        ("chips", "7.5", "gb200.chips: Input should be a valid integer"),
        ("release", "2025-13", "gb200.release: String should match pattern"),
        ("ingredients", "cowos", "gb200.ingredients.cowos: Input should be a valid number"),
        ("ingredients", "cowos=1|cowos=2", "gb200.ingredients: Input should be a valid dictionary"),
        ("ingredients", "cowos=-1", "gb200.ingredients.cowos: Input should be greater than or"),
    ],
)
def test_a_bad_cell_is_refused_where_it_stands(
    read_racks: Callable[..., tuple[Entry, ...]], column: str, text: str, complaint: str
) -> None:
    """The good row stands on line 2, the bad one on line 3."""
    with pytest.raises(CatalogError) as refused:
        read_racks(GOOD | {"name": "other"}, GOOD | {column: text})

    (problem,) = refused.value.problems
    place, _, what = problem.partition(": ")
    assert place.endswith("rack.csv:3")
    assert what.startswith(complaint)


def test_every_problem_is_told_at_once(read_racks: Callable[..., tuple[Entry, ...]]) -> None:
    with pytest.raises(CatalogError) as refused:
        read_racks(GOOD | {"source": "", "confidence": "X", "life_years": "0"})

    assert len(refused.value.problems) == 3


def test_a_name_stands_once(read_racks: Callable[..., tuple[Entry, ...]]) -> None:
    with pytest.raises(CatalogError, match=r"rack\.csv:4: name stands twice, got 'gb200'.*line 2"):
        read_racks(GOOD, GOOD | {"name": "other"}, GOOD)


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        (HEAD + ",weight_t", "rack.csv:1: unknown column, got 'weight_t'; try one of name,"),
        (HEAD.replace(",note", ",vendor"), "rack.csv:1: column stands twice, got 'vendor'"),
        (HEAD.replace(",as_of", ""), "rack.csv:1: column 'as_of' is missing"),
    ],
)
def test_a_bad_column_is_refused(
    read_racks: Callable[..., tuple[Entry, ...]], head: str, complaint: str
) -> None:
    with pytest.raises(CatalogError) as refused:
        read_racks(GOOD, head=head)

    assert any(complaint in problem for problem in refused.value.problems)


def test_a_row_of_another_length_is_refused(
    read_racks: Callable[..., tuple[Entry, ...]],
) -> None:
    with pytest.raises(CatalogError, match=r"rack\.csv:3: row needs 16 cells, got 17; try quotes"):
        read_racks(GOOD, GOOD | {"note": "a comma, unquoted"})


def test_open_quotes_are_refused(read_racks: Callable[..., tuple[Entry, ...]]) -> None:
    with pytest.raises(CatalogError, match=r"rack\.csv:2: no CSV"):
        read_racks(GOOD | {"note": '"never closed'})


def test_lines_are_counted_over_cells_of_several_lines(
    read_racks: Callable[..., tuple[Entry, ...]],
) -> None:
    """The first row takes lines 2 and 3, so the bad one stands on line 4."""
    with pytest.raises(CatalogError, match=r"rack\.csv:4: other has no source"):
        read_racks(GOOD | {"note": '"two\nlines"'}, GOOD | {"name": "other", "source": ""})


@pytest.mark.parametrize("text", ["", HEAD + "\n"])
def test_a_file_without_rows_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rack.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CatalogError, match=r"rack\.csv:1: "):
        read_family(path, "rack")


def test_a_number_without_unit_is_refused(tmp_path: Path) -> None:
    class Unmarked(Parameters):
        weight: float = Field(description="What it weighs")

    path = tmp_path / "odd.csv"
    path.write_text("name,weight,source,as_of,confidence,note,default\n", encoding="utf-8")

    with pytest.raises(CatalogError, match=r"odd\.csv:1: weight has no unit.*in Unmarked"):
        read_rows(path, Unmarked)


def test_a_number_without_unit_is_refused_in_yaml(tmp_path: Path) -> None:
    class Unmarked(Parameters):
        weight: float = Field(description="What it weighs")

    path = tmp_path / "odd.yaml"
    figure = "{value: 1, unit: null, source: OGJ 2025, as_of: 2025-11-30, confidence: L}"
    path.write_text(f"thing:\n  weight: {figure}\n", encoding="utf-8")

    with pytest.raises(CatalogError, match=r"odd\.yaml:2: weight has no unit.*in Unmarked"):
        read_rows(path, Unmarked)


def test_a_thing_has_the_oldest_date_and_the_lowest_confidence(
    read_lateral: Callable[[str], tuple[Entry, ...]],
) -> None:
    (entry,) = read_lateral(THING)

    assert entry.as_of.isoformat() == "2025-10-31"
    assert entry.confidence == "L"
    assert entry.source.startswith("usd_per_mile: OGJ 2025; tap_usd: OGJ 2025")
    assert entry.default


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("unit: USD,", "unit: EUR,", ":5: tap_usd has the wrong unit, got 'EUR'; try in USD"),
        ("unit: USD,", "", ":5: tap_usd is no figure"),
        ("value: 6000000, ", "", ":5: tap_usd is no figure"),
        ("tap_usd: {", "tap_eur: {", ":5: unknown figure, got 'tap_eur'; try one of usd_per_mile"),
        ("value: 6000000", "value: yes", ":5: tap_usd is no number, got True"),
        ("value: 6000000", "value: -1", ":5: lateral.tap_usd: Input should be greater than or"),
        ("as_of: 2025-10-31", "as_of: last year", ":5: lateral.tap_usd has no date in as_of"),
        ("source: OGJ 2025, as_of: 2025-10-31", "source: '', as_of: 2025-10-31", ":5: lateral."),
        ("confidence: M", "confidence: m", ":5: lateral.tap_usd: confidence, got 'm'"),
        ("  default: true\n", "", ":2: lateral: default, got 'None'; try yes or no"),
        ("default: true", "default: maybe", ":2: lateral: default, got 'maybe'"),
        ("  life_years", "  lead_months", ":7: key 'lead_months' stands twice"),
        ("lateral:", "Lateral 1:", ":2: bad name, got 'Lateral 1'"),
        ("1/a,", "1/a", ":8: "),
    ],
)
def test_a_bad_figure_is_refused_where_it_stands(
    read_lateral: Callable[[str], tuple[Entry, ...]], old: str, new: str, complaint: str
) -> None:
    assert old in THING
    with pytest.raises(CatalogError) as refused:
        read_lateral(THING.replace(old, new, 1))

    assert any(f"gas_lateral.yaml{complaint}" in problem for problem in refused.value.problems)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "lateral: 3\n", "{}\n"])
def test_what_holds_no_figures_is_refused(
    read_lateral: Callable[[str], tuple[Entry, ...]], text: str
) -> None:
    with pytest.raises(CatalogError, match=r"gas_lateral\.yaml:1: "):
        read_lateral(text)


def test_a_missing_figure_is_named(read_lateral: Callable[[str], tuple[Entry, ...]]) -> None:
    text = "".join(line for line in THING.splitlines(keepends=True) if "life_years" not in line)

    with pytest.raises(CatalogError, match=r":2: lateral\.life_years: Field required, got None"):
        read_lateral(text)


def test_the_catalog_has_one_file_for_each_family() -> None:
    stems = [path.stem for path in FOLDER.iterdir() if path.suffix in (".csv", ".yaml")]

    assert len(stems) == len(set(stems))
