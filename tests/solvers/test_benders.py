import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from solvers.benders import BendersOptions, Known, Outcome, Round, decompose
from solvers.cone import Evaluation
from solvers.dive import Group
from solvers.errors import InfeasibleError, StoppedError, UnboundedError
from solvers.highs import Options, solve
from solvers.master import Master
from solvers.oracle import Ask, ProcessOracle, SerialOracle
from solvers.program import Floats, Program, compile_model, fix_integers, relax
from solvers.residual import worst_violation
from solvers.rounding import ByBranching, BySupport, Proposal
from solvers.solution import Solution, Status
from solvers.subproblem import Subproblem
from tests.solvers.helpers import INF, make_program
from tests.solvers.test_cone import hand_operation
from tests.solvers.toy import Toy, in_parts, operations, whole_model

EXACT = BendersOptions(gap=1e-6, relaxed_gap=1e-6)
HIGHS = Options(threads=1)

ISLAND = Toy(seasons=4, hours=48, solar_cost=100.0, energy_cost=5.0, gas_cost=1500.0, seed=2)
"""No grid; storage is cheap, so that energy moves between seasons."""
CAPPED = Toy(seasons=2, hours=48, grid_mw=70.0, grid_cap_mwh=1500.0, solar_cost=900.0)
"""A grid connection big enough for most of the load, whose energy is limited over the year."""
UNITS = Toy(
    sites=2,
    seasons=2,
    hours=24,
    load_mw=(40.0, 70.0),
    grid_mw=10.0,
    grid_cap_mwh=600.0,
    unit_mw=17.0,
    gas_cost=400.0,
    solar_cost=900.0,
)
"""Two sites, two periods, gas in whole units of 17 MW."""


def by_parts(toy: Toy, options: BendersOptions = EXACT, **more: object) -> Outcome:
    program, subproblems = in_parts(toy)
    oracle = SerialOracle(operations(toy), reference=("load",))
    return decompose(program, subproblems, oracle, options=options, highs=HIGHS, **more)  # type: ignore[arg-type]


@cache
def in_one_piece(toy: Toy) -> Solution:
    return solve(compile_model(whole_model(toy)), replace(HIGHS, gap=1e-7))


class TestSameAsOneModel:
    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("toy", [ISLAND, CAPPED, replace(UNITS, unit_mw=0.0)])
    def test_bounds_meet_at_the_optimum_of_the_whole(self, toy: Toy, seed: int) -> None:
        toy = replace(toy, seed=seed)
        want = in_one_piece(toy).objective

        found = by_parts(toy)

        assert found.status is Status.OPTIMAL
        assert found.bound <= want * (1 + 1e-7)
        assert found.objective >= want * (1 - 1e-7)
        assert found.objective == pytest.approx(want, rel=2e-6)

    def test_storage_runs_on_from_season_to_season(self) -> None:
        """Trap 1. Closing each season on itself costs more; the parts find what the whole finds.

        The same problem with every season's end tied to its own start is one with as many separate
        chronologies as seasons: 0.3 % dearer, and no bound in general.
        """
        whole = in_one_piece(ISLAND).objective
        model = whole_model(ISLAND)
        for (s, t, g), block in model.hours.items():
            block.closed = _closed(model, s, t, g, ISLAND.seasons)
        closed = solve(compile_model(model), HIGHS).objective

        assert closed > 1.003 * whole
        assert by_parts(ISLAND).objective == pytest.approx(whole, rel=2e-6)

    def test_a_cap_on_energy_binds(self) -> None:
        """Trap 2. Without the cap it is much cheaper; with it, budgets give the exact cost."""
        free = in_one_piece(replace(CAPPED, grid_cap_mwh=1e6)).objective
        want = in_one_piece(CAPPED).objective
        assert want > 1.05 * free

        found = by_parts(CAPPED)

        assert found.objective == pytest.approx(want, rel=2e-6)
        program, subproblems = in_parts(CAPPED)
        assert found.x is not None
        bought = sum(s.uses_at(found.x)[2] for s in subproblems)
        assert bought == pytest.approx(CAPPED.grid_cap_mwh, rel=1e-5)
        assert worst_violation(program, found.x) < 1e-5


def _closed(model: object, s: int, t: int, g: int, seasons: int) -> object:
    import pyomo.environ as pyo

    level = model.level  # type: ignore[attr-defined]
    return pyo.Constraint(expr=level[s, t, g] == level[s, t, (g + 1) % seasons])


class TestWholeNumbers:
    def test_units_matter_here(self) -> None:
        assert in_one_piece(UNITS).objective > 1.002 * _relaxed(UNITS)

    @pytest.mark.parametrize("seed", range(3))
    def test_branching_reaches_the_optimum_of_the_whole(self, seed: int) -> None:
        toy = replace(UNITS, seed=seed)
        want = in_one_piece(toy).objective

        found = by_parts(toy, BendersOptions(gap=1e-3, relaxed_gap=1e-3, rounds=10))

        assert found.status is Status.OPTIMAL
        assert found.gap <= 1e-3
        assert found.bound <= want * (1 + 1e-6)
        assert want * (1 - 1e-6) <= found.objective <= want * (1 + 1.1e-3)

    def test_the_plan_is_true(self) -> None:
        """Its cost is what the whole model costs with these units and capacities held."""
        found = by_parts(UNITS, BendersOptions(gap=1e-3, relaxed_gap=1e-3, rounds=10))
        program, _ = in_parts(UNITS)
        assert found.x is not None
        assert worst_violation(program, found.x) < 1e-5
        assert program.objective(found.x) == pytest.approx(found.objective)

        model = whole_model(UNITS)
        for name, value in zip(program.column_names, found.x, strict=True):
            if name.startswith(("add", "units", "served", "level", "budget")):
                model.find_component(name).fix(round(value) if "units" in name else value)
        held = solve(compile_model(model), HIGHS)

        assert held.objective == pytest.approx(found.objective, rel=1e-6)

    def test_branching_over_the_support_gives_a_true_plan_without_a_bound_of_its_own(self) -> None:
        program, _ = in_parts(UNITS)
        units = np.flatnonzero(program.integer).astype(np.int32)
        options = BendersOptions(gap=1e-4, relaxed_gap=1e-4, rounds=1, repairs=40)

        found = by_parts(UNITS, options, rounders=[BySupport(units, HIGHS)])

        want = in_one_piece(UNITS).objective
        _check_honest(found, want)
        assert found.objective <= 1.05 * want
        assert found.bound == pytest.approx(_relaxed(UNITS), rel=2e-4)

    def test_a_dive_gives_a_true_plan_where_rounders_propose_nothing(self) -> None:
        program, _ = in_parts(UNITS)
        units = np.flatnonzero(program.integer).astype(np.int32)
        options = BendersOptions(gap=1e-4, relaxed_gap=1e-4, rounds=1, repairs=40)

        found = by_parts(
            UNITS, options, rounders=[_propose_nothing], groups=[Group(units, above=(1e-6, 0.5))]
        )

        want = in_one_piece(UNITS).objective
        _check_honest(found, want)
        assert found.objective <= 1.2 * want

    def test_a_proposal_that_is_not_possible_is_passed_over(self) -> None:
        """Rounders are not trusted: a plan is what stands after its whole numbers are held."""

        def useless(
            program: Program, _r: Solution, _i: Floats | None, _t: float
        ) -> Iterator[Proposal]:
            yield Proposal(np.where(program.integer, -5.0, 0.0))

        program, subproblems = in_parts(UNITS)
        must = replace(program, lower=np.where(program.integer, 1.0, program.lower))
        oracle = SerialOracle(operations(UNITS), reference=("load",))
        found = decompose(
            must, subproblems, oracle, options=BendersOptions(rounds=1), highs=HIGHS,
            rounders=[useless],
        )  # fmt: skip

        assert found.x is not None
        assert found.x[program.integer].tolist() == [1.0] * int(program.integer.sum())


def _propose_nothing(_p: Program, _r: Solution, _i: Floats | None, _t: float) -> Iterator[Proposal]:
    yield from ()


def _check_honest(found: Outcome, want: float, toy: Toy = UNITS) -> None:
    """There is a point, whole where it has to be, and the bounds hold the true optimum."""
    program, _ = in_parts(toy)
    assert found.x is not None
    assert found.bound <= want * (1 + 1e-6)
    assert found.objective >= want * (1 - 1e-6)
    assert program.objective(found.x) == pytest.approx(found.objective)
    assert worst_violation(program, found.x) < 1e-5


@cache
def _relaxed(toy: Toy) -> float:
    return solve(relax(compile_model(whole_model(toy))), HIGHS).objective


class _Counting:
    """An oracle that counts, and keeps what it was asked."""

    def __init__(self, toy: Toy) -> None:
        self.inner = SerialOracle(operations(toy), reference=("load",))
        self.asks: list[Ask] = []

    def evaluate(self, asks: Sequence[Ask]) -> list[Evaluation]:
        self.asks += asks
        return self.inner.evaluate(asks)


CLOSED = re.compile(r"[\[,]1,0\]$")
"""Second site, first period, at the end of a column's name."""


class TestMemory:
    @pytest.mark.parametrize("seed", range(3))
    def test_cuts_from_before_save_evaluations(self, seed: int) -> None:
        """Cuts hold for another load, fuel path and grid cap: they have no constant term."""
        toy = replace(CAPPED, seed=seed)
        first = by_parts(toy)
        other = replace(toy, load_mw=(90.0,), grid_cap_mwh=900.0, prices=(75.0, 1.0, 55.0, 5e3))

        again, cold, warm = (
            by_parts(toy, pool=first.pool), by_parts(other), by_parts(other, pool=first.pool)
        )  # fmt: skip

        want = in_one_piece(other).objective
        assert warm.objective == pytest.approx(want, rel=2e-6)
        assert warm.bound <= want * (1 + 1e-7)
        assert again.evaluations < 0.25 * first.evaluations
        assert warm.evaluations < 0.9 * cold.evaluations

    def test_periods_learn_from_each_other(self) -> None:
        """Every cut of a cone is offered to all periods, so two cost fewer than twice one."""
        one = by_parts(replace(UNITS, unit_mw=0.0, load_mw=(55.0,)))
        two = by_parts(replace(UNITS, unit_mw=0.0))

        assert set(one.pool) == set(two.pool)
        assert two.evaluations < 2 * one.evaluations

    def test_what_is_not_built_is_not_asked_about(self) -> None:
        """The second site may not be built: all its linking quantities but budgets are zero."""
        oracle = _Counting(Toy(sites=2))
        program, subproblems = in_parts(Toy(sites=2))
        closed = replace(
            program,
            upper=np.array(
                [
                    0.0 if name.startswith(("cap", "served")) and CLOSED.search(name) else high
                    for name, high in zip(program.column_names, program.upper, strict=True)
                ]
            ),
        )
        zero_grid = [
            replace(s, links=np.where(np.arange(9) == 4, -1, s.links)) for s in subproblems
        ]
        found = decompose(closed, zero_grid, oracle, options=EXACT, highs=HIGHS)

        asked = {ask.cone for ask in oracle.asks if ask.links[:6].max() > 0}
        assert asked == {"site0-season0", "site0-season1"}
        assert found.status is Status.OPTIMAL


class TestLimits:
    def test_time_limit_keeps_honest_bounds(self) -> None:
        want = in_one_piece(ISLAND).objective

        found = by_parts(ISLAND, replace(EXACT, time_limit_s=0.03))

        assert found.status is Status.TIME_LIMIT
        assert found.bound <= want <= found.objective

    def test_iteration_limit(self) -> None:
        found = by_parts(ISLAND, replace(EXACT, iterations=5))

        assert found.status is Status.OTHER_LIMIT
        assert found.iterations == 5
        assert found.gap > 1e-6

    @pytest.mark.parametrize("time_limit_s", [0.0, 0.01, 0.05])
    def test_a_late_plan_is_better_than_none(self, time_limit_s: float) -> None:
        """Operation takes longer than there is time; still whole numbers are looked for."""
        program, subproblems = in_parts(UNITS)
        options = BendersOptions(gap=1e-4, relaxed_gap=1e-4, time_limit_s=time_limit_s)

        found = decompose(program, subproblems, _Slow(UNITS), options=options, highs=HIGHS)

        assert found.status is Status.TIME_LIMIT
        _check_honest(found, in_one_piece(UNITS).objective)

    def test_a_first_relaxation_that_was_solved_counts(self, clock: "_Clock") -> None:
        """Time is up when cuts from before were added: the bound without them is known."""
        toy = replace(UNITS, unit_mw=0.0)
        pool = by_parts(toy).pool
        clock.solves = 1

        found = by_parts(toy, pool=pool)

        assert np.isfinite(found.bound)
        _check_honest(found, in_one_piece(toy).objective, toy)

    def test_without_even_a_first_relaxation_there_is_no_answer(self, clock: "_Clock") -> None:
        clock.solves = 0
        with pytest.raises(StoppedError, match="time limit"):
            by_parts(UNITS)

    def test_infeasible_investment_is_said(self) -> None:
        program, subproblems = in_parts(CAPPED)
        none = replace(program, row_lower=program.row_lower + 1e9)
        with pytest.raises(InfeasibleError):
            decompose(none, subproblems, SerialOracle(operations(CAPPED)))

    def test_uses_that_may_fall_without_end_are_said(self) -> None:
        program, subproblems = in_parts(CAPPED)
        lower = program.lower.copy()
        lower[subproblems[0].uses] = -np.inf
        free = replace(program, lower=lower)
        with pytest.raises(UnboundedError):
            decompose(free, subproblems, SerialOracle(operations(CAPPED)))

    def test_progress_and_log(self, caplog: pytest.LogCaptureFixture) -> None:
        lines: list[Round] = []
        with caplog.at_level(logging.INFO, logger="solvers.loop"):
            found = by_parts(CAPPED, on_round=lines.append)

        assert len(lines) == found.iterations == len(caplog.records)
        assert [line.bound for line in lines] == sorted(line.bound for line in lines)
        assert set(found.seconds) == {"master", "operation", "whole", "total"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "_Clock":
    """The master's time is up after so many of its solves."""
    found = _Clock()
    solve_master = Master.solve

    def timed(master: Master, time_limit_s: float) -> Solution:
        if found.solves <= 0:
            nothing = np.zeros(master.base.cost.size)
            return Solution(Status.TIME_LIMIT, False, np.inf, -np.inf, nothing)
        found.solves -= 1
        return solve_master(master, time_limit_s)

    monkeypatch.setattr(Master, "solve", timed)
    return found


class _Clock:
    solves = 10**6


class _Slow:
    """An oracle that takes a twentieth of a second."""

    def __init__(self, toy: Toy) -> None:
        self.inner = SerialOracle(operations(toy), reference=("load",))

    def evaluate(self, asks: Sequence[Ask]) -> list[Evaluation]:
        time.sleep(0.05)
        return self.inner.evaluate(asks)


class TestIncumbent:
    def test_it_is_the_answer_if_its_gap_is_proven(self) -> None:
        """No rounder is asked, and operation at the plan and at one relaxation."""
        first = by_parts(UNITS, BendersOptions(gap=1e-3, relaxed_gap=1e-3, rounds=10))
        assert first.x is not None

        again = by_parts(
            UNITS, BendersOptions(gap=0.03), pool=first.pool, incumbent=_known(first),
            rounders=[_must_not_be_asked],
        )  # fmt: skip

        assert again.status is Status.OPTIMAL
        assert again.x == pytest.approx(first.x, abs=1e-6)
        assert again.objective == pytest.approx(first.objective, rel=1e-9)
        assert again.evaluations <= 2 * 8
        _check_honest(again, in_one_piece(UNITS).objective)

    def test_a_poor_one_is_improved(self) -> None:
        program, _ = in_parts(UNITS)
        many = solve(replace(program, lower=np.where(program.integer, 6.0, program.lower)), HIGHS).x

        found = by_parts(UNITS, BendersOptions(gap=1e-2), incumbent=Known(many, many, None))

        assert found.status is Status.OPTIMAL
        assert found.x is not None
        assert found.x[program.integer].sum() < many[program.integer].sum()
        _check_honest(found, in_one_piece(UNITS).objective)

    def test_it_is_kept_if_nothing_better_is_found(self) -> None:
        first = by_parts(UNITS, BendersOptions(gap=1e-3, relaxed_gap=1e-3, rounds=10))

        found = by_parts(UNITS, EXACT, incumbent=_known(first), rounders=[_propose_nothing])

        assert found.status is Status.OTHER_LIMIT
        assert found.objective <= first.objective * (1 + 1e-9)

    @pytest.mark.parametrize("value", [0.0, 3.0, 1e6])
    def test_an_impossible_one_is_ignored(self, value: float) -> None:
        """Nobody is served, or everything is against its bounds."""
        program, _ = in_parts(UNITS)

        nowhere = np.full(program.cost.size, value)
        known = Known(nowhere, nowhere, None)

        found = by_parts(UNITS, BendersOptions(gap=1e-2), incumbent=known)

        assert found.status is Status.OPTIMAL
        _check_honest(found, in_one_piece(UNITS).objective)


def _known(found: Outcome) -> Known:
    assert found.x is not None
    assert found.asked is not None
    return Known(found.x, found.asked, found.row_dual)


def _must_not_be_asked(
    _p: Program, _r: Solution, _i: Floats | None, _t: float
) -> Iterator[Proposal]:
    pytest.fail("a rounder was asked")
    yield


class TestFurtherPrices:
    """Curtailed load is limited by a row of the master, besides what it costs."""

    def _shop(self, most_mw: float, *, further: bool) -> Outcome:
        """Serve 10 with capacity at 200 and gas at 3, curtail at 100; at most 2 may be curtailed.

        By cost alone curtailing all is best (1000), so the one plane 3 gas + 100 cut >= 100 * 10
        - 97 cap is all that operation teaches. It lets the master curtail 2 and pay for 267 of gas.
        True: cap 8, gas 8, cut 2: 1600 + 24 + 200.
        """
        program = make_program(
            [200, 0, 3, 100], [[0, 0, 0, 1]], [-INF], [2], lower=[0, 10, 0, 0],
            upper=[most_mw, 10, INF, INF],
        )  # fmt: skip
        subproblem = Subproblem(
            name="shop",
            cone="shop",
            links=np.array([0, 1], dtype=np.int32),
            uses=np.array([2, 3], dtype=np.int32),
            prices=np.array([3.0, 100.0]),
            link_unit=np.ones(2),
            use_unit=np.ones(2),
            further=np.array([[0.0, 1.0]]) if further else np.zeros((0, 2)),
        )
        oracle = SerialOracle({"shop": hand_operation()})
        return decompose(program, [subproblem], oracle, options=EXACT, highs=HIGHS)

    def test_on_paper(self) -> None:
        found = self._shop(99.0, further=True)

        assert found.status is Status.OPTIMAL
        assert found.objective == pytest.approx(1824)
        assert found.x == pytest.approx([8, 10, 8, 2])

    def test_without_them_the_master_believes_what_is_false(self) -> None:
        """The bound is honest, but it stays where it is, and no plan is found."""
        found = self._shop(99.0, further=False)

        assert found.bound == pytest.approx(1000)
        assert found.x is None
        assert found.status is Status.OTHER_LIMIT

    def test_what_is_impossible_is_said(self) -> None:
        """With 5 of capacity 5 would be curtailed: cut >= load - cap contradicts cut <= 2."""
        with pytest.raises(InfeasibleError) as caught:
            self._shop(5.0, further=True)
        assert set(caught.value.rows) >= {"r0", "cut of shop 1"}

    def test_same_as_one_model(self) -> None:
        """Capacity so dear that curtailing would pay, were it not for the cap on it."""
        free = replace(CAPPED, gas_cost=6e5, solar_cost=6e5)
        toy = replace(free, curtailed_cap_mwh=1000.0)
        want = in_one_piece(toy).objective
        assert want > 1.01 * in_one_piece(free).objective
        program, subproblems = in_parts(toy)
        alone = np.array([[0.0, 0.0, 0.0, 1.0]])

        found = decompose(
            program,
            [replace(s, further=alone) for s in subproblems],
            SerialOracle(operations(toy), reference=("load",)),
            options=EXACT,
            highs=HIGHS,
        )

        assert found.status is Status.OPTIMAL
        assert found.objective == pytest.approx(want, rel=2e-6)
        assert found.bound <= want * (1 + 1e-7)
        _check_honest(found, want, toy)


class TestSameAgain:
    """The same question has the same answer to the last digit, whoever evaluates it."""

    OPTIONS = BendersOptions(gap=1e-3, relaxed_gap=1e-3, rounds=2, interior_rounds=2)

    def _check_same(self, one: Outcome, two: Outcome) -> None:
        assert one.x is not None
        assert two.x is not None
        assert one.x.tobytes() == two.x.tobytes()
        assert one.bound == two.bound
        assert one.iterations == two.iterations
        assert all(
            cuts.slopes.tobytes() == two.pool[cone].slopes.tobytes()
            for cone, cuts in one.pool.items()
        )

    def test_in_this_process(self) -> None:
        self._check_same(by_parts(UNITS, self.OPTIONS), by_parts(UNITS, self.OPTIONS))

    def test_in_however_many_processes(self) -> None:
        program, subproblems = in_parts(UNITS)
        first = by_parts(UNITS, self.OPTIONS)
        for workers in (2, 2, 3):
            with ProcessOracle(operations(UNITS), workers=workers, reference=("load",)) as oracle:
                found = decompose(program, subproblems, oracle, options=self.OPTIONS, highs=HIGHS)
            self._check_same(first, found)


class TestUnits:
    def test_units_of_the_master_do_not_matter(self) -> None:
        """The master in GWh for levels and budgets, and uses in thousands, with the same result."""
        program, subproblems = in_parts(CAPPED)
        scale = np.ones(program.cost.size)
        for s in subproblems:
            scale[s.uses] = 1e3
            scale[s.links[[6, 7, 8]]] = 1e3
        scaled = replace(
            program,
            cost=program.cost * scale,
            matrix=(program.matrix.multiply(scale[None, :])).tocsc(),
            lower=program.lower / scale,
            upper=program.upper / scale,
        )
        in_thousands = [
            replace(
                s,
                link_unit=np.where(np.isin(np.arange(9), [6, 7, 8]), 1e3, 1.0),
                use_unit=np.full(4, 1e3),
            )
            for s in subproblems
        ]

        found = decompose(
            scaled,
            in_thousands,
            SerialOracle(operations(CAPPED), reference=("load",)),
            options=EXACT,
            highs=HIGHS,
        )

        assert found.objective == pytest.approx(in_one_piece(CAPPED).objective, rel=2e-6)


class TestRelations:
    def test_adjusting_a_point_changes_nothing_but_the_path(self) -> None:
        """Here the slack of the energy cap is handed out as further budget."""
        _, subproblems = in_parts(CAPPED)
        budgets = np.unique([s.links[8] for s in subproblems])

        def hand_out(x: Floats) -> Floats:
            y = x.copy()
            spare = CAPPED.grid_cap_mwh - y[budgets].sum()
            y[budgets] += max(0.0, spare) / budgets.size
            return y

        found = by_parts(CAPPED, adjust=hand_out)

        assert found.objective == pytest.approx(in_one_piece(CAPPED).objective, rel=2e-6)

    def test_branching_alone_agrees_with_holding_its_units(self) -> None:
        program, _ = in_parts(UNITS)
        found = by_parts(UNITS, BendersOptions(gap=1e-3), rounders=[ByBranching(HIGHS)])
        assert found.x is not None

        held = fix_integers(program, found.x)

        assert solve(held, HIGHS).objective <= found.objective + 1e-6


def test_subproblems_name_their_columns() -> None:
    _, subproblems = in_parts(UNITS)

    assert len(subproblems) == 8
    assert isinstance(subproblems[0], Subproblem)
    assert subproblems[0].cone == "site0-season0"
