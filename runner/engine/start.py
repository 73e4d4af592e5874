"""Starts TensorFlow: quietly, on the device that the recipe wants, with the settings that results depend on."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runner.errors import DeviceError
from runner.hardware.cores import cores
from runner.hardware.device import Device
from runner.hardware.gpu import why_no_gpu
from runner.lean_import import lean
from runner.plan.threads import Threads
from runner.quiet import quiet_import
from schemas.hardware import Hardware

if TYPE_CHECKING:
    from runner.engine.distributed.replicas import Replicas


def _describe_cpu(threads: int) -> str:
    return f"{threads} thread{'s' if threads > 1 else ''}"


def _configure(hardware: Hardware, threads: Threads) -> Device:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU") if hardware.device != "cpu" else []
    if hardware.device == "gpu" and not gpus:
        none = why_no_gpu(tf.test.is_built_with_cuda())
        raise DeviceError(f"hardware.device is 'gpu', but no GPU was found: {none.reason}", *none.help)
    if gpus:
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
        name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", gpus[0].name)
        return Device("GPU", str(name), None)
    _configure_cpu(threads)
    reason = why_no_gpu(tf.test.is_built_with_cuda()).reason if hardware.device == "auto" else None
    return Device("CPU", _describe_cpu(hardware.threads or cores()), reason)


def _configure_cpu(threads: Threads) -> None:
    import tensorflow as tf

    try:
        tf.config.set_visible_devices([], "GPU")
        if threads.within is not None:
            tf.config.threading.set_intra_op_parallelism_threads(threads.within)
        if threads.between is not None:
            tf.config.threading.set_inter_op_parallelism_threads(threads.between)
    except RuntimeError as error:  # TensorFlow takes them once a process
        raise DeviceError(
            "TensorFlow already runs in this process, with other threads than this recipe trains with",
            "train it in a separate process",
        ) from error


def _name_from_one() -> None:
    """Keras numbers what has no name, such as optimizers, over all models of a process.

    From here on it counts anew: a run is saved to the same bytes, however many others the process has trained before.
    """
    from keras.src.backend.common import global_state

    global_state.set_global_attribute("object_name_uids", defaultdict(int))


def quiet_start(*, own_code: bool) -> None:
    """Import TensorFlow and Keras without their start-up noise, for work that computes nothing.

    Args:
        own_code: whether custom code may run, which gets a Keras that has all its optional packages.
    """
    import_tensorflow(own_code=own_code)
    with quiet_import():
        import tensorflow as tf

        tf.config.set_visible_devices([], "GPU")


def import_tensorflow(*, own_code: bool) -> None:
    """Import TensorFlow and Keras without their start-up noise, and choose nothing yet.

    Args:
        own_code: whether custom code may run, which gets a Keras that has all its optional packages.
    """
    with quiet_import(), lean(not own_code):
        import keras  # noqa: F401 - its import is noisy too
        import tensorflow  # noqa: F401


def sees_gpu() -> bool:
    """Whether TensorFlow, which is imported, sees a GPU."""
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))


@dataclass(frozen=True)
class Started(Device):
    """The device, and what a step runs on."""

    replicas: "Replicas"


def start_tensorflow(hardware: Hardware, threads: Threads | None = None, *, own_code: bool = True) -> Started:
    """Import TensorFlow and Keras, choose the device, make operations deterministic.

    Args:
        hardware: what the recipe asks for.
        threads: how a CPU's threads are put to work; left out, all of them within an operation.
        own_code: whether custom code may run, which gets a Keras that has all its optional packages.

    Raises:
        DeviceError: when the recipe insists on a GPU and there is none.
        ClusterError: when it wants several workers and they do not come together.
    """
    import_tensorflow(own_code=own_code)
    with quiet_import():
        import tensorflow as tf

        tf.get_logger().setLevel("ERROR")  # several runs in one process look like needless retracing to it
        threads = threads or Threads(hardware.threads, hardware.threads)
        device = _configure(hardware, threads)
        if hardware.deterministic:
            tf.config.experimental.enable_op_determinism()
        _name_from_one()
    from runner.engine.distributed.strategy import make_replicas

    on_cpu = device.kind == "CPU"
    fused = on_cpu and hardware.strategy == "none" and hardware.xla != "on" and _has_fast_normalization()
    replicas = make_replicas(hardware.strategy, threads.towers if on_cpu else 1, fused=fused)
    computation = {"parts": replicas.towers, "batch_normalization": "fused" if fused else "composed"}
    said = device.description + replicas.description
    return Started(device.kind, said, device.reason, replicas, computation=computation)


def _has_fast_normalization() -> bool:
    from runner.model.normalization import has_fast_kernel

    return has_fast_kernel()
