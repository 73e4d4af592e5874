"""A run as a checkpoint, and a checkpoint as a run."""

from runner.engine.loop.agreement import require_agreement
from runner.engine.loop.training_state import TrainingState
from runner.engine.loop.variables import Arrays, load_state_dict, require_arrays, state_dict
from runner.engine.step.learner import Learner
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint
from runner.record.checkpoint_state import state_in


def checkpoint_of(state: TrainingState, learner: Learner, plan: Plan, room: Arrays | None = None) -> Checkpoint:
    """The run as it is now; a copy, which may overwrite the arrays in ``room``: see :func:`state_dict`."""
    length = {"fingerprint": plan.fingerprint, "steps": plan.steps, "steps_per_epoch": plan.steps_per_epoch}
    best = {f"best.{i:04}": weights for i, weights in enumerate(state.best.weights or [])}
    return Checkpoint(state.position.step, {**length, **state.state_dict()}, state_dict(learner, room) | best)


def restore(checkpoint: Checkpoint, state: TrainingState, learner: Learner, plan: Plan) -> None:
    """Put state and learner where they were when the checkpoint was made.

    Raises:
        CheckpointUnfit: it does not hold the state of a run.
        StateMismatch: it is of another model or optimizer, or no run of the plan comes to its state; nothing was
            changed.
    """
    found, arrays = state_in(checkpoint), checkpoint.arrays
    has_best = found.best is not None and found.best.value is not None
    # first: another model explains more than all that follows from it
    require_arrays(learner, arrays, best=has_best, alone=found.step == 0)
    require_agreement(found, plan)
    load_state_dict(learner, arrays)
    weights = [arrays[name] for name in sorted(arrays) if name.startswith("best.")]
    state.load_state_dict(found.model_dump(), weights or None)
