"""What a run does about new figures: it stops early, or the plateau rule cuts the learning rate."""

from collections.abc import Mapping

import numpy as np

from runner.engine.loop.loop_parts import Training
from runner.engine.loop.reports import plateau_cut, stopped_early
from schemas.schedule.plateau import Plateau


def react(training: Training, figures: Mapping[str, float]) -> None:
    """Let what watches one of these new figures take it in; the state is over when early stopping ends the run."""
    training.state.over = training.state.over or _stops(training, figures)
    if not training.state.over:
        _update_plateau(training, figures)


def _stops(training: Training, figures: Mapping[str, float]) -> bool:
    """Whether early stopping ends the run."""
    stopping, epoch = training.state.stopping, training.state.position.epoch
    if stopping is None or stopping.monitor.name not in figures:
        return False
    if not stopping.update(figures[stopping.monitor.name], epoch):
        return False
    training.emit(stopped_early(stopping, epoch))
    return True


def _update_plateau(training: Training, figures: Mapping[str, float]) -> None:
    """Let the plateau rule see its monitor; a cut acts from the next step on."""
    plan, state = training.plan, training.state
    rule, schedule, position = plan.schedule.plateau, plan.recipe.schedule, state.position
    if rule is None or not isinstance(schedule, Plateau) or schedule.monitor not in figures:
        return
    if not rule.sees(position.epoch * plan.steps_per_epoch):
        return
    rates = plan.schedule.evaluate(np.array([position.step - 1]), state.plateau.scale)["learning_rate"]
    decision = state.plateau.update(rule, figures[schedule.monitor], float(rates[0]))
    state.plateau = decision.state
    if decision.cut and decision.best is not None:
        training.emit(plateau_cut(decision, decision.best, schedule.monitor, position.step, position.epoch))
