"""Metrics by name, with the task that each is for, its direction and its bounds."""

import math
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from schemas.custom_metric import CustomMetric

Metric = Literal[
    "accuracy",
    "perplexity",
    "balanced_accuracy",
    "top_2_accuracy",
    "top_3_accuracy",
    "top_5_accuracy",
    "top_10_accuracy",
    "top_20_accuracy",
    "precision",
    "precision_macro",
    "precision_micro",
    "precision_weighted",
    "recall",
    "recall_macro",
    "recall_micro",
    "recall_weighted",
    "f1",
    "f1_macro",
    "f1_micro",
    "f1_weighted",
    "auc",
    "pr_auc",
    "cohen_kappa",
    "calibration_error",
    "mean_absolute_error",
    "mean_squared_error",
    "root_mean_squared_error",
    "mean_absolute_percentage_error",
    "r2",
]
_PER_EXAMPLE = ("accuracy", "perplexity", "mean_absolute_error", "mean_squared_error", "mean_absolute_percentage_error")
_REGRESSION = ("mean_absolute_error", "mean_squared_error", "root_mean_squared_error", "mean_absolute_percentage_error")


LESS_IS_BETTER = ("loss", "error", "deviation")
"""Ends of the names of figures that are better when they are less, where nothing else is known of them."""
_OF_LABELS = ("accuracy", "precision", "recall", "f1", "auc", "pr_auc")
"""That also judge labels, with the averages over them."""


class MetricFacts(NamedTuple):
    """What is known about a figure before it is computed."""

    task: Literal["classification", "regression", "language_model"] | None
    """None for the loss, and for metrics of custom code, which may be of any task."""
    better: Literal["min", "max"]
    least: float
    most: float
    whole: bool
    """Whether it is no mean over examples, so that it is computed for validation and test examples alone."""


def name_of(metric: "str | CustomMetric") -> str:
    """The name of a metric as a recipe writes it."""
    return metric if isinstance(metric, str) else metric.called


def is_known(name: str) -> bool:
    """Whether a metric is one of the language; any other is custom code's."""
    return name in get_args(Metric) or top_k(name) is not None


def metric_of(figure: str) -> str:
    """The metric, or ``loss``, that a figure is of: that of an output has the output's name before it.

    >>> metric_of("origin_accuracy"), metric_of("top_5_accuracy"), metric_of("price_loss")
    ('accuracy', 'top_5_accuracy', 'loss')
    """
    known = ("loss", *get_args(Metric))
    if figure in known or top_k(figure) is not None:
        return figure
    return max((name for name in known if figure.endswith(f"_{name}")), key=len, default=figure)


def facts_of(figure: str) -> MetricFacts:
    """Facts of ``loss`` or a metric, also of one of several outputs."""
    figure = metric_of(figure)
    if figure == "loss":
        return MetricFacts(None, "min", 0, math.inf, False)
    if not is_known(figure):
        return MetricFacts(None, "min" if figure.endswith(LESS_IS_BETTER) else "max", -math.inf, math.inf, True)
    if figure == "perplexity":
        return MetricFacts("language_model", "min", 1, math.inf, False)
    if figure == "r2":
        return MetricFacts("regression", "max", -math.inf, 1, True)
    whole = figure not in _PER_EXAMPLE and top_k(figure) is None
    if figure in _REGRESSION:
        return MetricFacts("regression", "min", 0, math.inf, whole)
    if figure == "calibration_error":
        return MetricFacts("classification", "min", 0, 1, whole)
    return MetricFacts("classification", "max", -1 if figure == "cohen_kappa" else 0, 1, whole)


def fits(figure: str, task: str) -> bool:
    """Whether a metric is one for a task."""
    if task == "multi_label":
        return figure == "pr_auc" or figure.partition("_")[0] in _OF_LABELS
    if task == "language_model":
        return figure in ("accuracy", "perplexity") or top_k(figure) is not None
    return facts_of(figure).task == task


def top_k(figure: str) -> int | None:
    """The k of ``top_5_accuracy``; None for any other figure."""
    middle = figure.removeprefix("top_").removesuffix("_accuracy")
    return int(middle) if figure == f"top_{middle}_accuracy" and middle.isdecimal() else None


def is_whole(figure: str) -> bool:
    """Whether a metric is computed of a whole split, for validation and test examples alone."""
    return facts_of(figure).whole
