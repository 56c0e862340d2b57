from collections.abc import Mapping

import numpy as np

from components.compute.recipe import Recipe, drop_dominated

TAKES = {
    "old": np.array([1.0, 1.0, 4.0]),
    "new": np.array([3.0, 1.5, 8.0]),
    "ffn": np.array([2.0, 1.0, 0.0]),
}
"""Money, power and wafers of one rack."""


def a_recipe(
    racks: Mapping[str, list[float]], *, workload: str = "chat", together: bool = False
) -> Recipe:
    amounts = {name: np.array(values, dtype=float) for name, values in racks.items()}
    name = f"{workload}:split:{'+'.join(racks)}"
    return Recipe(name, workload, "split", amounts, together, None)


def test_less_of_everything_wins() -> None:
    """New: 0.2 x (3, 1.5, 8) = (0.6, 0.3, 1.6); old: 1 x (1, 1, 4)."""
    old, new = a_recipe({"old": [1.0]}), a_recipe({"new": [0.2]})

    kept, out = drop_dominated([old, new], TAKES)

    assert kept == [new]
    assert (out[0].racks, out[0].why) == ("old", "takes no less of anything than split on new")
    assert drop_dominated([new, old], TAKES)[0] == [new]


def test_dearer_but_less_power_stays() -> None:
    """New: 0.5 x (3, 1.5, 8) = (1.5, 0.75, 4): dearer than old, with less power."""
    old, new = a_recipe({"old": [1.0]}), a_recipe({"new": [0.5]})

    assert drop_dominated([old, new], TAKES) == ([old, new], [])


def test_what_comes_later_beats_nothing_that_is_there_before() -> None:
    old, new = a_recipe({"old": [1.0, 1.0]}), a_recipe({"new": [np.inf, 0.2]})

    assert drop_dominated([old, new], TAKES)[0] == [old, new]
    assert drop_dominated([new, a_recipe({"old": [np.inf, 1.0]})], TAKES)[0] == [new]


def test_other_workloads_do_not_compare() -> None:
    chat, voice = a_recipe({"new": [0.2]}), a_recipe({"old": [1.0]}, workload="voice")

    assert drop_dominated([chat, voice], TAKES)[0] == [chat, voice]


def test_racks_of_one_recipe_add_up() -> None:
    """0.1 x (3, 1.5, 8) + 0.1 x (2, 1, 0) = (0.5, 0.25, 0.8)."""
    both = a_recipe({"new": [0.1], "ffn": [0.1]})

    assert drop_dominated([both, a_recipe({"old": [0.51]})], TAKES)[0] == [both]
    assert len(drop_dominated([both, a_recipe({"old": [0.49]})], TAKES)[0]) == 2


def test_racks_that_must_stand_together_beat_none_that_need_not() -> None:
    tied = a_recipe({"new": [0.2]}, together=True)
    free = a_recipe({"old": [1.0]})

    assert drop_dominated([tied, free], TAKES)[0] == [free, tied]


def test_with_a_tolerance_the_simpler_recipe_stays() -> None:
    """A tenth more of everything is no reason for racks that have to stand together."""
    tied = a_recipe({"new": [0.2]}, together=True)
    free = a_recipe({"new": [0.22]})

    assert set(drop_dominated([tied, free], TAKES, 0.09)[0]) == {tied, free}
    assert drop_dominated([tied, free], TAKES, 0.11)[0] == [free]


def test_serves_says_in_which_periods() -> None:
    late = a_recipe({"new": [np.inf, 0.2], "ffn": [0.1, 0.1]})

    assert [late.serves(t) for t in (0, 1)] == [False, True]


def test_within_the_tolerance_the_simpler_stays() -> None:
    """Both: (1, 1, 4) x 0.96 + (2, 1, 0) x 0.001; old alone: (1, 1, 4), 4 % more at most."""
    both = a_recipe({"old": [0.96], "ffn": [0.001]}, together=True)
    alone = a_recipe({"old": [1.0]})

    assert drop_dominated([both, alone], TAKES, 0.05)[0] == [alone]
    assert set(map(id, drop_dominated([both, alone], TAKES, 0.03)[0])) == {id(both), id(alone)}
