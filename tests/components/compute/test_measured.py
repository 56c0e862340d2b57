"""Measured points: how they are counted, and that they can be asked of the model."""

from math import isnan

import pytest
from pydantic import ValidationError

from components.catalog.loader import load_family
from components.compute.measured import MeasuredPoint, counted, predicted, residuals
from components.compute.traffic import Performance

POINTS = {e.name: e.parameters for e in load_family("measured").values()}
MODELS = {e.name: e.parameters for e in load_family("model").values()}
RACKS = {e.name: e.parameters for e in load_family("rack").values()}
SOFTWARE = {e.name: e.parameters for e in load_family("serving_software").values()}
POINT = POINTS["r1_gb200_fp4_1k_mtp_at_97"]


def said(point: MeasuredPoint) -> Performance:
    rack = RACKS[point.rack]
    found = predicted(point, MODELS[point.model], rack, SOFTWARE[rack.software])
    assert isinstance(found, Performance)
    return found


@pytest.mark.parametrize(("name", "point"), POINTS.items(), ids=POINTS)
def test_points_name_what_is_in_the_catalog(name: str, point: MeasuredPoint) -> None:
    assert point.weight_format in MODELS[point.model].weights_gb
    assert RACKS[point.rack].software in SOFTWARE
    assert not point.drafting or MODELS[point.model].draft_tokens


def test_total_counts_input_and_output_of_all_gpus() -> None:
    """1,024 in and out: twice the output."""
    found = said(POINT)

    assert counted(POINT, found) == pytest.approx(2 * found.output_tokens_per_s_per_gpu)


@pytest.mark.parametrize(
    ("counts", "gpus_counted", "figure"),
    [
        ("output", "all", "output_tokens_per_s_per_gpu"),
        ("output", "decode", "decode_tokens_per_s_per_gpu"),
        ("prefill", "prefill", "prefill_tokens_per_s_per_gpu"),
    ],
)
def test_other_counts(counts: str, gpus_counted: str, figure: str) -> None:
    point = POINT.model_copy(update={"counts": counts, "gpus_counted": gpus_counted})

    assert counted(point, said(point)) == getattr(said(point), figure)


def test_drafting_and_format_are_those_of_the_point() -> None:
    assert "3 drafts" in " ".join(said(POINT).notes)
    plain = POINT.model_copy(update={"drafting": False, "weight_format": "fp8"})
    assert said(plain).notes == ("weights in fp8",)


def test_residual_is_the_greater_over_the_smaller() -> None:
    found = said(POINT)
    twice = POINT.model_copy(update={"tokens_per_s_per_gpu": 2 * counted(POINT, found)})
    half = POINT.model_copy(update={"tokens_per_s_per_gpu": counted(POINT, found) / 2})
    one, other = residuals({"twice": twice, "half": half}, MODELS, RACKS, SOFTWARE)

    assert (one.point, other.point) == ("twice", "half")
    assert one.factor == other.factor == pytest.approx(2)
    assert one.layout == found.layout


def test_what_cannot_be_served_has_no_factor() -> None:
    asked = POINT.model_copy(update={"tokens_per_s_per_user": 1e5})
    (found,) = residuals({"fast": asked}, MODELS, RACKS, SOFTWARE)

    assert isnan(found.factor)
    assert "at most" in found.layout


@pytest.mark.parametrize(("figure", "value"), [("counts", "all"), ("tokens_per_s_per_gpu", 0)])
def test_refuses_what_has_no_meaning(figure: str, value: object) -> None:
    with pytest.raises(ValidationError, match=figure):
        MeasuredPoint.model_validate(POINT.model_dump() | {figure: value})
