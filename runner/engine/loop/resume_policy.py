"""How a run goes on when its recipe was changed in between."""

from bisect import bisect_right
from collections.abc import Callable
from typing import Any, Literal, assert_never

from runner.curves import PlateauState
from runner.engine.loop.agreement import sums_fit, waits_at_most, waits_since
from runner.engine.loop.position import Position
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint
from runner.record.checkpoint_state import BestState, CheckpointState, PlateauPart, StoppingState, state_in
from runner.record.tensor_file import Arrays

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

    Raises:
        CheckpointUnfit: the checkpoint's state is none.
    """
    state = state_in(checkpoint)
    match policy:
        case "restart":
            return _restarted(state, checkpoint, plan)
        case "rescale":
            return _moved(state, checkpoint, plan, lambda step: round(step / state.steps * plan.steps))
        case "continue" if state.steps_per_epoch == plan.steps_per_epoch:
            return _moved(state, checkpoint, plan, lambda step: step)
        case "continue":
            whole = plan.steps_per_epoch
            return _moved(state, checkpoint, plan, lambda step: step // state.steps_per_epoch * whole)
        case _:
            assert_never(policy)


def _moved(state: CheckpointState, checkpoint: Checkpoint, plan: Plan, move: Callable[[int], int]) -> Checkpoint:
    """The same state at another step: where the old plan's steps lie in the new one is up to ``move``.

    A run that has made more steps than the new plan has is at its end.
    """
    step = min(move(state.step), plan.steps)
    epoch = step // plan.steps_per_epoch
    old = state.position
    metrics = {name: value for name, value in old.metrics.items() if name in plan.monitors}
    stays = step == state.step and state.steps_per_epoch == plan.steps_per_epoch
    if not (stays and sums_fit(old.sums.examples, step, plan) and len(old.sums.metrics) in (0, len(plan.running))):
        # the means of its epoch cover what is still to come of it
        position = Position(epoch=epoch, step=step, metrics=metrics).to_dict()
    else:
        position = old.model_dump() | {"metrics": metrics}
    # what was evaluated last may have been other examples
    position |= {"validated": -1, "validation": {}}
    changed = {
        "position": position,
        "plateau": _plateau(state.plateau, step, plan),
        "best": _best(state.best, step, plan, move),
        "stopping": _stopping(state.stopping, step, plan),
    }
    return _of(plan, step, {**state.model_dump(), **changed}, checkpoint.arrays)


def _restarted(state: CheckpointState, checkpoint: Checkpoint, plan: Plan) -> Checkpoint:
    fresh = {
        "callbacks": None,
        "position": Position().to_dict(),
        "plateau": PlateauState().to_dict(),
        "best": _best(None, 0, plan, int),
        "stopping": _stopping(None, 0, plan),
    }
    weights = {name: array for name, array in checkpoint.arrays.items() if name.startswith("model.")}
    return _of(plan, 0, {**state.model_dump(), **fresh}, weights)


def _of(plan: Plan, step: int, state: dict[str, Any], arrays: Arrays) -> Checkpoint:
    """As a checkpoint of the plan, without what it has no use for."""
    now = {"fingerprint": plan.fingerprint, "steps": plan.steps, "steps_per_epoch": plan.steps_per_epoch}
    values = {**state, **now, "over": False}
    del values["step"]
    useless = (
        *(["average."] if plan.recipe.training.ema is None else []),
        *(["loss_scale."] if plan.recipe.hardware.precision != "mixed_float16" else []),
        *(["best."] if values["best"]["value"] is None else []),
    )
    return Checkpoint(step, values, {name: array for name, array in arrays.items() if not name.startswith(useless)})


def _best(best: BestState | None, step: int, plan: Plan, move: Callable[[int], int]) -> dict[str, Any]:
    """The best epoch where it lies in the new plan, not after the step from which the run goes on."""
    if best is None or best.value is None or not step:
        return {"value": None, "epoch": -1, "step": 0}
    at = min(max(move(best.step), 1), step)
    return {"value": best.value, "epoch": (at - 1) // plan.steps_per_epoch, "step": at}


def _stopping(stopping: StoppingState | None, step: int, plan: Plan) -> dict[str, Any] | None:
    """What early stopping has counted, of no more values than the new plan has had by now."""
    rule, epoch = plan.recipe.training.early_stopping, step // plan.steps_per_epoch
    if rule is None:
        return None
    if stopping is None or not epoch:
        return {"best": None, "best_epoch": -1, "wait": 0}
    wait = min(stopping.wait, rule.patience, waits_since(min(stopping.best_epoch, 0), step, plan))
    latest = bisect_right(range(epoch + 1), -wait, key=lambda best: -waits_since(best, step, plan)) - 1
    return {"best": stopping.best, "best_epoch": min(stopping.best_epoch, latest), "wait": wait}


def _plateau(plateau: PlateauPart, step: int, plan: Plan) -> dict[str, Any]:
    """What the plateau rule has counted, within what the new rule can count."""
    rule = plan.schedule.plateau
    if rule is None:
        return {**PlateauState().to_dict()}
    wait, cooldown = min(plateau.wait, waits_at_most(plan, step)), min(plateau.cooldown, rule.cooldown)
    return {**plateau.model_dump(), "wait": wait, "cooldown": cooldown}
