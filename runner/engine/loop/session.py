"""Trains a plan and sees it to its end: data, model, loop, evaluation, files, expectations."""

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from runner.data.access import DataAccess
from runner.data.background import Loading
from runner.data.examples import Splits, digests
from runner.data.load import import_readers, load_data
from runner.data.read_failure import data_loss_as_error
from runner.engine.distributed.replicas import ALONE, Replicas
from runner.engine.distributed.workers import worker_loss_as_error
from runner.engine.loop.baseline import Baseline, baseline_figures
from runner.engine.loop.callbacks import bridge_of
from runner.engine.loop.checkpoint_saver import CheckpointSaver, NoSaver, PeriodicSaver
from runner.engine.loop.checkpoints import restore
from runner.engine.loop.classes import unseen_classes
from runner.engine.loop.conclusion import final_figures, missed_expectations, save_model_file, test_figures
from runner.engine.loop.out_of_memory import out_of_memory_as_error
from runner.engine.loop.signals import StopRequest, stop_on_signals
from runner.engine.loop.target_range import require_labels, require_targets_in_range
from runner.engine.loop.trainer import PRUNED, Outcome, Trainer
from runner.engine.step.learner import make_learner
from runner.errors import Diverged, TrainingFailed
from runner.events import RunEnded, Sink, Stage, Status, Warned
from runner.measures.decisions import Thresholds
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint, newest_step
from runner.record.directory import RunDirectory


@dataclass
class _Ending:
    """How the run stands, for its last event."""

    status: Status = "finished"
    message: str | None = None
    steps: int = 0
    training: float = 0.0
    metrics: dict[str, float] = field(default_factory=dict)
    best: dict[str, float | int] | None = None
    threshold: Thresholds | None = None
    threshold_by: str | Mapping[str, str] | None = None
    baseline: Baseline = field(default_factory=Baseline)


@dataclass(frozen=True)
class TrainingJob:
    """What is to be trained, and where it goes."""

    plan: Plan
    access: DataAccess
    """Where data may be read."""
    directory: RunDirectory
    """Locked by this process."""
    checkpoints: Path
    """Folder for them."""
    accept: Callable[[Mapping[str, str]], None]
    """Called with the SHA-256 of every split once all fits together, before the first step; it may raise to refuse the
    data. From then on the run is written to."""
    checkpoint: Checkpoint | None = None
    """From where to go on; None: from the beginning."""
    replicas: Replicas = ALONE
    """What a step runs on."""
    given_up: Callable[[], bool] = lambda: False
    """Asked between two calls of the compiled step whether the run is to end early, with a checkpoint."""
    stop: StopRequest | None = None
    """By which somebody beside the signals asks the run to end."""
    reading: Loading | None = None
    """The data, where somebody has begun to read it."""


def train(job: TrainingJob, emit: Sink, started: float) -> RunEnded:
    """Train, evaluate, save; whatever happens, the last event says how it ended.

    Args:
        job: what to train, and where it goes.
        emit: receives every event.
        started: ``time.perf_counter()`` when the run began.

    Raises:
        DataError: when the data is not what its metadata said.
        OSError: when a file cannot be written.
        RunLost: when the run's directory was deleted, moved or replaced.
    """
    ending = _Ending()
    try:
        lost = worker_loss_as_error(job.replicas.cluster)
        with stop_on_signals(job.stop) as stop, out_of_memory_as_error(job.plan), lost:
            stop.given_up = job.given_up
            _train(job, emit, stop, ending)
    except TrainingFailed as error:
        ending.status = "diverged" if isinstance(error, Diverged) else "failed"
        ending.message = "; ".join([str(error), *getattr(error, "__notes__", ())])
    except BaseException as error:
        ending.status, ending.message = "failed", f"{type(error).__name__}: {error}"
        with _noted_on(error):
            emit(_ended(ending, job, started))
        raise
    event = _ended(ending, job, started)
    emit(event)
    return event


def _ended(ending: _Ending, job: TrainingJob, started: float) -> RunEnded:
    return RunEnded(
        status=ending.status,
        message=ending.message,
        steps=ending.steps,
        seconds_total=time.perf_counter() - started,
        seconds_training=ending.training,
        metrics=ending.metrics,
        best=ending.best,
        threshold=dict(ending.threshold) if isinstance(ending.threshold, Mapping) else ending.threshold,
        threshold_by=dict(ending.threshold_by) if isinstance(ending.threshold_by, Mapping) else ending.threshold_by,
        baseline=dict(ending.baseline.constant) or None,
        naive_forecasts={name: dict(each) for name, each in ending.baseline.forecasts.items()} or None,
        checkpoint=newest_step(job.checkpoints),
    )


def _train(job: TrainingJob, emit: Sink, stop: StopRequest, ending: _Ending) -> None:
    dataset, trainer = _built(job, emit, stop)
    _accept_data(job, dataset, trainer, emit)
    outcome = _fit(job, trainer, emit, ending)
    heard = _signal_heard(trainer, stop)
    whole = heard is None and outcome.ended_by != PRUNED
    ending.metrics = final_figures(trainer, outcome, whole=whole)
    ending.threshold = trainer.learner.threshold
    if whole and dataset.test is not None:
        ending.metrics |= test_figures(trainer, dataset.test, emit)
    if whole:
        ending.threshold_by = trainer.plan.threshold_by
        ending.baseline = baseline_figures(job.plan, dataset)
    save_model_file(trainer, job.directory, job.directory.model, trainer.state.position.step, emit)
    heard = _signal_heard(trainer, stop)  # also: nobody leaves before the chief has saved
    if heard is not None:
        _interrupted(ending, heard, trainer)
    elif not whole:
        ending.status = "pruned"
        ending.message = f"pruned after step {outcome.steps:,} of {job.plan.steps:,}"
    else:
        _finished(ending, outcome, trainer, emit)


def _built(job: TrainingJob, emit: Sink, stop: StopRequest) -> tuple[Splits, Trainer]:
    """Data, model and loop, where the run begins or goes on."""
    plan = job.plan
    emit(Stage(stage="data", message=f"loading {plan.data.label} and building the model"))
    import_readers(plan)
    dataset = job.reading or Loading(partial(load_data, plan, job.access))
    learner = make_learner(plan, dataset, job.replicas, goes_on=job.checkpoint is not None)
    callbacks = bridge_of(plan, learner, emit) if plan.callbacks else None
    trainer = Trainer(plan, learner, dataset, emit, stop, _saver(job), callbacks)
    if job.checkpoint is not None:
        restore(job.checkpoint, trainer.state, learner, plan)
    return dataset, trainer


def _saver(job: TrainingJob) -> CheckpointSaver:
    if not job.replicas.is_chief:
        return NoSaver()
    return PeriodicSaver(job.checkpoints, job.plan, job.directory.folder.require_in_place)


def _accept_data(job: TrainingJob, dataset: Splits, trainer: Trainer, emit: Sink) -> None:
    """All workers have the same data, and the run takes it; from here on the run is written to."""
    hashes = digests(dataset)
    trainer.workers.require_same("the data", str(hashes))
    require_targets_in_range(job.plan, dataset.train)
    require_labels(job.plan, {"train": dataset.train, "validation": dataset.validation, "test": dataset.test})
    job.accept(hashes)
    unseen = unseen_classes(job.plan, dataset.train)
    if unseen is not None:
        emit(Warned(message=unseen))


def _fit(job: TrainingJob, trainer: Trainer, emit: Sink, ending: _Ending) -> Outcome:
    emit(Stage(stage="compile", message="compiling the training step"))
    with _kept(trainer, job.directory, emit, ending), data_loss_as_error():
        return trainer.run()


def _signal_heard(trainer: Trainer, stop: StopRequest) -> signal.Signals | None:
    """The signal that has asked any of the workers to end."""
    return trainer.workers.asked_to_end(stop.signal, False)[0]


def _interrupted(ending: _Ending, heard: signal.Signals, trainer: Trainer) -> None:
    ending.status = "interrupted" if heard.name == "SIGINT" else "terminated"
    ending.message = f"{heard.name} after step {trainer.state.position.step:,} of {trainer.plan.steps:,}"


def _finished(ending: _Ending, outcome: Outcome, trainer: Trainer, emit: Sink) -> None:
    """The run went to its end, or to its time limit: its figures are held to the recipe's bounds."""
    plan = trainer.plan
    if outcome.ended_by == "time_limit":
        limit = plan.recipe.training.time_limit
        ending.message = f"time limit of {limit} after step {outcome.steps:,} of {plan.steps:,}"
    missed, tested = missed_expectations(plan, ending.metrics, trainer.state.limit.spent, emit)
    if missed:
        ending.status, ending.message = "expectation_missed", f"{missed} of {tested} expectations missed"


@contextmanager
def _kept(trainer: Trainer, directory: RunDirectory, emit: Sink, ending: _Ending) -> Iterator[None]:
    """However the loop ends, time and steps are known and the best model so far is on the disk."""
    begun = time.perf_counter()

    def keep() -> None:
        ending.training = time.perf_counter() - begun
        ending.steps = trainer.state.position.step
        best = trainer.state.best
        if best.weights is not None and best.value is not None:
            ending.best = {"epoch": best.epoch, best.monitor.name: best.value}
            save_model_file(trainer, directory, directory.best, best.step, emit, best.weights)

    try:
        yield
    except BaseException as error:
        with _noted_on(error):
            keep()
        raise
    keep()


@contextmanager
def _noted_on(error: BaseException) -> Iterator[None]:
    """What fails while another error is on its way, such as on a full disk, is a note on it and not in its place."""
    try:
        yield
    except Exception as other:
        error.add_note(f"then {type(other).__name__}: {other}")
