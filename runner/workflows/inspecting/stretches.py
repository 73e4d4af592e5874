"""``recipe verify --share``: random stretches of a run made again and compared with its record, to the bit."""

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runner.data.examples import Dataset
from runner.errors import CannotReplay, CheckpointBroken, Diverged
from runner.events import EpochEnded, Event, Steps
from runner.inference.opened import TrainedRun
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint, list_checkpoints, read_checkpoint
from runner.record.events_file import read_events
from runner.record.history import HistoryRow, history_rows
from runner.workflows.inspecting.ground import checked_plan, same_dataset, started
from runner.workflows.inspecting.proof import prove
from runner.workflows.inspecting.replay_start import checkpoint_at
from runner.workflows.selftest import steps_of

if TYPE_CHECKING:
    from runner.engine.start import Started


@dataclass(frozen=True)
class Stretch:
    """Steps ``start`` to ``stop - 1`` of a run, which begin where it has its state: at step 0 or at a checkpoint."""

    start: int
    stop: int


@dataclass(frozen=True)
class Replayed:
    """A stretch that was made again."""

    stretch: Stretch
    steps: int
    """Steps that the run has recorded, and which were compared."""
    epochs: int
    """Epochs that ended in it, whose metrics were compared."""
    state: bool
    """Whether all variables after it were compared with a checkpoint."""
    differing: tuple[str, ...]
    """What differs, in words; empty if everything is equal to the bit."""


@dataclass(frozen=True)
class Verified:
    """What of a run was made again."""

    total: int
    """Steps of the run."""
    stretches: tuple[Replayed, ...]
    notes: tuple[str, ...]
    """How this machine differs from the run's."""

    @property
    def steps(self) -> int:
        """Steps that were made again."""
        return sum(each.stretch.stop - each.stretch.start for each in self.stretches)

    @property
    def holds(self) -> bool:
        """Whether everything that was compared is equal."""
        return not any(each.differing for each in self.stretches)


def verify_share(
    run: TrainedRun, plan: Plan, share: float, seed: int, report: Callable[[str], None], *, force: bool = False
) -> Verified:
    """Make random stretches of a finished run again, and compare steps, epochs and states with its record.

    Args:
        run: the run.
        plan: its plan, for the data as it is here.
        share: how much of its steps is made again, in (0, 1].
        seed: of the choice.
        report: called with messages before slow work.
        force: whether to train even if the estimate exceeds the available memory.

    Raises:
        CannotReplay: recipe, code or data are not what the run had, or it has no state to begin from.
        RunError: its files cannot be used.
        OSError: they cannot be read.
    """
    plan, differing = checked_plan(run, plan, inexact=True)
    total = steps_of(run.paths)
    checkpoints, broken = _checkpoints(run, total)
    begins = sorted({*checkpoints, *(() if run.lock.get("generation", 0) else (0,))})
    chosen = choose(begins, total, share, seed)
    if not chosen:
        raise CannotReplay("the run has neither a step from its beginning nor a checkpoint to begin from")
    device, other = started(run, plan, inexact=True, force=force)
    dataset = same_dataset(run, plan)
    recorded, epochs = {row.step: row for row in history_rows(run.paths.events)}, _epochs(run)
    found = []
    for stretch in chosen:
        report(f"training steps {stretch.start:,} to {stretch.stop - 1:,} again")
        begin = checkpoints.get(stretch.start)
        found.append(_replayed(run, plan, device, dataset, begin, stretch, recorded, epochs))
    return Verified(total, tuple(found), (*broken, *differing, *other))


def choose(begins: list[int], total: int, share: float, seed: int) -> list[Stretch]:
    """Stretches of ⌈share · total⌉ steps in all, in the order of the run.

    The run falls into as many parts as it has places to begin from, each up to the next one. Parts are drawn without
    replacement, and the last is made only as far as the share goes.

    Args:
        begins: steps before which the run's state is known, rising.
        total: steps of the run.
        share: in (0, 1].
        seed: of the choice.
    """
    ends = [*begins, total][1:]
    parts = [Stretch(start, stop) for start, stop in zip(begins, ends, strict=True) if start < stop]
    left, chosen = math.ceil(share * total), list[Stretch]()
    for part in random.Random(seed).sample(parts, len(parts)):
        length = min(part.stop - part.start, left)
        if length:
            chosen.append(Stretch(part.start, part.start + length))
        left -= length
    return sorted(chosen, key=lambda each: each.start)


def _checkpoints(run: TrainedRun, total: int) -> tuple[dict[int, Checkpoint], list[str]]:
    """The intact checkpoints by step, and the faults of others."""
    found, broken = dict[int, Checkpoint](), list[str]()
    for path in list_checkpoints(run.paths.checkpoints(run.lock.get("generation", 0))):
        try:
            checkpoint = read_checkpoint(path)
        except CheckpointBroken as error:
            broken.append(f"skipped a broken checkpoint: {error}")
            continue
        if checkpoint.step < total:
            found[checkpoint.step] = checkpoint
    return found, broken


def _epochs(run: TrainedRun) -> dict[int, EpochEnded]:
    """By epoch; of one that was made again the last."""
    return {event.epoch: event for event in read_events(run.paths.events) if isinstance(event, EpochEnded)}


def _replayed(
    run: TrainedRun,
    plan: Plan,
    device: "Started",
    dataset: Dataset,
    begin: Checkpoint | None,
    stretch: Stretch,
    recorded: Mapping[int, HistoryRow],
    epochs: Mapping[int, EpochEnded],
) -> Replayed:
    from runner.engine.loop.replay import replayed
    from runner.engine.loop.variables import state_dict

    made, end, fault = list[Event](), checkpoint_at(run, stretch.stop), list[str]()
    own = {step: recorded[step] for step in range(stretch.start, stretch.stop) if step in recorded}
    try:
        trainer = replayed(plan, dataset, device.replicas, begin, stretch.stop, made.append)
    except Diverged as error:
        return Replayed(stretch, 0, 0, False, (f"trained again, it diverged: {error}",))
    steps = [event for event in made if isinstance(event, Steps)]
    proof = prove(own, steps, state_dict(trainer.learner), end)
    missing = [step for step in range(stretch.start, stretch.stop) if step not in own]
    if missing:
        fault.append(f"{len(missing):,} steps are not in the record, such as step {missing[0]:,}")
    if proof.steps < len(own):
        fault.append(f"trained again, the run ends after {stretch.start + proof.steps:,} steps")
    ended = [event for event in made if isinstance(event, EpochEnded)]
    fault += [text for event in ended for text in _epoch_difference(event, epochs.get(event.epoch))]
    if proof.variables:
        fault.append(f"{len(proof.variables):,} variables differ from the checkpoint of step {stretch.stop:,}")
    return Replayed(stretch, proof.steps, len(ended), end is not None, (*proof.differing, *fault))


def _epoch_difference(made: EpochEnded, recorded: EpochEnded | None) -> list[str]:
    number = made.epoch + 1
    if recorded is None:
        return [f"epoch {number:,} is not in the record"]
    if recorded.step != made.step:
        return [f"epoch {number:,}: recorded after step {recorded.step:,}, made again after step {made.step:,}"]
    names = {*made.metrics, *recorded.metrics}
    pairs = [(name, recorded.metrics.get(name), made.metrics.get(name)) for name in sorted(names)]
    return [f"epoch {number:,}: {name} {a}, made again {b}" for name, a, b in pairs if repr(a) != repr(b)]
