"""A warm-up in place of the schedule's first steps, whose clock starts at step 0."""

import pytest

from tests.plan.schedule_helpers import compiled, momenta, rates, refused
from tests.plan.test_schedule_kinds import VALUES

OVERLAP = {"duration": "7 steps", "from": 0.0, "overlap": True}


@pytest.mark.parametrize("kind", VALUES)
def test_the_schedule_keeps_its_clock_and_the_ramp_leads_to_the_value_it_has_there(kind: str) -> None:
    keys, _ = VALUES[kind]
    plain, warm = compiled(kind=kind, **keys), compiled(kind=kind, warmup=OVERLAP, **keys)
    assert rates(warm, *range(7, 100)) == rates(plain, *range(7, 100))
    goal = rates(plain, 7)[0]
    assert rates(warm, *range(7)) == pytest.approx([goal * t / 7 for t in range(7)], rel=1e-15)


def test_mobilenet_v2_of_the_model_garden_with_its_warmup() -> None:
    """``LinearWarmup``: t/W of the schedule's value at step W, then the schedule as if there were no warm-up."""
    keys = {"kind": "exponential", "initial_lr": 0.064, "decay_rate": 0.96, "decay_every": "2.5 epochs"}
    warm = compiled(10_000, 1250, **keys, staircase=True, warmup={"duration": "5 epochs", "overlap": True})
    goal = 0.064 * 0.96**2
    assert rates(warm, 0, 1250, 6249) == pytest.approx([0, goal / 5, goal * 6249 / 6250], rel=1e-12)
    assert rates(warm, 6250, 9374, 9375) == pytest.approx([goal, goal, goal * 0.96], rel=1e-12)


def test_durations_and_momentum_of_the_schedule_are_those_of_the_whole_run() -> None:
    cycle = compiled(kind="1cycle", max_lr=1.0, warmup={**OVERLAP, "duration": "10%"})
    plain = compiled(kind="1cycle", max_lr=1.0)
    assert [(row.name, row.start, row.stop) for row in cycle.phases] == [
        ("warmup", 0, 10), ("first half", 10, 45), ("second half", 45, 90), ("final", 90, 100)
    ]  # fmt: skip
    assert cycle.phases[0].learning_rate == (0.0, cycle.phases[1].learning_rate.first)
    assert momenta(cycle, *range(100)) == momenta(plain, *range(100))
    assert cycle.warnings == ()


def test_a_phase_under_the_ramp_never_acts_and_is_told() -> None:
    keys = {"kind": "piecewise", "boundaries": ["5 steps", "50 steps"], "values": [1.0, 0.5, 0.1]}
    schedule = compiled(warmup=OVERLAP, **keys)
    assert [row.name for row in schedule.phases] == ["warmup", "piece 2", "piece 3"]
    assert [(warning.path, "'piece 1' never acts" in warning.message) for warning in schedule.warnings] == [
        (("warmup", "duration"), True)
    ]


def test_an_exponential_ramp_needs_a_goal_above_zero() -> None:
    keys = {"kind": "phases", "phases": [{"name": "off", "duration": "100%", "learning_rate": 0.0}]}
    found = refused(warmup={**OVERLAP, "from": 0.1, "curve": "exponential"}, **keys)
    assert found.path == ("warmup", "curve")


@pytest.mark.parametrize("overlap", [False, True])
def test_a_warmup_of_one_update_at_rate_zero_is_told(overlap: bool) -> None:
    keys = {"kind": "constant", "learning_rate": 0.1}
    one = compiled(warmup={"duration": "1%", "overlap": overlap}, **keys).warnings
    assert [(warning.path, "changes nothing" in warning.message) for warning in one] == [(("warmup", "duration"), True)]
    assert compiled(warmup={"duration": "2%", "overlap": overlap}, **keys).warnings == ()
    assert compiled(warmup={"duration": "1%", "from": 0.01, "overlap": overlap}, **keys).warnings == ()
