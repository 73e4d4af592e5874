"""When a run's state is saved, and what belongs to it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from runner.curves import PlateauState
from runner.disk.lost import lost_file
from runner.engine.loop.agreement import require_agreement
from runner.engine.loop.checks import require_finite_weights
from runner.engine.loop.last_good import LastGood
from runner.engine.loop.training_state import Position
from runner.engine.loop.variables import load_state_dict, require_arrays, size_of, state_dict
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint, write_checkpoint
from runner.record.checkpoint_state import state_in

if TYPE_CHECKING:
    from runner.engine.loop.trainer import Trainer

SECONDS = 15.0
"""Under ``checkpoint: auto``, how long a run may go on without a checkpoint."""
_FAR = 1 << 62


class CheckpointSaver(Protocol):
    """Decides whether to save, wherever the loop could."""

    def steps_left(self, step: int) -> int:
        """How many steps may be made before the loop must come back."""

    def maybe(self, trainer: "Trainer") -> None:
        """Save if it is time."""

    def now(self, trainer: "Trainer") -> None:
        """Save."""

    def before_call(self, trainer: "Trainer") -> None:
        """Steps are about to be made from this state."""

    def after_call(self, loss: float) -> None:
        """They were made, and this is the loss of the first of them."""

    def rescue(self) -> None:
        """The run has diverged: save the last good state, if it is newer than what is saved."""


class NoSaver:
    """Saves nothing."""

    def steps_left(self, step: int) -> int:
        """No limit."""
        return _FAR

    def maybe(self, trainer: "Trainer") -> None:
        """Nothing."""

    def now(self, trainer: "Trainer") -> None:
        """Nothing."""

    def before_call(self, trainer: "Trainer") -> None:
        """Nothing."""

    def after_call(self, loss: float) -> None:
        """Nothing."""

    def rescue(self) -> None:
        """Nothing."""


class PeriodicSaver:
    """Saves to the run's ``checkpoints/``: by the recipe's ``training.checkpoint``, at the end, and on signals.

    When a checkpoint is made changes no result: from any of them a run goes on to the same bits.

    Args:
        folder: of the checkpoints; made with the first one.
        plan: what trains.
        require_in_place: raises when the run's directory is not where it was.
    """

    def __init__(self, folder: Path, plan: Plan, require_in_place: Callable[[], None] = lambda: None) -> None:
        self.folder, self._require_in_place = folder, require_in_place
        wanted = plan.recipe.training.checkpoint
        self.every = (
            None if wanted == "auto" else max(1, round(wanted.steps(total=plan.steps, per_epoch=plan.steps_per_epoch)))
        )
        self.saved_at, self.saved_step = time.monotonic(), -1
        self.good = LastGood()
        self._content: int | None = None

    def steps_left(self, step: int) -> int:
        """Up to the next step that has a checkpoint."""
        return _FAR if self.every is None else self.every - step % self.every

    def maybe(self, trainer: "Trainer") -> None:
        """Save on the recipe's steps, or when enough time has passed."""
        step = trainer.position.step
        due = self._is_time(trainer) if self.every is None else step % self.every == 0
        if due:
            self.now(trainer)

    def _is_time(self, trainer: "Trainer") -> bool:
        """Whether enough time has passed; the first epoch is saved at once where no state is kept in memory."""
        first = self.good.too_large and self.saved_step < 0 and not trainer.position.sums.examples
        return first or time.monotonic() - self.saved_at >= SECONDS

    def before_call(self, trainer: "Trainer") -> None:
        """Keep a copy of the state in memory, if it is time for one."""
        if self._content is None:
            self._content = size_of(trainer.learner)
        self.good.note(self._content, lambda: checkpoint_of(trainer))

    def after_call(self, loss: float) -> None:
        """Judge the copy."""
        self.good.judge(loss)

    def rescue(self) -> None:
        """Save the last good state, unless there is a newer checkpoint.

        Raises:
            OSError: it cannot be written; the checkpoints before stay.
        """
        good = self.good.checkpoint
        if good is not None and good.step > self.saved_step:
            self._write(good)
            self.saved_step = good.step

    def now(self, trainer: "Trainer") -> None:
        """Save, unless the state of this step is saved already.

        Raises:
            Diverged: a weight is not finite; the checkpoints before stay.
            RunLost: the run's directory, or its checkpoints, are not where they were.
            OSError: it cannot be written; the checkpoints before stay.
        """
        step = trainer.position.step
        if step != self.saved_step:
            require_finite_weights(trainer.learner.model.trainable_variables, step)
            self._write(checkpoint_of(trainer))
        self.saved_at, self.saved_step = time.monotonic(), step

    def _write(self, checkpoint: Checkpoint) -> None:
        self._require_in_place()
        if self.saved_step >= 0 and not self.folder.is_dir():  # a part of the run is not made anew without the rest
            raise lost_file(self.folder)
        write_checkpoint(self.folder, checkpoint)


def checkpoint_of(trainer: "Trainer") -> Checkpoint:
    """Where a trainer stands; a copy."""
    return Checkpoint(trainer.position.step, state_of(trainer), arrays_of(trainer))


def state_of(trainer: "Trainer") -> dict[str, Any]:
    """Everything but the arrays, as plain values."""
    return {
        "fingerprint": trainer.plan.fingerprint,
        "steps": trainer.plan.steps,
        "steps_per_epoch": trainer.plan.steps_per_epoch,
        "position": trainer.position.to_dict(),
        "plateau": trainer.plateau.to_dict(),
        "best": trainer.best.to_dict(),
        "stopping": trainer.stopping.to_dict() if trainer.stopping is not None else None,
        "over": trainer.over,
        "seconds": trainer.limit.spent,
    }


def arrays_of(trainer: "Trainer") -> dict[str, Any]:
    """Variables of model and optimizer, and the weights of the best epoch."""
    best = trainer.best.weights or []
    return state_dict(trainer.learner) | {f"best.{i:04}": weights for i, weights in enumerate(best)}


def restore(trainer: "Trainer", checkpoint: Checkpoint) -> None:
    """Put a trainer where the checkpoint was made.

    Raises:
        CheckpointUnfit: its state is none.
        StateMismatch: the checkpoint is of another model or optimizer, or the plan cannot come to its state; nothing
            was changed.
    """
    state, arrays = state_in(checkpoint), checkpoint.arrays
    best = state.best is not None and state.best.value is not None
    # first: another model tells more than all that follows from it
    require_arrays(trainer.learner, arrays, best=best, alone=state.step == 0)
    require_agreement(state, trainer.plan)
    load_state_dict(trainer.learner, arrays)
    trainer.position = Position.from_dict(state.position.model_dump())
    trainer.plateau = PlateauState.from_dict(state.plateau.model_dump())
    if state.best is not None:
        weights = [arrays[name] for name in sorted(arrays) if name.startswith("best.")]
        trainer.best.restore(state.best.model_dump(), weights or None)
    if trainer.stopping is not None and state.stopping is not None:
        trainer.stopping.restore(state.stopping.model_dump())
    trainer.over = state.over
    trainer.limit.before = state.seconds
