"""Metrics of custom code, computed of a whole split."""

import math
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.custom_import import function_or_object
from runner.errors import BuildError, CodeError, OwnCodeFailed
from runner.keras_errors import said_with_kind
from runner.measures.split_measures import Measures, Measuring
from runner.model.custom_loss import as_code_sees, one_each
from runner.plan.plan import Plan
from schemas.custom_metric import CustomMetric
from schemas.findings import Path as KeyPath
from schemas.layers import Dense
from schemas.rules.custom import METRICS

Array = NDArray[Any]
_EXAMPLES = 8


class OwnMetric:
    """One metric of custom code; its object is made at its first use, outside of any strategy.

    Args:
        metric: of the recipe.
        folder: where it may be imported from; None: it may not be.
    """

    def __init__(self, metric: CustomMetric, folder: Path | None) -> None:
        self.metric, self.name = metric, metric.called
        self._folder = folder
        self._added: dict[Any, Callable[..., Any]] = {}
        self._sum, self._examples = 0.0, 0

    @cached_property
    def _target(self) -> Any:
        """A Keras metric, or a function (targets, predictions) → one value per example."""
        return function_or_object(self.metric, self._folder, keras.metrics.Metric, "keras.metrics.Metric")

    @property
    def _has_state(self) -> bool:
        return isinstance(self._target, keras.metrics.Metric)

    def reset(self) -> None:
        """Forget all examples."""
        self._sum, self._examples = 0.0, 0
        if self._has_state:
            self._target.reset_state()

    def add(self, truth: Array, outputs: Array) -> None:
        """Take in some examples: targets ``(b,)`` or ``(b, k)``, and the model's outputs ``(b, units)``."""
        y = truth.astype(np.int32) if truth.ndim == 1 and truth.dtype.kind in "iu" else truth
        kind = (y.dtype, y.shape[1:], outputs.shape[1:])
        if kind not in self._added:
            shapes = [tf.TensorSpec([None, *array.shape[1:]], array.dtype) for array in (y, outputs)]
            self._added[kind] = tf.function(self._of_a_batch, input_signature=shapes)
        values = self._added[kind](y, outputs).numpy()
        self._examples += len(y)
        if not self._has_state:
            if values.shape != (len(y),):
                raise CodeError(
                    f"{self.metric.target} must give one value per example, of the shape {(len(y),)}; received the "
                    f"shape {values.shape}"
                )
            self._sum += float(values.astype(np.float64).sum())

    def _of_a_batch(self, y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
        if self._has_state:
            self._target.update_state(as_code_sees(y, p), p)
            return tf.zeros([0])
        return one_each(tf.cast(self._target(as_code_sees(y, p), p), tf.float32))

    def value(self) -> float:
        """The metric of all examples so far."""
        if not self._has_state:
            return self._sum / self._examples if self._examples else math.nan
        found = self._target.result()
        if isinstance(found, dict) or np.shape(found) != ():
            what = "a mapping" if isinstance(found, dict) else f"the shape {np.shape(found)}"
            raise CodeError(f"{self.metric.target} must give one number as its result; received {what}")
        return float(found)


class OwnMeasuring:
    """What is measured of a split, by the language's metrics and by custom code.

    Args:
        known: the language's metrics; may be none.
        own: those of custom code.
    """

    def __init__(self, known: Measuring, own: Sequence[OwnMetric]) -> None:
        self.known, self.own = known, own
        self.names = (*known.names, *(metric.name for metric in own))

    def start(self) -> "OwnMeasures":
        """Nothing measured yet; what :meth:`start` gave before is at its end."""
        return OwnMeasures(self.known.start() if self.known.names else None, self.own)


class OwnMeasures:
    """The measures of the examples so far.

    Raises:
        OwnCodeFailed: custom code fails.
    """

    def __init__(self, known: Measures | None, own: Sequence[OwnMetric]) -> None:
        self._known, self._own = known, own
        for metric in own:
            _guarded(metric, metric.reset)

    def add(self, truth: Array, outputs: Array) -> None:
        """Count a batch: targets ``(b,)`` or ``(b, k)``, and the model's outputs ``(b, units)``."""
        if self._known is not None:
            self._known.add(truth, outputs)
        for metric in self._own:
            _guarded(metric, partial(metric.add, truth, outputs))

    def values(self) -> dict[str, float]:
        """Every metric of all examples so far."""
        own = {metric.name: float(_guarded(metric, metric.value)) for metric in self._own}
        return own if self._known is None else self._known.values() | own


def _guarded(metric: OwnMetric, call: Callable[[], Any]) -> Any:
    """What a call gives; what custom code raises is told as its fault, with its name."""
    try:
        return call()
    except CodeError as error:
        raise OwnCodeFailed(f"metric {metric.name}: {error}") from error
    except Exception as error:  # it is somebody's own, and may raise anything
        raise OwnCodeFailed(f"metric {metric.name}: {metric.metric.target}: {said_with_kind(error)}") from error


def own_metrics(plan: Plan) -> tuple[OwnMetric, ...]:
    """The metrics of custom code that a plan has."""
    return tuple(OwnMetric(metric, plan.code_folder) for metric in plan.custom_metrics)


def require_metrics(plan: Plan) -> None:
    """Compute the metrics of custom code of a few made-up examples.

    Raises:
        BuildError: one cannot be imported, fails, or gives no finite number.
    """
    written = plan.recipe.training.metrics or ()
    places: list[KeyPath] = [(*METRICS, k, "target") for k, one in enumerate(written) if not isinstance(one, str)]
    for metric, place in zip(own_metrics(plan), places, strict=True):
        try:
            measures = OwnMeasures(None, [metric])
            measures.add(*_made_up(plan))
            value = measures.values()[metric.name]
        except OwnCodeFailed as error:
            raise BuildError(str(error), place, custom=True) from error
        if not math.isfinite(value):
            what = f"{metric.metric.target} must be finite; received {value} for {_EXAMPLES} made-up examples"
            raise BuildError(f"metric {metric.name}: {what}", place, custom=True)


def _made_up(plan: Plan) -> tuple[Array, Array]:
    """Targets of all kinds that the data has, and outputs between 0 and 1 that sum to 1 where there are classes."""
    layer, data = plan.layers[-1].layer, plan.data
    units = layer.units if isinstance(layer, Dense) and layer.units is not None else data.classes or 1
    outputs = np.full((_EXAMPLES, units), 1 / units if units > 1 else 0.5, np.float32)
    numbers = np.arange(_EXAMPLES)
    if data.labels:
        return (numbers[:, None] + np.arange(len(data.targets))) % 2 * np.uint8(1), outputs
    if data.classes is not None:
        return numbers % data.classes, outputs
    targets = (1 + numbers).astype(np.float32)
    return np.repeat(targets[:, None], len(data.targets), axis=1) if len(data.targets) > 1 else targets, outputs
