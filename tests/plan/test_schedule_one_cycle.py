"""1cycle: exact values at the boundaries, shares, durations, momentum."""

import pytest

from tests.plan.schedule_helpers import compiled, momenta, rates, refused


def test_the_defaults_are_those_of_the_design() -> None:
    schedule = compiled(steps=1000, kind="1cycle", max_lr=0.4)
    initial = 0.4 / 10
    assert [row.stop for row in schedule.phases] == [450, 900, 1000]
    assert rates(schedule, 0, 450, 900, 999) == [initial, 0.4, initial, initial / 1000]
    assert momenta(schedule, 0, 450, 900, 950, 999) == [0.95, 0.85, 0.95, 0.95, 0.95]


def test_rows_show_both_values_and_say_why() -> None:
    first, second, final = compiled(kind="1cycle", max_lr=1.0).phases
    assert (first.momentum, second.momentum, final.momentum) == ((0.95, 0.85), (0.85, 0.95), (0.95, 0.95))
    assert "saddles" in first.purpose
    assert "stabilises" in second.purpose
    assert "annealing" in final.purpose


def test_written_values_replace_the_defaults() -> None:
    schedule = compiled(kind="1cycle", max_lr=0.5, initial_lr=0.125, final_lr=0.0, momentum={"high": 0.9, "low": 0.75})
    assert rates(schedule, 0, 45, 90, 99) == [0.125, 0.5, 0.125, 0.0]
    assert momenta(schedule, 0, 45, 90) == [0.9, 0.75, 0.9]


def test_phases_may_have_durations_in_any_unit_and_shapes_of_their_own() -> None:
    schedule = compiled(
        kind="1cycle",
        max_lr=1.0,
        up={"duration": "3 epochs", "curve": "cosine"},
        down={"duration": "40 steps", "curve": "linear"},
        final={"duration": "30%", "curve": "exponential"},
    )
    assert [(row.start, row.stop, row.curve) for row in schedule.phases] == [
        (0, 30, "cosine"),
        (30, 70, "linear"),
        (70, 100, "exponential"),
    ]
    assert rates(schedule, 15) == pytest.approx([0.55])
    assert momenta(schedule, 15) == pytest.approx([0.9])


def test_boundaries_are_cumulative_durations_rounded_halves_upwards() -> None:
    assert [row.stop for row in compiled(steps=10, kind="1cycle", max_lr=1.0).phases] == [5, 9, 10]
    assert [row.stop for row in compiled(steps=11, kind="1cycle", max_lr=1.0).phases] == [5, 10, 11]


def test_a_final_phase_of_one_step_is_warned_of() -> None:
    (warning,) = compiled(steps=10, kind="1cycle", max_lr=1.0).warnings
    assert "'final', has one step" in warning.message
    assert compiled(steps=20, kind="1cycle", max_lr=1.0).warnings == ()


def test_fixed_keeps_the_optimizers_momentum() -> None:
    schedule = compiled(kind="1cycle", max_lr=1.0, momentum="fixed", base_momentum=0.7)
    assert set(momenta(schedule, *range(100))) == {0.7}
    fixed = compiled(kind="1cycle", max_lr=1.0, momentum="fixed", base_momentum=None)
    assert fixed.hyperparameters.keys() == {"learning_rate"}


def test_momentum_of_an_optimizer_without_is_refused() -> None:
    error = refused(kind="1cycle", max_lr=1.0, base_momentum=None)
    assert error.path == ("momentum",)
    assert "the optimizer has none" in error.message
    assert "momentum: fixed" in error.help[0]


def test_momentum_stays_high_in_a_warmup() -> None:
    schedule = compiled(steps=120, kind="1cycle", max_lr=1.0, warmup={"duration": "20 steps"})
    assert momenta(schedule, 0, 19, 20, 65, 110, 119) == [0.95, 0.95, 0.95, 0.85, 0.95, 0.95]
    assert schedule.phases[0].momentum == (0.95, 0.95)


def test_a_phase_shorter_than_a_step_says_which_and_how_many_steps_there_are() -> None:
    error = refused(steps=4, kind="1cycle", max_lr=1.0)
    assert error.message == "phase 'final' is shorter than one step: it lasts 0.4 of the 4 steps"
    assert error.path == ("final", "duration")
    assert error.help


def test_durations_that_do_not_add_up_point_at_a_written_one() -> None:
    error = refused(kind="1cycle", max_lr=1.0, up={"duration": "30%"})
    assert error.message == "durations must add up to the 100 steps; first half + second half + final last 85"
    assert (error.path, error.help) == (("up", "duration"), ("add 15 steps",))


def test_half_a_step_too_much_or_too_little_is_rounded_away() -> None:
    for last in ("9.5 steps", "10.5 steps"):
        assert compiled(kind="1cycle", max_lr=1.0, final={"duration": last}).phases[-1].stop == 100
    assert refused(kind="1cycle", max_lr=1.0, final={"duration": "10.6 steps"}).help == ("remove 0.6 steps",)


def test_an_exponential_drop_to_zero_is_refused() -> None:
    error = refused(kind="1cycle", max_lr=1.0, final_lr=0.0, final={"curve": "exponential"})
    assert error.path == ("final", "curve")
    assert "final: learning rate goes from 0.1 to 0" in error.message


def test_an_exponential_way_to_zero_momentum_is_refused() -> None:
    error = refused(kind="1cycle", max_lr=1.0, momentum={"low": 0.0}, up={"curve": "exponential"})
    assert error.path == ("up", "curve")
    assert "momentum goes from 0.95 to 0" in error.message
