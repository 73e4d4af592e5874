"""Losses by Keras' names: what each is for. Over a batch a loss is the mean of the examples' values."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeAlias

from schemas.tagged import ByTagLater

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from schemas.custom import CustomLoss
    from schemas.loss_kinds import KerasLoss, LossKind

LossName = Literal[
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "categorical_focal_crossentropy",
    "binary_focal_crossentropy",
    "categorical_generalized_cross_entropy",
    "categorical_hinge",
    "hinge",
    "squared_hinge",
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "huber",
    "log_cosh",
    "poisson",
]


class LossFacts(NamedTuple):
    """What is known about a loss."""

    task: Literal["classification", "regression"] = "regression"
    single: bool = True
    """Whether it takes one output unit; otherwise one for each class."""
    scores: bool = False
    """Whether it takes outputs without softmax or sigmoid."""
    smooths: bool = False
    """Whether it accepts label smoothing."""
    labels: bool = False
    """Whether it also compares labels, each of which is 0 or 1."""
    tokens: bool = False
    """Whether it also compares the next token of each step."""
    positive: bool = False
    """Whether outputs must be positive."""

    def fits(self, task: str) -> bool:
        """Whether it is a loss for a task."""
        if task == "language_model":
            return self.tokens
        return self.task == task or (self.labels and task == "multi_label")


LOSSES: dict[str, LossFacts] = {
    "sparse_categorical_crossentropy": LossFacts(task="classification", single=False, smooths=True, tokens=True),
    "binary_crossentropy": LossFacts(task="classification", smooths=True, labels=True),
    "categorical_focal_crossentropy": LossFacts(task="classification", single=False, smooths=True),
    "binary_focal_crossentropy": LossFacts(task="classification", smooths=True, labels=True),
    "categorical_generalized_cross_entropy": LossFacts(task="classification", single=False),
    "categorical_hinge": LossFacts(task="classification", single=False, scores=True),
    "hinge": LossFacts(task="classification", scores=True),
    "squared_hinge": LossFacts(task="classification", scores=True),
    "mean_squared_error": LossFacts(),
    "mean_absolute_error": LossFacts(),
    "mean_absolute_percentage_error": LossFacts(),
    "mean_squared_logarithmic_error": LossFacts(),
    "huber": LossFacts(),
    "log_cosh": LossFacts(),
    "poisson": LossFacts(positive=True),
}


if TYPE_CHECKING:
    LossMapping: TypeAlias = LossKind
    Loss: TypeAlias = LossName | KerasLoss | CustomLoss
    """A loss as a recipe has it: a name alone stands for Keras' default arguments."""
else:
    LossMapping = Annotated[Any, ByTagLater("kind", "schemas.loss_kinds:LossKind")]
    Loss = Any


def loss_kind(loss: Loss | str) -> str:
    """The name of a loss; ``custom`` for custom code."""
    return loss if isinstance(loss, str) else loss.kind


def is_custom(loss: Loss | None) -> "TypeIs[CustomLoss]":
    """Whether custom code computes the loss."""
    return loss is not None and loss_kind(loss) == "custom"


def loss_facts(loss: Loss | str) -> LossFacts | None:
    """What is known about a loss; None for custom code."""
    return LOSSES.get(loss_kind(loss))


def loss_arguments(loss: Loss) -> dict[str, Any]:
    """Keras' arguments of a loss; empty for a name alone, which stands for Keras' defaults."""
    return {} if isinstance(loss, str) or is_custom(loss) else loss.model_dump(exclude={"kind"})


def loss_text(loss: Loss) -> str:
    """A loss in one line: ``huber, delta 2``; of custom code its target."""
    if is_custom(loss):
        return loss.target
    return ", ".join([loss_kind(loss), *(f"{name} {_text(value)}" for name, value in loss_arguments(loss).items())])


def _text(value: float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"


def losses_for(task: str) -> list[str]:
    """Names of all losses for a task."""
    return [name for name, facts in LOSSES.items() if facts.fits(task)]
