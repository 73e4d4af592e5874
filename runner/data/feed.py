"""Where the compiled step has its examples from: what stays on the device, or what is read as it trains."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.augment.augmentation import Augmentation
from runner.data.augment.draws import Places
from runner.data.examples import AssembledExamples, Examples, Split, example_order
from runner.data.series.windowed import Rolling
from runner.data.streaming.block_order import StreamedSplit
from runner.data.streaming.stream import StreamingFeed
from runner.data.tabular.image_rows import Beside

Taken = NDArray[np.int32] | Examples
"""The places of examples that are on the device, or the examples themselves."""


@dataclass(frozen=True)
class Drawn:
    """Examples, and the random numbers with which the device is to change them."""

    examples: Taken
    numbers: NDArray[np.float32]
    """Shape ``(n, width)``."""

    def __len__(self) -> int:
        return len(self.examples)


Fed = Taken | Drawn
"""What a call is given."""
Opened = tuple[Any, Any, tf.Tensor]
"""Inputs, targets, and the places in them of the call's examples; targets with weights are a pair of both."""


class Placed(Protocol):
    """What a step runs on, as far as examples are put there."""

    def in_memory(self, values: NDArray[Any]) -> Any:
        """An array on every replica's device."""


class Feed(Protocol):
    """Gives a call its examples."""

    def take(self, seed: int, epoch: int, start: int, stop: int) -> Fed:
        """Examples ``start … stop - 1`` of an epoch, fewer at its end: a pure function of these numbers."""

    def close(self) -> None:
        """No examples are wanted for the time being."""


class InMemoryFeed:
    """The order of examples that are on the device."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._of: tuple[int, int] | None = None
        self._order: NDArray[np.int32] = np.empty(0, np.int32)

    def take(self, seed: int, epoch: int, start: int, stop: int) -> NDArray[np.int32]:
        """Places of the examples in the split."""
        if self._of != (seed, epoch):
            self._order, self._of = example_order(seed, epoch, self._n), (seed, epoch)
        return self._order[start:stop]

    def close(self) -> None:
        """Nothing is being read."""


class DrawingFeed:
    """Gives examples of another feed with the numbers with which they are changed.

    Args:
        feed: gives the examples.
        augmentation: draws the numbers.
    """

    def __init__(self, feed: "InMemoryFeed | StreamingFeed", augmentation: Augmentation) -> None:
        self._feed, self._augmentation = feed, augmentation

    def take(self, seed: int, epoch: int, start: int, stop: int) -> Drawn:
        """The numbers go with the places of the examples in the epoch."""
        taken = self._feed.take(seed, epoch, start, stop)
        return Drawn(taken, self._augmentation.drawn(Places(seed, epoch, start, start + len(taken))))

    def close(self) -> None:
        """Read nothing more."""
        self._feed.close()


def feed_of(split: Split, augmentation: Augmentation | None = None) -> Feed:
    """What gives the calls of a run their examples."""
    feed = StreamingFeed(split) if isinstance(split, StreamedSplit) else InMemoryFeed(len(split))
    return feed if augmentation is None else DrawingFeed(feed, augmentation)


def in_memory(replicas: Placed, split: Split) -> tuple[Any, Any]:
    """Inputs and targets on every replica's device, in the small type that they are stored in, for :func:`taken_at`."""
    if isinstance(split, AssembledExamples):
        return split.placed(replicas.in_memory)
    assert isinstance(split, Examples)
    return _opened(*map(replicas.in_memory, arguments(split)))


def taken_at(values: Any, places: tf.Tensor) -> Any:
    """What some examples have, of what :func:`in_memory` or a call gives of all.

    Args:
        values: a tensor with a row for each example, windows over rows, rows with images, or a tuple of these.
        places: of the examples, shape ``(b,)``.
    """
    if isinstance(values, Rolling):
        starts = tf.gather(values.starts, places)
        if values.offsets.shape.rank:
            starts = starts[:, None]
        return tf.gather(values.values, starts + values.offsets)
    if isinstance(values, Beside):
        pixels = tf.cast(tf.gather(values.pixels, places), tf.float32)
        return tf.concat([tf.gather(values.numbers, places), pixels], axis=1)
    if isinstance(values, tuple):
        return tuple(taken_at(each, places) for each in values)
    return tf.gather(values, places)


def opening(replicas: Placed, split: Split) -> tuple[list[tf.TensorSpec], Callable[..., Opened]]:
    """The arguments of a compiled call for its examples, and how they are opened while it is traced."""
    if isinstance(split, StreamedSplit):
        of_x = tf.TensorSpec([None, *split.shape], tf.as_dtype(split.x_type))
        of_y = tf.TensorSpec([None, *split.target_shape], tf.as_dtype(split.y_type))
        weights = [tf.TensorSpec([None], tf.float32)] if split.weighted else []
        return [of_x, of_y, *weights], lambda x, *rest: (*_opened(x, *rest), tf.range(tf.shape(x)[0]))
    inputs, targets = in_memory(replicas, split)
    return [tf.TensorSpec([None], tf.int32)], lambda order: (inputs, targets, order)


def arguments(fed: Fed) -> tuple[NDArray[Any], ...]:
    """What a call is given, as the arguments of :func:`opening`, and random numbers behind them."""
    if isinstance(fed, Drawn):
        return (*arguments(fed.examples), fed.numbers)
    if not isinstance(fed, Examples):
        return (fed,)
    return (fed.x, fed.y) if fed.weight is None else (fed.x, fed.y, fed.weight)


def _opened(x: Any, y: Any, weight: Any = None) -> tuple[Any, Any]:
    """Inputs, and targets with their weights where they have some."""
    return x, y if weight is None else (y, weight)
