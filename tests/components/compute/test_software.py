import pytest
from pydantic import ValidationError

from components.catalog.loader import load_family
from components.compute.software import ServingSoftware

ROWS = {e.name: e.parameters for e in load_family("serving_software").values()}
RACKS = {e.name: e.parameters for e in load_family("rack").values()}


def test_prefill_of_a_format_without_a_figure_is_that_of_fp8() -> None:
    software = ROWS["hopper"]

    assert software.prefill_share("fp4") == software.prefill_efficiency["fp8"]
    assert software.prefill_share("bf16") == software.prefill_efficiency["bf16"]


def test_every_accelerator_has_its_software_and_every_software_a_rack() -> None:
    used = {r.software for r in RACKS.values() if r.kind == "accelerator"}

    assert used == set(ROWS)


def test_one_chip_on_two_fabrics_has_one_efficiency() -> None:
    """B200 in a node of 8 and in a rack of 72: only the fixed time of a layer differs."""
    node, rack = ROWS["blackwell_hgx"], ROWS["blackwell_nvl"]

    assert node.model_dump(exclude={"fixed_tp_us"}) == rack.model_dump(exclude={"fixed_tp_us"})


@pytest.mark.parametrize(
    ("figure", "value"),
    [("hbm_efficiency", 1.2), ("fixed_tp_us", -1), ("expert_imbalance", 0.9), ("service_share", 0)],
)
def test_refuses_what_has_no_meaning(figure: str, value: float) -> None:
    with pytest.raises(ValidationError, match=figure):
        ServingSoftware.model_validate(ROWS["hopper"].model_dump() | {figure: value})
