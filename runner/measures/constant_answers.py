"""The one answer to all examples, or the forecasts, that a model has to be better than, in words."""

from collections.abc import Mapping

MEANINGS = {
    "majority": "always the most frequent answer",
    "mean": "always the mean",
    "median": "always the median",
    "unigram": "each token by how often it occurs",
}
"""What each answer is; it is taken from the training part."""
FORECASTS = {
    "last": "always the last value that is seen",
    "seasonal": "always the value of one season before",
    "mean": MEANINGS["mean"],
}
"""What each naive forecast of a series says."""
ANSWERS = {
    "accuracy": "majority",
    "mean_absolute_error": "median",
    "mean_squared_error": "mean",
    "root_mean_squared_error": "mean",
    "perplexity": "unigram",
}
"""The answer that is best by each metric, of those metrics that have one."""


def answer_of(figure: str) -> str | None:
    """The answer behind a figure such as ``test_accuracy`` or ``val_price_mean_absolute_error``; None: it has none."""
    metric = max((name for name in ANSWERS if figure == name or figure.endswith(f"_{name}")), key=len, default=None)
    return None if metric is None else ANSWERS[metric]


def meanings_of(baseline: Mapping[str, float]) -> str:
    """What gives some figures: ``always the most frequent answer``; empty where it is not known."""
    answers = dict.fromkeys(answer for figure in baseline if (answer := answer_of(figure)) is not None)
    return " and ".join(MEANINGS[answer] for answer in answers)


def of_last_part(baseline: Mapping[str, float]) -> dict[str, float]:
    """The figures of the test part, or where there are none those of the validation part."""
    tested = {name: value for name, value in baseline.items() if name.startswith("test_")}
    return tested or {name: value for name, value in baseline.items() if name.startswith("val_")}
