"""What follows the loop: the final weights, their figures, the model files, and the recipe's expectations."""

import json
from pathlib import Path

from runner.data.examples import Split
from runner.data.read_failure import data_loss_as_error
from runner.engine.loop.best import Weights
from runner.engine.loop.thresholds import choose_thresholds
from runner.engine.loop.trainer import Outcome, Trainer
from runner.engine.step.evaluation import compile_evaluation
from runner.events import Evaluated, ExpectationChecked, ModelSaved, Sink, Stage
from runner.hardware.peak_memory import peak_mib
from runner.model.saving import save_model
from runner.plan.plan import Plan
from runner.plan.validation import PART
from runner.record.directory import RunDirectory
from schemas.costs import MEMORY, SECONDS, flips_of


def final_figures(trainer: Trainer, outcome: Outcome, *, whole: bool) -> dict[str, float]:
    """Give the model its final weights, and find their figures."""
    restored = _adopt_final_weights(trainer, whole=whole)
    with data_loss_as_error():
        if whole:
            choose_thresholds(trainer)
        return _figures(trainer, outcome, restored=restored, whole=whole)


def _adopt_final_weights(trainer: Trainer, *, whole: bool) -> bool:
    """Give the model the weights that are tested and saved; the last checkpoint has its own already.

    The averaged ones, where the recipe has an average; or the best ones, when the run went to its end and early
    stopping restores them.

    Returns:
        Whether they are the best ones.
    """
    learner, best = trainer.learner, trainer.state.best
    if learner.average is not None:
        learner.average.adopt()
    stopping = trainer.plan.recipe.training.early_stopping
    if not (whole and stopping is not None and stopping.restore_best and best.weights is not None):
        return False
    learner.model.set_weights(best.weights)
    return True


def _figures(trainer: Trainer, outcome: Outcome, *, restored: bool, whole: bool) -> dict[str, float]:
    """Figures of training and validation that belong to the weights that the model has now.

    A run that a signal ends within an epoch has none: those of the last epoch are of other weights.
    """
    if not whole:
        return {} if trainer.state.position.sums.examples else dict(outcome.metrics)
    figures = dict(trainer.state.best.metrics if restored else outcome.metrics)
    figures = {name: value for name, value in figures.items() if not name.startswith(PART)}
    chosen = trainer.plan.threshold_by  # which changes what is decided
    if chosen or not any(name.startswith("val_") for name in figures):
        figures |= trainer.validator.final()
    return {name: figures[name] for name in trainer.plan.monitors if name in figures}  # a checkpoint has them by name


def test_figures(trainer: Trainer, split: Split, emit: Sink) -> dict[str, float]:
    """Figures of the test examples, by the weights that the model has now."""
    emit(Stage(stage="evaluate", message="evaluating on the test examples"))
    with data_loss_as_error():
        values = compile_evaluation(trainer.learner, split, trainer.plan.metrics)()
    metrics = {f"test_{name}": value for name, value in values.items()}
    emit(Evaluated(split="test", metrics=metrics, examples=len(split)))
    return metrics


def save_model_file(
    trainer: Trainer, directory: RunDirectory, path: Path, step: int, emit: Sink, weights: Weights | None = None
) -> None:
    """Write a model file: with ``weights``, or with those that the model has and the threshold that goes with them."""
    replicas = trainer.learner.replicas
    if not replicas.is_chief:
        return
    model = replicas.plain(trainer.learner.model)
    threshold = trainer.learner.threshold if weights is None else trainer.plan.thresholds
    with directory.replacing(path) as temporary:
        save_model(model, trainer.learner.optimizer.optimizer, trainer.plan, temporary, weights, threshold)
    if weights is None and threshold is not None:
        directory.write(directory.threshold, json.dumps({"threshold": threshold}) + "\n")
    emit(ModelSaved(path=path.name, step=step))


def missed_expectations(plan: Plan, metrics: dict[str, float], seconds: float, emit: Sink) -> tuple[int, int]:
    """Check every bound of the recipe that this run can test, and name those that it cannot.

    Flips are left out: the check of an export counts them.

    Args:
        plan: has the bounds.
        metrics: final figures.
        seconds: of training, over all sessions.
        emit: receives an event for each bound.

    Returns:
        How many are missed, and of how many.
    """
    values = {**metrics, SECONDS: seconds, MEMORY: peak_mib()}
    tested = {name: bound for name, bound in plan.expect.items() if flips_of(name) is None}
    missed = 0
    for metric, expectation in tested.items():
        value = values.get(metric)
        holds = value is not None and expectation.holds(value)
        missed += not holds
        emit(ExpectationChecked(metric=metric, expectation=str(expectation), value=value, met=holds))
    for metric, expectation in plan.untested.items():
        emit(ExpectationChecked(metric=metric, expectation=str(expectation), value=None, met=None))
    return missed, len(tested)
