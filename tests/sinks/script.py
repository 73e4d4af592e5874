"""A run as a list of events, for the tests of the displays; run as a program it plays itself on a live display.

``python -m tests.sinks.script EPOCHS SECONDS_BETWEEN_EVENTS [OPTION...]``, with the options ``plateau``, ``hostile``
and ``hang`` (never ends).
"""

import sys
import time
from collections.abc import Iterator
from math import cos, exp, pi

from runner.events import (
    DeviceChosen,
    EpochEnded,
    Evaluated,
    Event,
    ExpectationChecked,
    ModelSaved,
    PhaseRow,
    PlateauCut,
    RunEnded,
    RunStarted,
    Stage,
    Steps,
    Warned,
)

CALLS = 4
STEPS_PER_EPOCH = 100
BATCH = 128


def started(epochs: int, **changes: object) -> RunStarted:
    """The first event: 1cycle in three phases."""
    steps = epochs * STEPS_PER_EPOCH
    values: dict[str, object] = {
        "recipe": "mnist_1cycle",
        "run_dir": "runs/mnist_1cycle/20260102-030405-0a1b2c3d",
        "fingerprint": "0a1b2c3d4e5f",
        "seed": 42,
        "steps": steps,
        "epochs": epochs,
        "steps_per_epoch": STEPS_PER_EPOCH,
        "batch_size": BATCH,
        "parameters": 266_610,
        "data": "tfds mnist 3.0.1",
        "phases": (
            PhaseRow(name="rise", start=0, stop=steps * 45 // 100),
            PhaseRow(name="fall", start=steps * 45 // 100, stop=steps * 9 // 10),
            PhaseRow(name="final", start=steps * 9 // 10, stop=steps),
        ),
        "metrics": ("loss", "accuracy", "val_loss", "val_accuracy"),
        "momentum": True,
        "monitor": "val_accuracy",
    }
    return RunStarted(**{**values, **changes})  # type: ignore[arg-type]


def rate(step: int, steps: int) -> float:
    """A cosine hill."""
    return 0.05 - 0.0499 * cos(2 * pi * step / steps)


def loss(step: int) -> float:
    """Falls fast, then slowly, with a ripple."""
    return 2.3 * exp(-step / 60) + 0.3 / (1 + step / 100) + 0.02 * cos(step)


def call(epoch: int, part: int, steps: int) -> Steps:
    """What one compiled call says."""
    size = STEPS_PER_EPOCH // CALLS
    first = epoch * STEPS_PER_EPOCH + part * size
    numbers = range(first, first + size)
    return Steps(
        first_step=first,
        epoch=epoch,
        learning_rate=tuple(rate(step, steps) for step in numbers),
        momentum=tuple(0.95 - rate(step, steps) for step in numbers),
        loss=tuple(loss(step) for step in numbers),
        examples=size * BATCH,
        seconds=0.25 if first else 4.0,
        compiled=first == 0,
        metrics={"loss": loss(first), "accuracy": 1 - loss(first) / 3},
    )


def ended(epoch: int, steps: int, **changes: object) -> EpochEnded:
    """The end of an epoch."""
    done = (epoch + 1) * STEPS_PER_EPOCH
    values: dict[str, object] = {
        "epoch": epoch,
        "step": done,
        "metrics": {
            "loss": loss(done - 40),
            "accuracy": 1 - loss(done) / 3,
            "val_loss": loss(done) * 0.9,
            "val_accuracy": 1 - loss(done) / 4,
        },
        "learning_rate": rate(done - 1, steps),
        "momentum": 0.95 - rate(done - 1, steps),
        "seconds": 1.2,
        "examples_per_second": 12_800.0,
        "phase": "rise" if done <= steps * 45 // 100 else "fall" if done <= steps * 9 // 10 else "final",
        "best": epoch in (0, 2),
    }
    return EpochEnded(**{**values, **changes})  # type: ignore[arg-type]


def finished(steps: int, **changes: object) -> RunEnded:
    """The last event."""
    values: dict[str, object] = {
        "status": "finished",
        "message": None,
        "steps": steps,
        "seconds_total": 18.2,
        "seconds_training": 12.7,
        "metrics": {"test_loss": 0.0512, "test_accuracy": 0.9841},
        "best": {"epoch": 2, "val_accuracy": 0.9852},
    }
    return RunEnded(**{**values, **changes})  # type: ignore[arg-type]


def whole_run(epochs: int = 3, *options: str) -> Iterator[Event]:
    """All events of a run."""
    steps = epochs * STEPS_PER_EPOCH
    name = "[red]\x1b[2J\u202eevil" if "hostile" in options else "mnist_1cycle"
    yield started(epochs, recipe=name)
    yield DeviceChosen(device="CPU", description="CPU, 2 threads", reason="no NVIDIA driver was found")
    yield Stage(stage="data", message="reading mnist")
    yield Stage(stage="compile", message="compiling the training step")
    for epoch in range(epochs):
        for part in range(CALLS):
            yield call(epoch, part, steps)
        yield Stage(stage="evaluate", message="evaluating on 5,000 examples")
        yield ended(epoch, steps)
        if epoch == 1 and "plateau" in options:
            yield PlateauCut(step=200, epoch=1, monitor="val_loss", value=0.0812, best=0.0712, wait=3, scale=0.5)
    if "hostile" in options:
        yield Warned(message="[bold]\x1b]0;title\x07 \u2066x")
    yield ModelSaved(path="model.keras", step=steps)
    yield Evaluated(split="test", metrics={"loss": 0.0512, "accuracy": 0.9841}, examples=10_000)
    yield ExpectationChecked(metric="test_accuracy", expectation=">= 0.983", value=0.9841, met=True)
    if "hang" not in options:
        yield finished(steps)


def _play(epochs: int, pause: float, options: list[str]) -> None:
    from runner.sinks.console import make_console_sink

    sink = make_console_sink("live", quiet=False, color="auto", stderr=sys.stderr)
    try:
        for event in whole_run(epochs, *options):
            sink(event)
            time.sleep(pause)
        while "hang" in options:
            time.sleep(0.1)
    finally:
        sink.close()


if __name__ == "__main__":
    _play(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
