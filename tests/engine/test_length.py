"""A run ends where it should: at its last epoch, at a step within one, or when its time is up."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.engine.loop import time_limit as limit_module
from runner.engine.loop import trainer as trainer_module
from runner.engine.loop.checkpoint_saver import PeriodicSaver
from runner.engine.loop.resume_policy import adapt
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.variables import state_dict
from runner.events import EarlyStopped, EpochEnded, Event, PlateauCut, Steps
from runner.record.checkpoint import newest_checkpoint
from tests.engine.problem import Problem, go_on
from tests.engine.replay import losses_of
from tests.engine.test_trainer import fixed_pace

Make = Callable[..., Problem]
DROPPED = {"kind": "sequential", "layers": [{"kind": "dense", "units": 6, "dropout": 0.3}]}


def of_steps(make: Make, steps: int, **case: Any) -> Problem:
    """Epochs of ten steps, the last of five examples."""
    training = {"epochs": None, "steps": steps, **case.pop("training", {})}
    return make(n=77, model=DROPPED, training=training, **case)


def ended(case: Problem) -> list[EpochEnded]:
    return [event for event in case.events if isinstance(event, EpochEnded)]


@pytest.mark.parametrize("pace", [1, 7, 64])
@pytest.mark.parametrize(("steps", "epochs"), [(3, 1), (20, 2), (23, 3)])
def test_a_run_ends_at_its_last_step(
    problem: Make, monkeypatch: pytest.MonkeyPatch, pace: int, steps: int, epochs: int
) -> None:
    monkeypatch.setattr(trainer_module, "CallLength", fixed_pace(pace))
    case = of_steps(problem, steps, schedule={"kind": "linear", "initial_lr": 0.1, "final_lr": 0.01})
    outcome = case.train()
    assert (outcome.steps, outcome.ended_by) == (steps, None)
    assert sum(len(event.loss) for event in case.steps()) == steps
    assert [event.step for event in ended(case)] == [*range(10, steps, 10), steps]
    assert len(ended(case)) == case.plan.epochs == epochs
    assert ended(case)[-1].learning_rate == 0.01, "the schedule spans the run"


def test_a_part_of_an_epoch_has_means_over_its_examples_and_a_validation(problem: Make) -> None:
    case = of_steps(problem, 23)
    case.train()
    metrics = ended(case)[-1].metrics
    assert metrics["loss"] == pytest.approx(np.mean(losses_of(case)[20:]), rel=1e-6)
    assert set(metrics) == set(case.plan.monitors)


def test_a_part_of_an_epoch_decides_nothing(problem: Make) -> None:
    hard = {"monitor": "loss", "patience": 2, "min_delta": 100.0}
    schedule = {"kind": "plateau", "learning_rate": 0.1, **hard}
    case = of_steps(problem, 23, schedule=schedule, training={"early_stopping": hard})
    assert case.train().ended_by is None
    assert not any(isinstance(event, EarlyStopped | PlateauCut) for event in case.events)
    whole = of_steps(problem, 30, schedule=schedule, training={"early_stopping": hard})
    assert whole.train().ended_by == "early_stopping"


def saving(case: Problem, folder: Path, hear: Callable[[Event], None] = lambda event: None) -> Trainer:
    def emit(event: Event) -> None:
        case.events.append(event)
        hear(event)

    return Trainer(case.plan, case.learner, case.dataset, emit, StopRequest(), PeriodicSaver(folder, case.plan))


def gone_on(case: Problem, folder: Path) -> Trainer:
    """A changed recipe that goes on from the newest checkpoint."""
    trainer = saving(case, folder)
    checkpoint, _ = newest_checkpoint(folder)
    assert checkpoint is not None
    go_on(trainer, adapt(checkpoint, "continue", case.plan))
    return trainer


def bits(case: Problem) -> list[bytes]:
    return [array.tobytes() for array in state_dict(case.learner).values()]


def test_a_run_that_ended_within_an_epoch_can_be_made_longer(problem: Make, tmp_path: Path) -> None:
    straight = of_steps(problem, 38)
    straight.train()
    saving(of_steps(problem, 23), tmp_path).run()
    longer = of_steps(problem, 38)
    gone_on(longer, tmp_path).run()
    assert bits(longer) == bits(straight)
    assert [event.metrics for event in ended(longer)] == [event.metrics for event in ended(straight)][-2:]


class Clock:
    """Time that passes when somebody says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def hear(self, event: Event) -> None:
        if isinstance(event, Steps):
            self.now += 0.1 * len(event.loss)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(limit_module, "time", found)
    monkeypatch.setattr(trainer_module, "CallLength", fixed_pace(4))
    return found


def timed(make: Make, limit: str) -> Problem:
    return make(n=77, model=DROPPED, training={"epochs": 5, "time_limit": limit})


def test_a_time_limit_ends_a_run_after_the_call_that_reaches_it(problem: Make, clock: Clock, tmp_path: Path) -> None:
    case = timed(problem, "1.5 seconds")
    outcome = saving(case, tmp_path, clock.hear).run()
    # 4 + 4 + 2 steps of the first epoch take a second, 4 + 4 more the rest
    assert (outcome.steps, outcome.ended_by) == (18, "time_limit")
    assert [event.step for event in ended(case)] == [10, 18]
    assert outcome.metrics == ended(case)[-1].metrics
    checkpoint, _ = newest_checkpoint(tmp_path)
    assert checkpoint is not None
    assert (checkpoint.step, checkpoint.state["position"]["epoch"]) == (18, 1)


def test_with_more_time_it_goes_on_to_the_bits_of_the_whole_run(problem: Make, clock: Clock, tmp_path: Path) -> None:
    straight = timed(problem, "10 seconds")
    assert saving(straight, tmp_path / "straight", clock.hear).run().ended_by is None
    saving(timed(problem, "1.5 seconds"), tmp_path / "short", clock.hear).run()
    longer = timed(problem, "10 seconds")
    assert gone_on(longer, tmp_path / "short").run().ended_by is None
    assert bits(longer) == bits(straight)


def test_the_time_of_earlier_sessions_counts(problem: Make, clock: Clock, tmp_path: Path) -> None:
    saving(timed(problem, "1.5 seconds"), tmp_path, clock.hear).run()
    clock.now += 1e6  # nobody trains meanwhile
    case = timed(problem, "2.2 seconds")
    trainer = gone_on(case, tmp_path)
    trainer.training.emit = lambda event: (case.events.append(event), clock.hear(event))  # type: ignore[func-returns-value]
    assert trainer.run().steps == 24
    again = timed(problem, "2 seconds")
    assert gone_on(again, tmp_path).run().steps == 24
    assert again.steps() == [], "no time is left for a single step"
