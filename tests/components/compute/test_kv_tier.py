from math import exp, inf, log, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from components.catalog.loader import load_family
from components.compute import kv_tier
from components.compute.kv_tier import Gap, held_share, reload_gain, storage_need
from components.compute.model import LanguageModel
from components.compute.parallelism import kv_gb_per_sequence
from components.compute.rack import Rack
from components.compute.traffic import Infeasible, Performance, Traffic

R1 = load_family("model")["deepseek_r1"].parameters
STX = load_family("rack")["stx_bluefield4"].parameters
VR = load_family("rack")["vr200_nvl72"].parameters
assert isinstance(R1, LanguageModel)
assert isinstance(STX, Rack)
assert isinstance(VR, Rack)
AGENTS = Gap(median_s=7, mean_s=240)
STEP = Traffic(150_000, 500, 100, cached_share=0.96)


def test_sigma_of_coding_agents() -> None:
    """sqrt(2 ln(240/7)) = sqrt(7.069) = 2.659."""
    assert AGENTS.sigma == pytest.approx(2.659, abs=1e-3)


def test_half_come_back_within_the_median() -> None:
    assert held_share(AGENTS, 7) == pytest.approx(0.5)
    assert (held_share(AGENTS, 0), held_share(AGENTS, inf)) == (0, 1)


def test_one_deviation_above_the_median() -> None:
    """7 s x e^2.659 = 100 s is one deviation up: 84.1 %."""
    assert held_share(AGENTS, 7 * exp(AGENTS.sigma)) == pytest.approx(0.8413, abs=1e-4)


def test_gaps_that_are_all_alike() -> None:
    steady = Gap(median_s=10, mean_s=10)

    assert (held_share(steady, 9.9), held_share(steady, 10)) == (0, 1)
    assert (steady.mean_wait_s(4), steady.mean_wait_s(50)) == (4, 10)


@pytest.mark.parametrize("longest", [1.0, 60.0, 3600.0])
def test_mean_wait_is_the_integral_of_those_who_wait(longest: float) -> None:
    """E[min(g, T)] is the integral of P(g > t) from 0 to T, here over ln t."""

    def still_waiting(log_t: float) -> float:
        return (1 - held_share(AGENTS, exp(log_t))) * exp(log_t)

    found, _ = quad(still_waiting, log(1e-9), log(longest))

    assert AGENTS.mean_wait_s(longest) == pytest.approx(found, rel=1e-6)


def test_mean_wait_without_end_is_the_mean() -> None:
    assert AGENTS.mean_wait_s(inf) == 240
    assert AGENTS.mean_wait_s(0) == 0


def test_last_turns_wait_to_the_end() -> None:
    """One of 84: 83/84 of what the others wait, and 1/84 of an hour."""
    ending = Gap(7, 240, last_share=1 / 84)
    others = AGENTS.mean_wait_s(3600)

    assert ending.mean_wait_s(3600) == pytest.approx(others * 83 / 84 + 3600 / 84)
    assert ending.mean_wait_s(inf) == inf


@pytest.mark.parametrize(("median", "mean", "last"), [(0, 1, 0), (9, 8, 0), (7, 240, 1)])
def test_a_gap_that_cannot_be(median: float, mean: float, last: float) -> None:
    with pytest.raises(ValueError, match="gap"):
        Gap(median, mean, last)


def test_a_million_tokens_of_r1() -> None:
    """35,136 B a token: 35.1 GB; 12 PB hold 341,530 of them; 3.2 TB/s read 91 a second."""
    session = kv_gb_per_sequence(R1, 1e6, "fp8")

    assert session == pytest.approx(35.136)
    assert 12e6 / session == pytest.approx(341_530, rel=1e-4)
    assert 3200 / session == pytest.approx(91.07, rel=1e-3)


@pytest.mark.parametrize(("prefill", "gain"), [(26_156, 27.2), (7_839, 90.8)])
def test_reading_back_wins_over_computing(prefill: float, gain: float) -> None:
    """35.1 KB at 25 GB/s is 1.405 us a token; GB200 takes 38.2 us, H800 127.6 us."""
    assert reload_gain(R1, "fp8", 25, prefill) == pytest.approx(gain, abs=0.05)


def test_residence_is_room_over_what_comes_in() -> None:
    """0.8 x 54 TB; 10 turns/s of 150,500 tokens = 5.288 GB each: 817 s."""
    found = kv_tier.host_residence_s(R1, VR, STEP, "fp8", 10)

    assert found == pytest.approx(0.8 * 54_000 / (10 * 150_500 * 35_136 / 1e9))
    assert kv_tier.host_residence_s(R1, VR, STEP, "fp8", 0) == inf


def _share(rate: float, slope: float = 0.0) -> float:
    return kv_tier.share_held_by_hosts(
        R1, VR, STEP, AGENTS, "fp8", lambda h: rate * (1 + slope * h)
    )


def test_share_held_at_a_steady_rate_needs_no_search() -> None:
    stay = kv_tier.host_residence_s(R1, VR, STEP, "fp8", 30)

    assert _share(30) == pytest.approx(held_share(AGENTS, stay), abs=2e-4)


@given(st.floats(1e-3, 1e6), st.floats(0, 100))
def test_share_held_gives_itself_back(rate: float, slope: float) -> None:
    share = _share(rate, slope)
    stay = kv_tier.host_residence_s(R1, VR, STEP, "fp8", rate * (1 + slope * share))

    assert share == pytest.approx(held_share(AGENTS, stay), abs=2e-3)


def test_share_held_is_found_at_a_step_of_the_rate() -> None:
    """Below a half 10 turns/s leave more than a half held, above it 1e6 leave nothing."""
    found = kv_tier.share_held_by_hosts(
        R1, VR, STEP, AGENTS, "fp8", lambda h: 10.0 if h < 0.5 else 1e6
    )

    assert found == pytest.approx(0.5, abs=1e-3)


def test_racks_that_serve_nothing_hold_everything() -> None:
    assert _share(0) == 1


def test_turns_of_a_rack() -> None:
    """0.02 racks give 1000 tokens/s: a rack 50,000, or 100 turns of 500 tokens."""
    found = Performance("split", {"vr": 0.02}, 1, 1, 1, 1, 1, 1, "", {}, "", 1)

    assert kv_tier.requests_per_rack_s(found, "vr", STEP) == pytest.approx(100)
    assert kv_tier.requests_per_rack_s(Infeasible("no"), "vr", STEP) == 0


def test_storage_found_on_paper() -> None:
    """Two turns/s; every context waits 10 s and is read back.

    Capacity: 2 x 5.288 GB x 10 s of 11.8 PB. Bandwidth: 2 x 144,000 tokens of 35,136 B = 10.12
    GB/s of 3,200.
    """
    steady = Gap(median_s=10, mean_s=10)
    need = storage_need(R1, STX, STEP, steady, "fp8", upper_residence_s=0)

    assert need.reload_share == 1
    assert need.by_capacity == pytest.approx(2 * 5.287968 * 10 / 11.8e6)
    assert need.by_bandwidth == pytest.approx(2 * 144_000 * 35_136 / 1e9 / 3200)
    assert (need.bound_by, need.racks_per_ktoken_s) == ("bandwidth", need.by_bandwidth)


def test_long_waits_bind_by_capacity() -> None:
    days = Gap(median_s=86_400, mean_s=172_800)
    need = storage_need(
        R1, STX, STEP, days, "fp8", upper_residence_s=600, time_to_live_s=30 * 86_400
    )

    assert need.bound_by == "capacity"
    assert need.racks_per_ktoken_s == need.by_capacity


def test_storage_reads_only_what_hosts_have_lost() -> None:
    needs = [
        storage_need(R1, STX, STEP, AGENTS, "fp8", upper_residence_s=r) for r in (0, 60, 600, 7200)
    ]
    shares = [need.reload_share for need in needs]

    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0
    assert shares[1] == pytest.approx(held_share(AGENTS, 3600) - held_share(AGENTS, 60))


def test_only_storage_racks_store() -> None:
    with pytest.raises(ValueError, match="no storage"):
        storage_need(R1, VR, STEP, AGENTS, "fp8", upper_residence_s=0)


def test_time_to_read_a_context_back() -> None:
    """144,000 tokens, 5.06 GB: 25 ms at 200 GB/s, 3 ms by eight NICs."""
    alone = kv_tier.reload_s(R1, STEP, "fp8", 200)

    assert alone == pytest.approx(144_000 * 35_136 / 200e9)
    assert kv_tier.reload_s(R1, STEP, "fp8", 200, parallel=8) == pytest.approx(alone / 8)


def test_what_reading_back_adds_to_the_first_token() -> None:
    """5.06 GB at 450 GB/s for 70 %, at 200 GB/s for 20 %: 7.9 and 5.1 ms."""
    added = kv_tier.added_first_token_s(R1, VR, STEP, "fp8", host_share=0.7, storage_share=0.2)
    unlinked = VR.model_copy(update={"host_link_gb_s": 0.0})

    assert added == pytest.approx(5.0596 * (0.7 / 450 + 0.2 / 200), rel=1e-4)
    assert (
        kv_tier.added_first_token_s(R1, unlinked, STEP, "fp8", host_share=0.7, storage_share=0)
        == inf
    )


def test_lognormal_has_the_mean_asked_for() -> None:
    """The density integrates to the mean: median x exp(sigma^2 / 2)."""
    sigma = AGENTS.sigma

    def weighted(z: float) -> float:
        return 7 * exp(sigma * z) * exp(-z * z / 2) / sqrt(2 * pi)

    found, _ = quad(weighted, -12, 16)

    assert found == pytest.approx(240, rel=1e-6)
