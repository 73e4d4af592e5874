"""What a run that goes on did before: each step that still counts, once."""

from pathlib import Path

from runner.events import EpochEnded, Event, PlateauCut, RunStarted, Steps
from runner.record.earlier_events import events_before
from runner.record.events_file import EventsWriter
from tests.sinks.script import call, ended, started


def recorded(folder: Path, *events: Event) -> None:
    with EventsWriter(folder / "events.jsonl") as writer:
        for event in events:
            writer(event)


def steps(events: list[Event]) -> list[int]:
    return [step for e in events if isinstance(e, Steps) for step in range(e.first_step, e.last_step + 1)]


def from_checkpoint(folder: Path, step: int) -> RunStarted:
    return started(4, run_dir=str(folder), resumed_at=step)


def test_steps_and_epochs_up_to_the_checkpoint_count(tmp_path: Path) -> None:
    recorded(tmp_path, started(4), *(call(0, part, 400) for part in range(4)), ended(0, 400), call(1, 0, 400))
    found = list(events_before(from_checkpoint(tmp_path, 110)))
    assert steps(found) == list(range(110))
    assert [event.epoch for event in found if isinstance(event, EpochEnded)] == [0]


def test_what_was_lost_with_a_session_does_not_count(tmp_path: Path) -> None:
    cut = PlateauCut(step=200, epoch=1, monitor="val_loss", value=1, best=1, wait=1, scale=0.5)
    first = [started(4), *(call(0, part, 400) for part in range(4)), ended(0, 400), call(1, 0, 400)]
    second = [from_checkpoint(tmp_path, 50), call(0, 2, 400), call(0, 3, 400), ended(0, 400)]
    recorded(tmp_path, *first, *second, *(call(1, part, 400) for part in range(4)), ended(1, 400), cut, call(2, 0, 400))
    found = list(events_before(from_checkpoint(tmp_path, 200)))
    assert steps(found) == list(range(200))
    assert [event.epoch for event in found if isinstance(event, EpochEnded)] == [0, 1]
    assert sum(isinstance(event, PlateauCut) for event in found) == 1
    assert list(events_before(from_checkpoint(tmp_path, 0))) == []


def test_every_hyperparameter_of_a_call_is_cut_with_it(tmp_path: Path) -> None:
    whole = Steps(first_step=0, epoch=0, learning_rate=(0.1, 0.2, 0.3), momentum=None, weight_decay=(0.0, 0.5, 1.0),
                  loss=(3.0, 2.0, 1.0), examples=24, seconds=0.1)  # fmt: skip
    recorded(tmp_path, started(4), whole)
    (part,) = events_before(from_checkpoint(tmp_path, 2))
    assert isinstance(part, Steps)
    assert part.hyperparameters == {"learning_rate": (0.1, 0.2), "weight_decay": (0.0, 0.5)}
