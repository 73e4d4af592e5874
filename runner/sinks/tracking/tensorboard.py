"""TensorBoard: scalars of every step and epoch, and the recipe's values, in the run's folder ``tensorboard``."""

import os
from collections.abc import Mapping
from pathlib import Path

from runner.disk.folder import Folder
from runner.events import DONE, EpochEnded, Evaluated, Event, RunEnded, RunStarted, Steps
from runner.record.repeat_note import VARIED, read_repeat
from runner.sinks.tracking import event_protos as protos
from runner.sinks.tracking.step_records import step_records

FOLDER = "tensorboard"
_FULL = 1 << 16
"""Bytes that wait to be written at most."""


class TensorBoardSink:
    """Writes an event file a session; ``tensorboard --logdir runs`` shows them.

    Tags are ``step/loss``, ``step/learning_rate`` and so on by step from 0, ``epoch/loss``, ``epoch/val_loss`` and so
    on by the number of steps so far, and ``final/test_loss`` and so on at the end.

    Args:
        parameters: of the recipe, such as ``optimizer.kind``.
        folder: where to write; None: in the run's directory.
    """

    def __init__(self, parameters: Mapping[str, protos.Scalar], folder: Path | None = None) -> None:
        self._parameters, self._own = parameters, folder
        self._run: RunStarted | None = None
        self._descriptor: int | None = None
        self._waiting = bytearray()

    def __call__(self, event: Event) -> None:
        """Write what TensorBoard shows of the event.

        Raises:
            NotPlain: something that is no folder has its name.
            OSError: the file cannot be written.
        """
        match event:
            case RunStarted():
                self.close()
                self._run = event  # until it trains, a resumed run may still be refused, and nothing is written
            case Steps():
                self._of_steps(event)
            case EpochEnded():
                self._scalars(event.time, event.step, "epoch", event.metrics)
            case Evaluated() if event.step is not None:
                self._scalars(event.time, event.step, "step", event.metrics)
            case RunEnded():
                self._scalars(event.time, event.steps, "final", event.metrics)
                self._add(protos.session_end(event.time, success=event.status in DONE))
                self.close()
            case _:
                pass
        if isinstance(event, EpochEnded) or len(self._waiting) > _FULL:
            self._flush()

    def close(self) -> None:
        """Write what waits and close the file. A second call does nothing."""
        if self._descriptor is not None:
            try:
                self._flush()
            finally:
                os.close(self._descriptor)
                self._descriptor = None

    def _begin(self, run: RunStarted) -> None:
        self._descriptor, self._run = self._open(run), None
        self._add(protos.version(run.time))
        if run.resumed_at:
            self._add(protos.restarted(run.time, run.resumed_at))
        known: dict[str, protos.Scalar] = {"recipe": run.recipe, "data": run.data, "seed": run.seed}
        known, group = {**known, **self._parameters}, run.fingerprint
        note = read_repeat(Path(run.run_dir))
        if note is not None:  # one row with the means, and the parameters of all
            known, group = {name: value for name, value in known.items() if name not in VARIED}, note.key
        self._add(protos.session_start(run.time, known, group))

    def _open(self, run: RunStarted) -> int:
        """A new file, in a folder that is no link to elsewhere."""
        if self._own is not None:
            self._own.mkdir(parents=True, exist_ok=True)
            with Folder(self._own) as folder:
                return self._create(folder, run)
        with Folder(Path(run.run_dir)) as root, root.child(FOLDER, create=True) as folder:
            return self._create(folder, run)

    def _create(self, folder: Folder, run: RunStarted) -> int:
        name = f"events.out.tfevents.{int(run.time):010d}.recipe.{run.fingerprint[:8]}.{len(folder.names())}"
        return folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)

    def _of_steps(self, event: Steps) -> None:
        used = {"loss": event.loss, **event.hyperparameters}
        tags = [f"step/{name}" for name in used]
        self._write(step_records(event.time, event.first_step, tags, list(used.values())))

    def _scalars(self, time: float, step: int, group: str, metrics: Mapping[str, float | None]) -> None:
        values = [(f"{group}/{name}", as_number(value)) for name, value in metrics.items()]
        if values:
            self._add(protos.scalars(time, step, values))

    def _add(self, event: bytes) -> None:
        self._write(protos.record(event))

    def _write(self, records: bytes) -> None:
        if self._run is not None:
            self._begin(self._run)
        if self._descriptor is not None:
            self._waiting += records

    def _flush(self) -> None:
        if self._descriptor is not None:
            rest = memoryview(bytes(self._waiting))
            self._waiting.clear()
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]


def as_number(value: float | None) -> float:
    """As TensorBoard has it: a value that is missing is NaN."""
    return float("nan") if value is None else value
