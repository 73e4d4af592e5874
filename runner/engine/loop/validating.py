"""Evaluations in the course of a run, and the best model that they find."""

from runner.data.examples import Split
from runner.data.part import part_of
from runner.engine.loop.loop_parts import Training
from runner.engine.loop.reports import validated
from runner.engine.step.evaluation import compile_evaluation
from runner.engine.step.learner import Learner
from runner.plan.validation import PART


class Validator:
    """Evaluates all validation examples, or the part of them that the recipe wants in between.

    Args:
        training: what is trained; its plan says when, and how large the part is.
        split: the validation examples; None: there are none.
    """

    def __init__(self, training: Training, split: Split | None) -> None:
        plan, learner = training.plan, training.learner
        self.training, self.planned, self.examples = training, plan.validation, 0 if split is None else len(split)
        self.split = split
        self._all = compile_evaluation(learner, split, plan.metrics) if split is not None else None
        examples = plan.validation.part
        part = part_of(split, examples, plan.recipe.seed) if split is not None and examples is not None else None
        self._part = compile_evaluation(learner, part, plan.metrics) if part is not None else None

    def judge_by(self, learner: Learner) -> None:
        """Evaluate all validation examples by another learner's metrics from here on; its model is the same."""
        if self.split is not None:
            self._all = compile_evaluation(learner, self.split, self.training.plan.metrics)

    def is_due(self) -> bool:
        """Whether all validation examples are evaluated after the steps made so far."""
        return self._all is not None and self.planned.is_due(self.training.state.position.step)

    def steps_left(self, step: int) -> int:
        """Steps that may be made before the next evaluation."""
        return self.planned.steps_left(step)

    def within_epoch(self) -> dict[str, float]:
        """Figures of all validation examples before the end of the epoch, emitted; empty where none are due."""
        if not self.is_due():
            return {}
        plan, state = self.training.plan, self.training.state
        with self.training.learner.averaged():
            figures = self._figures()
            so_far = state.position.sums.means(plan.running) | figures
            # what is computed once an epoch, such as the training loss, chooses no best within one
            best = self._update_best(so_far if state.best.monitor.name in figures else {})
        self.training.emit(validated(figures, self.examples, state.position.step, best=best))
        return figures

    def at_epoch_end(self, *, final: bool) -> bool:
        """Note the epoch's means and its evaluation, of all examples at the end of the run in any case.

        Returns:
            Whether the model is the best so far.
        """
        position = self.training.state.position
        metrics = position.sums.means(self.training.plan.running)
        with self.training.learner.averaged():
            metrics |= self._figures() if final or self.is_due() else self._figures_of_part()
            best = self._update_best(metrics)
        position.metrics = metrics
        return best

    def final(self) -> dict[str, float]:
        """Figures of all validation examples, of the model as it is at the end; empty where there are none."""
        return {} if self._all is None else {f"val_{name}": value for name, value in self._all().items()}

    def _figures(self) -> dict[str, float]:
        """Of all validation examples; computed once for a step."""
        position = self.training.state.position
        if self._all is not None and position.validated != position.step:
            position.validation, position.validated = self.final(), position.step
        return dict(position.validation)

    def _figures_of_part(self) -> dict[str, float]:
        return {} if self._part is None else {f"{PART}{name}": value for name, value in self._part().items()}

    def _update_best(self, metrics: dict[str, float]) -> bool:
        position = self.training.state.position
        return self.training.state.best.update(metrics, position.epoch, position.step, self.training.learner.model)
