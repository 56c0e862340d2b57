"""Work that may wait: when it runs, what it saves, and that every engine sees the same."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from planner.case import Case
from planner.engines.links import link_names, shift_mean_of, shift_of
from planner.engines.seasons import compile_window, keys_of, stamp, windows_of
from planner.engines.site_operations import digest, operations_of
from planner.errors import BalanceError
from planner.formulate.hours import hours_of
from planner.formulate.operation import spans_of
from planner.plan.audit import audit
from planner.plan.plan import Plan
from sites.table import builtin_sites
from tests.planner.engines.both import assert_they_agree, by_cuts, example
from tests.planner.engines.test_seasons import _assert_same, _real, _week
from tests.planner.engines.waiting import Load, a_week, operate, waiting
from tests.planner.hand import flat_place, hand_case, hand_scenario

QUICK = settings(max_examples=15, deadline=None, derandomize=True)
HOURS = np.arange(8760)
SITE, COOLING, GRID = "abilene_tx", "liquid_dry", "firm_grid"
GRID_MW = 500.0


def _on_grid(**profiles: np.ndarray) -> Case:
    """A site that has nothing but the grid, at 40 USD/MWh unless told otherwise."""
    power = {"use": [GRID], "change": {GRID: {"lead_months": 0}}}
    scenario = hand_scenario(power=power)
    site = builtin_sites()[SITE]
    return hand_case(scenario, **{SITE: flat_place(scenario, site, profiles=profiles)})


def _cheap_by_night() -> Case:
    """20 USD/MWh in the first half of each day, 80 in the second."""
    return _on_grid(grid_price_usd_per_mwh=np.where(HOURS % 24 < 12, 20.0, 80.0))


def _pue(case: Case) -> float:
    """Power use effectiveness of a place with the same weather all year."""
    steady = operate(case, SITE, a_week(), {GRID: GRID_MW}, {COOLING: Load(100)})
    return steady.kusd * 1e3 / (84 * 100 * (20 + 80))


def test_work_runs_in_the_cheap_hours_as_far_as_racks_are_held() -> None:
    """30 MW held for 10 MW in the mean: 240 MWh a day, done in 8 of the 12 cheap hours.

    At 20 USD/MWh, while 100 MW go on at 20 and 80: 7 x (12 x 100 x 100 + 240 x 20) x PUE.
    """
    plain = _cheap_by_night()
    case = replace(plain, defer_h=24)
    found = operate(case, SITE, a_week(), {GRID: GRID_MW}, {COOLING: Load(100, 30, 10)})
    days = found.shifted_mw[COOLING].reshape(7, 24)

    assert found.kusd == pytest.approx(7 * (120_000 + 4_800) / 1e3 * _pue(plain))
    np.testing.assert_allclose(days.sum(axis=1), 240, rtol=1e-6)
    np.testing.assert_allclose(days[:, 12:], 0, atol=1e-6)
    assert days.max() == pytest.approx(30)


def test_what_the_cheap_hours_cannot_hold_runs_in_the_dear_ones() -> None:
    """12 MW held for 9 in the mean: 216 MWh a day, 144 in the cheap hours and 72 in the dear."""
    plain = _cheap_by_night()
    found = operate(
        replace(plain, defer_h=24), SITE, a_week(), {GRID: GRID_MW}, {COOLING: Load(0, 12, 9)}
    )

    assert found.kusd == pytest.approx(7 * (144 * 20 + 72 * 80) / 1e3 * _pue(plain))


def test_work_that_may_wait_half_a_day_finds_no_cheap_hour_in_the_dear_half() -> None:
    """Spans of 12 h: 10 MW in the mean are 120 MWh of each half, half of them at 80 USD/MWh."""
    plain = _cheap_by_night()
    found = operate(
        replace(plain, defer_h=12), SITE, a_week(), {GRID: GRID_MW}, {COOLING: Load(0, 30, 10)}
    )

    assert found.kusd == pytest.approx(7 * 120 * (20 + 80) / 1e3 * _pue(plain))


def test_work_goes_where_the_air_is_cool() -> None:
    """One price all day; 5 degC in the first half of each day and 40 in the second."""
    hot = np.where(HOURS % 24 < 12, 5.0, 40.0)
    case = replace(_on_grid(drybulb_c=hot, wetbulb_c=hot - 5), defer_h=24)
    found = operate(case, SITE, a_week(), {GRID: GRID_MW}, {COOLING: Load(50, 20, 10)})
    all_day = operate(case, SITE, a_week(), {GRID: GRID_MW}, {COOLING: Load(60)})
    days = found.shifted_mw[COOLING].reshape(7, 24)

    np.testing.assert_allclose(days[:, :12], 20, rtol=1e-6)
    np.testing.assert_allclose(days[:, 12:], 0, atol=1e-6)
    assert found.kusd < all_day.kusd


def test_the_short_span_at_the_end_is_worked_in_too() -> None:
    """30 hours of one price: 24 and 6, at 10 MW in the mean 240 and 60 MWh."""
    case = replace(_on_grid(), defer_h=24)
    found = operate(case, SITE, a_week(hours=30), {GRID: GRID_MW}, {COOLING: Load(0, 40, 10)})
    shifted = found.shifted_mw[COOLING]

    assert [shifted[:24].sum(), shifted[24:].sum()] == pytest.approx([240, 60])


@cache
def _sunny(defer_h: int | None) -> Case:
    return replace(_real(), defer_h=defer_h)


BUILT = {"wartsila_18v50sg": 40.0, "pv_tracker": 300.0, "li_ion_4h": 30.0, "firm_grid": 60.0}


@pytest.mark.slow
@QUICK
@given(
    site=st.sampled_from(["abilene_tx", "ashburn_va"]),
    first=st.integers(0, 8760 - 168),
    defer_h=st.sampled_from([6, 24, 50]),
    mean_mw=st.floats(0, 60),
    spare=st.floats(1, 5),
)
def test_to_wait_never_costs_more_than_not_to(site, first, defer_h, mean_mw, spare) -> None:
    """Racks that work all the time are among what racks that wait may do."""
    week, lasting = a_week(first), 100 - mean_mw
    steady = operate(_sunny(None), site, week, BUILT, {COOLING: Load(100)})
    held = operate(_sunny(defer_h), site, week, BUILT, {COOLING: Load(lasting, mean_mw, mean_mw)})
    most_mw = spare * mean_mw
    more = operate(_sunny(defer_h), site, week, BUILT, {COOLING: Load(lasting, most_mw, mean_mw)})

    assert held.kusd == pytest.approx(steady.kusd, rel=1e-6)
    assert more.kusd <= steady.kusd * (1 + 1e-6)


def test_the_sun_gets_more_of_the_load_where_work_waits() -> None:
    """Half the load may wait for the day: less of the engine's fuel is burnt."""
    mw = {"wartsila_18v50sg": 200.0, "pv_tracker": 400.0}
    now = operate(_sunny(None), SITE, a_week(4000), mw, {COOLING: Load(100)})
    later = operate(_sunny(24), SITE, a_week(4000), mw, {COOLING: Load(50, 150, 50)})

    assert later.kusd < 0.75 * now.kusd


def test_nothing_waits_where_nobody_asks() -> None:
    assert not [n for n in link_names(_real(), is_open=True) if "shift" in n]
    template = compile_window(_real(), SITE, _week(0))

    assert (template.shifted, template.drawn) == ({}, {})


@pytest.mark.parametrize("first", [0, 4000])
def test_all_else_in_the_hours_is_as_without_waiting(first: int) -> None:
    """Take out what may wait, and the arrays are those of a case without it, to the last digit."""
    plain = compile_window(_real(), SITE, _week(first)).operation
    template = compile_window(_sunny(24), SITE, _week(first))
    operation = template.operation
    hourly = np.concatenate(list(template.shifted.values()))
    columns = np.setdiff1d(np.arange(operation.columns.size), hourly)
    rows = [i for i, n in enumerate(operation.row_names) if "work_done" not in n]
    links = [k for k, n in enumerate(operation.links) if not n.startswith("shift_")]

    assert operation.matrix.shape[1] - columns.size == 168 * len(_real().cooling)
    assert operation.matrix.shape[0] - len(rows) == 7 * len(_real().cooling)
    assert tuple(operation.row_names[i] for i in rows) == plain.row_names
    assert tuple(operation.links[k] for k in links) == plain.links
    for found, wanted in (
        (csc_array(operation.matrix)[rows][:, columns], plain.matrix),
        (csc_array(operation.row_link)[rows][:, links], plain.row_link),
        (csc_array(operation.column_link)[columns][:, links], plain.column_link),
        (operation.use_matrix[:, columns], plain.use_matrix),
    ):
        assert abs(csc_array(found) - csc_array(wanted)).max() == 0


@QUICK
@given(
    site=st.sampled_from(["abilene_tx", "ashburn_va", "cheyenne_wy"]),
    first=st.integers(0, 8760 - 168),
)
def test_a_window_is_stamped_as_it_would_be_compiled(site: str, first: int) -> None:
    case, week = _sunny(24), _week(first)
    wanted = compile_window(case, site, week).operation

    found = stamp(case, _template(), site, week)

    _assert_same(found, wanted)
    assert digest(found) == digest(wanted)


@cache
def _template():
    return compile_window(_sunny(24), SITE, _week(0))


@pytest.mark.parametrize(
    ("step", "weeks", "defer_h"), [("year", 3, 24), ("quarter", None, 24), ("quarter", None, 72)]
)
def test_every_operation_is_as_it_would_be_compiled(step, weeks, defer_h) -> None:
    case = replace(_real(step, "2028-01", weeks, 1), defer_h=defer_h)
    operations = operations_of(case)

    for key, site, window in list(keys_of(case))[1:]:
        _assert_same(operations[key], compile_window(case, site, window).operation)


def test_a_digest_tells_how_long_work_may_wait() -> None:
    found = {digest(compile_window(_sunny(h), SITE, _week(0)).operation) for h in (None, 24, 48)}

    assert len(found) == 3


@pytest.mark.parametrize("weeks", [2, None])
def test_a_mean_is_never_above_what_is_held(weeks: int | None) -> None:
    case = replace(_real("quarter", "2028-01", weeks, 1), defer_h=24)
    operation = compile_window(case, SITE, windows_of(case, 0)[0]).operation
    links = operation.links.index

    for cooling in case.cooling:
        most = operation.domain[:, links(shift_of(cooling))]
        mean = operation.domain[:, links(shift_mean_of(cooling))]
        assert sorted(zip(most[most > 0], mean[most > 0], strict=True)) == [(1, 0), (1, 1)]
        assert (mean <= most).all()


def _work(plan: Plan, defer_h: int) -> None:
    """Some work waits, and every span does what it has to."""
    case = plan.formulation.case
    waited = 0.0
    for (s, t), run in plan.outcome.dispatch.items():
        for cooling, drawn in run.shifted_mw.items():
            most = plan.formulation.model.shift_mw[s, cooling, t].value
            mean = plan.formulation.model.shift_mean_mw[s, cooling, t].value
            spans = spans_of(hours_of(case, t), defer_h)
            done = np.array([drawn[span].sum() for span in spans])
            asked = mean * np.array([len(span) for span in spans])
            assert (done >= asked - 1e-5).all()
            assert drawn.max() <= most + 1e-6
            waited += float(np.abs(drawn - drawn.mean()).sum())
    assert waited > 1.0


SHORT = ("horizon.hours=weeks", "horizon.weeks=2", "horizon.start=2029-01", "horizon.periods=1")


def test_two_sites_in_sampled_weeks(tmp_path: Path) -> None:
    case = waiting(example("two_sites", *SHORT), 24)

    found = assert_they_agree(case, tmp_path, gap=0.01)

    assert found is not None
    _work(found[0], 24)


@pytest.mark.slow
def test_one_site_in_every_hour_of_a_quarter(tmp_path: Path) -> None:
    case = waiting(example("one_site", "horizon.step=quarter", "solver.gap=1e-4"), 24)

    found = assert_they_agree(case, tmp_path)

    assert found is not None
    _work(found[0], 24)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Two weeks of one site, all of whose work may wait."""
    case = example("one_site", "horizon.hours=weeks", "horizon.weeks=2")
    return by_cuts(waiting(case, 24), tmp_path_factory.mktemp("cones"))


@pytest.mark.parametrize("factor", [0.999, 1.001])
def test_an_audit_sees_that_racks_draw_otherwise_than_shown(plan: Plan, factor: float) -> None:
    key, run = next(iter(plan.outcome.dispatch.items()))
    bent = replace(run, shifted_mw={c: factor * mw for c, mw in run.shifted_mw.items()})
    dispatch = {**plan.outcome.dispatch, key: bent}

    with pytest.raises(BalanceError, match=r"load of|work that waits"):
        audit(replace(plan, outcome=replace(plan.outcome, dispatch=dispatch)))


def test_an_audit_sees_work_undone(plan: Plan) -> None:
    """One per mille more work than the hours do."""
    means = plan.formulation.model.shift_mean_mw
    before = means.extract_values()
    means.set_values({key: 1.001 * mw for key, mw in before.items()})
    try:
        with pytest.raises(BalanceError, match=f"work that waits of {SITE}"):
            audit(plan)
    finally:
        means.set_values(before)
