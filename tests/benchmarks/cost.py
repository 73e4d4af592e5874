"""What console, record, checkpoints and trackers cost a run of the MLP together, beside the bare loop.

``python -m tests.benchmarks.cost NAME EPOCHS EXAMPLES`` prints one JSON object: seconds and processor seconds of an
epoch, and the process' peak of memory. The first epoch does not count, what is written after the last one does.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from runner.events import EpochEnded, Event, RunStarted
from runner.plan.plan import Plan
from tests.benchmarks.workload import plan_for
from tests.sinks.mlflow_server import mlflow_server

EPOCHS = 12
BARE, EVERYTHING = "bare", "everything"
NAMES = (BARE, EVERYTHING)
MLFLOW_PYTHON = os.environ.get("MLFLOW_PYTHON", sys.executable)
"""A Python that has MLflow; it may be in an environment of its own."""
MLFLOW = sys.executable != MLFLOW_PYTHON or find_spec("mlflow") is not None
"""Whether there is a server to send to; the sink itself needs no package."""
TRACKERS = ["tensorboard", *(["mlflow"] if MLFLOW else [])]


class Meter:
    """A sink that notes both clocks when the first epoch ends."""

    def __init__(self) -> None:
        self.first: tuple[float, float] | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, EpochEnded) and self.first is None:
            self.first = now()


def now() -> tuple[float, float]:
    """The clock on the wall and the processor time of the process, in seconds."""
    return time.perf_counter(), time.process_time()


def measured(name: str, epochs: int, examples: int) -> dict[str, float]:
    """Seconds and processor seconds of an epoch after the first."""
    everything = name == EVERYTHING
    training = {"epochs": epochs, "checkpoint": "1 epochs"}
    tracking = {"tracking": TRACKERS} if everything else {}
    plan = plan_for("mlp", epochs, examples, training=training, **tracking)
    meter = Meter()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        if everything and MLFLOW:
            stack.enter_context(_server(Path(folder)))
        _trained(plan, meter, Path(folder) if everything else None)
        wall, processor = now()
    assert meter.first is not None
    count = epochs - 1
    return {"seconds": (wall - meter.first[0]) / count, "processor": (processor - meter.first[1]) / count}


def _trained(plan: Plan, meter: Meter, folder: Path | None) -> None:
    """Train; into a folder everything is written that a run writes while it trains. Closed when it returns."""
    from tests.benchmarks.contestants import _trainer

    if folder is None:
        _trainer(plan, meter).run()
        return
    from runner.engine.loop.checkpoint_saver import PeriodicSaver
    from runner.record.events_file import EventsWriter
    from runner.sinks.console import make_console_sink
    from runner.sinks.fan_out import fan_out
    from runner.workflows.trackers import tracker
    from schemas.tracking import name_of

    with open(os.devnull, "w", encoding="utf-8") as nowhere, EventsWriter(folder / "events.jsonl") as record:
        console = make_console_sink("plain", quiet=False, color="never", stderr=nowhere)
        trackers = [tracker(name_of(each), plan.recipe, console) for each in plan.recipe.tracking or ()]
        tell = fan_out([record, console, *trackers, meter])
        tell(_started(plan, folder))
        _trainer(plan, tell, PeriodicSaver(folder / "checkpoints", plan)).run()
        for each in trackers:
            each.close()


def _started(plan: Plan, folder: Path) -> RunStarted:
    """What tells trackers and console of the run."""
    return RunStarted(
        recipe=plan.recipe.name, run_dir=str(folder), fingerprint=plan.fingerprint, seed=plan.recipe.seed,
        steps=plan.steps, epochs=plan.epochs, steps_per_epoch=plan.steps_per_epoch, batch_size=plan.batch_size,
        parameters=0, data=plan.data.label, phases=(), metrics=("loss", "accuracy"),
    )  # fmt: skip


@contextmanager
def _server(folder: Path) -> Iterator[None]:
    """MLflow's own server; the sink finds it by its variable."""
    with mlflow_server(MLFLOW_PYTHON, folder, workers=None) as server:
        os.environ["MLFLOW_TRACKING_URI"] = server.address
        yield


def main() -> None:
    """Train once and print what it took."""
    name, epochs, examples = sys.argv[1:]
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    found: dict[str, Any] = measured(name, int(epochs), int(examples))
    print(json.dumps({**found, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
