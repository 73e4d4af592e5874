"""One part: ``python -m tests.benchmarks.gpu_check.part NAME DEVICE [--small]`` prints a JSON object.

Each part also runs on a CPU, where it shows that the part itself is right.
"""

import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.workload import plan_for

Said = tuple[bool, str]
PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")


def device(kind: str, small: bool) -> Said:
    """What is there, by its name."""
    from tests.benchmarks.gpu_check.trained import start

    found = start(kind)
    import keras
    import tensorflow as tf

    where = tf.matmul(tf.ones([64, 64]), tf.ones([64, 64])).device
    versions = f"TensorFlow {tf.__version__}, Keras {keras.__version__}"
    return kind.upper() in where, f"{found.kind}, {found.description}; {versions}; a product is computed on {where}"


def types(kind: str, small: bool) -> Said:
    """Every precision trains a convolutional network."""
    from tests.benchmarks.gpu_check.trained import Trained, start

    start(kind)
    made = {
        name: Trained(plan_for("lenet", 3, _images(small, 20_000), hardware={"precision": name})).run()
        for name in PRECISIONS
    }
    figures = ", ".join(f"{name} {found.milliseconds:.2f} ms a step" for name, found in made.items())
    return all(found.learned for found in made.values()), figures


def xla(kind: str, small: bool) -> Said:
    """XLA changes the time and nothing else but the last digits."""
    from tests.benchmarks.gpu_check.trained import Trained, start

    start(kind)
    off, on = (
        Trained(plan_for("mlp", 3, _images(small, 20_000), hardware={"xla": wanted})).run() for wanted in ("off", "on")
    )
    apart = float(np.abs(np.subtract(off.losses[:20], on.losses[:20])).max())
    said = (
        f"off {off.milliseconds:.2f} ms a step, on {on.milliseconds:.2f} ms; first 20 losses at most {apart:.0e} apart"
    )
    return off.learned and on.learned and apart < 1e-2, said


def steps(kind: str, small: bool) -> Said:
    """K steps in one call are one trip: the same values as K calls, and nothing in the graph that runs on the host."""
    from tests.benchmarks.gpu_check.calls import compared
    from tests.benchmarks.gpu_check.trained import start

    start(kind)
    return compared(plan_for("mlp", 2, 1_280 if small else 12_800), 10 if small else 100)


def memory(kind: str, small: bool) -> Said:
    """A small model takes a small part of a GPU, and no epoch takes more than the one before."""
    from tests.benchmarks.gpu_check.trained import Trained, start

    start(kind)
    import tensorflow as tf

    used: list[float] = []
    Trained(plan_for("mlp", 6, _images(small, 20_000)), watch=lambda: used.append(_mebibytes(kind))).run()
    grown = used[-1] - used[len(used) // 2]
    gpus = tf.config.list_physical_devices("GPU") if kind == "gpu" else []
    growth = all(tf.config.experimental.get_memory_growth(gpu) for gpu in gpus)
    said = f"{used[-1]:,.0f} MiB in use at the end, {grown:+.1f} MiB since the middle; grows as it is needed: {growth}"
    return growth and grown < max(16.0, 0.02 * used[-1]), said


def _mebibytes(kind: str) -> float:
    import tensorflow as tf

    if kind == "gpu":
        return float(tf.config.experimental.get_memory_info("GPU:0")["current"]) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resume(kind: str, small: bool) -> Said:
    """With deterministic operations a run that goes on from its middle ends with the same bits."""
    from runner.engine.loop.checkpoint_saver import PeriodicSaver
    from runner.engine.loop.checkpoints import restore
    from runner.record.checkpoint import list_checkpoints, read_checkpoint
    from tests.benchmarks.gpu_check.trained import Trained, start

    start(kind, deterministic=True)
    images = _images(small, 12_800)
    plan = plan_for("resnet", 2, images, hardware={"deterministic": True})
    every = {"epochs": 2, "checkpoint": f"{plan.steps_per_epoch // 2} steps"}
    plan = plan_for("resnet", 2, images, hardware={"deterministic": True}, training=every)
    with tempfile.TemporaryDirectory() as folder:
        straight = Trained(plan, saver=PeriodicSaver(Path(folder), plan)).run()
        middle = read_checkpoint(list_checkpoints(Path(folder))[-1])
    later = Trained(plan)
    restore(middle, later.trainer.state, later.learner, plan)
    wanted, found = straight.bits(), later.run().bits()
    same = sum(wanted[name] == found[name] for name in wanted)
    said = f"from step {middle.step} of {plan.steps}: {same} of {len(wanted)} variables are the same to the bit"
    return same == len(wanted) == len(found) and middle.step < plan.steps, said


def replicas(kind: str, small: bool) -> Said:
    """Two logical devices of one come to what one does."""
    from tests.benchmarks.gpu_check.trained import Trained
    from tests.benchmarks.gpu_check.two import divided

    two = divided(kind)
    plan = plan_for("mlp", 2, _images(small, 12_800), model=_without_noise())
    one, both = Trained(plan).run(), Trained(plan, two).run()
    apart = float(np.abs(np.subtract(one.losses, both.losses)).max())
    said = f"{two.count} replicas on {len(set(two.strategy.extended.worker_devices))} logical devices; "
    said += f"losses at most {apart:.0e} apart; {one.milliseconds:.2f} and {both.milliseconds:.2f} ms a step"
    return two.count == 2 and apart < 1e-3, said


def _without_noise() -> dict[str, Any]:
    layers = [{"kind": "flatten"}, {"kind": "dense", "units": 100, "activation": "tanh"}]
    return {"kind": "sequential", "layers": layers}


def streaming(kind: str, small: bool) -> Said:
    """Reading that takes as long as computing costs little: the next examples are read while a call computes."""
    from tests.benchmarks.gpu_check.slow_reading import overlapped
    from tests.benchmarks.gpu_check.trained import start

    start(kind)
    return overlapped(plan_for("lenet", 4, _images(small, 12_800)))


def speed(kind: str, small: bool) -> Said:
    """The engine against Keras' ways to train the same network."""
    from tests.benchmarks.__main__ import measured
    from tests.benchmarks.contestants import DEVICE

    os.environ[DEVICE] = kind
    names = ("engine", "fit", "fit x43", "fit jit")
    size = (2, 1_280) if small else (3, 20_000)
    found = {name: float(np.median(measured(name, "mlp", *size)["seconds"])) for name in names}
    ratios = ", ".join(
        f"{name} {value / found['engine']:.2f} times" for name, value in found.items() if name != "engine"
    )
    return True, f"engine {found['engine']:.3f} s an epoch of {size[1]:,} images; {ratios}"


def _images(small: bool, many: int) -> int:
    return 1_280 if small else many


PARTS: dict[str, Callable[[str, bool], Said]] = {
    part.__name__: part for part in (device, types, xla, steps, memory, resume, replicas, streaming, speed)
}


def main() -> None:
    """Print whether the part is right, and its figures."""
    ok, said = PARTS[sys.argv[1]](sys.argv[2], "--small" in sys.argv)
    print(json.dumps({"ok": bool(ok), "said": said}))


if __name__ == "__main__":
    main()
