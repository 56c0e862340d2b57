"""Answers of ``gigaplan perf`` as rows of text and as plain data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from components.compute.rack import Rack
from components.compute.traffic import Infeasible, Performance
from planner.perf import Answer, Way
from planner.perf_advice import next_step

CURVE_COLUMNS = (
    "rack, mode",
    "tokens/s\nof a user",
    "output\n/s/GPU",
    "total\n/s/GPU",
    "kW per\n1000/s",
    "USD/\nMtok",
    "layout",
    "batch",
    "bound by",
    "meas-\nured",
)


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """An answer that serves, with what its rows need."""

    answer: Answer
    found: Performance
    racks: Mapping[str, Rack]

    @property
    def chips(self) -> int:
        """Of one rack of accelerators."""
        return self.racks[self.answer.way.rack].chips

    @property
    def total(self) -> float:
        """Input and output tokens of one GPU [tokens/s]."""
        return self.found.total_tokens_per_s_per_gpu(self.answer.traffic)


def table(
    answers: Sequence[Answer], racks: Mapping[str, Rack]
) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return heads and rows: a figure in each row, a way in each column.

    A way that cannot serve has its reason in the first row; `reasons` says it at length.
    """
    heads = ("", *(_head(answer.way) for answer in answers))
    columns = [_figures(answer, racks) for answer in answers]
    names = dict.fromkeys(name for column in columns for name in column)
    return heads, [[name, *(column.get(name, "-") for column in columns)] for name in names]


def _head(way: Way) -> str:
    """Return a way over several lines, so that a column can be narrow."""
    return "\n".join((way.rack, *((f"+ {way.ffn_rack}",) if way.ffn_rack else ()), way.mode))


def _figures(answer: Answer, racks: Mapping[str, Rack]) -> dict[str, str]:
    if isinstance(answer.found, Infeasible):
        return {"serves": "no"}
    told = _Told(answer, answer.found, racks)
    return {
        "serves": "yes",
        **_output(told),
        **_instance(told),
        **_step(told.found),
        **_power_and_cost(told),
    }


def _output(told: _Told) -> dict[str, str]:
    found, chips = told.found, told.chips
    return {
        "output tokens/s per rack": _number(found.output_tokens_per_s_per_gpu * chips),
        "input + output tokens/s per rack": _number(told.total * chips),
        "output tokens/s per GPU": _number(found.output_tokens_per_s_per_gpu),
        "input + output tokens/s per GPU": _number(told.total),
        "  output per GPU that decodes": _number(found.decode_tokens_per_s_per_gpu),
        "  computed input per GPU that prefills": _number(found.prefill_tokens_per_s_per_gpu),
        "tokens/s/user": _number(found.tokens_per_s_per_user),
        "time to first token [s]": _number(found.first_token_s),
    }


def _instance(told: _Told) -> dict[str, str]:
    found = told.found
    return {
        "layout": found.layout,
        "batch of an instance": f"{found.batch:,.0f}",
        "cache of a sequence [GB]": _number(found.kv_gb_per_sequence),
    }


def _step(found: Performance) -> dict[str, str]:
    whole = sum(found.step_us.values())
    parts = {
        f"  {part}": f"{us:,.0f} us, {us / whole:.0%}"
        for part, us in sorted(found.step_us.items(), key=lambda item: -item[1])
        if us > 0
    }
    return {"decode step": f"{whole:,.0f} us", **parts, "bound by": found.bound_by}


def _power_and_cost(told: _Told) -> dict[str, str]:
    answer, racks = told.answer, told.racks
    way, needed = answer.way, told.found.racks_per_ktoken_s
    rows = {"IT kW of a rack": f"{1000 * racks[way.rack].unit_mw:,.0f}"}
    if way.ffn_rack:
        rows["IT kW of an ffn rack"] = f"{1000 * racks[way.ffn_rack].unit_mw:,.0f}"
        ratio = needed[way.ffn_rack] / needed[way.rack]
        rows["ffn racks per rack"] = _number(ratio)
    if answer.kw_per_ktoken_s is not None:
        rows["IT kW per 1000 tokens/s"] = _number(answer.kw_per_ktoken_s)
    if (cost := answer.cost) is not None:
        rows["USD/Mtok of output"] = _number(cost.usd_per_mtok)
        rows["  racks"] = _number(cost.capital_usd_per_mtok)
        rows["  upkeep"] = _number(cost.upkeep_usd_per_mtok)
        rows["  power"] = _number(cost.power_usd_per_mtok)
    return {**rows, "measured": "yes" if told.found.measured else "no"}


def notes(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield what to know of each way: the notes of what serves, why others cannot, what to try."""
    for answer in answers:
        if isinstance(answer.found, Infeasible):
            why = answer.found.why
            yield f"{answer.way.label}: cannot serve: {why}; {next_step(why)}"
        elif answer.found.notes:
            yield f"{answer.way.label}: {'; '.join(answer.found.notes)}"


def curve_rows(answers: Sequence[Answer]) -> list[list[str]]:
    """Return a row for each speed of each way, as under `CURVE_COLUMNS`."""
    return [_curve_row(answer) for answer in answers]


def _curve_row(answer: Answer) -> list[str]:
    speed = _number(answer.traffic.tokens_per_s_per_user)
    found = answer.found
    if isinstance(found, Infeasible):
        return [answer.way.label, speed, *(["-"] * 6), f"cannot: {found.why}", "-"]
    return [
        answer.way.label,
        speed,
        _number(found.output_tokens_per_s_per_gpu),
        _number(found.total_tokens_per_s_per_gpu(answer.traffic)),
        _number(answer.kw_per_ktoken_s or 0.0),
        _number(answer.cost.usd_per_mtok if answer.cost else 0.0),
        found.layout,
        f"{found.batch:,.0f}",
        found.bound_by,
        "yes" if found.measured else "no",
    ]


def plain(answer: Answer, racks: Mapping[str, Rack]) -> dict[str, Any]:
    """Return an answer for machines: units stand in the names."""
    said: dict[str, Any] = {
        **_way(answer.way),
        "input_tokens": answer.traffic.input_tokens,
        "output_tokens": answer.traffic.output_tokens,
        "cached_share": answer.traffic.cached_share,
        "asked_tokens_per_s_per_user": answer.traffic.tokens_per_s_per_user,
    }
    found = answer.found
    if isinstance(found, Infeasible):
        return {**said, "serves": False, "why": found.why, "try": next_step(found.why)}
    chips = racks[answer.way.rack].chips
    total = found.total_tokens_per_s_per_gpu(answer.traffic)
    figures = {name: value for name, value in asdict(found).items() if name != "mode"}
    cost = asdict(answer.cost) if answer.cost else {}
    if answer.cost:
        cost["usd_per_mtok"] = answer.cost.usd_per_mtok
    return {
        **said,
        "serves": True,
        **figures,
        "total_tokens_per_s_per_gpu": total,
        "output_tokens_per_s_per_rack": found.output_tokens_per_s_per_gpu * chips,
        "total_tokens_per_s_per_rack": total * chips,
        "gpus_counted": "all accelerators of prefill and decode",
        "rack_kw": 1000 * racks[answer.way.rack].unit_mw,
        "kw_per_ktoken_s": answer.kw_per_ktoken_s,
        **cost,
    }


def _way(way: Way) -> dict[str, str]:
    return {key: value for key, value in asdict(way).items() if value}


def _number(value: float) -> str:
    """Write a number with three digits.

    >>> _number(12345.6), _number(0.01234)
    ('12,346', '0.0123')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
