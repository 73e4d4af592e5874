"""Makes the replicas that a recipe's ``hardware.strategy`` asks for."""

import faulthandler
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import tensorflow as tf

from runner.engine.distributed.cluster import Cluster, find_cluster
from runner.engine.distributed.rendezvous import meet
from runner.engine.distributed.replicas import Replicas
from runner.errors import ClusterError
from runner.quiet import quiet_import
from schemas.hardware import Strategy

LOGICAL_CPUS = "RECIPE_LOGICAL_CPUS"
"""Variable that divides the CPU into so many devices, so that ``mirrored`` can be tried without GPUs."""
JOIN_SECONDS = 90.0
"""How long TensorFlow may take to connect workers that have met."""


def _split_cpu() -> None:
    """Make the CPU several devices where the environment wants it; before TensorFlow computes anything."""
    wanted = int(os.environ.get(LOGICAL_CPUS, "1"))
    (cpu,) = tf.config.list_physical_devices("CPU")
    if wanted > 1 and tf.config.get_logical_device_configuration(cpu) is None:
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * wanted)


@cache  # a process joins a cluster once, however many recipes it trains
def make_replicas(kind: Strategy, towers: int = 1, *, fused: bool = False) -> Replicas:
    """The replicas of a strategy; for ``multi_worker`` returns when all workers have come.

    Args:
        kind: the strategy.
        towers: parts of a batch that one device computes side by side.
        fused: whether a device of its own normalizes batches with the fused kernel.

    Raises:
        ClusterError: there is no cluster, or not all of its workers come.
    """
    if kind == "none":
        return Replicas(towers=towers, fused=fused)
    if kind == "mirrored":
        _split_cpu()
        return Replicas(tf.distribute.MirroredStrategy(_local_devices()))
    cluster = find_cluster(os.environ)
    meet(cluster)
    return Replicas(_joined(cluster), cluster)


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """End this process when the block takes too long: TensorFlow waits for ever and lets no other thread run.

    It does so when a worker dies just after all have met. What is said then is where the process stood.
    """
    with os.fdopen(os.dup(2), "w") as screen:
        faulthandler.dump_traceback_later(seconds, exit=True, file=screen)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


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
    with _bounded(JOIN_SECONDS), quiet_import():
        try:
            return tf.distribute.MultiWorkerMirroredStrategy(resolver)
        except (tf.errors.OpError, RuntimeError) as error:
            raise ClusterError(f"TensorFlow cannot join the workers: {error}") from error
        finally:  # TensorFlow listens to SIGTERM from here on, for clusters that save on a notice; we do so ourselves
            signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGTERM))


def _local_devices() -> list[str]:
    devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    return [device.name for device in devices]
