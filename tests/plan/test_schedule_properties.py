"""What holds for every compiled schedule, whatever the run's length and the epoch's."""

import time
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import ScheduleError
from runner.plan.schedule import CompiledSchedule
from tests.plan.schedule_helpers import compiled, rates
from tests.plan.test_schedule_kinds import VALUES

shapes = st.sampled_from(["linear", "cosine", "exponential"])
names = st.sampled_from(sorted(VALUES))


@st.composite
def runs(draw: st.DrawFn) -> tuple[int, int]:
    """Draw steps and steps an epoch; the last epoch need not be whole."""
    return draw(st.integers(3, 400)), draw(st.integers(1, 70))


@st.composite
def cycles(draw: st.DrawFn, steps: int, per_epoch: int) -> dict[str, Any]:
    """Draw a 1cycle whose shares add up, in any units."""
    up = draw(st.integers(1, 98))
    down = draw(st.integers(1, 99 - up))
    durations = []
    for share in (up, down, 100 - up - down):
        length = share * steps / 100
        durations.append(draw(st.sampled_from([f"{share}%", f"{length!r} steps", f"{length / per_epoch:.15f} epochs"])))
    keys = zip(("up", "down", "final"), durations, strict=True)
    return {"kind": "1cycle", "max_lr": 0.1, **{key: {"duration": d, "curve": draw(shapes)} for key, d in keys}}


def _tried(steps: int, per_epoch: int, keys: dict[str, Any]) -> CompiledSchedule | None:
    # Runs too short for their phases are refused; what is refused is tested elsewhere.
    try:
        return compiled(steps, per_epoch, **keys)
    except ScheduleError:
        return None


def _assert_partition(schedule: CompiledSchedule, steps: int) -> None:
    rows = schedule.phases
    assert rows[0].start == 0
    assert rows[-1].stop == steps
    assert all(row.stop > row.start for row in rows)
    assert [row.stop for row in rows[:-1]] == [row.start for row in rows[1:]]
    expected = [k for k, row in enumerate(rows) for _ in range(row.steps)]
    assert schedule.phase_at(np.arange(steps)).tolist() == expected


@given(st.data(), runs())
def test_one_cycle_has_its_exact_values_at_every_boundary(data: st.DataObject, run: tuple[int, int]) -> None:
    steps, per_epoch = run
    schedule = _tried(steps, per_epoch, data.draw(cycles(steps, per_epoch)))
    if schedule is None:
        return
    _assert_partition(schedule, steps)
    up, down = (row.stop for row in schedule.phases[:2])
    initial = 0.1 / 10
    assert rates(schedule, 0, up) == [initial, 0.1]
    assert rates(schedule, steps - 1) == [initial / 1000]
    assert down == steps - 1 or rates(schedule, down) == [initial]
    values = schedule.evaluate(np.arange(steps))
    learning_rate, momentum = values["learning_rate"], values.get("momentum")
    assert momentum is not None
    assert np.float32(initial / 1000) <= learning_rate.min()
    assert learning_rate.max() == np.float32(0.1)
    assert np.float32(0.85) == momentum.min()
    assert momentum.max() <= np.float32(0.95)


@given(names, runs(), st.integers(0, 20))
def test_phases_of_any_kind_partition_the_run(kind: str, run: tuple[int, int], warmup: int) -> None:
    steps, per_epoch = run
    before = {"warmup": {"duration": f"{warmup} steps"}} if warmup else {}
    schedule = _tried(steps, per_epoch, {"kind": kind, **VALUES[kind][0], **before})
    if schedule is not None:
        _assert_partition(schedule, steps)


@given(names, runs())
def test_rows_show_what_the_curve_has_at_their_first_step_and_at_the_last_of_the_run(
    kind: str, run: tuple[int, int]
) -> None:
    steps, per_epoch = run
    schedule = _tried(steps, per_epoch, {"kind": kind, **VALUES[kind][0]})
    if schedule is None:
        return
    inner = [row for row in schedule.phases if row.start < steps - 1]
    assert rates(schedule, *(row.start for row in inner)) == [row.learning_rate.first for row in inner]
    assert rates(schedule, steps - 1) == [schedule.phases[-1].learning_rate.last]


@given(names, runs(), st.lists(st.integers(0, 400), max_size=5))
def test_pieces_have_the_same_bits_as_the_whole(kind: str, run: tuple[int, int], cuts: list[int]) -> None:
    steps, per_epoch = run
    schedule = _tried(steps, per_epoch, {"kind": kind, **VALUES[kind][0], "warmup": {"duration": "2 steps"}})
    if schedule is None:
        return
    every = np.arange(steps)
    whole = schedule.evaluate(every)
    pieces = [schedule.evaluate(part) for part in np.split(every, sorted(cuts))]
    for name, values in whole.items():
        joined = np.concatenate([piece[name] for piece in pieces])
        assert joined.dtype == np.float32
        assert joined.tobytes() == values.tobytes()


@given(names, runs())
def test_learning_rates_are_positive_before_the_last_step(kind: str, run: tuple[int, int]) -> None:
    steps, per_epoch = run
    schedule = _tried(steps, per_epoch, {"kind": kind, **VALUES[kind][0]})
    if schedule is None:
        return
    learning_rate = schedule.evaluate(np.arange(steps))["learning_rate"]
    first = 1 if kind == "wsd" else 0  # whose ramp starts at zero
    assert np.all(learning_rate[first:-1] > 0)
    assert np.all(learning_rate >= 0)


def test_values_come_in_the_shape_of_the_steps() -> None:
    schedule = compiled(kind="cosine", initial_lr=0.1)
    assert schedule.evaluate(0)["learning_rate"].shape == ()
    assert schedule.evaluate([[0, 1], [2, 3]])["learning_rate"].shape == (2, 2)
    assert schedule.evaluate([])["learning_rate"].shape == (0,)


def test_a_step_outside_the_run_belongs_to_the_nearest_phase() -> None:
    assert compiled(kind="1cycle", max_lr=0.1).phase_at([-5, 0, 99, 500]).tolist() == [0, 0, 2, 2]


LONG: dict[str, Any] = {
    "cosine_restarts": {"first_period": "1 step", "t_mul": 1.0},
    "cyclic": {"half_cycle": "1 step"},
    "piecewise": {"boundaries": [f"{k} steps" for k in range(1, 1001)], "values": [0.1] * 1001},
}


@pytest.mark.parametrize("kind", sorted(VALUES))
def test_a_plan_of_a_hundred_million_steps_costs_no_more_than_one_of_a_hundred(kind: str) -> None:
    keys = {"kind": kind, **VALUES[kind][0], **LONG.get(kind, {})}
    if kind == "phases":
        keys["phases"] = [{"name": "all", "duration": "100%", "learning_rate": 0.1}]
    tracemalloc.start()
    began = time.process_time()
    schedule = compiled(10**8, 1000, **keys, warmup={"duration": "10 epochs"})
    learning_rate = schedule.evaluate([0, 10**7, 10**8 - 1])["learning_rate"]
    took = time.process_time() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert learning_rate.shape == (3,)
    assert took < 1
    assert peak < 5_000_000
