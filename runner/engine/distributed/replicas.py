"""Many devices as one: a step runs on every replica, and comes to what one device would with the whole batch.

Invariants:

* Each replica takes its share of a batch by its number alone; losses and gradients are weighed by the share and summed
  over all replicas before anything looks at them. What is clipped, recorded and decided on is the same everywhere.
* All workers make the same calls in the same order: a collective that one of them leaves out stops the others for good.
  What may differ between them (signals, measured times, what is on their disks) goes through ``workers`` first.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras
import tensorflow as tf
from numpy.typing import NDArray

from runner.engine.distributed.cluster import Cluster

_SEED_STEP = 0x9E3779B1


class Replicas:
    """Copies of the model that train one step together.

    Args:
        strategy: TensorFlow's; None for one device, where nothing is added to the step.
        cluster: the workers, where there are several processes.
        towers: parts of a batch that one device computes side by side, see ``runner.plan.threads``.
        fused: whether batches are normalized by the fused kernel, see ``runner.model.normalization``.
    """

    def __init__(
        self, strategy: Any = None, cluster: Cluster | None = None, towers: int = 1, *, fused: bool = False
    ) -> None:
        self.strategy, self.cluster, self.towers, self.fused = strategy, cluster, towers, fused
        self.count: int = 1 if strategy is None else strategy.num_replicas_in_sync

    @property
    def is_chief(self) -> bool:
        """Whether this process writes the run's files."""
        return self.cluster is None or self.cluster.index == 0

    @property
    def description(self) -> str:
        """What is said after the device; nothing for one device."""
        if self.strategy is None:
            return ""
        where = "" if self.cluster is None else f" on {len(self.cluster.workers)} workers ({self.cluster.source})"
        return f", {self.count} replica{'s' if self.count > 1 else ''}{where}"

    def scope(self) -> AbstractContextManager[Any]:
        """Variables made within have a copy on every replica."""
        return nullcontext() if self.strategy is None else self.strategy.scope()

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call ``function`` on every replica; gives each one's result, for :meth:`first` or a further run."""
        return function(*arguments) if self.strategy is None else self.strategy.run(function, arguments)

    def first(self, values: Any) -> Any:
        """Results of the first replica of this process, for values that are the same on all."""
        if self.strategy is None:
            return values
        return tf.nest.map_structure(lambda value: self.strategy.experimental_local_results(value)[0], values)

    def share(self, examples: tf.Tensor) -> tf.Tensor:
        """This replica's part of a batch, b·r/R … b·(r+1)/R and perhaps none; to be called within :meth:`run`.

        Args:
            examples: indices of the batch's examples, shape ``(b,)``.
        """
        if self.strategy is None:
            return examples
        size, replica = tf.shape(examples)[0], tf.distribute.get_replica_context().replica_id_in_sync_group
        return examples[size * replica // self.count : size * (replica + 1) // self.count]

    def weight(self, share: tf.Tensor, batch: tf.Tensor) -> tf.Tensor | None:
        """bᵣ/b, this replica's part of a batch; None where it has all of it."""
        return None if self.strategy is None else tf.cast(tf.size(share) / tf.size(batch), tf.float32)

    def combine(
        self, loss: tf.Tensor, sums: tf.Tensor, gradients: Sequence[tf.Tensor]
    ) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
        """Sums over the replicas, in one all-reduce; to be called within :meth:`run`.

        Args:
            loss: this replica's, weighed.
            sums: metrics over its examples, shape ``(metrics,)``.
            gradients: of the weighed loss.
        """
        if self.strategy is None:
            return loss, sums, list(gradients)
        # together, because TensorFlow 2.21 crashes on a collective of nothing, where there are no metrics
        row, *reduced = self.total([tf.concat([tf.reshape(loss, [1]), sums], 0), *gradients])
        return row[0], row[1:], reduced

    def total(self, tensors: Sequence[tf.Tensor]) -> list[tf.Tensor]:
        """Sum over the replicas of each tensor, in one go; to be called within :meth:`run`."""
        if self.strategy is None:
            return list(tensors)
        context = tf.distribute.get_replica_context()
        return list(context.all_reduce(tf.distribute.ReduceOp.SUM, list(tensors)))

    def whole(self, rows: tf.Tensor, batch: tf.Tensor) -> tf.Tensor:
        """Rows of all of a batch's examples in their order, on every replica; to be called within :meth:`run`.

        Args:
            rows: of this replica's share, shape ``(bᵣ, n)``.
            batch: indices of the batch's examples, shape ``(b,)``.
        """
        if self.strategy is None:
            return rows
        size, replica = tf.shape(batch)[0], tf.distribute.get_replica_context().replica_id_in_sync_group
        first = size * replica // self.count
        # zeros but for one's own rows, so that the sum is exact
        return self.total([tf.pad(rows, [[first, size - first - tf.shape(rows)[0]], [0, 0]])])[0]

    def in_memory(self, array: NDArray[Any]) -> Any:
        """The array on every replica's device."""
        if self.strategy is None:
            return tf.constant(array)
        devices = iter(self.strategy.extended.worker_devices)

        def place(_: Any) -> tf.Tensor:
            with tf.device(next(devices)):
                return tf.constant(array)

        return self.strategy.experimental_distribute_values_from_function(place)

    def adapt_model(self, model: Any) -> None:
        """Let layers that look at a whole batch do so across replicas, and each replica draw its own dropout masks."""
        if self.count == 1:
            return
        for layer in model.layers:
            if is_normalising_batches(layer):
                layer.synchronized = True
            if hasattr(layer, "seed_generator"):
                _draw_apart(layer.seed_generator)

    def adapt_optimizer(self, optimizer: Any) -> None:
        """Keras would sum gradients over the replicas, after it has clipped them; they come summed already."""
        if self.strategy is not None:
            optimizer._all_reduce_sum_gradients = list

    def plain(self, model: Any) -> Any:
        """The model outside the strategy, to be saved: its file says nothing of devices."""
        if self.strategy is None:
            return model
        copy = keras.models.clone_model(model)
        copy.set_weights(model.get_weights())
        for layer in copy.layers:
            if is_normalising_batches(layer):
                layer.synchronized = False
        return copy


ALONE = Replicas()
"""One device."""


def is_normalising_batches(layer: Any) -> bool:
    """Whether what the layer makes of an example depends on the others of its batch."""
    return isinstance(layer, keras.layers.BatchNormalization)


def _draw_apart(generator: Any) -> None:
    """The state of a layer's seeds is the same on all replicas; what is drawn with it is not."""
    draw = generator.next

    def draw_apart(ordered: bool = True) -> tf.Tensor:
        context = tf.distribute.get_replica_context()
        seed = draw(ordered)
        number = tf.cast(context.replica_id_in_sync_group if context is not None else 0, seed.dtype)
        return seed + tf.stack([number * _SEED_STEP, tf.zeros_like(number)])

    generator.next = draw_apart
