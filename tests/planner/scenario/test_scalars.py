"""Scalars by the core schema of YAML 1.2."""

import math

import pytest

from planner.scenario.scalars import resolve, resolve_key


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e6", 1e6),
        ("1.0E-3", 1e-3),
        (".5", 0.5),
        ("5.", 5.0),
        ("-1.5", -1.5),
        ("+12", 12),
        ("-7", -7),
        ("0777", 777),
        ("0o17", 15),
        ("0x1F", 31),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        # What YAML 1.1 reads as something else stays text.
        ("no", "no"),
        ("Off", "Off"),
        ("yes", "yes"),
        ("y", "y"),
        ("2026-01", "2026-01"),
        ("2026-01-15", "2026-01-15"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("tRUE", "tRUE"),
        ("=", "="),
        ("e6", "e6"),
        ("-", "-"),
        (".", "."),
        ("1e", "1e"),
        ("٣", "٣"),
        ("9" * 101, "9" * 101),
    ],
)
def test_plain_scalars(text: str, value: object) -> None:
    found = resolve(text)

    assert type(found) is type(value)
    assert found == value


def test_nan_is_a_number() -> None:
    assert math.isnan(float(resolve(".nan") or 0))


@pytest.mark.parametrize(
    ("text", "key"),
    [("2028", 2028), ("-1", "-1"), ("1.5", "1.5"), ("true", "true"), ("", ""), ("²", "²")],
)
def test_only_digits_make_a_number_of_a_key(text: str, key: str | int) -> None:
    assert resolve_key(text) == key
