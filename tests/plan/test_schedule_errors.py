"""What cannot run over the steps there are, and what runs but hardly as meant."""

from typing import Any

import pytest

from runner.errors import ScheduleError
from runner.plan.schedule import compile_schedule
from tests.plan.schedule_helpers import compiled, parsed, refused

CONSTANT: dict[str, Any] = {"kind": "constant", "learning_rate": 0.1}

REFUSED: dict[str, tuple[dict[str, Any], tuple[str | int, ...], str]] = {
    "warmup as long as the run": (
        {**CONSTANT, "warmup": {"duration": "10 epochs"}},
        ("warmup", "duration"),
        "the warmup must be shorter than the run; received 10 epochs, which is 100 of the 100 steps",
    ),
    "warmup of nothing": (
        {**CONSTANT, "warmup": {"duration": "0.4%"}},
        ("warmup", "duration"),
        "duration must last at least one step; received 0.4%, which is 0.4 of the 100 steps",
    ),
    "exponential warmup from zero": (
        {**CONSTANT, "warmup": {"duration": "5%", "curve": "exponential"}},
        ("warmup", "curve"),
        "an exponential curve needs values above zero; warmup goes from 0 to 0.1",
    ),
    "exponential warmup to zero": (
        {
            "kind": "cyclic",
            "min_lr": 0.0,
            "max_lr": 0.1,
            "half_cycle": "5 steps",
            "warmup": {"duration": "5%", "from": 0.1, "curve": "exponential"},
        },
        ("warmup", "curve"),
        "an exponential curve needs values above zero; warmup goes from 0.1 to 0",
    ),
    "no time scale": (
        {"kind": "power", "initial_lr": 0.1, "decay_every": "0 steps"},
        ("decay_every",),
        "decay_every must be longer than zero; received 0 steps",
    ),
    "values that do not fit": (
        {"kind": "piecewise", "boundaries": ["50%"], "values": [0.1, 0.2, 0.3]},
        ("values",),
        "values must be one more than the 1 boundaries; received 3 values",
    ),
    "boundaries that fall back": (
        {"kind": "piecewise", "boundaries": ["5 epochs", "40 steps"], "values": [0.1, 0.2, 0.3]},
        ("boundaries", 1),
        "boundaries must increase by at least one step; 40 steps is step 40, 5 epochs is step 50",
    ),
    "boundaries on one step": (
        {"kind": "piecewise", "boundaries": ["10.1 steps", "10.2 steps"], "values": [0.1, 0.2, 0.3]},
        ("boundaries", 1),
        "boundaries must increase by at least one step; 10.2 steps is step 10, 10.1 steps is step 10",
    ),
    "boundary at the start": (
        {"kind": "piecewise", "boundaries": ["0 steps"], "values": [0.1, 0.2]},
        ("boundaries", 0),
        "boundaries must increase by at least one step; 0 steps is step 0, the start is step 0",
    ),
    "periods below a step": (
        {"kind": "cosine_restarts", "initial_lr": 0.1, "first_period": "0.7 steps"},
        ("first_period",),
        "first_period must last at least one step; received 0.7 of the 100 steps",
    ),
    "flanks below a step": (
        {"kind": "cyclic", "min_lr": 0.0, "max_lr": 0.1, "half_cycle": "0.2 steps"},
        ("half_cycle",),
        "half_cycle must last at least one step; received 0.2 steps, which is 0.2 of the 100 steps",
    ),
    "wsd without a stable part": (
        {"kind": "wsd", "max_lr": 0.1, "ramp": "50%", "decay": "5 epochs"},
        ("decay",),
        "phase 'stable' is shorter than one step: it lasts 0 of the 100 steps",
    ),
    "wsd longer than the run": (
        {"kind": "wsd", "max_lr": 0.1, "ramp": "50%", "decay": "60%"},
        ("decay",),
        "ramp and decay take 110 of the 100 steps",
    ),
    "wsd without a ramp": (
        {"kind": "wsd", "max_lr": 0.1, "ramp": "0 steps"},
        ("ramp",),
        "phase 'ramp' is shorter than one step: it lasts 0 of the 100 steps",
    ),
    "wsd exponentially to zero": (
        {"kind": "wsd", "max_lr": 0.1, "curve": "exponential"},
        ("curve",),
        "an exponential curve needs values above zero; decay goes from 0.1 to 0",
    ),
    "errors count the steps behind a warmup": (
        {"kind": "wsd", "max_lr": 0.1, "ramp": "0 steps", "warmup": {"duration": "20%"}},
        ("ramp",),
        "phase 'ramp' is shorter than one step: it lasts 0 of the 80 steps left after the 20-step warmup",
    ),
    "more phases than steps": (
        {"kind": "1cycle", "max_lr": 0.1, "warmup": {"duration": "98 steps"}},
        (),
        "3 phases need at least a step each; there are 2 steps left after the 98-step warmup",
    ),
    "plateau of nothing": (
        {"kind": "plateau"},
        ("kind",),
        "plateau takes either learning_rate or base; received neither",
    ),
    "plateau of both": (
        {"kind": "plateau", "learning_rate": 0.1, "base": CONSTANT},
        ("base",),
        "plateau takes either learning_rate or base; received both",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_schedule_that_does_not_fit_the_run_is_refused_with_its_place(case: str) -> None:
    keys, path, message = REFUSED[case]
    error = refused(**keys)
    assert (error.message, error.path) == (message, path)
    assert str(error) == message


WARNED: dict[str, tuple[dict[str, Any], tuple[str | int, ...], str]] = {
    "boundary beyond the run": (
        {"kind": "piecewise", "boundaries": ["5 epochs", "10 epochs"], "values": [0.1, 0.2, 0.3]},
        ("boundaries", 1),
        "boundary 10 epochs never acts: beyond the 100 steps",
    ),
    "a period as long as the run": (
        {"kind": "cosine_restarts", "initial_lr": 0.1, "first_period": "10 epochs"},
        ("first_period",),
        "never restarts: the first period of 100 steps is not shorter than the 100 steps",
    ),
    "a flank as long as the run": (
        {"kind": "cyclic", "min_lr": 0.0, "max_lr": 0.1, "half_cycle": "10 epochs"},
        ("half_cycle",),
        "never reaches max_lr: half a cycle is 100 steps, the last of the 100 steps is 99",
    ),
    "a warmup that does not move": (
        {"kind": "wsd", "max_lr": 0.1, "warmup": {"duration": "5%"}},
        ("warmup",),
        "the warmup does not move: the schedule starts at 0 itself",
    ),
    "a place below a plateau": (
        {"kind": "plateau", "base": {"kind": "piecewise", "boundaries": ["200 steps"], "values": [0.1, 0.2]}},
        ("base", "boundaries", 0),
        "boundary 200 steps never acts: beyond the 100 steps",
    ),
}


@pytest.mark.parametrize("case", WARNED)
def test_a_schedule_that_hardly_acts_as_meant_is_warned_of_with_its_place(case: str) -> None:
    keys, path, message = WARNED[case]
    (warning,) = compiled(**keys).warnings
    assert (warning.message, warning.path) == (message, path)


def test_boundaries_beyond_the_run_leave_no_rows() -> None:
    schedule = compiled(kind="piecewise", boundaries=["50%", "2000 steps", "3000 steps"], values=[0.1, 0.2, 0.3, 0.4])
    assert [row.stop for row in schedule.phases] == [50, 100]
    assert [warning.path for warning in schedule.warnings] == [("boundaries", 1), ("boundaries", 2)]


def test_an_error_below_a_plateau_says_so_in_its_path() -> None:
    error = refused(kind="plateau", base={"kind": "power", "initial_lr": 0.1, "decay_every": "0 steps"})
    assert error.path == ("base", "decay_every")
    warm = {**CONSTANT, "warmup": {"duration": "100%"}}
    assert refused(kind="plateau", base=warm).path == ("base", "warmup", "duration")
    moved = {**CONSTANT, "momentum": 0.5}
    assert refused(kind="plateau", base=moved, base_momentum=None).path == ("base", "momentum")


@pytest.mark.parametrize(("steps", "per_epoch"), [(0, 1), (1, 0)])
def test_a_run_without_steps_is_no_schedules_fault(steps: int, per_epoch: int) -> None:
    with pytest.raises(ValueError, match="must be at least one; received 0") as caught:
        compile_schedule(parsed(**CONSTANT), steps=steps, steps_per_epoch=per_epoch, base_momentum=None)
    assert not isinstance(caught.value, ScheduleError)
