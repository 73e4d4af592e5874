"""Thresholds that are chosen on the validation examples, once the final weights are known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from runner.data.examples import Array
from runner.engine.loop.trainer import Trainer
from runner.engine.step.evaluation import compile_evaluation
from runner.engine.step.learner import judged_by
from runner.measures.decisions import Threshold, best_threshold, of_each_output, probabilities
from runner.measures.scores import Scores
from runner.plan.outputs import PlannedOutput
from runner.plan.plan import Plan


@dataclass(frozen=True)
class _Choice:
    """What is needed to choose for one output: its scores and targets of every example.

    Attributes:
        figure: that is to be best.
        scores: so far.
        output: of several; None: it is the only one.
        logits: whether the model gives logits.
    """

    figure: str
    scores: Scores
    output: PlannedOutput | None = None
    logits: bool = False

    def add(self, truth: Array, outputs: Array) -> None:
        """Keep a batch of all targets and outputs."""
        if self.output is not None:
            truth, outputs = self.output.target(truth), outputs[:, self.output.first : self.output.stop]
        self.scores.add(truth, probabilities(outputs, logits=self.logits, labels=self.scores.labels))

    def best(self) -> Threshold:
        """The best threshold; of labels one for each."""
        found = self.scores.each(partial(best_threshold, figure=self.figure))
        return found if self.scores.labels else found[0]


def choose_thresholds(trainer: Trainer) -> None:
    """From here on the model decides by the thresholds that are best on validation, where any are wanted."""
    plan, validator = trainer.plan, trainer.validator
    choices = _choices(plan)
    if not choices or validator.split is None:
        return

    def hear(truth: Any, outputs: Any) -> None:
        for choice in choices.values():
            choice.add(truth, outputs)

    compile_evaluation(replace(trainer.learner, metrics=(), measuring=None), validator.split, (), hear)()
    found = {name: choice.best() for name, choice in choices.items()}
    thresholds = {**of_each_output(plan.thresholds), **found} if plan.outputs else found[""]
    trainer.learner = replace(trainer.learner, **judged_by(plan, thresholds))
    validator.judge_by(trainer.learner)


def _choices(plan: Plan) -> Mapping[str, _Choice]:
    """What is to be chosen, by output; of the only one by an empty name."""
    by = plan.threshold_by
    if isinstance(by, str):
        data = plan.data
        return {"": _Choice(by, Scores(len(data.targets) if data.labels else 2, data.labels), None, plan.logits)}
    wanted = by or {}
    return {
        output.name: _Choice(wanted[output.name], Scores(len(output.classes), output.labels), output)
        for output in plan.outputs
        if output.name in wanted
    }
