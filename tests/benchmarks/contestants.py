"""Who trains the workload; each gives the seconds of every epoch after its first."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from runner.build.arrays import Dataset
from runner.build.model import build_model
from runner.build.scaling import scaling_layer
from runner.engine.learner import make_learner
from runner.engine.signals import StopRequest
from runner.engine.trainer import Trainer
from runner.events import EpochEnded, Event
from runner.plan.plan import Plan
from runner.record.events_file import EventsWriter
from runner.sinks.console import make_console_sink
from runner.sinks.fan_out import fan_out

Contestant = Callable[[Plan, Dataset], list[float]]


def engine(plan: Plan, data: Dataset) -> list[float]:
    """The engine with everything on: console, and the record of every step in ``events.jsonl``."""
    ends: list[float] = []

    def clock(event: Event) -> None:
        if isinstance(event, EpochEnded):
            ends.append(time.perf_counter())

    record = Path(os.environ.get("TMPDIR", "/tmp")) / f"bench-events-{os.getpid()}.jsonl"
    with open(os.devnull, "w", encoding="utf-8") as nowhere, EventsWriter(record) as writer:
        console = make_console_sink("plain", quiet=False, color="never", stderr=nowhere)
        tell = fan_out([writer, console, clock])
        Trainer(plan, make_learner(plan, data), data, tell, StopRequest()).run()
    record.unlink()
    return list(np.diff(ends))


class _PerBatch(keras.callbacks.Callback):  # type: ignore[misc]
    """The hand-written callback that people use for 1cycle: it sets the learning rate before each batch."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.rates = plan.schedule.evaluate(np.arange(plan.steps))[0].tolist()
        self.step = 0
        self.ends: list[float] = []
        self.history: list[tuple[float, float]] = []

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.model.optimizer.learning_rate = self.rates[self.step]
        self.step += 1

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.history.append((self.rates[self.step - 1], float(logs["loss"])))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.ends.append(time.perf_counter())


def _compiled(plan: Plan, data: Dataset, steps_per_execution: int = 1) -> Any:
    model = build_model(plan.layers, plan.data.shape, "bench", scaling_layer(plan.scale, data.train.x))
    optimizer = keras.optimizers.SGD(0.01, momentum=0.95, nesterov=True)
    model.compile(
        optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=steps_per_execution
    )
    return model


def fit(plan: Plan, data: Dataset, steps_per_execution: int = 1) -> list[float]:
    """Keras' ``fit`` from NumPy arrays with a hand-written per-batch callback."""
    callback = _PerBatch(plan)
    model = _compiled(plan, data, steps_per_execution)
    x = data.train.x.astype(np.float32)
    model.fit(x, data.train.y, batch_size=plan.batch_size, epochs=plan.epochs, verbose=0, callbacks=[callback])
    return list(np.diff(callback.ends))
