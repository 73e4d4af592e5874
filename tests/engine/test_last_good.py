"""The state that a diverged run goes on from: which one it is, and what keeping it costs."""

from typing import Any

import numpy as np
import pytest

from runner.engine.loop import checkpoint_saver, last_good
from runner.engine.loop.last_good import ALLOWANCE, LARGEST, SHARE, LastGood
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.record.checkpoint import Checkpoint


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def state(step: int, weight: float = 1.0) -> Checkpoint:
    return Checkpoint(step, {}, {"model.0000": np.array([weight], np.float32), "optimizer.0000": np.array([step])})


def after(*calls: tuple[float, float]) -> int | None:
    """The step that is good after calls that began with a weight and whose first step had a loss."""
    good = LastGood(Clock())
    for step, (weight, loss) in enumerate(calls):
        good.note(8, lambda step=step, weight=weight: state(step, weight))  # type: ignore[misc]
        good.judge(loss)
    return None if good.checkpoint is None else good.checkpoint.step


@pytest.mark.parametrize(
    ("calls", "step"),
    [
        ([], None),
        ([(1.0, float("nan"))], None),
        ([(1.0, 2.3), (1.0, 1.9)], 1),
        ([(1.0, 2.3), (1.0, float("nan"))], 0),
        ([(1.0, 2.3), (1.0, float("inf"))], 0),
        ([(1.0, 2.3), (float("inf"), 2.0)], 0),
        ([(1.0, 2.3), (1.0, 2.0), (1e20, 1e9), (1e30, 1e12)], 1),
        ([(1.0, -2.0), (1.0, -3.0)], 1),
    ],
)
def test_a_state_is_good_when_the_loss_of_its_next_step_is(calls: list[tuple[float, float]], step: int | None) -> None:
    assert after(*calls) == step


def test_copies_take_a_small_share_of_the_time() -> None:
    clock = Clock()
    good = LastGood(clock)

    def copy() -> Checkpoint:
        clock.now += 0.03
        return state(0)

    for _ in range(400):
        good.note(8, copy)
        good.judge(1.0)
        clock.now += 0.25
    assert good.seconds <= ALLOWANCE + SHARE * clock.now + 0.03
    assert good.seconds >= SHARE * clock.now


def test_a_state_that_is_too_large_is_not_copied() -> None:
    good = LastGood(Clock())
    good.note(LARGEST + 1, lambda: pytest.fail("copied"))
    assert good.too_large


def test_where_no_copy_is_kept_the_first_epoch_is_saved_at_once(
    problem: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_good, "LARGEST", 0)
    case = problem(training={"epochs": 3}, schedule={"kind": "piecewise", "boundaries": ["15 steps"],
                                                     "values": [0.01, 1e6]}, optimizer={"kind": "sgd"})  # fmt: skip
    saved = checkpoint_saver.PeriodicSaver(tmp_path, case.plan)
    steps: list[int] = []
    note = lambda event: steps.append(saved.saved_step)  # noqa: E731
    Trainer(case.plan, case.learner, case.dataset, note, StopRequest(), saved).run()
    assert case.plan.steps_per_epoch in steps
