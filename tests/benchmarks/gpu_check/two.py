"""One device as two."""

import os

import keras  # noqa: F401 - its import is noisy
import tensorflow as tf

from runner.engine.distributed.replicas import Replicas
from runner.engine.distributed.strategy import LOGICAL_CPUS
from runner.engine.start import start_tensorflow
from schemas.hardware import Hardware

_MEBIBYTES = 4096
"""Of each half of a GPU."""


def divided(kind: str) -> Replicas:
    """Replicas on two halves of the CPU, or of the first GPU; before TensorFlow has computed anything."""
    if kind == "cpu":
        os.environ[LOGICAL_CPUS] = "2"
        return start_tensorflow(Hardware(device="cpu", strategy="mirrored")).replicas
    gpu, *_ = tf.config.list_physical_devices("GPU")
    half = tf.config.LogicalDeviceConfiguration(memory_limit=_MEBIBYTES)
    tf.config.set_logical_device_configuration(gpu, [half, half])
    # NCCL refuses two ranks on one card
    across = tf.distribute.ReductionToOneDevice()
    return Replicas(tf.distribute.MirroredStrategy(["GPU:0", "GPU:1"], cross_device_ops=across))
