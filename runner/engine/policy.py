"""How a run goes on when its recipe was changed in between."""

from typing import Any, Literal, assert_never

from runner.curves import PlateauState
from runner.engine.state import Position
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint

Policy = Literal["continue", "rescale", "restart"]


def adapt(checkpoint: Checkpoint, policy: Policy, plan: Plan) -> Checkpoint:
    """A checkpoint of the old recipe as one of the new.

    ``continue`` keeps the step: the new schedule goes on from where the old one stood. ``rescale`` keeps the share
    of the run: at 40 % of the old schedule, it goes on at 40 % of the new one. ``restart`` keeps the weights alone
    and begins the new schedule at step 0. Where the length of an epoch has changed, the part of an epoch that was
    under way is begun anew. Early stopping that has ended the old run does not end the new one before its next epoch.

    Args:
        checkpoint: of the run as it was.
        policy: what to keep.
        plan: the changed recipe's.
    """
    old_epoch = checkpoint.state["steps_per_epoch"]
    match policy:
        case "restart":
            adapted = _restarted(checkpoint)
        case "rescale":
            share = checkpoint.step / checkpoint.state["steps"]
            adapted = _moved(checkpoint, min(round(share * plan.steps), plan.steps), plan)
        case "continue" if old_epoch == plan.steps_per_epoch:
            adapted = checkpoint
        case "continue":
            adapted = _moved(checkpoint, checkpoint.step // old_epoch * plan.steps_per_epoch, plan)
        case _:
            assert_never(policy)
    # what was evaluated last may have been other examples
    position = {**adapted.state["position"], "validated": -1}
    now = {
        "position": position,
        "fingerprint": plan.fingerprint,
        "steps": plan.steps,
        "steps_per_epoch": plan.steps_per_epoch,
    }
    return Checkpoint(adapted.step, {**adapted.state, **now, "over": False}, adapted.arrays)


def _moved(checkpoint: Checkpoint, step: int, plan: Plan) -> Checkpoint:
    """The same state at another step; the means of its epoch cover what is still to come of it."""
    metrics = checkpoint.state["position"]["metrics"]
    position = Position(epoch=step // plan.steps_per_epoch, step=step, metrics=metrics)
    state: dict[str, Any] = {**checkpoint.state, "position": position.to_dict()}
    return Checkpoint(step, state, checkpoint.arrays)


def _restarted(checkpoint: Checkpoint) -> Checkpoint:
    state = {
        **checkpoint.state,
        "position": Position().to_dict(),
        "plateau": PlateauState().to_dict(),
        "best": None,
        "stopping": None,
    }
    weights = {name: array for name, array in checkpoint.arrays.items() if name.startswith("model.")}
    return Checkpoint(0, state, weights)
