"""The performance model against what vendors claim and others measured; the README says so too."""

from math import isfinite
from pathlib import Path

import pytest

from planner.perf_checks import (
    CLAIM_COLUMNS,
    claim_rows,
    claims_markdown,
    compared,
    measured,
    measured_markdown,
    measured_rows,
)

pytestmark = pytest.mark.validation

README = Path(__file__).parents[2] / "README.md"


def test_every_claim_is_checked_or_says_why_not() -> None:
    """Only what names no point at which it could be checked is only stated."""
    stated = {each.name for each in compared() if not each.claim.model}

    assert stated == {"cmx_tokens", "cmx_energy"}
    for each in compared():
        if each.name not in stated:
            assert not each.why, each
            assert each.data_sheet_times is not None
            assert each.times is not None
            assert isfinite(each.data_sheet_times)
            assert 0 < each.times <= each.data_sheet_times * 1.0001
    assert all(len(row) == len(CLAIM_COLUMNS) and all(row) for row in claim_rows())


def test_no_claim_is_beyond_what_the_model_reaches_by_more_than_a_factor() -> None:
    """Without haircut, and at the claim's own point, within a factor of 15 either way."""
    shares = [each.share for each in compared() if each.share is not None]

    assert shares
    assert all(1 / 15 <= share <= 15 for share in shares)


def test_every_measured_point_is_served() -> None:
    assert all(isfinite(each.factor) for each in measured())
    assert len(measured_rows()) == len(measured())


@pytest.mark.parametrize("table", [claims_markdown, measured_markdown])
def test_the_readme_has_the_tables_as_they_are(table: object) -> None:
    """Print them with ``from planner.perf_checks import claims_markdown, measured_markdown``."""
    assert callable(table)
    assert table() in README.read_text(encoding="utf-8")
