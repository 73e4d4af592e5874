"""Weights of classes against the classes that the data has."""

from runner.errors import DataError, KeyPath
from schemas.rules.examples import all_weights_are_zero
from schemas.training import ClassWeight


def check_class_weight(weights: ClassWeight | None, classes: int | None, called: str, path: KeyPath) -> None:
    """Whether every class that is given a weight exists, and one has a weight above 0.

    Args:
        weights: of the recipe.
        classes: of the target; None: it has none, which a rule of the recipe tells.
        called: what has the classes, in messages.
        path: of the mapping that holds ``class_weight``.

    Raises:
        DataError: one does not exist, or all are 0.
    """
    place = (*path, "class_weight")
    if classes is None:
        return
    for number in weights if isinstance(weights, dict) else ():
        if int(number) >= classes:
            message = f"class_weight has a class {number}, but the {classes} classes of {called} are 0 to {classes - 1}"
            raise DataError(message, "remove it", path=place)
    if all_weights_are_zero(weights, classes):
        message = f"all {classes} classes of {called} have class_weight 0, so the loss is always 0"
        raise DataError(message, "give one of them a weight above 0", path=place)
