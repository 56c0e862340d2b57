"""`gigaplan perf` answers what racks give, and says why and what next where they cannot."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from components.catalog.loader import load_family
from components.compute.measured import MeasuredPoint
from components.compute.measured_curves import measured_curves
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.serving import serve
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Performance, Traffic
from planner.cli import app
from planner.perf import Prices, Server, Way
from planner.perf_advice import next_step
from planner.perf_checks import named
from planner.perf_command import known_figures

Ask = Callable[..., Result]
MODEL = ("--model", "deepseek_r1")
GB200 = ("--rack", "gb200_nvl72")


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Call `perf` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, ["perf", *words])


def _json(found: Result) -> list[dict[str, object]]:
    assert found.exit_code == 0, found.stderr
    said = json.loads(found.stdout)
    assert isinstance(said, list)
    return said


def _one_line(text: str) -> str:
    return " ".join(text.split())


def test_the_model_answers_where_nothing_was_measured(ask: Ask) -> None:
    """Trainium 3: the same numbers as the performance model, per rack, in power and in money."""
    rack = load_family("rack")["trainium3_gen2"].parameters
    model = load_family("model")["gpt_oss_120b"].parameters
    assert isinstance(rack, Rack)
    assert isinstance(model, LanguageModel)
    software = load_family("serving_software")[rack.software].parameters
    assert isinstance(software, ServingSoftware)
    expected = serve(model, "trainium3_gen2", rack, software, Traffic(4096, 512, 40))
    assert isinstance(expected, Performance)

    words = ("--model", "gpt_oss_120b", "--rack", "trainium3_gen2", "--interactivity", "40")
    (said,) = _json(ask(*words, "--input", "4096", "--output", "512", "--json"))

    output = expected.output_tokens_per_s_per_gpu
    assert said["output_tokens_per_s_per_gpu"] == pytest.approx(output)
    assert said["total_tokens_per_s_per_gpu"] == pytest.approx(9 * output)
    assert said["output_tokens_per_s_per_rack"] == pytest.approx(output * rack.chips)
    assert said["kw_per_ktoken_s"] == pytest.approx(1e6 * rack.unit_mw / (output * rack.chips))
    assert said["measured"] is False


def test_a_measured_curve_stands_above_the_model(ask: Ask) -> None:
    """GB200 with DeepSeek-R1 at 97 tokens/s, as InferenceX has it: 7092 in and out."""
    (said,) = _json(ask(*MODEL, *GB200, "--interactivity", "97", "--json"))

    assert said["measured"] is True
    assert said["total_tokens_per_s_per_gpu"] == pytest.approx(7092, rel=1e-3)


def test_the_table_has_a_column_for_each_rack(ask: Ask) -> None:
    found = ask(*MODEL, *GB200, "--interactivity", "50", "--compare", "hgx_b200_air")

    assert found.exit_code == 0
    rows = ("output tokens/s per rack", "bound by", "IT kW per 1000 tokens/s", "USD/Mtok of output")
    for row in (*rows, "decode step", "attention", "time to first token"):
        (line,) = [each for each in found.stdout.splitlines() if each[1:].strip().startswith(row)][
            :1
        ]
        assert line.count("│") == 4, line
    assert "GPUs are all accelerators of prefill and decode" in _one_line(found.stdout)


def test_without_a_speed_there_is_a_curve_that_falls(ask: Ask) -> None:
    said = _json(ask(*MODEL, *GB200, "--json"))

    outputs = [float(str(row["output_tokens_per_s_per_gpu"])) for row in said if row["serves"]]
    assert len(outputs) >= 10
    assert outputs == sorted(outputs, reverse=True)


def test_racks_of_feed_forward_layers_are_compared_with_none(ask: Ask) -> None:
    words = (*MODEL, "--rack", "vr200_nvl72", "--ffn-rack", "lpx_groq3", "--compare", "vr200_nvl72")
    apart, alone = _json(ask(*words, "--interactivity", "150", "--json"))

    assert (apart["mode"], alone["mode"]) == ("afd", "split")
    assert set(apart["racks_per_ktoken_s"]) == {"vr200_nvl72", "lpx_groq3"}  # type: ignore[call-overload]
    assert alone["racks_per_ktoken_s"].keys() == {"vr200_nvl72"}  # type: ignore[attr-defined]


def test_the_curve_says_from_which_speed_on_feed_forward_racks_lead(ask: Ask) -> None:
    """Fewer tokens a megawatt just below the speed that is named, more just above it."""
    base = (*MODEL, "--rack", "vr200_nvl72")
    afd = (*base, "--ffn-rack", "lpx_groq3")
    text = _one_line(ask(*afd).stdout)
    said = re.search(r"from (\d+) tokens/s/user on .* below that fewer", text)

    assert said is not None
    for factor, leads in ((0.9, False), (1.1, True)):
        at = ("--json", "--interactivity", str(factor * float(said[1])))
        apart, alone = (_json(ask(*way, *at))[0] for way in (afd, base))
        assert (apart["kw_per_ktoken_s"] < alone["kw_per_ktoken_s"]) is leads  # type: ignore[operator]


def test_vendors_are_believed_if_asked(ask: Ask) -> None:
    words = (*MODEL, "--rack", "vr200_nvl72", "--interactivity", "50", "--json")
    (cut,), (said,) = _json(ask(*words)), _json(ask(*words, "--vendor-claims"))

    assert float(str(said["output_tokens_per_s_per_gpu"])) > 1.2 * float(
        str(cut["output_tokens_per_s_per_gpu"])
    )


def test_dear_power_makes_tokens_dearer_by_power_alone(ask: Ask) -> None:
    words = (*MODEL, *GB200, "--interactivity", "50", "--json")
    (cheap,), (dear,) = (
        _json(ask(*words, "--usd-per-mwh", "50", "--pue", "1")),
        _json(ask(*words, "--usd-per-mwh", "100", "--pue", "1.5")),
    )

    power = (float(str(each["power_usd_per_mtok"])) for each in (cheap, dear))
    assert 3 * next(power) == pytest.approx(next(power))
    assert cheap["capital_usd_per_mtok"] == dear["capital_usd_per_mtok"]


def test_what_cannot_serve_says_why_and_what_to_try(ask: Ask) -> None:
    found = ask(*MODEL, "--rack", "hgx_h100", "--interactivity", "900")

    assert found.exit_code == 3
    text = _one_line(found.stdout)
    assert "hgx_h100, split: cannot serve:" in text
    assert "tokens/s/user at most; try --interactivity" in text


@pytest.mark.parametrize("rack", ["lpx_groq3", "etl256_vera", "stx_bluefield4"])
def test_what_is_no_accelerator_says_so(ask: Ask, rack: str) -> None:
    for more in ((), ("--interactivity", "50")):
        found = ask(*MODEL, "--rack", rack, *more)

        assert found.exit_code == 3
        assert "serves no model by itself; try an accelerator" in _one_line(found.stdout)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("61.3 tokens/s/user at most", "try --interactivity 61,"),
        ("3.2 s to the first token at least", "try --first-token 3.2,"),
        ("weights: 689 GB and cache in 640 GB", "try a rack with more memory"),
        ("context: 200,000 of 163,840 tokens", "try fewer --input tokens"),
        ("no arithmetic in fp4", "try a model with weights in another format"),
        ("a rack of kind ffn serves no model by itself", "try an accelerator"),
        ("something else", "try another rack: gigaplan catalog rack"),
    ],
)
def test_every_reason_has_a_next_step(why: str, said: str) -> None:
    assert next_step(why).startswith(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--model", "deepseek_r"),
            "--model: is no model that is known, got deepseek_r, try",
        ),
        (
            (*GB200[:1], "gb200_nvl7"),
            "--rack: is no rack that is known, got gb200_nvl7, try gb2",
        ),
        (
            ("--compare", "hgx_h10"),
            "--compare: is no rack that is known, got hgx_h10, try hgx_",
        ),
        (
            ("--ffn-rack", "lpx_groq"),
            "--ffn-rack: is no rack that is known, got lpx_groq, try l",
        ),
        (("--mode", "splt"), "--mode: is no mode that is known, got splt, try split"),
        (("--mode", "afd"), "--ffn-rack: is missing"),
        (("--mode", "split", "--ffn-rack", "lpx_groq3"), "--ffn-rack: goes with --mode afd only"),
        (("-o", "a.pdf"), "-o: is no kind of chart, got a.pdf, try a name that ends in .svg"),
        (("-o", "none/a.svg"), "-o: there is no such folder, got none, try making it"),
    ],
)
def test_wrong_options_name_the_nearest(ask: Ask, words: tuple[str, ...], said: str) -> None:
    found = ask(*MODEL, *GB200, "--interactivity", "50", *words)

    assert found.exit_code == 2
    assert said in _one_line(found.stderr)


def test_names_are_asked_for(ask: Ask) -> None:
    found = ask("--interactivity", "50")

    assert found.exit_code == 2
    assert [line.split(",")[1] for line in found.stderr.splitlines()] == [" got nothing"] * 2


@pytest.mark.parametrize(
    ("suffix", "head"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("html", b"<!DOCTYPE html>")]
)
def test_charts_are_written(ask: Ask, tmp_path: Path, suffix: str, head: bytes) -> None:
    found = ask(*MODEL, *GB200, "-o", f"a.{suffix}")

    assert found.exit_code == 0, found.stderr
    content = (tmp_path / f"a.{suffix}").read_bytes()
    assert content.lstrip().startswith(head)
    assert b"https://cdn" not in content
    assert f"chart: a.{suffix}" in found.stdout


def test_a_scenario_brings_its_own_racks_and_curves(ask: Ask, tmp_path: Path) -> None:
    """A file of two points is above what the catalog measured."""
    (tmp_path / "pareto.csv").write_text("tokens/s/user,tokens/s/gpu\n40,100\n160,25\n")
    text = """\
title: own
serving:
  curves:
    - {file: pareto.csv, model: deepseek_r1, rack: gb200_nvl72, input_tokens: 1024,
       output_tokens: 1024}
racks:
  change:
    gb200_nvl72: {unit_mw: 0.2}
"""
    (tmp_path / "a.yaml").write_text(text)

    words = (*MODEL, *GB200, "--interactivity", "80", "--scenario", "a.yaml", "--json")
    (said,) = _json(ask(*words))

    assert said["output_tokens_per_s_per_gpu"] == pytest.approx(50)
    assert said["rack_kw"] == 200


def test_a_scenario_names_the_file_that_is_missing(ask: Ask, tmp_path: Path) -> None:
    entry = "{file: no.csv, model: deepseek_r1, rack: x, input_tokens: 1, output_tokens: 1}"
    (tmp_path / "a.yaml").write_text(f"title: own\nserving:\n  curves:\n    - {entry}\n")

    found = ask(*MODEL, *GB200, "--scenario", "a.yaml")

    assert found.exit_code == 2
    assert "a.yaml:4:14: serving.curves[0].file: names no file" in found.stderr


@pytest.mark.slow
def test_claims_and_measured_points_are_printed(ask: Ask) -> None:
    claims, measured = (
        json.loads(ask(word, "--json").stdout) for word in ("--claims", "--measured")
    )

    assert len(claims) == len(load_family("claim"))
    assert len(measured) == len(load_family("measured"))
    assert "points fitted: off by a factor of" in ask("--measured").stdout


@pytest.mark.parametrize("mode", ["split", "colocated"])
def test_more_is_never_given_at_a_higher_speed(mode: str) -> None:
    """With every measured curve of the catalog, at their own lengths and at those of agents."""
    known = known_figures(None)
    curves = measured_curves(named("measured", MeasuredPoint))
    asked = sorted({key[:2] for key in curves if key[2] == mode})
    assert asked
    for model, rack in asked:
        for traffic in (Traffic(1024, 1024, 0), Traffic(60_000, 500, 0, 30, 0.9)):
            server = Server(known, model, Way(rack, mode), traffic, Prices())
            found = [server.at(speed).found for speed in (10, 20, 40, 70, 100, 140, 200)]
            outputs = [
                0.0 if isinstance(each, Infeasible) else each.output_tokens_per_s_per_gpu
                for each in found
            ]
            for slow, fast in pairwise(outputs):
                assert fast <= slow * 1.0001, (model, rack, traffic, outputs)
