"""Targets of a regression that are scaled."""

from collections.abc import Iterator

from schemas.findings import Finding
from schemas.losses import loss_kind
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error

_IN_ITS_OWN_UNITS = ("mean_absolute_percentage_error", "mean_squared_logarithmic_error", "poisson")
"""Losses of a ratio, a logarithm or a count: of a target from which its mean is subtracted they have no meaning."""
_BOUNDED = ("softplus", "exponential", "relu", "relu6", "sigmoid", "hard_sigmoid", "tanh", "softsign", "hard_tanh")
"""Activations whose values are never below a bound that a target's deviation from its mean passes."""


def numbers_are_scaled(recipe: Recipe) -> Iterator[Finding]:
    """R570: a class and a label have no mean."""
    if recipe.data.target_scale is not None and recipe.task != "regression":
        yield error(
            "R570",
            ("data", "target_scale"),
            f"target_scale is for the numbers of a regression; the task is {recipe.task}",
            "remove `target_scale`",
        )


def loss_compares_scaled_targets(recipe: Recipe) -> Iterator[Finding]:
    """R571: ratios, logarithms and counts are of the target itself."""
    loss = recipe.training.loss
    if recipe.data.target_scale is None or loss is None or loss_kind(loss) not in _IN_ITS_OWN_UNITS:
        return
    yield error(
        "R571",
        ("training", "loss") if isinstance(loss, str) else ("training", "loss", "kind"),
        f"{loss_kind(loss)} needs the target itself; with target_scale it would receive the target minus its mean",
        "remove `target_scale`, or take mean_squared_error, mean_absolute_error, huber or log_cosh",
    )


def output_reaches_scaled_targets(recipe: Recipe) -> Iterator[Finding]:
    """R572: a scaled target lies on both sides of 0, and of ±1."""
    activation = recipe.model.output.activation
    if recipe.data.target_scale is None or recipe.task != "regression" or activation not in _BOUNDED:
        return
    yield error(
        "R572",
        ("model", "output", "activation"),
        f"{activation} cannot reach every scaled target: these lie around 0, with a deviation of 1",
        "write `activation: linear`, or leave it out",
    )


RULES: tuple[Rule, ...] = (numbers_are_scaled, loss_compares_scaled_targets, output_reaches_scaled_targets)
