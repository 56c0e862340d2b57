import numpy as np
import pytest

from solvers.cone import Evaluation
from solvers.cut import CutSet, no_cuts
from solvers.errors import ModelError
from solvers.highs import Options
from solvers.master import Master
from solvers.program import Program
from solvers.subproblem import LARGEST, Subproblem, cut_rows
from solvers.truth import Truth, complete
from tests.solvers.helpers import INF, make_program


def _program() -> Program:
    """min 3 cap + use, cap <= 10, use >= 0; one row that binds nothing."""
    return make_program([3, 1], [[1, 0]], [-INF], [10])


def _subproblem(**more: object) -> Subproblem:
    figures = {
        "name": "a",
        "cone": "a",
        "links": np.array([0], dtype=np.int32),
        "uses": np.array([1], dtype=np.int32),
        "prices": np.ones(1),
        "link_unit": np.ones(1),
        "use_unit": np.ones(1),
    }
    return Subproblem(**(figures | more))  # type: ignore[arg-type]


def _cut(slope: float, price: float = 1.0) -> CutSet:
    return CutSet(np.array([[price]]), np.array([[slope]]))


class TestCutRows:
    def test_row_in_the_units_of_the_master(self) -> None:
        """Price 2 times 1000 per master unit, slope 5 times 10: 2000 use - 50 cap >= 0."""
        unit = _subproblem(link_unit=np.array([10.0]), use_unit=np.array([1000.0]))

        row = cut_rows([(unit, _cut(5.0, 2.0))], 3).toarray()[0]

        assert row == pytest.approx(np.array([-50.0, 2000.0, 0.0]) * LARGEST / 2000)

    def test_absent_links_are_left_out_and_shared_columns_added(self) -> None:
        """Start and end level are one column if there is one season: slopes 3 and -1 make 2."""
        both = _subproblem(
            links=np.array([0, 0, -1], dtype=np.int32),
            link_unit=np.ones(3),
        )
        cut = CutSet(np.array([[1.0]]), np.array([[3.0, -1.0, 7.0]]))

        row = cut_rows([(both, cut)], 2).toarray()[0]

        assert row == pytest.approx(np.array([-2.0, 1.0]) * LARGEST / 2)


class TestSubproblem:
    def test_absent_and_slightly_negative_links_are_zero(self) -> None:
        two = _subproblem(links=np.array([0, -1], dtype=np.int32), link_unit=np.ones(2))

        assert two.links_at(np.array([-1e-9, 5.0])).tolist() == [0, 0]

    def test_shapes_and_units_are_checked(self) -> None:
        with pytest.raises(ModelError, match="shapes"):
            _subproblem(prices=np.ones(2))
        with pytest.raises(ModelError, match="every unit must be positive"):
            _subproblem(link_unit=np.zeros(1))
        with pytest.raises(ModelError, match="every use needs a column"):
            _subproblem(uses=np.array([-1], dtype=np.int32))


class TestSeparate:
    def test_only_violated_cuts_become_rows_worst_first(self) -> None:
        """At cap 2, use 3: slopes 1, 2, 5 ask for 2, 4, 10; only the last two are violated."""
        pool = {"a": _cut(1.0).with_cuts(_cut(2.0)).with_cuts(_cut(5.0))}
        master = Master(_program(), [_subproblem()], pool)
        x = np.array([2.0, 3.0])

        assert master.separate(x, most=1) == 1
        names = master.everything().row_names
        assert names == ("r0", "cut of a 2")
        assert master.separate(x, most=5) == 1
        assert master.separate(x, most=5) == 0
        assert master.cut_count == 2

    def test_cuts_change_the_optimum(self) -> None:
        """With cap >= 4, use >= 2 cap: cost 12 + 8."""
        program = make_program([3, 1], [[1, 0]], [4], [10])
        master = Master(program, [_subproblem()], {"a": _cut(2.0)})
        assert master.solve(INF).objective == pytest.approx(12)

        master.separate(np.array([4.0, 0.0]))

        assert master.solve(INF).objective == pytest.approx(20)

    def test_slack_cuts_leave_and_come_back(self) -> None:
        program = make_program([3, 1], [[1, 0]], [4], [10])
        master = Master(program, [_subproblem()], {"a": _cut(2.0)})
        master.learn("a", _cut(1.0))
        master.separate(np.array([4.0, 0.0]))
        assert master.cut_count == 2

        for _ in range(3):
            master.drop_slack(master.solve(INF), after=3)

        assert master.cut_count == 1
        assert master.everything().row_names == ("r0", "cut of a 0")
        assert master.solve(INF).objective == pytest.approx(20)
        assert master.separate(np.array([4.0, 0.0])) == 1

    def test_branching_gets_the_tight_cuts_only(self) -> None:
        """At cap 4, use 8 the cut of slope 2 is tight and that of slope 1 is not."""
        master = Master(_program(), [_subproblem()], {"a": _cut(2.0).with_cuts(_cut(1.0))})
        master.separate(np.array([4.0, 0.0]))

        kept = master.program(np.array([4.0, 8.0]))

        assert kept.row_names == ("r0", "cut of a 0")
        assert kept.matrix.toarray()[1] == pytest.approx(np.array([-2.0, 1.0]) * LARGEST / 2)
        assert kept.row_lower.tolist() == [-INF, 0]
        assert kept.row_upper.tolist() == [10, INF]
        assert master.cut_count == 2

    def test_branching_gets_the_cuts_that_earlier_proposals_violate(self) -> None:
        """use >= 2 cap is slack at (1, 8), tight at (4, 8); use >= cap is violated at (9, 1)."""
        master = Master(_program(), [_subproblem()], {"a": _cut(2.0).with_cuts(_cut(1.0))})
        master.separate(np.array([4.0, 0.0]))

        none = master.program(np.array([1.0, 8.0]))
        both = master.program(np.array([1.0, 8.0]), np.array([9.0, 1.0]))

        assert none.row_names == ("r0",)
        assert both.row_names == ("r0", "cut of a 0", "cut of a 1")

    def test_holding_columns(self) -> None:
        master = Master(_program(), [_subproblem()], {})
        master.hold(np.array([0], dtype=np.int32), np.array([2.0]), np.array([2.0]))

        assert master.solve(INF).objective == pytest.approx(6)

    def test_repeated_cuts_of_a_pool_count_once(self) -> None:
        twice = CutSet(np.ones((2, 1)), np.full((2, 1), 2.0))

        assert len(Master(_program(), [_subproblem()], {"a": twice}).pool["a"]) == 1

    def test_wrong_columns_are_refused(self) -> None:
        with pytest.raises(ModelError, match="not in the master"):
            Master(_program(), [_subproblem(uses=np.array([7], dtype=np.int32))], {})
        negative = make_program([3, 1], [[1, 0]], [-INF], [10], lower=[-1, 0])
        with pytest.raises(ModelError, match="can be negative"):
            Master(negative, [_subproblem()], {})


class _Twice:
    """Operation that uses twice the link, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def evaluate(self, asks: list) -> list[Evaluation]:  # type: ignore[type-arg]
        self.asked += [float(ask.links[0]) for ask in asks]
        return [Evaluation(2 * a.links[0], _cut(2.0), 2 * a.links, np.ones(1)) for a in asks]


class TestTruth:
    def test_zero_and_multiples_are_not_asked_again(self) -> None:
        oracle = _Twice()
        truth = Truth(oracle, [_subproblem()])

        answers = [truth.evaluate(np.array([z, 0.0]))[0][0][0] for z in (0.0, 3.0, 6.0, 0.0)]

        assert answers == [0, 6, 12, 0]
        assert oracle.asked == [3.0]
        assert truth.asked == 1

    def test_true_uses_replace_the_guess(self) -> None:
        plan, cost = complete(
            _program(), [_subproblem()], np.array([4.0, 0.0]), [np.array([8.0])], Options()
        )

        assert plan.tolist() == [4, 8]
        assert cost == 12 + 8

    def test_other_columns_adapt_to_the_true_uses(self) -> None:
        """fuel cost column: money >= 2 use. With use 8 it has to rise from 0 to 16."""
        program = make_program([3, 0, 1], [[0, -2, 1]], [0], [INF])

        plan, cost = complete(
            program, [_subproblem()], np.array([4.0, 0.0, 0.0]), [np.array([8.0])], Options()
        )

        assert plan == pytest.approx([4, 8, 16])
        assert cost == pytest.approx(28)

    def test_no_plan_if_a_cap_does_not_hold(self) -> None:
        """use <= 5, but it is 8."""
        program = make_program([3, 1], [[0, 1]], [-INF], [5])

        _, cost = complete(
            program, [_subproblem()], np.array([4.0, 0.0]), [np.array([8.0])], Options()
        )

        assert cost == INF


def test_no_cuts_have_shape() -> None:
    assert no_cuts(3, 2).prices.shape == (0, 3)
    assert no_cuts(3, 2).slopes.shape == (0, 2)
