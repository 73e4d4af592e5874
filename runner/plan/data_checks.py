"""Whether the data is what a recipe's task, weights, metrics and augmentation need."""

from runner.data.facts import DataFacts
from runner.errors import DataError
from runner.plan.augmenting import require_images
from runner.plan.class_weight import check_class_weight
from schemas.losses import loss_facts
from schemas.metrics import name_of, top_k
from schemas.recipe import Recipe


def check_data(recipe: Recipe, data: DataFacts) -> None:
    """Whether the data is what the recipe's task, weights, metrics and augmentation need."""
    _check_task(recipe, data)
    check_class_weight(recipe.training.class_weight, data.classes, repr(data.name), ("training",))
    _check_top_k(recipe, data)
    require_images(recipe, data)


def _check_task(recipe: Recipe, data: DataFacts) -> None:
    wanted = data.task
    if recipe.task != wanted:
        raise DataError(f"task is {recipe.task!r}, but {data.name!r} is data for {wanted}", f"write `task: {wanted}`")
    units, count = recipe.model.output.units, max(len(data.targets), 1)
    of = "the number of targets of"
    if data.classes is not None:
        count, of = data.classes, "the number of classes of"
    if units in (None, count) or (data.classes == 2 and units == 1) or _reads_output_as_it_likes(recipe, data):
        return
    raise DataError(
        f"output units must be {count}, {of} {data.name!r}; received {units}",
        "leave `units` out: it follows from the data",
        path=("model", "output", "units"),
    )


def _reads_output_as_it_likes(recipe: Recipe, data: DataFacts) -> bool:
    """Whether the loss of classes is one's own."""
    loss = recipe.training.loss
    return data.classes is not None and loss is not None and loss_facts(loss) is None


def _check_top_k(recipe: Recipe, data: DataFacts) -> None:
    for place, metric in enumerate(map(name_of, recipe.training.metrics or ())):
        k = top_k(metric)
        if k is not None and data.classes is not None and data.classes <= k:
            error = DataError(f"{metric} is always 1: {data.name!r} has {data.classes} classes", "take accuracy")
            error.at(("training", "metrics", place))
            raise error
