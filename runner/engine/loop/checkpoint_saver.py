"""When a run's state is saved."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from runner.disk.lost import lost_file
from runner.engine.loop.background_writer import BackgroundWriter
from runner.engine.loop.call_checks import require_finite_weights
from runner.engine.loop.checkpoints import checkpoint_of
from runner.engine.loop.last_good import LastGood
from runner.engine.loop.training_state import TrainingState
from runner.engine.loop.variables import size_of
from runner.engine.step.learner import Learner
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint, write_checkpoint

SECONDS = 15.0
"""Under ``checkpoint: auto``, how long a run goes on without a checkpoint, if :data:`SHARE` allows it."""
SHARE = 0.05
"""The share of the time that checkpoints may take under ``checkpoint: auto``."""
LARGE = 32 << 20
"""Bytes of a state from which on it is written beside the training; a smaller one takes less time than a step may."""
_FAR = 1 << 62


class CheckpointSaver(Protocol):
    """Decides whether to save, wherever the loop could."""

    def steps_left(self, step: int) -> int:
        """How many steps may be made before the loop must come back."""

    def save_if_due(self, state: TrainingState, learner: Learner) -> None:
        """Save if it is time; the state may be written while training goes on."""

    def save(self, state: TrainingState, learner: Learner) -> None:
        """Save; the state is on the disk afterwards."""

    def before_call(self, state: TrainingState, learner: Learner) -> None:
        """Steps are about to be made from this state."""

    def after_call(self, loss: float) -> None:
        """They were made, and this is the loss of the first of them."""

    def rescue(self) -> None:
        """The run has diverged: save the last good state, if it is newer than what is saved."""

    def close(self) -> None:
        """Training is over, whatever ended it: nothing is being written afterwards."""


class NoSaver:
    """Saves nothing."""

    def steps_left(self, step: int) -> int:
        """No limit."""
        return _FAR

    def save_if_due(self, state: TrainingState, learner: Learner) -> None:
        """Nothing."""

    def save(self, state: TrainingState, learner: Learner) -> None:
        """Nothing."""

    def before_call(self, state: TrainingState, learner: Learner) -> None:
        """Nothing."""

    def after_call(self, loss: float) -> None:
        """Nothing."""

    def rescue(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class PeriodicSaver:
    """Saves to the run's ``checkpoints/``: by the recipe's ``training.checkpoint``, at the end, and on signals.

    When a checkpoint is made changes no result: from any of them a run goes on to the same bits. A large state is
    copied between two steps and written while the next ones are made; the one after it waits for it, so that there is
    one copy at a time. A write that fails ends the run at the next call of this class. Under ``auto`` the next
    checkpoint is made when the last one has taken at most :data:`SHARE` of the time since then: training stood still
    for it, and a thread worked on it that otherwise might have trained.

    Args:
        folder: of the checkpoints; made with the first one.
        plan: what trains.
        require_in_place: raises when the run's directory is not where it was.
        large: bytes of a state from which on it is written beside the training.
    """

    def __init__(
        self, folder: Path, plan: Plan, require_in_place: Callable[[], None] = lambda: None, *, large: int = LARGE
    ) -> None:
        self.folder, self.plan, self._require_in_place = folder, plan, require_in_place
        wanted = plan.recipe.training.checkpoint
        self.every = (
            None if wanted == "auto" else max(1, round(wanted.steps(total=plan.steps, per_epoch=plan.steps_per_epoch)))
        )
        # on the recipe's steps the next checkpoint may come before a thread that stands back is done, and wait for it
        self._large, self._writer = large, BackgroundWriter(stands_back=self.every is None)
        self.saved_at, self.saved_step = time.monotonic(), -1
        self.good = LastGood()
        self._content: int | None = None
        self._stood_still, self._room = 0.0, dict[str, Any]()

    def steps_left(self, step: int) -> int:
        """Up to the next step that has a checkpoint."""
        return _FAR if self.every is None else self.every - step % self.every

    def save_if_due(self, state: TrainingState, learner: Learner) -> None:
        """Save on the recipe's steps, or when enough time has passed.

        Raises:
            Diverged, RunLost, OSError: as :meth:`save`, also of the checkpoint before.
        """
        self._writer.require_sound()
        step = state.position.step
        due = self._is_time(state) if self.every is None else step % self.every == 0
        if due:
            self._save(state, learner, beside=self._size_of(learner) >= self._large)

    def _is_time(self, state: TrainingState) -> bool:
        """Whether enough time has passed; the first epoch is saved at once where no state is kept in memory."""
        first = self.good.too_large and self.saved_step < 0 and not state.position.sums.examples
        pause = max(SECONDS, (self._stood_still + self._writer.seconds) / SHARE)
        return first or (not self._writer.busy and time.monotonic() - self.saved_at >= pause)

    def before_call(self, state: TrainingState, learner: Learner) -> None:
        """Keep a copy of the state in memory, if it is time for one.

        Raises:
            RunLost, OSError: the checkpoint that was being written cannot be.
        """
        self._writer.require_sound()
        self.good.note(self._size_of(learner), lambda: checkpoint_of(state, learner, self.plan))

    def _size_of(self, learner: Learner) -> int:
        if self._content is None:
            self._content = size_of(learner)
        return self._content

    def after_call(self, loss: float) -> None:
        """Judge the copy."""
        self.good.judge(loss)

    def rescue(self) -> None:
        """Save the last good state, unless there is a newer checkpoint.

        Raises:
            OSError: it cannot be written; the checkpoints before stay.
        """
        self._writer.wait()
        good = self.good.checkpoint
        if good is not None and good.step > self.saved_step:
            self._write(good, self.saved_step)
            self.saved_step = good.step

    def save(self, state: TrainingState, learner: Learner) -> None:
        """Save, unless the state of this step is saved already; it is on the disk afterwards.

        Raises:
            Diverged: a weight is not finite; the checkpoints before stay.
            RunLost: the run's directory, or its checkpoints, are not where they were.
            OSError: it cannot be written; the checkpoints before stay.
        """
        self._save(state, learner, beside=False)
        self._writer.wait()

    def close(self) -> None:
        """Wait for what is being written.

        Raises:
            RunLost, OSError: it cannot be.
        """
        self._writer.wait()
        self._room.clear()

    def _save(self, state: TrainingState, learner: Learner, *, beside: bool) -> None:
        """Write a copy of the state once the one before is on the disk; or begin to, beside the training."""
        step, began = state.position.step, time.monotonic()
        if step != self.saved_step:
            require_finite_weights(learner.model.trainable_variables, step)
            self._writer.wait()
            room = self._room if self._size_of(learner) >= self._large else None
            write = partial(self._write, checkpoint_of(state, learner, self.plan, room), self.saved_step)
            if beside:
                self._writer.start(write)
            else:
                write()
        self.saved_at, self.saved_step = time.monotonic(), step
        self._stood_still = self.saved_at - began

    def _write(self, checkpoint: Checkpoint, after: int) -> None:
        """Write one; ``after`` is the step of the one before, -1 for none."""
        self._require_in_place()
        if after >= 0 and not self.folder.is_dir():  # a part of the run is not made anew without the rest
            raise lost_file(self.folder)
        write_checkpoint(self.folder, checkpoint)
