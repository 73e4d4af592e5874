"""What a recipe leaves out, by its task, its optimizer and its data."""

from runner.data.facts import DataFacts
from runner.plan.layers import PlannedLayer
from runner.plan.monitor import Monitor, monitor
from schemas.data import Fallback, TfdsData
from schemas.layers import Dense
from schemas.losses import Loss
from schemas.metrics import name_of
from schemas.recipe import Recipe
from schemas.rules.measures import DEFAULTS
from schemas.schedule import Schedule
from schemas.schedule.formulas import Constant
from schemas.training import Training


def fallback_of(recipe: Recipe) -> Fallback | None:
    """What trains where the recipe's data is out of reach; None: nothing does."""
    return recipe.data.fallback if isinstance(recipe.data, TfdsData) else None


def effective_schedule(recipe: Recipe) -> Schedule:
    """The schedule, or a constant one from the optimizer's learning rate (or Keras' default)."""
    if recipe.schedule is not None:
        return recipe.schedule
    learning_rate = recipe.optimizer.learning_rate
    default = recipe.optimizer.default_rate
    return Constant(kind="constant", learning_rate=learning_rate if learning_rate is not None else default)


def loss_of(recipe: Recipe, layers: tuple[PlannedLayer, ...]) -> Loss | None:
    """The loss that the recipe gives, or its task's; None for several outputs, which have one each."""
    if recipe.task == "multi_output":
        return None
    if recipe.training.loss is not None:
        return recipe.training.loss
    if recipe.task == "regression":
        return "mean_squared_error"
    if recipe.task == "multi_label":
        return "binary_crossentropy"
    output = layers[-1].layer
    binary = isinstance(output, Dense) and output.units == 1
    return "binary_crossentropy" if binary else "sparse_categorical_crossentropy"


def metrics_of(recipe: Recipe) -> tuple[str, ...]:
    """Names of the metrics that the recipe gives, or its task's."""
    given = recipe.training.metrics
    return DEFAULTS[recipe.task] if given is None else tuple(map(name_of, given))


def best_of(training: Training, data: DataFacts) -> Monitor:
    """What the best model is chosen by: where early stopping restores it, by what stops."""
    stopping = training.early_stopping
    if stopping is not None and stopping.restore_best:
        return monitor(stopping.monitor, stopping.mode)
    return monitor(training.best or ("val_loss" if data.validation else "loss"))
