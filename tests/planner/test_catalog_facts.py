"""The catalog on a terminal: many rows, few columns, every source once."""

import pytest

from components.catalog.loader import families, load_family
from planner import cli, printing
from planner.catalog_facts import catalog_rows


@pytest.mark.parametrize("family", families())
@pytest.mark.parametrize("width", [100, 200])
def test_every_source_stands_below_once_and_is_named_by_its_rows(family: str, width: int) -> None:
    facts = catalog_rows(family, None, width)
    lines = dict(line.split(". ", 1) for line in facts.sources)
    named = {row[0]: [lines[number] for number in row[-1].split()] for row in facts.rows}

    assert len(set(lines.values())) == len(lines)
    assert facts.columns[-1] == "source"
    for name, entry in load_family(family).items():
        assert named[name], name
        for source in named[name]:
            assert source in entry.source
        without = entry.source
        for source in sorted(named[name], key=len, reverse=True):
            without = without.replace(source, "")
        left = {part.strip(" ;:") for part in without.split(";")} - {""}
        assert left <= set(type(entry.parameters).model_fields), name


def test_vendor_and_technology_come_first_and_more_figures_where_there_is_room() -> None:
    narrow, wide = (catalog_rows("gas", None, width) for width in (100, 200))

    assert narrow.columns[:4] == ("name", "technology", "vendor", "unit_mw")
    assert "slots_mw_per_year" not in narrow.columns
    assert "slots_mw_per_year" in wide.columns
    assert "as of 2026-07-31" in narrow.title


def test_days_stand_in_a_column_where_they_differ() -> None:
    assert "as of" in catalog_rows("grid", None).columns
    assert "as of" not in catalog_rows("gas", None).columns


def test_figures_by_year_are_told_by_year() -> None:
    (row,) = (r for r in catalog_rows("plant_supply", None).rows if r[0] == "medium_speed_engine")

    assert "2026: 100, 2027: 700, 2028: 1,800, 2029: 2,500, 2030: 3,000" in row


@pytest.mark.parametrize("width", [100, 200])
@pytest.mark.parametrize("family", ["gas", "fuel_cell", "plant_supply"])
def test_nothing_is_cut_away(
    family: str,
    width: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(printing, "width", lambda: width)

    cli.catalog(family)

    table = capsys.readouterr().out.split("\n1. ", 1)[0]
    assert max(map(len, table.splitlines())) <= width
    assert "…" not in table
    for name, entry in load_family(family).items():
        (line,) = (line for line in table.splitlines() if f" {name} " in line)
        assert entry.confidence in line.split()


@pytest.mark.parametrize(
    ("name", "letters", "lines"),
    [
        ("heat_rate_mmbtu_per_mwh", 7, ["heat_", "rate_", "mmbtu_", "per_mwh"]),
        ("capex_usd_per_kw", 16, ["capex_usd_per_kw"]),
        ("confidence", 7, ["confide", "nce"]),
        ("as of", 7, ["as of"]),
    ],
)
def test_long_heads_are_broken_after_underscores(name: str, letters: int, lines: list[str]) -> None:
    assert printing.folded(name, letters).split("\n") == lines
