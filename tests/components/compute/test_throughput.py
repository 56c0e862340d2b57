"""The catalog's throughput, derived again from the measured points that its notes name.

Per output token, a GPU spends time on decode and, for each new input token, on prefill:
``t = t_decode + (new input / output) * t_prefill``, so a rack gives ``GPUs / t``. Work per token of
DeepSeek-R1 [GFLOP]: decode 74 + 0.017 c, prefill 74 + 0.005 c at context c (61 layers, 128 heads).
"""

import pytest
from pydantic import ValidationError

from components.catalog.loader import load_family
from components.compute.throughput import Throughput

PREFILL_FP4_US = 1e6 / 26_156
PREFILL_FP8_US = 1e6 / 18_471

RUBIN_PREFILL = 3.3 * 0.7
RUBIN_DECODE = 2.75 * 0.7


def shipped(name: str) -> float:
    found = load_family("throughput")[name].parameters
    assert isinstance(found, Throughput)
    return found.tokens_per_s


def decode_work(context: float) -> float:
    return 74 + 0.017 * context


def prefill_work(context: float) -> float:
    return 74 + 0.005 * context


def chat_gb200() -> tuple[float, float]:
    """Return prefill and decode per output token on GB200, 2k in, 0.5k out [us].

    10,000 tokens/s in and out at 8k/1k are 1,111 out: 900 us, of which prefill 8 * 38.2 = 306.
    """
    decode_8k = 1e6 / (10_000 / 9) - 8 * PREFILL_FP4_US
    decode = decode_8k * decode_work(2_250) / decode_work(8_500) / 1.08
    return 4 * PREFILL_FP4_US, decode


def agent_gb200(*, gb300: bool) -> tuple[float, float]:
    """Return prefill and decode per output token, 6k new of 150k in, 0.5k out [us]."""
    faster = 1.45 if gb300 else 1.0
    measured = 226 if gb300 else 226 / 1.53

    def prefill(context: float) -> float:
        return PREFILL_FP4_US * prefill_work(context) / prefill_work(1_000) / faster

    decode_132k = 1e6 / measured - 16 * prefill(64_000)
    return 12 * prefill(147_000), decode_132k * decode_work(150_250) / decode_work(132_000)


def test_chat_on_gb200() -> None:
    assert shipped("gb200_nvl72:chat") == pytest.approx(72e6 / sum(chat_gb200()), rel=0.01)


def test_chat_on_gb300() -> None:
    prefill, decode = chat_gb200()

    derived = 72e6 / (prefill / 1.45 + decode / 1.25)

    assert shipped("gb300_nvl72:chat") == pytest.approx(derived, rel=0.01)


def test_chat_on_vr200() -> None:
    prefill, decode = chat_gb200()

    derived = 72e6 / (prefill / 1.45 / RUBIN_PREFILL + decode / 1.25 / RUBIN_DECODE)

    assert shipped("vr200_nvl72:chat") == pytest.approx(derived, rel=0.01)


def test_chat_on_hgx_b200() -> None:
    """Measured at 42 tokens/s/user: 4,792 in and out at 1k/1k, 5,220 at 8k/1k; FP8."""
    decode_1k = 1e6 / (4_792 / 2) - PREFILL_FP8_US
    decode_8k = 1e6 / (5_220 / 9) - 8 * PREFILL_FP8_US
    decode = decode_1k + (2.25 - 1.5) / (8.5 - 1.5) * (decode_8k - decode_1k)

    derived = 32e6 * 1.04 / (4 * PREFILL_FP8_US + decode)

    assert shipped("hgx_b200_air:chat") == pytest.approx(derived, rel=0.01)


def test_coding_agent_on_gb200_and_gb300() -> None:
    gb200 = 72e6 / sum(agent_gb200(gb300=False))
    gb300 = 72e6 / sum(agent_gb200(gb300=True))

    assert shipped("gb200_nvl72:coding_agent") == pytest.approx(gb200, rel=0.01)
    assert shipped("gb300_nvl72:coding_agent") == pytest.approx(gb300, rel=0.01)


def test_coding_agent_on_vr200() -> None:
    prefill, decode = agent_gb200(gb300=True)

    derived = 72e6 / (prefill / RUBIN_PREFILL + decode / RUBIN_DECODE)

    assert shipped("vr200_nvl72:coding_agent") == pytest.approx(derived, rel=0.01)


def test_coding_agent_on_hgx_b200() -> None:
    """GB200's output per GPU, times the measured 5,220 over 10,000 at 8k/1k."""
    per_gpu = 1e6 / sum(agent_gb200(gb300=False))

    assert shipped("hgx_b200_air:coding_agent") == pytest.approx(32 * 0.522 * per_gpu, rel=0.01)


@pytest.mark.parametrize("workload", ["chat", "coding_agent"])
def test_a_newer_rack_serves_more(workload: str) -> None:
    order = ("hgx_b200_air", "gb200_nvl72", "gb300_nvl72", "vr200_nvl72")

    served = [shipped(f"{rack}:{workload}") for rack in order]

    assert served == sorted(served)


def test_throughput_is_positive() -> None:
    with pytest.raises(ValidationError, match="tokens_per_s"):
        Throughput(rack="a", workload="b", tokens_per_s=0)
