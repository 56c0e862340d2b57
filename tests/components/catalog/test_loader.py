import pytest
from pydantic import ValidationError

from components.catalog import loader
from components.catalog.loader import changed, families, load_family
from components.catalog.reading import CatalogError
from components.registry import FAMILIES


def test_families_are_those_of_the_registry() -> None:
    assert families() == tuple(FAMILIES)


def test_a_family_is_read_once_and_cannot_be_changed() -> None:
    racks = load_family("rack")

    assert load_family("rack") is racks
    with pytest.raises(TypeError):
        racks["mine"] = racks["gb200_nvl72"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        racks["gb200_nvl72"].note = "mine"  # type: ignore[misc]


def test_an_unknown_family_is_refused_with_those_there_are() -> None:
    with pytest.raises(CatalogError, match="no family 'tide'; try one of gas, fuel_cell"):
        load_family("tide")


def test_a_family_without_a_file_is_refused(
    tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "FOLDER", tmp_path)

    with pytest.raises(CatalogError, match=r"gas needs one file, got 0; try gas\.csv or gas\.yaml"):
        load_family.__wrapped__("gas")  # past the cache


def test_a_changed_figure_is_checked_and_noted() -> None:
    engine = load_family("gas")["wartsila_18v50sg"]

    mine = changed(engine, {"lead_months": 24, "capex_usd_per_kw": "1500"})

    assert mine.parameters.model_dump() == engine.parameters.model_dump() | {
        "lead_months": 24.0,
        "capex_usd_per_kw": 1500.0,
    }
    assert mine.note.endswith("Not of the source: lead_months, capex_usd_per_kw.")
    assert mine.source == engine.source
    assert engine.parameters.model_dump()["lead_months"] == 32.0


def test_nothing_changed_is_the_same_entry() -> None:
    engine = load_family("gas")["wartsila_18v50sg"]

    assert changed(engine, {}) is engine


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"forced_outage_share": 1.5}, "forced_outage_share\n  Input should be less than 1"),
        ({"capex": 1500}, "capex\n  Extra inputs are not permitted"),
        ({"lead_months": "soon"}, "lead_months\n  Input should be a valid number"),
    ],
)
def test_a_change_out_of_bounds_is_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        changed(load_family("gas")["wartsila_18v50sg"], changes)
