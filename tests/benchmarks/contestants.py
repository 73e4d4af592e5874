"""Who trains a workload; each runs in a process of its own, with the threads that it would have in real life.

``python -m tests.benchmarks.contestants NAME WORKLOAD EPOCHS EXAMPLES`` prints one JSON object: seconds of every epoch
after the first, and peak memory.
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

from runner.engine.start import start_tensorflow
from runner.events import EpochEnded, Event, Sink
from runner.hardware.cores import cores
from runner.plan.plan import Plan
from runner.plan.threads import Threads, threads_for
from schemas.hardware import Hardware
from tests.benchmarks.workload import dataset, examples, plan_for

DEVICE = "RECIPE_BENCH_DEVICE"
"""Variable with the engine's ``hardware.device``; Keras takes a GPU wherever it sees one."""


class Clock:
    """A sink that notes when epochs end."""

    def __init__(self) -> None:
        self.ends: list[float] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, EpochEnded):
            self.ends.append(time.perf_counter())


def _trainer(plan: Plan, tell: Sink, saver: Any = None, threads: Threads | None = None) -> Any:
    hardware = Hardware.model_validate({"device": os.environ.get(DEVICE, "cpu")})
    replicas = start_tensorflow(hardware, threads or threads_for(plan)).replicas
    from runner.engine.loop.signals import StopRequest
    from runner.engine.loop.trainer import Trainer
    from runner.engine.step.learner import make_learner

    data = dataset(plan)
    return Trainer(plan, make_learner(plan, data, replicas), data, tell, StopRequest(), saver)


def bare(plan: Plan) -> list[float]:
    """The engine with neither console nor record nor checkpoints."""
    clock = Clock()
    _trainer(plan, clock).run()
    return list(np.diff(clock.ends))


def whole(plan: Plan) -> list[float]:
    """The bare engine with whole batches, and all threads within an operation."""
    clock = Clock()
    _trainer(plan, clock, threads=Threads()).run()
    return list(np.diff(clock.ends))


def in_parts(plan: Plan) -> list[float]:
    """The bare engine with a part of the batch for each core, whatever its layers."""
    clock, count = Clock(), cores()
    _trainer(plan, clock, threads=Threads(within=1, between=count, towers=count)).run()
    return list(np.diff(clock.ends))


def engine(plan: Plan) -> list[float]:
    """The engine with everything on: console, the record of every step in ``events.jsonl``, checkpoints."""
    from runner.engine.loop.checkpoint_saver import PeriodicSaver
    from runner.record.events_file import EventsWriter
    from runner.sinks.console import make_console_sink
    from runner.sinks.fan_out import fan_out

    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w", encoding="utf-8") as nowhere:
        saver = PeriodicSaver(Path(folder, "checkpoints"), plan)
        with EventsWriter(Path(folder, "events.jsonl")) as record:
            console = make_console_sink("plain", quiet=False, color="never", stderr=nowhere)
            _trainer(plan, fan_out([record, console, clock]), saver).run()
    return list(np.diff(clock.ends))


def _fitted(plan: Plan, steps_per_execution: int, jit_compile: bool | str = "auto") -> list[float]:
    """Keras' ``fit``; with one step an execution, a hand-written callback sets each step's rate.

    From NumPy arrays; or, where the data is to be read as it trains, from the tf.data pipeline that its guide
    recommends: read, shuffled by a buffer, batched, prefetched.
    """
    import keras

    class PerBatch(keras.callbacks.Callback):  # type: ignore[misc]
        """What people write for 1cycle: it sets the learning rate before each batch and keeps a history."""

        def __init__(self) -> None:
            super().__init__()
            self.rates = plan.schedule.evaluate(np.arange(plan.steps))["learning_rate"].tolist()
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

    keras.utils.set_random_seed(0)
    model = _plain_model(plan)
    optimizer = keras.optimizers.SGD(0.01, momentum=0.95, nesterov=True)
    model.compile(
        optimizer,
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
        jit_compile=jit_compile,
    )
    callback = PerBatch()
    model.fit(**_examples(plan), epochs=plan.epochs, verbose=0, callbacks=[callback])
    return list(np.diff(callback.ends))


def _examples(plan: Plan) -> dict[str, Any]:
    """Arguments of ``fit``."""
    if plan.placement.window is None:
        data = examples(plan)
        return {"x": data.x.astype(np.float32), "y": data.y, "batch_size": plan.batch_size}
    import tensorflow as tf
    import tensorflow_datasets as tfds

    read = tfds.ReadConfig(try_autocache=False)  # the cache is what does not fit
    found = tfds.load("mnist", split="train[:55000]", as_supervised=True, shuffle_files=True, read_config=read)
    window = plan.placement.window.examples
    return {
        "x": found.shuffle(window)
        .batch(plan.batch_size, num_parallel_calls=tf.data.AUTOTUNE)
        .prefetch(tf.data.AUTOTUNE)
    }


def _plain_model(plan: Plan) -> Any:
    """The same layers in Keras' own classes: a graph, or one after another."""
    import keras

    from runner.model.build import build_model
    from runner.model.layers import build_layer

    scaling = keras.layers.Rescaling(1 / 255 if plan.scale is not None else 1.0)
    if plan.recipe.model.kind == "functional":
        graph = build_model(plan.layers, plan.data.shape, "bench", scaling, "float32")
        return keras.Model.from_config(graph.get_config())
    layers = [_plain(build_layer(item.layer)) for item in plan.layers]
    return keras.Sequential([keras.Input(plan.data.shape), scaling, *layers])


def _plain(layer: Any) -> Any:
    """Keras' own layer: the engine's dropout goes by Keras' name, so that its config opens as Keras' class."""
    import keras

    return keras.layers.deserialize(keras.layers.serialize(layer))


def fit(plan: Plan) -> list[float]:
    """``fit`` with a hand-written per-batch callback."""
    return _fitted(plan, 1)


def fit_many(plan: Plan) -> list[float]:
    """``fit`` with 43 steps an execution: fast, but the learning rate changes once in 43 steps."""
    return _fitted(plan, 43)


def fit_jit(plan: Plan) -> list[float]:
    """``fit`` compiled by XLA."""
    return _fitted(plan, 1, jit_compile=True)


CONTESTANTS = {
    "engine": engine,
    "bare": bare,
    "whole": whole,
    "in parts": in_parts,
    "fit": fit,
    "fit x43": fit_many,
    "fit jit": fit_jit,
}


def main() -> None:
    """Train once and print what it took."""
    name, workload, epochs, examples = sys.argv[1:]
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    seconds = CONTESTANTS[name](plan_for(workload, int(epochs), int(examples)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main()
