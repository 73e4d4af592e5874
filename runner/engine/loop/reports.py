"""What the loop knows, as the events that report it."""

from collections.abc import Mapping
from typing import Any

from runner.curves import PlateauDecision
from runner.engine.loop.call import Call
from runner.engine.loop.early_stopping import EarlyStoppingState
from runner.engine.loop.position import Position
from runner.engine.loop.throughput import ThroughputMeter
from runner.engine.step.loss_scale import LossScale
from runner.events import EarlyStopped, EpochEnded, Evaluated, PlateauCut, Steps, Warned, shortest
from runner.numerals import rate


def steps_made(call: Call, position: Position, means: Mapping[str, float]) -> Steps:
    """What one call did from ``position`` on; ``means`` are the training metrics of the epoch so far."""
    used = call.values.hyperparameters
    recorded: dict[str, Any] = {name: shortest(used[name]) if name in used else None for name in Steps.HYPERPARAMETERS}
    driven = {name: shortest(values) for name, values in used.items() if name not in Steps.HYPERPARAMETERS}
    return Steps(
        **recorded,
        first_step=position.step,
        epoch=position.epoch,
        loss=shortest(call.values.loss),
        examples=call.examples,
        seconds=call.seconds,
        compiled=call.compiled,
        skipped=int(call.values.skipped.sum()),
        metrics=dict(means),
        driven=driven or None,
    )


def epoch_ended(
    position: Position, used: Mapping[str, float], throughput: ThroughputMeter, phase: str, *, best: bool
) -> EpochEnded:
    """A pass over the examples and its evaluation; ``used`` was read back after its last step."""
    return EpochEnded(
        epoch=position.epoch,
        step=position.step,
        metrics=position.metrics,
        learning_rate=used["learning_rate"],
        momentum=used.get("momentum"),
        seconds=throughput.seconds,
        examples_per_second=throughput.examples_per_second,
        phase=phase,
        best=best,
    )


def validated(figures: dict[str, float], examples: int, step: int, *, best: bool) -> Evaluated:
    """All validation examples were evaluated before the end of an epoch."""
    return Evaluated(split="validation", metrics=figures, examples=examples, step=step, best=best)


def updates_skipped(position: Position, loss_scale: LossScale) -> Warned:
    """Some updates of an epoch were skipped."""
    count = position.sums.skipped
    return Warned(
        message=f"mixed_float16: {count:,} update{'s' if count > 1 else ''} of epoch {position.epoch + 1} "
        f"skipped, because gradients were not finite; the loss scale is now {rate(float(loss_scale.scale))}"
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
