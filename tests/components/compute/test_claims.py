import pytest
from pydantic import ValidationError

from components.compute import claims as module
from components.compute.claims import Claim, Figures, claims_table
from components.compute.rack import Rack
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Performance

POINT = {
    "model": "m",
    "rack": "new",
    "before": "old",
    "input_tokens": 1024,
    "output_tokens": 1024,
    "tokens_per_s_per_user": 50,
}


def _claim(**changes: object) -> Claim:
    said = {"said_by": "A", "said": "b", "said_at": "c", "measure": "tokens_per_gpu", "times": 10}
    return Claim.model_validate({**said, **changes})


def _rack(kw: float) -> Rack:
    return Rack(
        vendor="a",
        chips=10,
        cooling=("air",),
        release="2026-01",
        unit_mw=kw / 1000,
        capex_usd_per_kw=1000,
        fixed_om_usd_per_kw_year=0,
        lead_months=6,
        life_years=5,
        software="s",
        haircut=0.5 if kw == 200 else 0,
    )


SOFTWARE = ServingSoftware(
    stack="a",
    hbm_efficiency=1,
    flops_efficiency=1,
    prefill_efficiency={"fp8": 1},
    fixed_tp_us=0,
    fixed_ep_us=0,
)
FIGURES = Figures({"m": None}, {"new": _rack(200), "old": _rack(100)}, {"s": SOFTWARE})  # type: ignore[dict-item]


@pytest.fixture(autouse=True)
def _serve(monkeypatch: pytest.MonkeyPatch) -> None:
    """The new rack gives 4000 / speed of a GPU less its haircut, the old 1000 up to 100."""

    def serve(
        model: object,
        name: str,
        rack: Rack,
        software: ServingSoftware,
        traffic: object,
        *,
        haircut: float | None,
    ) -> Performance | Infeasible:
        cut = rack.haircut if haircut is None else haircut
        speed = traffic.tokens_per_s_per_user  # type: ignore[attr-defined]
        if name == "old" and speed > 100:
            return Infeasible("100 tokens/s/user at most")
        output = 40_000 * (1 - cut) / speed if name == "new" else 20_000 / speed**1.5
        return Performance(
            "split",
            {name: 100 / output},
            output,
            output,
            output,
            speed,
            1,
            1,
            "TP8",
            {},
            "",
            0.1,
        )

    monkeypatch.setattr(module, "serve", serve)


def test_a_claim_is_compared_at_its_point() -> None:
    """At 50 tokens/s: 800 over 56.57 of a GPU; the haircut is a half of the new."""
    (found,) = claims_table({"a": _claim(**POINT)}, FIGURES)

    assert found.data_sheet_times == pytest.approx(2 * 50**0.5)
    assert found.times == pytest.approx(50**0.5)
    assert found.share == pytest.approx(2 * 50**0.5 / 10)


def test_the_speed_is_found_from_which_the_claim_holds() -> None:
    """Twice the root of 25 is 10."""
    (found,) = claims_table({"a": _claim(**POINT)}, FIGURES)

    assert found.reached_at is not None
    assert 25 <= found.reached_at <= 27


def test_a_claim_that_no_speed_bears_out_says_so() -> None:
    (found,) = claims_table({"a": _claim(**POINT, times=1000)}, FIGURES)

    assert found.reached_at is None


@pytest.mark.parametrize("measure", ["tokens_per_mw", "tokens_per_usd"])
def test_power_and_money_count_the_rack(measure: str) -> None:
    """The new rack takes twice the power at the same price of a kW."""
    (found,) = claims_table({"a": _claim(**POINT, measure=measure)}, FIGURES)

    assert found.data_sheet_times == pytest.approx(50**0.5)


def test_what_cannot_serve_is_named() -> None:
    (found,) = claims_table({"a": _claim(**{**POINT, "tokens_per_s_per_user": 200})}, FIGURES)

    assert found.data_sheet_times is None
    assert found.why == "old: 100 tokens/s/user at most"


def test_a_claim_without_a_point_is_only_stated() -> None:
    (found,) = claims_table({"a": _claim()}, FIGURES)

    assert (found.data_sheet_times, found.times, found.share) == (None, None, None)
    assert found.why.startswith("only stated")


@pytest.mark.parametrize(
    "figures",
    [
        {"model": "m"},
        {**POINT, "tokens_per_s_per_user": None},
        {**POINT, "mode": "afd"},
        {**POINT, "ffn_rack": "x"},
    ],
)
def test_half_a_point_is_refused(figures: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=r"a claim with a model needs|go together"):
        _claim(**figures)
