"""The four variants of oemof-solph's storage-investment example have their published optima.

What stands for what, and where the figures are from, is said in `storage_investment.py`.
Objectives are those of the Open Energy Benchmark; shares are those of the scripts' docstrings, and
sizes are what those scripts give, run with oemof-solph 0.6.5 and HiGHS.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo
import pytest

from solvers.benders import BendersOptions, Outcome, decompose
from solvers.highs import Options, solve
from solvers.oracle import SerialOracle
from solvers.program import Floats, Program, compile_model
from solvers.solution import Status, load
from solvers.subproblem import Subproblem
from tests.validation.storage_investment import (
    CURTAILED_USD_PER_MWH,
    GAS_MW,
    STORAGE,
    USES,
    V1,
    V2,
    V3,
    V4,
    Variant,
    in_one_piece,
    in_parts,
    load_mw,
    operations,
    series,
)

pytestmark = [pytest.mark.validation, pytest.mark.slow]

OBJECTIVE_EUR = {
    "v1": 112_686_100.33285,
    "v2": 34_853_801.7113,
    "v3": 31_926_875.2476,
    "v4": 148_062_863.9192,
}
VARIANTS = {"v1": V1, "v2": V2, "v3": V3, "v4": V4}
HIGHS = Options(threads=1)


@dataclass(frozen=True)
class Result:
    """The optimum of a variant in oemof's units: euro, kW and, of storage, kWh."""

    objective_eur: float
    sizes: dict[str, float]
    renewable_share: float
    most_gas_kw: float


@pytest.fixture(scope="module")
def result() -> Callable[[str], Result]:
    """Solve a variant in one piece, once."""
    known: dict[str, Result] = {}

    def solved(name: str) -> Result:
        if name not in known:
            known[name] = _solve(VARIANTS[name])
        return known[name]

    return solved


def _solve(variant: Variant) -> Result:
    model, links, hourly = in_one_piece(variant)
    program = compile_model(model)
    found = solve(program, HIGHS).require_point()
    load(program, found)
    sizes = {name: 1000 * pyo.value(links[name]) for name in ("wind", "pv", "storage")}
    sizes["storage"] *= STORAGE.duration_h
    gas_kw = 1000 * np.array([pyo.value(mw) for mw in hourly.power_mw["gas"]])
    return Result(
        objective_eur=1000 * found.objective,
        sizes=sizes,
        renewable_share=1 - gas_kw.sum() / (1000 * load_mw() * len(gas_kw)),
        most_gas_kw=float(gas_kw.max()),
    )


@pytest.mark.parametrize("name", VARIANTS)
def test_objective_is_the_published_one(result: Callable[[str], Result], name: str) -> None:
    assert result(name).objective_eur == pytest.approx(OBJECTIVE_EUR[name], rel=1e-6)


@pytest.mark.parametrize(
    ("name", "kw_or_kwh"),
    [
        ("v1", {"wind": 455_671, "pv": 0, "storage": 0}),
        ("v2", {"wind": 1_000_000, "pv": 600_000, "storage": 0}),
        ("v3", {"wind": 1_000_000, "pv": 600_000, "storage": 397_795}),
        ("v4", {"wind": 1_189_781, "pv": 655_409, "storage": 0}),
    ],
)
def test_sizes_agree_to_the_kilowatt(
    result: Callable[[str], Result], name: str, kw_or_kwh: dict[str, int]
) -> None:
    assert result(name).sizes == pytest.approx(kw_or_kwh, rel=0, abs=0.6)


@pytest.mark.parametrize(("name", "percent"), [("v1", 51), ("v2", 78), ("v3", 80), ("v4", 80)])
def test_renewable_share_is_the_one_of_the_documentation(
    result: Callable[[str], Result], name: str, percent: int
) -> None:
    assert round(100 * result(name).renewable_share) == percent


def test_what_stands_for_unlimited_gas_does_not_bind(result: Callable[[str], Result]) -> None:
    for name in VARIANTS:
        assert result(name).most_gas_kw < 0.5 * 1000 * GAS_MW


def test_load_is_that_of_the_file() -> None:
    """8,760 hours and 2,255 GWh, so that a wrong file is found here and not in an optimum."""
    assert series()["demand_el"].sum() == pytest.approx(2.255e9, rel=1e-9)
    assert len(series()) == 8760


@pytest.mark.parametrize("name", VARIANTS)
def test_four_seasons_and_cuts_find_the_published_objective(name: str) -> None:
    """Levels run on from season to season, and gas of all seasons shares one limit."""
    found = _by_parts(VARIANTS[name])

    assert found.status is Status.OPTIMAL
    assert 1000 * found.bound <= OBJECTIVE_EUR[name] * (1 + 1e-6)
    assert 1000 * found.objective == pytest.approx(OBJECTIVE_EUR[name], rel=2e-5)


def _by_parts(variant: Variant) -> Outcome:
    program, subproblems = in_parts(variant)
    found = decompose(
        program,
        subproblems,
        SerialOracle(operations(), reference=("load",)),
        options=BendersOptions(gap=1e-5),
        highs=HIGHS,
        adjust=lambda x: _hand_out(program, subproblems, x),
    )
    assert found.x is not None
    unmet_gwh = sum(s.uses_at(found.x)[USES.index("curtailed_gwh")] for s in subproblems)
    assert unmet_gwh * CURTAILED_USD_PER_MWH < 1e-5 * found.objective
    return found


def _hand_out(program: Program, subproblems: list[Subproblem], x: Floats) -> Floats:
    """Give the slack of the limit on gas to the budgets of the seasons, in equal parts."""
    if "gas_share" not in program.row_names:
        return x
    row = program.row_names.index("gas_share")
    slack = program.row_upper[row] - (program.matrix @ x)[row]
    fuel = [s.uses[USES.index("fuel_gbtu")] for s in subproblems]
    raised = x.copy()
    raised[fuel] += max(0.0, slack) / len(fuel)
    return raised
