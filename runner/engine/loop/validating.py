"""Evaluations of the validation examples in the course of a run."""

from runner.data.examples import Split
from runner.data.part import part_of
from runner.engine.loop.training_state import Position
from runner.engine.step.evaluation import compile_evaluation
from runner.engine.step.learner import Learner
from runner.plan.plan import Plan
from runner.plan.validation import PART


class Validator:
    """Evaluates all validation examples, or the part of them that the recipe wants in between.

    Args:
        plan: says when, and how large the part is.
        learner: what is evaluated, with the weights that it has when it is asked.
        split: the validation examples; None: there are none.
    """

    def __init__(self, plan: Plan, learner: Learner, split: Split | None) -> None:
        self.planned, self.examples = plan.validation, 0 if split is None else len(split)
        self._all = compile_evaluation(learner, split, plan.metrics) if split is not None else None
        examples = plan.validation.part
        part = part_of(split, examples, plan.recipe.seed) if split is not None and examples is not None else None
        self._part = compile_evaluation(learner, part, plan.metrics) if part is not None else None

    def is_due(self, step: int) -> bool:
        """Whether all validation examples are evaluated after so many steps."""
        return self._all is not None and self.planned.is_due(step)

    def steps_left(self, step: int) -> int:
        """Steps that may be made before the next evaluation."""
        return self.planned.steps_left(step)

    def all(self, position: Position) -> dict[str, float]:
        """Figures of all validation examples; computed once for a step."""
        if self._all is not None and position.validated != position.step:
            position.validation = {f"val_{name}": value for name, value in self._all().items()}
            position.validated = position.step
        return dict(position.validation)

    def part(self) -> dict[str, float]:
        """Figures of the part; empty where the recipe wants none."""
        return {} if self._part is None else {f"{PART}{name}": value for name, value in self._part().items()}

    def final(self) -> dict[str, float]:
        """Figures of all validation examples, of the model as it is at the end; empty where there are none."""
        return {} if self._all is None else {f"val_{name}": value for name, value in self._all().items()}
