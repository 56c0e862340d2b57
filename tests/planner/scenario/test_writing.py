"""Scenarios as text: what is written is read back equal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.scenario import Scenario, dump, load, template

FULL: dict[str, Any] = {
    "title": "Everything",
    "horizon": {"start": "2026-07", "periods": 4, "step": "half_year", "hours": "weeks"},
    "finance": {"base_year": 2024, "discount_rate": 0.07, "cost_of_capital": 0.09},
    "demand": {"workloads": {"chat": {"tokens_per_day": 1e12, "value_usd_per_mtok": 4}}},
    "grid": {"share_limit": None, "area_limit_mw": {"NO": 5}, "firm_wait_months": {"a": 36}},
    "supply": {"buyer_share": {"cowos": 0.1}, "chips": {"cowos": {2026: 1, 2028: 2}}},
    "sites": {"include": ["a", "1e6"], "change": {"a": {"tax": "no", "land": None, "x": True}}},
    "power": {"use": "all", "change": {"p": {"lead_months": 6, "share": 0.5, "s": {2026: 1.5}}}},
    "policy": {"co2_limit_t": {2026: 5e6, 2028: 4e6}, "moratoria": {"TX": "2028-01"}},
}


@pytest.mark.parametrize("data", [FULL, {"title": "x"}], ids=["full", "least"])
def test_what_is_dumped_is_read_back_equal(
    write: Callable[..., Path], data: dict[str, Any]
) -> None:
    scenario = Scenario.model_validate(data)

    again = load(write(dump(scenario))).scenario

    assert again == scenario
    assert dump(again) == dump(scenario)


@pytest.mark.parametrize(
    "title",
    ["1e6", "0o17", "no", "2026-01-15", "~", "null", "0777", "a: b", "# a", "é\nx", "'", "="],
)
def test_a_text_that_looks_like_something_else_stays_text(
    write: Callable[..., Path], title: str
) -> None:
    assert load(write(dump(Scenario(title=title)))).scenario.title == title


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable()))
def test_any_title_survives(write: Callable[..., Path], title: str) -> None:
    assert load(write(dump(Scenario(title=title)))).scenario.title == title


def test_a_dump_holds_every_default() -> None:
    found = yaml.safe_load(dump(Scenario(title="x")))

    assert list(found) == list(Scenario.model_fields)
    assert found["grid"]["us_twh"][2026] == 4262


def test_the_template_is_a_valid_scenario(write: Callable[..., Path]) -> None:
    text = template()

    scenario = load(write(text)).scenario

    assert scenario.sites.include == ("abilene_tx",)
    assert scenario.horizon.hours == "weeks"
    first = text.splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert Path(first.partition("=")[2]).is_file()


def test_what_the_template_shows_in_comments_holds_by_default(write: Callable[..., Path]) -> None:
    """From the first section on that is all comment, the lines are YAML once the # is gone."""
    lines = template().splitlines()
    start = lines.index(next(line for line in lines if line.startswith("# finance:")))
    shown = "\n".join(line.removeprefix("# ").removeprefix("#") for line in lines[start:])

    scenario = load(write(f"title: x\n{shown}\n")).scenario

    assert scenario == Scenario(title="x")
