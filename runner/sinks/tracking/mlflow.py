"""MLflow: a run on the server that the person names in ``MLFLOW_TRACKING_URI``; a recipe cannot name one."""

import json
import os
import queue
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from runner.disk.atomic import write_atomic
from runner.disk.folder import Folder, read_plain
from runner.events import EpochEnded, Evaluated, Event, RunEnded, RunStarted, Status, Steps
from runner.sinks.tracking.mlflow_client import Metric, MlflowClient, ServerError

FILE = "mlflow.json"
"""In the run's directory: which run of the server it is."""
VARIABLE = "MLFLOW_TRACKING_URI"
_BATCH = 1000
"""Values of a call; MLflow takes no more."""
_WAIT = 20.0
"""Seconds that the end of a run waits for the server."""
_ID = re.compile(r"[0-9a-f]{32}")
_ODD = re.compile(r"[^\w\-. :/]", re.ASCII)
_STATUS: Mapping[Status, str] = {
    "finished": "FINISHED", "expectation_missed": "FINISHED", "interrupted": "KILLED", "terminated": "KILLED",
    "pruned": "KILLED",
}  # fmt: skip


class MlflowSink:
    """Sends values from a thread of its own, so that no step waits for the server.

    A value that was sent already is sent again to no effect, by ``recipe track RUN --to mlflow``: name, step, time and
    value are the same.

    Args:
        parameters: of the recipe, such as ``optimizer.kind``.
        patient: whether to wait for the server without an end when the run has ended.
    """

    def __init__(self, parameters: Mapping[str, object], *, patient: bool = False) -> None:
        self._parameters, self._patient = parameters, patient
        self._waiting: list[Metric] = []
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._failure: Exception | None = None
        self._client: MlflowClient | None = None
        self._id = ""

    def __call__(self, event: Event) -> None:
        """Send what MLflow shows of the event.

        Raises:
            ServerError: the server is away, or has refused an earlier event.
        """
        if self._failure is not None:
            raise self._failure
        match event:
            case RunStarted():
                self._begin(event)
            case Steps():
                used = {"loss": event.loss, **event.hyperparameters}
                for step, values in enumerate(zip(*used.values(), strict=True), event.first_step):
                    self._add("step", dict(zip(used, values, strict=True)), event.time, step)
            case EpochEnded():
                self._add("epoch", event.metrics, event.time, event.step)
            case Evaluated() if event.step is not None:
                self._add("step", event.metrics, event.time, event.step)
            case RunEnded():
                self._end(event)
            case _:
                pass

    def _begin(self, run: RunStarted) -> None:
        uri = os.environ.get(VARIABLE)
        if not uri:
            raise ServerError(f"{VARIABLE} is not set: it names the server, such as http://127.0.0.1:5000")
        self._client = MlflowClient(uri)
        self._jobs.put(lambda: self._open(run))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="mlflow", daemon=True)
            self._thread.start()

    def _add(self, group: str, values: Mapping[str, float | None], time: float, step: int) -> None:
        for name, value in values.items():
            key = _ODD.sub("_", f"{group}/{name}")
            self._waiting.append((key, float("nan") if value is None else value, round(time * 1000), step))
        if len(self._waiting) >= _BATCH:
            self._send()

    def _send(self) -> None:
        for start in range(0, len(self._waiting), _BATCH):
            part = self._waiting[start : start + _BATCH]
            self._jobs.put(lambda part=part: self._server.metrics(self._id, part))  # type: ignore[misc]
        self._waiting = []

    def _end(self, event: RunEnded) -> None:
        self._add("final", event.metrics, event.time, event.steps)
        self._send()
        status = _STATUS.get(event.status, "FAILED")
        self._jobs.put(lambda: self._server.status(self._id, status, round(event.time * 1000)))
        self.close()

    def close(self) -> None:
        """Wait until all is sent.

        Raises:
            ServerError: the server is away, has refused something, or takes too long.
        """
        if self._thread is None:
            return
        self._send()
        self._jobs.put(None)
        self._thread.join(None if self._patient else _WAIT)
        slow, self._thread = self._thread.is_alive(), None
        if self._failure is not None:
            raise self._failure
        if slow:
            raise ServerError(f"the server has not taken all in {_WAIT:.0f} seconds")

    @property
    def _server(self) -> MlflowClient:
        assert self._client is not None
        return self._client

    def _work(self) -> None:
        """In the thread: what waits, one after another, until something fails."""
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception as error:  # is raised where the next event comes
                self._failure = error
                return

    def _open(self, run: RunStarted) -> None:
        """The run on the server that this one is, or a new one."""
        root = Path(run.run_dir)
        known = _known(root)
        if known is not None:
            try:
                self._server.status(known, "RUNNING")
                self._id = known
                return
            except ServerError as error:
                if getattr(error.__cause__, "code", None) != 404:
                    raise
        experiment = self._server.experiment(run.recipe)
        tags = {"mlflow.note.content": run.data, "recipe.fingerprint": run.fingerprint, "recipe.run_dir": run.run_dir}
        self._id = self._server.create(experiment, root.name, round(run.time * 1000), tags)
        self._server.parameters(self._id, {"seed": run.seed, "batch_size": run.batch_size, **self._parameters})
        with Folder(root) as folder:
            write_atomic(root / FILE, json.dumps({"run_id": self._id}) + "\n", folder)


def _known(root: Path) -> str | None:
    """The id that was noted before."""
    try:
        found = json.loads(read_plain(root / FILE)[:10_000])
        run = found.get("run_id")
    except (FileNotFoundError, ValueError, AttributeError):
        return None
    return run if isinstance(run, str) and _ID.fullmatch(run) else None
