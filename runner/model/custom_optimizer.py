"""An optimizer of custom code: what a target makes, held to what a curve can drive."""

import inspect
from pathlib import Path
from typing import Any

import keras

from runner.custom_import import call, kind_of, plain, resolve
from runner.errors import BuildError, CodeError
from schemas.custom_optimizer import CustomOptimizer
from schemas.findings import Path as KeyPath
from schemas.rules.custom_optimizer import ELSEWHERE

PLACE: KeyPath = ("optimizer", "target")
_WRAPPERS = ("LossScaleOptimizer", "MultiOptimizer")
"""Of Keras: optimizers around others, which have no learning rate of their own."""


def own_optimizer(custom: CustomOptimizer, folder: Path | None, learning_rate: float) -> Any:
    """The Keras optimizer that a target makes, with a learning rate that is a variable.

    Args:
        custom: of the recipe.
        folder: where it may be imported from; None: it may not be.
        learning_rate: of the first step.

    Raises:
        BuildError: it may not or cannot be imported, fails, gives no optimizer, or one that a schedule cannot drive.
    """
    try:
        return _made(custom, folder, learning_rate)
    except CodeError as error:
        raise BuildError(str(error), PLACE, custom=True) from error


def _made(custom: CustomOptimizer, folder: Path | None, learning_rate: float) -> Any:
    numbers = {"learning_rate": learning_rate, "weight_decay": custom.weight_decay}
    numbers[custom.momentum_argument] = custom.momentum
    given = {name: value for name, value in numbers.items() if value is not None}
    whole = custom.model_copy(update={"arguments": given | custom.arguments})
    _require_takes(whole, folder)
    made = call(whole, folder)
    if not isinstance(made, keras.optimizers.Optimizer):
        raise CodeError(f"{custom.target} must give a keras.optimizers.Optimizer; received {kind_of(made)}")
    _require_plain(custom, made)
    for name in given:
        _require_has(custom, made, name)
    return made


def _require_takes(custom: CustomOptimizer, folder: Path | None) -> None:
    """Bind the arguments, so that one that is not taken is told by its name."""
    target = resolve(custom.target, folder)
    if not callable(target):
        raise CodeError(f"{custom.target} must be a class or a function; received {kind_of(target)}")
    try:
        inspect.signature(target).bind(**plain(custom))
    except TypeError as error:
        ours = [name for name in custom.arguments if f"'{name}'" in str(error) and name == "learning_rate"]
        way_out = "; it must take learning_rate, which the schedule drives" if ours else ""
        raise CodeError(f"{custom.target}: {error}{way_out}") from error


def _require_plain(custom: CustomOptimizer, made: Any) -> None:
    """Raise where Keras' class would do what is the recipe's: a schedule, clipping, averaging, accumulation."""
    if type(made).__name__ in _WRAPPERS and type(made).__module__.startswith("keras."):
        raise CodeError(f"{custom.target} gives a {type(made).__name__}, which wraps others; give the optimizer itself")
    if not isinstance(getattr(made, "_learning_rate", None), keras.Variable):
        raise CodeError(
            f"{custom.target}: its learning rate is no variable that the recipe's schedule could drive; give "
            "keras.optimizers.Optimizer the learning_rate that it is called with"
        )
    for name, instead in ELSEWHERE.items():
        if getattr(made, name, None):
            raise CodeError(f"{custom.target} sets {name}, which is the recipe's: leave it out and write {instead}")


def _require_has(custom: CustomOptimizer, made: Any, name: str) -> None:
    """Raise unless a number that curves may drive is an attribute, as it was given."""
    missing = object()
    found = getattr(made, name, missing)
    if name == "learning_rate":
        return
    said = "momentum" if name == custom.momentum_argument else name
    if found is missing:
        raise CodeError(
            f"{custom.target}: optimizer.{said} is written, but it has no attribute {name!r} that its update could read"
        )
    wanted = custom.momentum if said == "momentum" else custom.weight_decay
    if not isinstance(found, int | float) or found != wanted:
        raise CodeError(f"{custom.target}: its attribute {name!r} must be the number {wanted} it is given; got {found}")
