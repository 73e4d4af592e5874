"""One run, from its plan to its record."""

import os
import time
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from runner.data.access import DataAccess
from runner.data.background import Loading
from runner.data.early import read_early
from runner.engine.distributed.cluster import follows_a_chief
from runner.events import (
    DeviceChosen,
    Event,
    FallbackUsed,
    PhaseRow,
    Planned,
    RunEnded,
    RunStarted,
    Sink,
    Stage,
    Warned,
)
from runner.plan.capacity import machine_memory, require_fits
from runner.plan.plan import Plan
from runner.plan.threads import form_text, threads_for, usual_parts
from runner.record.directory import RunDirectory
from runner.record.events_file import EventsWriter, HeldEvents
from runner.record.manifest import RunManifest
from runner.record.repeat_note import RepeatNote
from runner.record.tags import UNTAGGED, Tags, change_tags
from runner.sinks.fan_out import fan_out
from runner.workflows.resume_point import ResumePoint, Start, fresh
from runner.workflows.trackers import tracker_sinks

if TYPE_CHECKING:
    from runner.engine.distributed.workers import Workers
    from runner.engine.loop.session import TrainingJob
    from runner.engine.loop.signals import StopRequest
    from runner.engine.start import Started
    from runner.hardware.device import Device


@dataclass(frozen=True)
class RunRequest:
    """A run to perform, and where to record it."""

    plan: Plan
    written: str
    """The recipe as written."""
    resolved: str
    """One self-contained file, with ``extends`` and ``--set`` applied."""
    origins: Mapping[str, str]
    """Where each value came from, such as ``base.yaml:3`` or ``--set seed``; all others are defaults."""
    access: DataAccess
    open_directory: Callable[[Plan], RunDirectory]
    """Called once the model has been checked, so that a rejected recipe leaves no directory."""
    warnings: tuple[str, ...] = ()
    """Warnings of the recipe's checks."""
    force: bool = False
    """Whether to run even if the estimate exceeds the available memory."""
    tags: Tags = UNTAGGED
    """Tags and a note that the run gets, beside those that it has."""
    repeat: RepeatNote | None = None
    """Which of the runs of a repeated recipe it is; None: it is one alone, or has a note that says it."""
    start: Start = fresh
    """Where to start: the beginning, or the run's last checkpoint."""
    given_up: Callable[[], bool] = lambda: False
    """Asked between two calls of the compiled step whether the run is to end early, with a checkpoint."""
    stop: "StopRequest | None" = None
    """By which somebody beside the signals asks the run to end."""
    began: float | None = None
    """``time.perf_counter()`` when the user started to wait; None for the time of the call."""


def run(request: RunRequest, console: Sink) -> RunEnded:
    """Train, evaluate and record; the last event says how it ended.

    A resumed run is not written to until its checkpoint, its data and its model are known to fit together.

    Raises:
        DeviceError: the recipe requires a GPU and there is none; nothing was written.
        BuildError: Keras rejects a layer; nothing was written.
        TooLarge: the run needs more memory than the machine has; nothing was written.
        StateMismatch: the checkpoint is for a different model or optimizer.
        OSError: the directory cannot be created or written.
        NotPlain: something in the directory is not a plain file.
        RunLost: the directory was deleted, moved or replaced during the run.
        DataError: the data does not match its metadata, or differs from the data the run started with.
        ClusterError: the workers of a distributed run do not all connect; nothing was written.
        TrainingFailed: the workers disagree on what to train, or one of them has been lost.
    """
    started = time.perf_counter() if request.began is None else request.began
    plan, record = request.plan, HeldEvents()
    trackers = _trackers(plan, console)
    early = _early(request)
    emit = fan_out([record, _without(early, console), *trackers])
    for event in (_planned(plan), *early):  # nobody waits for TensorFlow to hear them
        console(event)
    reading = read_early(plan, request.access)
    device = _start(plan, emit)
    parameters = _require_trainable(request)
    from runner.engine.loop.session import train

    with ExitStack() as stack:
        workers = stack.enter_context(_agreed(plan, device))
        directory = stack.enter_context(request.open_directory(plan) if workers.is_chief else _scratch())
        manifest = RunManifest(directory, plan, device, request.origins, request.access)
        point = _resume_point(request, manifest, workers)
        recording = _Recording(request, directory, manifest, record, stack)
        if point.checkpoint is None and not manifest.before:  # nothing to lose, and whatever becomes of it is recorded
            recording.begin()
        for event in (*_opening(request, device, parameters, directory, point), *early, *_remarks(point)):
            emit(event)
        return train(_job(request, recording, point, device, reading), emit, started)


def _early(request: RunRequest) -> list[Event]:
    """What is known of the run's data and its recipe before TensorFlow is started, and should be heard by then."""
    plan, events = request.plan, list[Event]()
    if (form := form_text(plan)) is not None and plan.parts != usual_parts(plan):
        events.append(Stage(stage="build", message=f"a batch is computed {form}"))
    if plan.fallback is not None:
        events.append(FallbackUsed(wanted=plan.wanted, used=plan.data.label, reason=plan.fallback))
    return events + [Warned(message=message) for message in request.warnings]


def _without(shown: Container[Event], sink: Sink) -> Sink:
    """A sink that leaves out what it has been told before."""

    def forward(event: Event) -> None:
        if event not in shown:
            sink(event)

    return forward


def _trackers(plan: Plan, console: Sink) -> list[Sink]:
    """The recipe's trackers; of several workers the chief's."""
    return [] if follows_a_chief(plan.recipe.hardware, os.environ) else tracker_sinks(plan.recipe, console)


def _start(plan: Plan, emit: Sink) -> "Started":
    """Start TensorFlow; several workers meet here."""
    hardware = plan.recipe.hardware
    several = ", and waiting for the other workers" if hardware.strategy == "multi_worker" else ""
    emit(Stage(stage="build", message=f"starting TensorFlow{several}"))
    from runner.engine.start import start_tensorflow

    return start_tensorflow(hardware, threads_for(plan), own_code=plan.code is not None)


def _require_trainable(request: RunRequest) -> int:
    """Build the layers and check that they can train; gives the number of parameters."""
    from runner.model.own_code import require_code
    from runner.model.planned_shapes import planned_shapes
    from runner.model.transfer import with_sources

    plan = request.plan
    layers = with_sources(plan, planned_shapes(plan))
    require_code(plan)
    if not request.force:
        require_fits(plan, layers, machine_memory())
    return sum(row.parameters for row in layers)


@contextmanager
def _agreed(plan: Plan, device: "Started") -> Iterator["Workers"]:
    """The workers, once all of them are about to train the same; within the block the loss of one is an error."""
    from runner.engine.distributed.workers import Workers, worker_loss_as_error

    with worker_loss_as_error(device.replicas.cluster):
        workers = Workers(device.replicas)
        workers.require_same("the recipe", plan.fingerprint)
        if plan.code is not None:
            workers.require_same("custom code", str(plan.code.sources))
        yield workers


def _resume_point(request: RunRequest, manifest: RunManifest, workers: "Workers") -> ResumePoint:
    """From where all workers start: the chief decides."""
    from runner.engine.distributed.broadcast import share

    point = request.start(manifest) if workers.is_chief else ResumePoint()
    return replace(point, checkpoint=share(workers, point.checkpoint))


def _job(
    request: RunRequest, recording: "_Recording", point: ResumePoint, device: "Started", reading: Loading | None
) -> "TrainingJob":
    """What is trained, and where it goes."""
    from runner.engine.loop.session import TrainingJob

    directory = recording.directory
    return TrainingJob(
        plan=request.plan,
        access=request.access,
        directory=directory,
        checkpoints=directory.checkpoints(recording.manifest.generation),
        accept=recording.accept,
        checkpoint=point.checkpoint,
        replicas=device.replicas,
        given_up=request.given_up,
        stop=request.stop,
        reading=reading,
    )


class _Recording:
    """Writes the manifest and the events of a session, from the moment on that it is known to train.

    Args:
        request: what is run.
        directory: where it is recorded.
        manifest: of this session.
        record: holds the events until the session is recorded.
        stack: closes the events file in the end.
    """

    def __init__(
        self, request: RunRequest, directory: RunDirectory, manifest: RunManifest, record: HeldEvents, stack: ExitStack
    ) -> None:
        self.directory, self.manifest, self._request = directory, manifest, request
        self._record, self._stack = record, stack
        self._begun = False

    def begin(self) -> None:
        """Write the manifest, and all events from the first one on."""
        if self._request.repeat is not None:
            self._request.repeat.write(self.directory.root, self.directory.folder)
        self._write_manifest()
        self._tag()
        self._record.release(self._stack.enter_context(EventsWriter(self.directory.events, self.directory.folder)))
        self._begun = True

    def accept(self, digests: Mapping[str, str]) -> None:
        """The data is known, and everything fits together.

        Raises:
            DataError: the data is not what the run began with; nothing is written.
        """
        self.manifest.data_known(digests)
        if self._begun:
            self._write_manifest()
        else:
            self.begin()

    def _tag(self) -> None:
        given = self._request.tags
        if given != UNTAGGED:
            change_tags(self.directory.root, add=given.tags, note=given.note)

    def _write_manifest(self) -> None:
        self.manifest.write(self._request.written, self._request.resolved)


@contextmanager
def _scratch() -> Iterator[RunDirectory]:
    """A temporary directory for workers other than the chief; nothing in it is kept."""
    with TemporaryDirectory(prefix="recipe-worker-") as folder, RunDirectory(Path(folder)) as directory:
        yield directory


def _planned(plan: Plan) -> Planned:
    return Planned(
        recipe=plan.recipe.name,
        fingerprint=plan.fingerprint,
        seed=plan.recipe.seed,
        steps=plan.steps,
        epochs=plan.epochs,
        steps_per_epoch=plan.steps_per_epoch,
        batch_size=plan.batch_size,
        data=plan.data.label,
        phases=_phases(plan),
    )


def _phases(plan: Plan) -> tuple[PhaseRow, ...]:
    return tuple(PhaseRow(name=row.name, start=row.start, stop=row.stop) for row in plan.schedule.phases)


def _opening(
    request: RunRequest, device: "Device", parameters: int, directory: RunDirectory, point: ResumePoint
) -> list[Event]:
    """The events before the first step."""
    plan = request.plan
    return [
        RunStarted(
            recipe=plan.recipe.name,
            run_dir=str(directory.root),
            fingerprint=plan.fingerprint,
            seed=plan.recipe.seed,
            steps=plan.steps,
            epochs=plan.epochs,
            steps_per_epoch=plan.steps_per_epoch,
            batch_size=plan.batch_size,
            parameters=parameters,
            data=plan.data.label,
            phases=_phases(plan),
            metrics=plan.monitors,
            resumed_at=point.checkpoint.step if point.checkpoint is not None else 0,
            momentum="momentum" in plan.schedule.hyperparameters,
            monitor=plan.best.name,
        ),
        DeviceChosen(device=device.kind, description=device.description, reason=device.reason),
    ]


def _remarks(point: ResumePoint) -> Iterator[Warned]:
    """What is to be said of where a run goes on."""
    return (Warned(message=message) for message in point.warnings)
