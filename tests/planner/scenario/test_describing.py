"""The JSON schema: kept in a file, deterministic, and of one mind with the models."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import planner.scenario
from planner.scenario import Scenario, dump, schema, template
from planner.scenario.describing import expectation, known_keys
from planner.scenario.reading import parse

KEPT = Path(planner.scenario.__file__).with_name("schema.json")


def as_json(text: str) -> Any:
    """Return YAML data as JSON has it: all keys are texts."""
    root = parse(text, "a.yaml").root
    assert root is not None
    return json.loads(json.dumps(root.plain()))


def test_the_file_is_up_to_date() -> None:
    """If this fails: gigaplan schema > planner/scenario/schema.json"""
    assert json.loads(KEPT.read_text(encoding="utf-8")) == schema()


def test_is_the_same_every_time() -> None:
    assert json.dumps(schema()) == json.dumps(schema())


def test_is_a_json_schema() -> None:
    jsonschema.Draft7Validator.check_schema(schema())


@pytest.mark.parametrize(
    "text",
    [
        template(),
        dump(Scenario(title="x")),
        "title: x",
        "extends: base.yaml",
        "{title: x, grid: {us_twh: {2026: 1, 2030: 2}, share_limit: null}}",
        "{title: x, power: {use: [a], change: {a: {b: 1, c: x, d: null, e: {2026: 1}}}}}",
    ],
)
def test_accepts_what_is_valid(text: str) -> None:
    jsonschema.validate(as_json(text), schema())


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{title: x, titel: y}",
        "{title: x, finance: {discount_rate: 8}}",
        "{title: x, grid: {share_limit: {2026: 2}}}",
        "{title: x, grid: {share_limit: {soon: 0.2}}}",
        "{title: x, horizon: {step: month}}",
        "{title: x, horizon: {start: 2026-13}}",
        "{title: x, sites: {include: some}}",
        "{title: x, racks: {use: []}}",
    ],
)
def test_refuses_what_is_not(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_json(text), schema())


@pytest.mark.parametrize(
    ("loc", "text"),
    [
        (("finance", "discount_rate"), "a number from 0 to 0.5: Real discount rate"),
        (("grid", "us_twh"), "a number over 0 up to 100000 or such numbers by year: US electr"),
        (("grid", "us_twh", 2028), "a number over 0 up to 100000: US electricity by year"),
        (("horizon", "step"), "year or half_year or quarter: Length of a period"),
        (("horizon", "start"), "a month such as 2026-07: First month"),
        (("horizon", "weeks"), "a whole number from 1 to 52 or null: Sampled weeks"),
        (("sites", "include", 3), "a text: all, or a list of site ids"),
        (("demand", "workloads", "any", "must_serve"), "true or false: true: every token"),
        (("power",), "a mapping: Power products"),
        (("nothing", "here"), ""),
    ],
)
def test_says_what_is_expected(loc: tuple[str | int, ...], text: str) -> None:
    assert expectation(loc).startswith(text)


def test_knows_the_keys_of_mappings_with_fixed_keys() -> None:
    assert "extends" in known_keys(())
    assert known_keys(("reliability",)) == [
        "spare_units",
        "spared_from_mw",
        "availability",
        "most_rounds",
        "outage_h",
        "fuel_on_site_h",
    ]
    assert "must_serve" in known_keys(("demand", "workloads", "any"))
    assert known_keys(("demand", "workloads")) == []
