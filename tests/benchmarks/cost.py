"""What console, record, checkpoints and trackers cost a run of the MLP, one after another, beside the bare loop.

``python -m tests.benchmarks.cost NAME EPOCHS EXAMPLES`` prints one JSON object: seconds and processor seconds of an
epoch, the processor seconds of a server beside it, and the process' peak of memory. The first epoch does not count;
what is written after the last one, and the wait for a server, do.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from runner.events import EpochEnded, Event, RunEnded, RunStarted
from runner.plan.plan import Plan
from schemas.tracking import name_of
from tests.benchmarks.workload import plan_for
from tests.sinks.mlflow_server import mlflow_server

EPOCHS = 12
BARE, RECORD, BOARD, ELSEWHERE = "bare", "record", "TensorBoard", "MLflow elsewhere"
SERVED, EVERY_STEP = "MLflow", "MLflow, every step"
MLFLOW_PYTHON = os.environ.get("MLFLOW_PYTHON", sys.executable)
"""A Python that has MLflow; it may be in an environment of its own."""
MLFLOW = sys.executable != MLFLOW_PYTHON or find_spec("mlflow") is not None
"""Whether there is a server to send to; the sink itself needs no package."""
ALL: dict[str, Any] = {"mlflow": {"every": "1 steps"}}
TRACKERS: dict[str, list[Any]] = {
    BOARD: ["tensorboard"],
    ELSEWHERE: ["tensorboard", "mlflow"],
    SERVED: ["tensorboard", "mlflow"],
    EVERY_STEP: ["tensorboard", ALL],
}
"""Of each contestant that has some."""
NAMES = (BARE, RECORD, BOARD, ELSEWHERE, *((SERVED, EVERY_STEP) if MLFLOW else ()))
Clocks = tuple[float, float, float]


class Meter:
    """A sink that notes the clocks when the first epoch ends.

    Args:
        served: the processor seconds of the server.
    """

    def __init__(self, served: Callable[[], float]) -> None:
        self._served = served
        self.first: Clocks | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, EpochEnded) and self.first is None:
            self.first = self.now()

    def now(self) -> Clocks:
        """The clock on the wall, the processor time of the process and that of the server, in seconds."""
        return time.perf_counter(), time.process_time(), self._served()


def measured(name: str, epochs: int, examples: int) -> dict[str, float]:
    """Seconds of an epoch after the first, by each of the clocks."""
    training = {"epochs": epochs}
    tracking = {"tracking": TRACKERS[name]} if name in TRACKERS else {}
    plan = plan_for("mlp", epochs, examples, training=training, **tracking)
    with tempfile.TemporaryDirectory() as folder, _server(name, Path(folder)) as served:
        meter = Meter(served)
        _trained(plan, meter, None if name == BARE else Path(folder))
        last = meter.now()
    assert meter.first is not None
    spent = [(end - begin) / (epochs - 1) for begin, end in zip(meter.first, last, strict=True)]
    return dict(zip(("seconds", "processor", "served"), spent, strict=True))


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

    with open(os.devnull, "w", encoding="utf-8") as nowhere, EventsWriter(folder / "events.jsonl") as record:
        console = make_console_sink("plain", quiet=False, color="never", stderr=nowhere)
        trackers = [tracker(name_of(each), plan.recipe, console) for each in plan.recipe.tracking or ()]
        tell = fan_out([record, console, *trackers, meter])
        for name in ("recipe.yaml", "resolved.yaml", "lock.json"):  # they are sent, too
            (folder / name).write_text(plan.recipe.model_dump_json(indent=2))
        tell(_started(plan, folder))
        _trainer(plan, tell, PeriodicSaver(folder / "checkpoints", plan)).run()
        tell(_ended(plan))


def _started(plan: Plan, folder: Path) -> RunStarted:
    """What tells trackers and console of the run."""
    return RunStarted(
        recipe=plan.recipe.name, run_dir=str(folder), fingerprint=plan.fingerprint, seed=plan.recipe.seed,
        steps=plan.steps, epochs=plan.epochs, steps_per_epoch=plan.steps_per_epoch, batch_size=plan.batch_size,
        parameters=0, data=plan.data.label, phases=(), metrics=("loss", "accuracy"),
    )  # fmt: skip


def _ended(plan: Plan) -> RunEnded:
    """What makes trackers send the rest."""
    return RunEnded(
        status="finished", message=None, steps=plan.steps, seconds_total=0.0, seconds_training=0.0,
        metrics={"loss": 0.0, "accuracy": 1.0}, best=None,
    )  # fmt: skip


@contextmanager
def _server(name: str, folder: Path) -> Iterator[Callable[[], float]]:
    """The server of a contestant, which the sink finds by its variable; gives its processor seconds so far."""
    with ExitStack() as stack:
        if name == ELSEWHERE:
            address, served = stack.enter_context(_stub()), float
        elif name in (SERVED, EVERY_STEP):
            server = stack.enter_context(mlflow_server(MLFLOW_PYTHON, folder, workers=None))
            server.settle()
            address, served = server.address, server.processor
        else:
            address, served = "", float
        os.environ["MLFLOW_TRACKING_URI"] = address
        yield served


@contextmanager
def _stub() -> Iterator[str]:
    """A process that answers at once in place of a server on another machine; gives its address."""
    command = [sys.executable, "-m", "tests.sinks.mlflow_stub"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def main() -> None:
    """Train once and print what it took."""
    name, epochs, examples = sys.argv[1:]
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    found: dict[str, Any] = measured(name, int(epochs), int(examples))
    print(json.dumps({**found, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
