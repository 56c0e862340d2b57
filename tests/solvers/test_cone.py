from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from solvers.cone import Cone, planes
from solvers.cut import CutSet
from solvers.errors import RecourseError
from solvers.operation import Operation, split
from solvers.program import Floats
from tests.solvers.helpers import INF, make_program
from tests.solvers.toy import LINKS, USES, Toy, key, operations

TOY = Toy(seasons=3, hours=48, seed=4)


@cache
def toy_operation(season: int = 0) -> Operation:
    return operations(TOY)[key(0, season)]


@cache
def toy_cone(season: int = 0) -> Cone:
    return Cone(toy_operation(season), reference=("load",))


def random_links(seed: int) -> Floats:
    """Sizes from nothing to a few hundred MW; a third of them zero."""
    rng = np.random.default_rng(seed)
    scale = np.array([200, 60, 300, 60, 30, 100, 100, 100, 900], dtype=float)
    return scale * rng.uniform(0, 1, scale.size) * (rng.random(scale.size) > 1 / 3)


def random_prices(seed: int) -> Floats:
    rng = np.random.default_rng((seed, 7))
    return np.array([60.0, 1.0, 40.0, 5000.0]) * rng.uniform(0.2, 3.0, 4)


def cost_by_scipy(operation: Operation, links: Floats, prices: Floats) -> float:
    """The same operation from its pieces, solved by another program."""
    body, side = operation.matrix.toarray(), -(operation.row_link @ links)
    upper, lower = operation.has_upper, operation.has_lower
    most = np.where(operation.bounded, operation.column_link @ links, INF)
    least = np.where(operation.free, -INF, 0.0)
    found = linprog(
        operation.use_matrix.T @ prices,
        A_ub=np.vstack([body[upper], -body[lower]]),
        b_ub=np.concatenate([side[upper], -side[lower]]),
        bounds=np.column_stack([least, most]),
    )
    return float(found.fun)


def _rounding(cut: CutSet, links: Floats) -> float:
    """What large terms of either sign leave behind when they cancel."""
    return 1e-12 * float(cut.prices.max() * links.sum()) + 1e-12


def hand_operation() -> Operation:
    """One hour: gas <= cap, gas + cut >= load; a use each."""
    program = make_program([0] * 4, [[1, 0, -1, 0], [1, 1, 0, -1]], [-INF, 0], [0, INF])
    uses = {"fuel": np.array([1.0, 0, 0, 0]), "curtailed": np.array([0, 1.0, 0, 0])}
    return split(program, {"cap": 2, "load": 3}, uses)


class TestOnPaper:
    def test_one_hour(self) -> None:
        """Load 10, gas 6 at 3 and the rest curtailed at 100: 18 + 400.

        One more load costs 100, one more MW of gas saves 100 - 3; 100 * 10 - 97 * 6 = 418.
        """
        found = Cone(hand_operation()).evaluate(np.array([6.0, 10.0]), np.array([3.0, 100.0]))

        assert found.value == pytest.approx(418)
        assert found.uses == pytest.approx([6, 4])
        assert found.cut.slopes[0] == pytest.approx([-97, 100])
        assert found.x is None

    def test_nothing_costs_nothing(self) -> None:
        found = Cone(hand_operation()).evaluate(np.zeros(2), np.array([3.0, 100.0]))

        assert found.value == 0
        assert found.uses.tolist() == [0, 0]

    def test_operation_itself_on_request(self) -> None:
        cone = Cone(hand_operation(), reference=("load",))

        found = cone.evaluate(np.array([6.0, 1000.0]), np.array([3.0, 100.0]), with_x=True)

        assert found.x == pytest.approx([6, 994])

    def test_new_prices_new_plan(self) -> None:
        """Fuel dearer than curtailing: no gas."""
        cone = Cone(hand_operation())
        cone.evaluate(np.array([6.0, 10.0]), np.array([3.0, 100.0]))

        found = cone.evaluate(np.array([6.0, 10.0]), np.array([200.0, 100.0]))

        assert found.uses == pytest.approx([0, 10])


class TestLaws:
    @settings(max_examples=60, deadline=None)
    @given(seed=st.integers(0, 10**6))
    def test_value_is_what_another_program_finds(self, seed: int) -> None:
        links, prices = random_links(seed), random_prices(seed)

        found = toy_cone().evaluate(links, prices)

        want = cost_by_scipy(toy_operation(), links, prices)
        assert found.value == pytest.approx(want, rel=1e-7, abs=1e-5)

    @settings(max_examples=100, deadline=None)
    @given(seed=st.integers(0, 10**6))
    def test_cut_touches_its_own_point(self, seed: int) -> None:
        links, prices = random_links(seed), random_prices(seed)

        found = toy_cone().evaluate(links, prices)

        height = float(found.cut.slopes[0] @ links)
        assert height == pytest.approx(found.value, rel=1e-9, abs=_rounding(found.cut, links))
        assert found.value == pytest.approx(float(prices @ found.uses), rel=1e-12)

    @settings(max_examples=150, deadline=None)
    @given(here=st.integers(0, 10**6), there=st.integers(0, 10**6))
    def test_cut_is_never_above_the_cost_elsewhere(self, here: int, there: int) -> None:
        """For any other sizes, and for the uses of operation at any other prices."""
        cut = toy_cone().evaluate(random_links(here), random_prices(here)).cut
        links = random_links(there)

        for prices in (cut.prices[0], random_prices(there)):
            uses = toy_cone().evaluate(links, prices).uses
            short = -float(cut.slack(uses, links)[0])
            height = abs(float(cut.slopes[0] @ links))
            assert short <= 1e-9 * height + _rounding(cut, links)

    @settings(max_examples=40, deadline=None)
    @given(seed=st.integers(0, 10**6), factor=st.floats(1e-3, 1e4))
    def test_twice_the_site_costs_twice(self, seed: int, factor: float) -> None:
        links, prices = random_links(seed), random_prices(seed)

        once = toy_cone().evaluate(links, prices).value
        more = toy_cone().evaluate(factor * links, prices).value

        assert more == pytest.approx(factor * once, rel=1e-7, abs=1e-6 * factor)

    @settings(max_examples=40, deadline=None)
    @given(one=st.integers(0, 10**6), two=st.integers(0, 10**6))
    def test_two_sites_joined_cost_no_more(self, one: int, two: int) -> None:
        """Convex and homogeneous: V(a + b) <= V(a) + V(b)."""
        a, b, prices = random_links(one), random_links(two), random_prices(one)

        joined = toy_cone().evaluate(a + b, prices).value
        apart = toy_cone().evaluate(a, prices).value + toy_cone().evaluate(b, prices).value

        assert joined <= apart * (1 + 1e-8) + 1e-6


def another_operation(seed: int) -> Operation:
    """The toy with other sunshine, need and fuel: another place, the same pattern."""
    rng = np.random.default_rng((seed, 5))
    base = toy_operation(seed % 3)
    load = base.row_link[:, [LINKS.index("load")]].toarray().reshape(-1)
    solar = base.column_link[:, [LINKS.index("solar")]].toarray().reshape(-1)
    needy, sunny = np.flatnonzero(load), np.flatnonzero(solar)
    burning = np.flatnonzero(base.use_matrix[[0]].toarray())
    shade = rng.uniform(0, 1, sunny.size) * base.bound_scale[sunny]
    return (
        base.with_link("solar", base.bound_of[sunny], -shade)
        .with_link("load", base.row_of[needy], load[needy] * rng.uniform(0.5, 1.5, needy.size))
        .with_use("fuel", base.columns[burning], rng.uniform(0.5, 2.0, burning.size))
    )


class TestPlanes:
    @settings(max_examples=60, deadline=None)
    @given(here=st.integers(0, 10**6), there=st.integers(0, 10**6))
    def test_duals_of_one_place_make_cuts_at_another(self, here: int, there: int) -> None:
        """Never above the cost there, at any sizes; the slopes are not those they had here."""
        own, other = another_operation(here), another_operation(there)
        prices = random_prices(here)
        found = Cone(own, reference=("load",), trusted=True).evaluate(random_links(here), prices)

        cut = planes(other, found.row_dual[None, :], prices[None, :])

        assert len(cut) == 1
        cone = Cone(other, reference=("load",), trusted=True)
        for seed in (here, there, here + there):
            links = random_links(seed)
            value = cone.evaluate(links, prices).value
            height = float(cut.slopes[0] @ links)
            assert height <= value + 1e-9 * abs(value) + _rounding(cut, links)

    @pytest.mark.parametrize("seed", range(4))
    def test_they_are_of_use_at_another_place(self, seed: int) -> None:
        """Not only valid: at the sizes of a site they promise most of what is true."""
        prices, links = random_prices(seed), np.array([100.0, 20, 50, 40, 0, 100, 10, 10, 0])
        found = Cone(another_operation(seed), trusted=True).evaluate(links, prices)
        other = another_operation(seed + 3)

        cut = planes(other, found.row_dual[None, :], prices[None, :])

        value = Cone(other, trusted=True).evaluate(links, prices).value
        assert 0.8 * value < cut.slopes[0] @ links < value * (1 - 1e-6)

    @settings(max_examples=40, deadline=None)
    @given(seed=st.integers(0, 10**6))
    def test_they_touch_where_they_were_found(self, seed: int) -> None:
        operation, links = another_operation(seed), random_links(seed)
        prices = random_prices(seed)
        found = Cone(operation, reference=("load",), trusted=True).evaluate(links, prices)

        cut = planes(operation, found.row_dual[None, :], prices[None, :])

        height = float(cut.slopes[0] @ links)
        assert height == pytest.approx(found.value, rel=1e-9, abs=_rounding(cut, links))

    def test_on_paper(self) -> None:
        """y = 100 on the balance: gas is worth 97 at 3, 60 at 40; dearer than 100 it is worth 0."""
        prices = np.array([[3.0, 100], [40, 100], [200, 100]])

        cuts = planes(hand_operation(), np.full((3, 1), 100.0), prices)

        assert cuts.slopes.tolist() == [[-97, 100], [-60, 100], [0, 100]]
        assert cuts.prices.tolist() == prices.tolist()

    def test_entries_of_the_wrong_sign_count_as_zero(self) -> None:
        """The balance only has a lower side; a negative dual would say that load earns money."""
        cuts = planes(hand_operation(), np.array([[-5.0]]), np.array([[3.0, 100]]))

        assert cuts.slopes.tolist() == [[0, 0]]

    def test_so_do_those_of_a_row_with_an_upper_side(self) -> None:
        """gas + boost <= cap, gas + boost + cut >= load: cap cannot cost anything.

        y = (-97, 100) says 100 load - 97 cap; with 50 in place of -97 only y = (0, 100) is left,
        for which gas at 3 has a d of -97 and nothing bounds it. With y = (50, 2) it fits: 2 load.
        """
        program = make_program([0] * 5, [[1, 1, 0, -1, 0], [1, 1, 1, 0, -1]], [-INF, 0], [0, INF])
        uses = {"fuel": np.array([1.0, 2, 0, 0, 0]), "cut": np.array([0, 0, 1.0, 0, 0])}
        operation = split(program, {"cap": 3, "load": 4}, uses)
        duals = np.array([[-97.0, 100.0], [50.0, 100.0], [50.0, 2.0]])

        cuts = planes(operation, duals, np.array([[3.0, 100]] * 3))

        assert cuts.slopes.tolist() == [[-97, 100], [0, 2]]

    def test_duals_that_no_longer_fit_are_dropped(self) -> None:
        """Cut load costs 100, and nothing bounds it: y = 101 is no dual, y = 99 is one."""
        cuts = planes(hand_operation(), np.array([[99.0], [101.0]]), np.array([[3.0, 100]] * 2))

        assert cuts.slopes.tolist() == [[-96, 99]]

    def test_free_columns_allow_no_sign_at_all(self) -> None:
        """level free: level - start = 0 and level + cut >= load: y has to cancel on level."""
        program = make_program(
            [0] * 4,
            [[1, 0, -1, 0], [1, 1, 0, -1]],
            [0, 0],
            [0, INF],
            lower=[-INF, 0, 0, 0],
        )
        operation = split(program, {"start": 2, "load": 3}, {"cut": np.array([0.0, 1, 0, 0])})
        duals = np.array([[-1.0, 1.0], [-0.5, 1.0], [-1.0, 0.5]])

        cuts = planes(operation, duals, np.ones((3, 1)))

        assert cuts.slopes.tolist() == [[-1, 1]]


class TestStamp:
    def test_another_season_in_the_same_object(self) -> None:
        cone = Cone(toy_operation(0), reference=("load",))
        links, prices = random_links(3), random_prices(3)
        for season in (1, 2, 0):
            cone.stamp(toy_operation(season))
            found = cone.evaluate(links, prices)

            want = Cone(toy_operation(season), reference=("load",)).evaluate(links, prices)
            assert found.value == pytest.approx(want.value, rel=1e-9)
            assert found.cut.slopes[0] @ links == pytest.approx(found.value, rel=1e-9)

    def test_another_place_that_uses_more_at_the_same_prices(self) -> None:
        links, prices = np.array([100.0, 20, 50, 60, 0, 40, 0, 0, 0]), random_prices(3)
        cone = Cone(another_operation(0), trusted=True)
        cone.evaluate(links, prices)
        for seed in (3, 6):
            cone.stamp(another_operation(seed), trusted=True)
            found = cone.evaluate(links, prices)

            want = Cone(another_operation(seed), trusted=True).evaluate(links, prices)
            assert found.value == pytest.approx(want.value, rel=1e-9)
            assert found.cut.slopes[0] @ links == pytest.approx(found.value, rel=1e-9)

    def test_other_coefficients_of_the_hours(self) -> None:
        """gas gives 2 per unit: with cap 6 it serves load 10 with 5, at 3 each."""
        cone = Cone(hand_operation())
        program = make_program([0] * 4, [[1, 0, -1, 0], [2, 1, 0, -1]], [-INF, 0], [0, INF])
        uses = {"fuel": np.array([1.0, 0, 0, 0]), "curtailed": np.array([0, 1.0, 0, 0])}

        cone.stamp(split(program, {"cap": 2, "load": 3}, uses))

        found = cone.evaluate(np.array([6.0, 10.0]), np.array([3.0, 100.0]))
        assert found.value == pytest.approx(15)

    def test_another_pattern_is_refused(self) -> None:
        with pytest.raises(RecourseError, match="pattern"):
            Cone(hand_operation()).stamp(toy_operation())


class TestSameAnswers:
    def test_whether_this_cone_was_checked_or_not(self) -> None:
        """Of several optimal duals the same: a basis left by the check must not choose."""
        for seed in range(10):
            links, prices = random_links(seed), random_prices(seed)
            checked, trusted = (
                Cone(toy_operation(), reference=("load",), trusted=t).evaluate(links, prices)
                for t in (False, True)
            )
            assert checked.cut.slopes.tolist() == trusted.cut.slopes.tolist()
            assert checked.uses.tolist() == trusted.uses.tolist()


class TestRefusals:
    def test_load_that_cannot_be_curtailed(self) -> None:
        program = make_program([0] * 3, [[1, -1, 0], [1, 0, -1]], [-INF, 0], [0, INF])
        operation = split(program, {"cap": 1, "load": 2}, {"fuel": np.array([1.0, 0, 0])})

        with pytest.raises(RecourseError, match="load: operation is not possible"):
            Cone(operation)

        cone = Cone(operation, trusted=True)
        with pytest.raises(RecourseError, match="infeasible at load"):
            cone.evaluate(np.array([0.0, 1.0]), np.array([1.0]))

    def test_prices_that_pay_without_end(self) -> None:
        with pytest.raises(RecourseError, match="unbounded"):
            Cone(hand_operation()).evaluate(np.array([1.0, 1.0]), np.array([1.0, -1.0]))

    def test_negative_sizes(self) -> None:
        with pytest.raises(RecourseError, match=r"load: got -1\.0"):
            Cone(hand_operation()).evaluate(np.array([1.0, -1.0]), np.array([1.0, 1.0]))

    def test_names_of_the_toy_are_in_order(self) -> None:
        assert toy_operation().links == LINKS
        assert toy_operation().uses == USES
