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
    """What is to be run, and where it goes."""

    plan: Plan
    written: str
    """The recipe as its author wrote it."""
    resolved: str
    """One self-contained file, with ``extends`` and ``--set`` worked in."""
    origins: Mapping[str, str]
    """Where each value came from, such as ``base.yaml:3`` or ``--set seed``; the rest are defaults."""
    access: DataAccess
    open_directory: Callable[[Plan], RunDirectory]
    """Called once the model has been checked: a refused recipe leaves no directory."""
    warnings: tuple[str, ...] = ()
    """What the checks of the recipe had to say."""
    force: bool = False
    """Whether to try what is estimated to need more memory than there is."""
    start: Start = fresh
    """From where: the beginning, or the run's last checkpoint."""
    began: float | None = None
    """``time.perf_counter()`` when the person began to wait; None: when it is run."""


def run(order: RunRequest, console: Sink) -> RunEnded:
    """Train, evaluate and record; the last event says how it ended.

    A run that goes on is not written to before its checkpoint, its data and its model are known to fit together.

    Raises:
        DeviceError: the recipe insists on a GPU and there is none; nothing was written.
        BuildError: Keras does not accept a layer; nothing was written.
        TooLarge: the run needs more memory than the machine has; nothing was written.
        StateMismatch: the checkpoint is of another model or optimizer.
        OSError: the directory cannot be made or written.
        NotPlain: something in it is no plain file.
        RunLost: it was deleted, moved or replaced in the meantime.
        DataError: the data is not what its metadata said, or not what the run began with.
        ClusterError: the workers of a run on several machines do not come together; nothing was written.
        TrainingFailed: they are not about to train the same thing, or one of them has left.
    """
    started = time.perf_counter() if order.began is None else order.began
    recipe = order.plan.recipe
    console(_planned(order.plan))
    several = ", and waiting for the other workers" if recipe.hardware.strategy == "multi_worker" else ""
    console(Stage(stage="build", message=f"starting TensorFlow{several}"))
    from runner.engine.start import start_tensorflow

    device = start_tensorflow(recipe.hardware, threads_for(order.plan))
    from runner.engine.distributed.broadcast import share
    from runner.engine.distributed.workers import Workers, worker_loss_as_error
    from runner.engine.loop.session import TrainingJob, train
    from runner.model.build import layer_shapes
    from runner.model.custom_loss import require_loss

    workers = Workers(device.replicas)

    layers = layer_shapes(order.plan.layers, order.plan.data.shape)
    require_loss(order.plan)
    if not order.force:
        require_fits(order.plan, layers, machine_memory())
    parameters = sum(row.parameters for row in layers)
    with ExitStack() as stack:
        stack.enter_context(worker_loss_as_error(device.replicas.cluster))
        workers.require_same("the recipe", order.plan.fingerprint)
        if order.plan.code is not None:
            workers.require_same("custom code", str(order.plan.code.sources))
        directory = stack.enter_context(order.open_directory(order.plan) if workers.index == 0 else _scratch())
        manifest = RunManifest(directory, order.plan, device, order.origins)
        begin = order.start(manifest) if workers.index == 0 else ResumePoint()
        begin = replace(begin, checkpoint=share(workers, begin.checkpoint))
        record = HeldEvents()

        def begin_record() -> None:
            manifest.write(order.written, order.resolved)
            record.release(stack.enter_context(EventsWriter(directory.events, directory.folder)))

        def accept(digests: Mapping[str, str]) -> None:
            manifest.data_known(digests)
            if new:
                manifest.write(order.written, order.resolved)
            else:
                begin_record()

        new = begin.checkpoint is None and not manifest.before
        if new:  # it has nothing to lose, and whatever becomes of it is recorded
            begin_record()
        emit = fan_out([record, console])
        for event in _opening(order, device, parameters, directory, begin):
            emit(event)
        checkpoints = directory.checkpoints(manifest.generation)
        job = TrainingJob(order.plan, order.access, directory, checkpoints, accept, begin.checkpoint, device.replicas)
        return train(job, emit, started)


@contextmanager
def _scratch() -> Iterator[RunDirectory]:
    """Where a worker other than the chief writes: nothing of it is kept."""
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
    order: RunRequest, device: "Device", parameters: int, directory: RunDirectory, begin: ResumePoint
) -> list[Event]:
    """What is said before the first step."""
    plan = order.plan
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
            momentum="momentum" in plan.schedule.hyperparameters,
            monitor=plan.best.name,
        ),
        DeviceChosen(device=device.kind, description=device.description, reason=device.reason),
    ]
    if plan.fallback is not None:
        events.append(FallbackUsed(wanted=plan.wanted, used=plan.data.label, reason=plan.fallback))
    warnings = (*order.warnings, *begin.warnings)
    return events + [Warned(message=message) for message in warnings]
