"""``python -m runner.doctor.probe``: starts TensorFlow like a run, and prints its findings as JSON.

It runs as a separate process, because a TensorFlow that this processor cannot execute crashes without a Python error.
"""

import json
import time


def probe() -> dict[str, object]:
    """Import TensorFlow and Keras, look for GPUs, and multiply two matrices."""
    begun = time.perf_counter()
    import keras
    import tensorflow as tf

    seconds = time.perf_counter() - begun
    build = tf.sysconfig.get_build_info()
    gpus = [tf.config.experimental.get_device_details(gpu) for gpu in tf.config.list_physical_devices("GPU")]
    product = float(tf.reduce_sum(tf.matmul(tf.ones([2, 3]), tf.ones([3, 4]))))
    return {
        "seconds": seconds,
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "built_with_cuda": tf.test.is_built_with_cuda(),
        "cuda": build.get("cuda_version"),
        "cudnn": build.get("cudnn_version"),
        "gpus": [str(details.get("device_name", "GPU")) for details in gpus],
        "computes": product == 24.0,
    }


if __name__ == "__main__":
    print(json.dumps(probe()))
