"""Whether the state of a checkpoint is one that its plan can come to; any other is not trained on from."""

from collections.abc import Iterator
from math import lcm

from runner.errors import StateMismatch
from runner.fields import clipped
from runner.plan.plan import Plan
from runner.record.checkpoint_state import CheckpointState, PlateauPart

_TOLD = 3


def require_agreement(state: CheckpointState, plan: Plan) -> None:
    """Raise unless the run of the plan can stand where the state says.

    Raises:
        StateMismatch: the message names what does not agree, by key path.
    """
    found = [*_length(state, plan), *_position(state, plan), *_best(state, plan), *_stopping(state, plan)]
    found += _plateau(state.plateau, state.position.step, plan)
    if found:
        raise StateMismatch(f"the state of step {state.step:,} contradicts the plan: {'; '.join(found[:_TOLD])}")


def sums_fit(examples: int, step: int, plan: Plan) -> bool:
    """Whether sums over so many examples can be those of the epoch under way at ``step``: of whole batches in it."""
    return examples % plan.batch_size == 0 and examples <= step % plan.steps_per_epoch * plan.batch_size


def _length(state: CheckpointState, plan: Plan) -> Iterator[str]:
    for name in ("fingerprint", "steps", "steps_per_epoch"):
        said, planned = getattr(state, name), getattr(plan, name)
        if said != planned:
            yield f"{name} is {clipped(str(said))}, the plan's is {planned}"


def _position(state: CheckpointState, plan: Plan) -> Iterator[str]:
    position, sums = state.position, state.position.sums
    within = position.step % plan.steps_per_epoch
    if not sums_fit(sums.examples, position.step, plan):
        batches = f"{within:,} batches of {plan.batch_size:,}"
        yield f"position.sums.examples is {sums.examples:,}, which are no whole batches of the epoch's {batches} so far"
    if len(sums.metrics) != len(plan.running) and (sums.examples or sums.metrics):
        yield f"position.sums.metrics has {len(sums.metrics)} sums, the plan {len(plan.running)} metrics"
    if sums.skipped > within:
        yield f"position.sums.skipped is {sums.skipped:,} of {within:,} steps"
    if position.skipped > position.epoch * plan.steps_per_epoch:
        yield f"position.skipped is {position.skipped:,} of {position.epoch * plan.steps_per_epoch:,} steps"
    for name in position.metrics:
        if name not in plan.monitors:
            yield f"position.metrics has '{clipped(name)}', the plan measures {', '.join(plan.monitors)}"


def _best(state: CheckpointState, plan: Plan) -> Iterator[str]:
    best, step = state.best, state.position.step
    if best is None:
        if step:
            yield f"best is missing at step {step:,}"
    elif best.step > step:
        yield f"best.step is {best.step:,}, after step {step:,}"
    elif best.step and best.epoch != (best.step - 1) // plan.steps_per_epoch:
        yield f"best.epoch is {best.epoch:,}, best.step {best.step:,} is in {(best.step - 1) // plan.steps_per_epoch:,}"


def _stopping(state: CheckpointState, plan: Plan) -> Iterator[str]:
    rule, stopping, epoch = plan.recipe.training.early_stopping, state.stopping, state.position.epoch
    if rule is None or stopping is None:
        if rule is None and stopping is not None:
            yield "stopping is there, the plan has no early stopping"
        if rule is not None and epoch:
            yield f"stopping is missing after {epoch:,} epochs"
        if state.over and not plan.recipe.callbacks:
            yield "over is true, but nothing has stopped the run"
        return
    if stopping.best_epoch > epoch or stopping.wait > waits_since(stopping.best_epoch, state.position.step, plan):
        yield f"stopping: best_epoch {stopping.best_epoch:,} and wait {stopping.wait:,} are beyond {epoch:,} epochs"
    # the first epoch never stops a run
    if rule.baseline is None and stopping.wait > max(rule.patience, values_by(plan.steps_per_epoch, plan) + 1):
        yield f"stopping.wait is {stopping.wait:,}, the patience {rule.patience:,}"
    if state.over and not plan.recipe.callbacks and stopping.wait < rule.patience:
        yield f"over is true, but stopping.wait is {stopping.wait:,} of a patience of {rule.patience:,}"


def values_by(step: int, plan: Plan) -> int:
    """How many values of a monitor there can be by ``step``: one an evaluation, and one at the end of each epoch."""
    every, epoch = plan.validation.every, plan.steps_per_epoch
    return step // every + step // epoch - step // lcm(every, epoch)


def waits_since(best_epoch: int, step: int, plan: Plan) -> int:
    """The largest ``wait`` of early stopping at ``step`` whose best value is of ``best_epoch``, -1 before any.

    Without a baseline the best value resets the count; with one it counts on until the baseline is passed.
    """
    rule = plan.recipe.training.early_stopping
    if best_epoch < 0 or (rule is not None and rule.baseline is not None):
        return values_by(step, plan)
    return values_by(step, plan) - values_by(best_epoch * plan.steps_per_epoch, plan) - 1


def _plateau(plateau: PlateauPart, step: int, plan: Plan) -> Iterator[str]:
    rule = plan.schedule.plateau
    if rule is None:
        if plateau.model_dump() != {"scale": 1.0, "best": None, "wait": 0, "cooldown": 0}:
            yield "plateau has counted, the schedule has no plateau"
        return
    longest = waits_at_most(plan, step)
    if plateau.wait > longest:
        yield f"plateau.wait is {plateau.wait:,}, more than {longest:,}"
    if plateau.cooldown > rule.cooldown:
        yield f"plateau.cooldown is {plateau.cooldown:,}, the schedule's is {rule.cooldown:,}"


def waits_at_most(plan: Plan, step: int) -> int:
    """The largest ``wait`` of a plateau at ``step``: ``patience`` makes a cut, but for a learning rate at its least."""
    rule = plan.schedule.plateau
    if rule is None:
        return 0
    return max(rule.patience - 1, values_by(step, plan)) if rule.min_lr > 0 else rule.patience - 1
