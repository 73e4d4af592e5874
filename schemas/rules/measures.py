"""Which figures a run computes: the loss and the metrics, of each part of the data."""

from difflib import get_close_matches
from typing import get_args

from schemas.metrics import Metric, facts_of, is_whole, name_of
from schemas.recipe import Recipe

PARTS = {"val_": "validation", "test_": "test"}
"""Prefix of a figure's name, and the part of the data that it needs."""
DEFAULTS: dict[str, tuple[Metric, ...]] = {
    "classification": ("accuracy",),
    "language_model": ("perplexity", "accuracy"),
    "multi_label": ("accuracy",),
    "regression": ("mean_absolute_error",),
}
_KNOWN: tuple[str, ...] = get_args(Metric)
_SHORT = {
    "acc": "accuracy",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "rmse": "root_mean_squared_error",
    "r2_score": "r2",
    "average_precision": "pr_auc",
    "ece": "calibration_error",
    "f1_score": "f1",
    "ppl": "perplexity",
    "kappa": "cohen_kappa",
    "roc_auc": "auc",
    "top5": "top_5_accuracy",
    "top_5": "top_5_accuracy",
    "top_k_categorical_accuracy": "top_5_accuracy",
    "categorical_accuracy": "accuracy",
    "sparse_categorical_accuracy": "accuracy",
    "binary_accuracy": "accuracy",
}


def metrics(recipe: Recipe) -> tuple[str, ...]:
    """The recipe's metrics, or the task's own; of several outputs the loss and the metrics of each."""
    if recipe.task == "multi_output":
        return tuple(
            f"{name}_{figure}"
            for name, output in recipe.model.outputs.items()
            for figure in ("loss", *output.metrics_or_default)
        )
    given = recipe.training.metrics
    return DEFAULTS[recipe.task] if given is None else tuple(map(name_of, given))


def figures(recipe: Recipe) -> tuple[str, ...]:
    """Names of what is computed for each part, without prefix."""
    return ("loss", *metrics(recipe))


def computed(recipe: Recipe, prefix: str, figure: str) -> bool:
    """Whether a figure is computed for a part; the prefix of the training part is empty."""
    return figure in figures(recipe) and (bool(prefix) or not is_whole(figure))


def divide(name: str) -> tuple[str, str]:
    """Prefix and figure of a name: ``val_accuracy`` is ``val_`` and ``accuracy``."""
    for prefix in PARTS:
        if name.startswith(prefix):
            return prefix, name.removeprefix(prefix)
    # `validation_loss` is what the part is called elsewhere in the recipe, so people write it.
    if name.startswith("validation_"):
        return "val_", name.removeprefix("validation_")
    return "", name


def way_out(name: str, recipe: Recipe) -> str:
    """Help for a name that not computed: the name that was meant, or the metric to add, or the choice."""
    prefix, figure = divide(name)
    known = figures(recipe)
    meant = figure if figure in ("loss", *_KNOWN) else _SHORT.get(figure) or _closest(figure)
    if meant is not None and meant != "loss" and not prefix and is_whole(meant):
        prefix = "val_"
        if figure == meant and meant in known:
            return f"write 'val_{figure}': {figure} is computed for validation and test examples alone"
    if meant in known:
        return f"did you mean '{prefix}{meant}'?"
    if meant in _KNOWN and facts_of(meant).task in ("classification", "regression", recipe.task):
        return f"add {meant} to training.metrics, and write '{prefix}{meant}'"
    return f"computed are {', '.join(known)}, each also with the prefix val_ or test_ for that part"


def _closest(figure: str) -> str | None:
    return next(iter(get_close_matches(figure, ("loss", *_KNOWN), n=1, cutoff=0.65)), None)
