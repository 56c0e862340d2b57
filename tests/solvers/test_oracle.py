import numpy as np
import pytest

from solvers.cone import Cone
from solvers.errors import RecourseError, SolverError
from solvers.oracle import Ask, ProcessOracle, SerialOracle
from tests.solvers.test_cone import hand_operation, random_links, random_prices
from tests.solvers.toy import Toy, operations

TOY = Toy(sites=3, seasons=2, hours=24, seed=9)


def _asks() -> list[Ask]:
    """Two questions for every cone, shuffled, so that places alternate."""
    keys = [key for key in operations(TOY) for _ in range(2)]
    order = np.random.default_rng(0).permutation(len(keys))
    return [Ask(keys[i], random_links(int(i)), random_prices(int(i))) for i in order]


@pytest.fixture(scope="module")
def want() -> list[float]:
    """Each question put to a cone of its own."""
    by_key = operations(TOY)
    return [Cone(by_key[a.cone]).evaluate(a.links, a.prices).value for a in _asks()]


def test_one_object_for_all_places_answers_in_order(want: list[float]) -> None:
    oracle = SerialOracle(operations(TOY), reference=("load",))

    answers = oracle.evaluate(_asks())

    assert [a.value for a in answers] == pytest.approx(want, rel=1e-8)
    for ask, answer in zip(_asks(), answers, strict=True):
        assert answer.cut.slopes[0] @ ask.links == pytest.approx(answer.value, rel=1e-9)


def test_several_processes_answer_alike(want: list[float]) -> None:
    with ProcessOracle(operations(TOY), workers=2, reference=("load",)) as oracle:
        answers = oracle.evaluate(_asks())
        again = oracle.evaluate(_asks()[:1])

    assert [a.value for a in answers] == pytest.approx(want, rel=1e-8)
    assert again[0].value == pytest.approx(want[0], rel=1e-8)


def test_errors_cross_from_the_process() -> None:
    with ProcessOracle({"a": hand_operation()}, workers=1) as oracle:
        with pytest.raises(RecourseError, match="unbounded"):
            oracle.evaluate([Ask("a", np.ones(2), np.array([1.0, -1.0]))])
        with pytest.raises(SolverError, match="b: no such operation"):
            oracle.evaluate([Ask("b", np.ones(2), np.ones(2))])


def test_patterns_that_differ_live_side_by_side() -> None:
    by_key = {"hand": hand_operation(), **operations(TOY)}
    oracle = SerialOracle(by_key)
    toy = Ask("site0-season0", random_links(1), random_prices(1))
    hand = Ask("hand", np.array([6.0, 10.0]), np.array([3.0, 100.0]))

    answers = oracle.evaluate([toy, hand, toy])

    assert answers[1].value == pytest.approx(418)
    assert answers[0].value == pytest.approx(answers[2].value)


def test_unknown_key_is_refused() -> None:
    with pytest.raises(SolverError, match="nowhere: no such operation"):
        SerialOracle({}).evaluate([Ask("nowhere", np.ones(1), np.ones(1))])


def test_few_warm_cones_answer_alike(want: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for two of six, nearly every question finds the numbers of another place."""
    monkeypatch.setattr("solvers.oracle.MOST_CONES", 2)
    by_key = {**operations(TOY), "hand": hand_operation()}
    oracle = SerialOracle(by_key, reference=("load",))
    hand = Ask("hand", np.array([6.0, 10.0]), np.array([3.0, 100.0]))

    for ask, value in zip(_asks(), want, strict=True):
        answer = oracle.evaluate([ask])[0]
        assert answer.value == pytest.approx(value, rel=1e-8)
        assert answer.cut.slopes[0] @ ask.links == pytest.approx(value, rel=1e-8)
    assert len(oracle._cones) == 2
    # Another pattern takes the place of a cone too, and gives it up again.
    assert oracle.evaluate([hand])[0].value == pytest.approx(418)
    assert oracle.evaluate(_asks()[:3])[2].value == pytest.approx(want[2], rel=1e-8)
    assert len(oracle._cones) == 2


def test_told_of_every_answer() -> None:
    told: list[tuple[str, float]] = []
    oracle = SerialOracle(
        operations(TOY), on_answer=lambda ask, answer: told.append((ask.cone, answer.value))
    )

    answers = oracle.evaluate(_asks())

    assert sorted(told) == sorted(
        (ask.cone, answer.value) for ask, answer in zip(_asks(), answers, strict=True)
    )


def _curtailed(here: SerialOracle, todo: tuple[str, int]) -> tuple[str, float]:
    """Work of a module: what operation costs that has nothing but load."""
    cone, load = todo
    assert here.reference == ("load",)
    links = np.where(np.array(here.operations[cone].links) == "load", float(load), 0.0)
    return cone, here.evaluate([Ask(cone, links, np.array([0.0, 0.0, 0.0, 1.0]))])[0].value


def test_map_gives_the_same_here_and_elsewhere_in_order() -> None:
    """Three items per process, so that they would come back out of order if they could."""
    by_key = operations(TOY)
    items = [(cone, load) for load, cone in enumerate(sorted(by_key), start=1)]
    loads = [load * TOY.need(int(cone[4]), int(cone[-1])).sum() for cone, load in items]

    with SerialOracle(by_key, reference=("load",)) as serial:
        here = serial.map(_curtailed, items)
    with ProcessOracle(by_key, workers=2, reference=("load",)) as oracle:
        there = oracle.map(_curtailed, items)

    assert [cone for cone, _ in here] == [cone for cone, _ in there] == sorted(by_key)
    assert [value for _, value in here] == pytest.approx(loads)
    assert here == there


def test_leaving_lets_the_cones_go() -> None:
    with SerialOracle(operations(TOY)) as oracle:
        oracle.evaluate(_asks()[:2])
    assert not oracle._cones
