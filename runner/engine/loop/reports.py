"""What the loop knows, as the events that tell it."""

from collections.abc import Mapping

from runner.curves import PlateauDecision
from runner.engine.loop.training_state import EarlyStoppingState, Position
from runner.engine.step.compiled import StepValues
from runner.engine.step.loss_scale import LossScale
from runner.events import EarlyStopped, Evaluated, PlateauCut, Steps, Warned, shortest


def steps_made(
    values: StepValues,
    step: int,
    epoch: int,
    examples: int,
    seconds: float,
    compiled: bool,
    means: Mapping[str, float],
) -> Steps:
    """What one call did, from ``step`` on; ``means`` are the training metrics of the epoch so far."""
    return Steps(
        first_step=step,
        epoch=epoch,
        learning_rate=shortest(values.learning_rate),
        momentum=None if values.momentum is None else shortest(values.momentum),
        loss=shortest(values.loss),
        examples=examples,
        seconds=seconds,
        compiled=compiled,
        skipped=int(values.skipped.sum()),
        weight_decay=None if values.weight_decay is None else shortest(values.weight_decay),
        metrics=dict(means),
    )


def validated(figures: dict[str, float], examples: int, step: int, *, best: bool) -> Evaluated:
    """All validation examples were evaluated before the end of an epoch."""
    return Evaluated(split="validation", metrics=figures, examples=examples, step=step, best=best)


def updates_skipped(position: Position, loss_scale: LossScale) -> Warned:
    """Some updates of an epoch were skipped."""
    count = position.sums.skipped
    return Warned(
        message=f"mixed_float16: {count:,} update{'s' if count > 1 else ''} of epoch {position.epoch + 1} "
        f"skipped, because gradients were not finite; the loss scale is now {float(loss_scale.scale):g}"
    )


def stopped_early(stopping: EarlyStoppingState, epoch: int) -> EarlyStopped:
    """Early stopping ends the run."""
    return EarlyStopped(
        epoch=epoch,
        monitor=stopping.monitor.name,
        best=float("nan") if stopping.best is None else stopping.best,
        best_epoch=stopping.best_epoch,
        wait=stopping.wait,
    )


def plateau_cut(decision: PlateauDecision, best: float, monitor: str, step: int, epoch: int) -> PlateauCut:
    """The plateau rule cuts; ``best`` is the decision's, which a cut always has."""
    return PlateauCut(
        step=step,
        epoch=epoch,
        monitor=monitor,
        value=decision.value,
        best=best,
        wait=decision.wait,
        scale=decision.scale,
    )
