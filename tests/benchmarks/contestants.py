"""Who trains a workload; each runs in a process of its own, with the threads that it would have in real life.

``python -m tests.benchmarks.contestants NAME WORKLOAD EPOCHS`` prints one JSON object: seconds of every epoch after
the first, and peak memory.
"""

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from runner.build.arrays import Dataset
from runner.engine.start import start_tensorflow
from runner.events import EpochEnded, Event
from runner.plan.plan import Plan
from schemas.hardware import Hardware
from tests.benchmarks.workload import WORKLOADS, dataset, plan_for


def engine(plan: Plan, data: Dataset) -> list[float]:
    """The engine with everything on: console, the record of every step in ``events.jsonl``, checkpoints."""
    start_tensorflow(Hardware(device="cpu"))
    from runner.engine.keeper import CheckpointKeeper
    from runner.engine.learner import make_learner
    from runner.engine.signals import StopRequest
    from runner.engine.trainer import Trainer
    from runner.record.events_file import EventsWriter
    from runner.sinks.console import make_console_sink
    from runner.sinks.fan_out import fan_out

    ends: list[float] = []

    def clock(event: Event) -> None:
        if isinstance(event, EpochEnded):
            ends.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w", encoding="utf-8") as nowhere:
        keeper = CheckpointKeeper(Path(folder, "checkpoints"), plan)
        with EventsWriter(Path(folder, "events.jsonl")) as record:
            console = make_console_sink("plain", quiet=False, color="never", stderr=nowhere)
            tell = fan_out([record, console, clock])
            Trainer(plan, make_learner(plan, data), data, tell, StopRequest(), keeper).run()
    return list(np.diff(ends))


def _fitted(plan: Plan, data: Dataset, steps_per_execution: int) -> list[float]:
    """Keras' ``fit`` from NumPy arrays; with one step an execution, a hand-written callback sets each step's rate."""
    import keras

    class PerBatch(keras.callbacks.Callback):  # type: ignore[misc]
        """What people write for 1cycle: it sets the learning rate before each batch and keeps a history."""

        def __init__(self) -> None:
            super().__init__()
            self.rates = plan.schedule.evaluate(np.arange(plan.steps))[0].tolist()
            self.step = 0
            self.ends: list[float] = []
            self.history: list[tuple[float, float]] = []

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            self.model.optimizer.learning_rate = self.rates[self.step]
            self.step += steps_per_execution

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.history.append((self.rates[self.step - steps_per_execution], float(logs["loss"])))

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.step = epoch * plan.steps_per_epoch

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.ends.append(time.perf_counter())

    from runner.build.layers import build_layer

    keras.utils.set_random_seed(0)
    layers = [_plain(build_layer(item.layer)) for item in plan.layers]
    model = keras.Sequential([keras.Input(plan.data.shape), keras.layers.Rescaling(1 / 255), *layers])
    optimizer = keras.optimizers.SGD(0.01, momentum=0.95, nesterov=True)
    model.compile(
        optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=steps_per_execution
    )
    callback = PerBatch()
    x = data.train.x.astype(np.float32)
    model.fit(x, data.train.y, batch_size=plan.batch_size, epochs=plan.epochs, verbose=0, callbacks=[callback])
    return list(np.diff(callback.ends))


def _plain(layer: Any) -> Any:
    """Keras' own layer: the engine's dropout goes by Keras' name, so that its config opens as Keras' class."""
    import keras

    return keras.layers.deserialize(keras.layers.serialize(layer))


def fit(plan: Plan, data: Dataset) -> list[float]:
    """``fit`` with a hand-written per-batch callback."""
    return _fitted(plan, data, 1)


def fit_many(plan: Plan, data: Dataset) -> list[float]:
    """``fit`` with 43 steps an execution: fast, but the learning rate changes once in 43 steps."""
    return _fitted(plan, data, 43)


CONTESTANTS = {"engine": engine, "fit": fit, "fit x43": fit_many}


def main() -> None:
    """Train once and print what it took."""
    name, workload, epochs = sys.argv[1:]
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    plan = plan_for(int(epochs), WORKLOADS[workload])
    seconds = CONTESTANTS[name](plan, dataset())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main()
