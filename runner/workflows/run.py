"""One run, from its plan to its record."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from runner.data.access import DataAccess
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
from runner.plan.threads import threads_for
from runner.record.directory import RunDirectory
from runner.record.events_file import EventsWriter, HeldEvents
from runner.record.manifest import RunManifest
from runner.sinks.fan_out import fan_out
from runner.workflows.resume_point import ResumePoint, Start, fresh

if TYPE_CHECKING:
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
    start: Start = fresh
    """Where to start: the beginning, or the run's last checkpoint."""
    began: float | None = None
    """``time.perf_counter()`` when the user started to wait; None for the time of the call."""


def run(request: RunRequest, console: Sink) -> RunEnded:
    """Train, evaluate and record; the last event reports how it ended.

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
    recipe = request.plan.recipe
    console(_planned(request.plan))
    several = ", and waiting for the other workers" if recipe.hardware.strategy == "multi_worker" else ""
    console(Stage(stage="build", message=f"starting TensorFlow{several}"))
    from runner.engine.start import start_tensorflow

    device = start_tensorflow(recipe.hardware, threads_for(request.plan))
    from runner.engine.distributed.broadcast import share
    from runner.engine.distributed.workers import Workers, worker_loss_as_error
    from runner.engine.loop.session import TrainingJob, train
    from runner.model.build import layer_shapes
    from runner.model.custom_loss import require_loss

    workers = Workers(device.replicas)

    layers = layer_shapes(request.plan.layers, request.plan.data.shape)
    require_loss(request.plan)
    if not request.force:
        require_fits(request.plan, layers, machine_memory())
    parameters = sum(row.parameters for row in layers)
    with ExitStack() as stack:
        stack.enter_context(worker_loss_as_error(device.replicas.cluster))
        workers.require_same("the recipe", request.plan.fingerprint)
        if request.plan.code is not None:
            workers.require_same("custom code", str(request.plan.code.sources))
        directory = stack.enter_context(request.open_directory(request.plan) if workers.index == 0 else _scratch())
        manifest = RunManifest(directory, request.plan, device, request.origins)
        begin = request.start(manifest) if workers.index == 0 else ResumePoint()
        begin = replace(begin, checkpoint=share(workers, begin.checkpoint))
        record = HeldEvents()

        def begin_record() -> None:
            manifest.write(request.written, request.resolved)
            record.release(stack.enter_context(EventsWriter(directory.events, directory.folder)))

        def accept(digests: Mapping[str, str]) -> None:
            manifest.data_known(digests)
            if new:
                manifest.write(request.written, request.resolved)
            else:
                begin_record()

        new = begin.checkpoint is None and not manifest.before
        if new:  # a new run has nothing to lose, so everything that happens is recorded
            begin_record()
        emit = fan_out([record, console])
        for event in _opening(request, device, parameters, directory, begin):
            emit(event)
        checkpoints = directory.checkpoints(manifest.generation)
        job = TrainingJob(
            request.plan, request.access, directory, checkpoints, accept, begin.checkpoint, device.replicas
        )
        return train(job, emit, started)


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
    request: RunRequest, device: "Device", parameters: int, directory: RunDirectory, begin: ResumePoint
) -> list[Event]:
    """The events before the first step."""
    plan = request.plan
    events: list[Event] = [
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
            resumed_at=begin.checkpoint.step if begin.checkpoint is not None else 0,
            momentum=plan.schedule.momentum is not None,
            monitor=plan.best.name,
        ),
        DeviceChosen(device=device.kind, description=device.description, reason=device.reason),
    ]
    if plan.fallback is not None:
        events.append(FallbackUsed(wanted=plan.wanted, used=plan.data.label, reason=plan.fallback))
    warnings = (*request.warnings, *begin.warnings)
    return events + [Warned(message=message) for message in warnings]
