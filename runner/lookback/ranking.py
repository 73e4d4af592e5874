"""Which of several runs has the best value of a metric, where the metric means the same in all of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runner.lookback.differ import Row, Side
from runner.plan.monitor import monitor
from runner.record.difference import ABSENT

_NO_METRICS = ("status", "steps", "parameters", "epoch")
_SPLITS = (("val_", "validation"), ("test_", "test"), ("", "train"))
_OF_A_LOSS = ("training.label_smoothing", "data.target_scale", "data.weight")
"""Besides the losses themselves, fields by which a loss is another quantity."""


def best_of(row: Row, sides: Sequence[Side]) -> int | None:
    """Which side has the best value of a metric; None where there is no telling."""
    plain = row.field.removeprefix("best.")
    if row.part != "result" or plain in _NO_METRICS:
        return None
    return best(plain, [None if value is ABSENT else value for value in row.values], sides)


def best(metric: str, values: Sequence[Any], sides: Sequence[Side]) -> int | None:
    """Which side has the best of the values, of which None is one that a side lacks.

    None where fewer than two sides have a number, two have the best one, or the metric is not the same everywhere.
    """
    known = [k for k, value in enumerate(values) if isinstance(value, float | int) and value == value]
    if len(known) < 2 or not comparable([sides[k] for k in known], metric):
        return None
    numbers = [values[k] for k in known]
    wanted = min(numbers) if monitor(metric).mode == "min" else max(numbers)
    return known[numbers.index(wanted)] if numbers.count(wanted) == 1 else None


def comparable(sides: Sequence[Side], metric: str) -> bool:
    """Whether a metric is the same one on all sides: of the same task and data and, for a loss, of the same losses."""
    meanings = [dict(_meaning(side.parts["recipe"] or {}, metric)) for side in sides]
    return all(meaning == meanings[0] for meaning in meanings) and of_same_data(sides, metric)


def of_same_data(sides: Sequence[Side], metric: str) -> bool:
    """Whether a metric is measured on the same examples, or on examples of the same data and targets.

    Runs of several seeds divide the same data in different ways; their figures are compared all the same.
    """
    split = next(name for prefix, name in _SPLITS if metric.startswith(prefix))
    digests = {(side.parts["data"] or {}).get(f"sha256.{split}") for side in sides}
    return (len(digests) == 1 and None not in digests) or all(_data(side) == _data(sides[0]) for side in sides)


def _data(side: Side) -> tuple[Any, Mapping[str, Any]]:
    recipe = side.parts["recipe"] or {}
    targets = {path: value for path, value in recipe.items() if f"{path}.".startswith("data.target.")}
    return (side.parts["data"] or {}).get("data"), targets


def _meaning(recipe: Mapping[str, Any], metric: str) -> Iterator[tuple[str, Any]]:
    for path, value in recipe.items():
        of_loss = path.startswith(("training.loss", *_OF_A_LOSS)) or path.endswith((".loss", ".loss_weight"))
        weighted = path.startswith("training.class_weight") and not metric.startswith(("val_", "test_"))
        if path == "task" or ((of_loss or weighted) and metric.endswith("loss") and value is not None):
            yield path, value
