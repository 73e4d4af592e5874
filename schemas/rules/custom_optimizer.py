"""An optimizer of custom code: its keys against each other."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error

if TYPE_CHECKING:
    from schemas.custom_optimizer import CustomOptimizer

_PLACE: Path = ("optimizer",)
ELSEWHERE = {
    "clipnorm": "training.clip.norm",
    "clipvalue": "training.clip.value",
    "global_clipnorm": "training.clip.global_norm",
    "use_ema": "training.ema",
    "gradient_accumulation_steps": "training.accumulate",
    "loss_scale_factor": "hardware.precision",
}
"""Arguments of Keras' optimizers that do what a key elsewhere in the recipe does."""


def _own(recipe: Recipe) -> "Iterator[CustomOptimizer]":
    from schemas.custom_optimizer import CustomOptimizer

    if isinstance(recipe.optimizer, CustomOptimizer):
        yield recipe.optimizer


def arguments_have_no_key_of_their_own(recipe: Recipe) -> Iterator[Finding]:
    """R640: what the schedule drives, and what the step itself does, is written by its key."""
    for optimizer in _own(recipe):
        keys = {name: f"optimizer.{name}" for name in ("learning_rate", "weight_decay")} | ELSEWHERE
        if optimizer.momentum is not None:
            keys[optimizer.momentum_argument] = "optimizer.momentum"
        for name in optimizer.arguments:
            if name in keys:
                yield error(
                    "R640",
                    (*_PLACE, "arguments", name),
                    f"{name} must not be an argument of a custom optimizer, because it is the recipe's {keys[name]}",
                    f"remove it and write {keys[name]}",
                )


def rate_is_written(recipe: Recipe) -> Iterator[Finding]:
    """R641: what a good learning rate of custom code is, nobody can know but who wrote it."""
    for optimizer in _own(recipe):
        if optimizer.learning_rate is None and recipe.schedule is None:
            yield error(
                "R641",
                _PLACE,
                f"{optimizer.target} needs a learning rate: a custom optimizer has no default",
                "write `learning_rate` on the optimizer, or a `schedule`",
            )


def named_momentum_is_given(recipe: Recipe) -> Iterator[Finding]:
    """R642: the name of a momentum that nothing drives would do nothing."""
    for optimizer in _own(recipe):
        if optimizer.momentum is None and "momentum_argument" in optimizer.model_fields_set:
            yield error(
                "R642",
                (*_PLACE, "momentum_argument"),
                f"momentum_argument names {optimizer.momentum_argument}, but the optimizer has no momentum",
                f"write `momentum`, the value of {optimizer.momentum_argument} where the schedule gives none",
            )


RULES: tuple[Rule, ...] = (arguments_have_no_key_of_their_own, rate_is_written, named_momentum_is_given)
