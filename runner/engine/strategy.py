"""Many devices as one: a step runs on every replica, and comes to what one device would with the whole batch.

Invariants:

* Each replica takes its share of a batch by its number alone; losses and gradients are weighed by the share and summed
  over all replicas before anything looks at them. What is clipped, recorded and decided on is the same everywhere.
* All workers make the same calls in the same order: a collective that one of them leaves out stops the others for good.
  What may differ between them (signals, measured times, what is on their disks) goes through :class:`Workers` first.
"""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

import keras
import tensorflow as tf
from numpy.typing import NDArray

from runner.engine.cluster import Cluster, ClusterError, find_cluster
from runner.engine.rendezvous import meet
from runner.engine.start import quiet_stderr
from schemas.hardware import Strategy

LOGICAL_CPUS = "RECIPE_LOGICAL_CPUS"
"""Variable that divides the CPU into so many devices, so that ``mirrored`` can be tried without GPUs."""
_SEED_STEP = 0x9E3779B1


class Replicas:
    """Copies of the model that train one step together.

    Args:
        strategy: TensorFlow's; None for one device, where nothing is added to the step.
        cluster: the workers, where there are several processes.
    """

    def __init__(self, strategy: Any = None, cluster: Cluster | None = None) -> None:
        self.strategy, self.cluster = strategy, cluster
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

    def resident(self, array: NDArray[Any]) -> Any:
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


def _split_cpu() -> None:
    """Make the CPU several devices where the environment wants it; before TensorFlow computes anything."""
    wanted = int(os.environ.get(LOGICAL_CPUS, "1"))
    (cpu,) = tf.config.list_physical_devices("CPU")
    if wanted > 1 and tf.config.get_logical_device_configuration(cpu) is None:
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * wanted)


@cache  # a process joins a cluster once, however many recipes it trains
def make_replicas(kind: Strategy) -> Replicas:
    """The replicas of a strategy; for ``multi_worker`` returns when all workers have come.

    Raises:
        ClusterError: there is no cluster, or not all of its workers come.
    """
    if kind == "none":
        return ALONE
    if kind == "mirrored":
        _split_cpu()
        return Replicas(tf.distribute.MirroredStrategy(_local_devices()))
    cluster = find_cluster(os.environ)
    meet(cluster)
    return Replicas(_joined(cluster), cluster)


def _joined(cluster: Cluster) -> Any:
    # gRPC would go through a proxy for downloads (https_proxy), to machines next door
    hosts = ",".join(address.rpartition(":")[0] for address in cluster.workers)
    os.environ["no_grpc_proxy"] = hosts  # noqa: SIM112 - the name that gRPC reads
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": list(cluster.workers)}),
        task_type="worker",
        task_id=cluster.index,
        num_accelerators={"GPU": len(tf.config.get_visible_devices("GPU"))},
        rpc_layer="grpc",
    )
    with quiet_stderr():
        try:
            return tf.distribute.MultiWorkerMirroredStrategy(resolver)
        except (tf.errors.OpError, RuntimeError) as error:
            raise ClusterError(f"TensorFlow cannot join the workers: {error}") from error
        finally:  # TensorFlow listens to SIGTERM from here on, for clusters that save on a notice; we do so ourselves
            signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGTERM))


def _local_devices() -> list[str]:
    devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    return [device.name for device in devices]
