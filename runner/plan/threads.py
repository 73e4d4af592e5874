"""How a processor's threads are put to work: within an operation, or on two parts of a batch side by side."""

import math
import os
from dataclasses import dataclass

from runner.hardware.cores import cores
from runner.plan.plan import Plan

_MOST = 4
"""Threads up to which a batch is divided; beyond, nothing has been measured."""
_LEAST_PART = 16
"""Examples that a part must have to be worth it."""
_WHOLE_BATCHES = ("batch_normalization", "custom")
"""Layers that look at a batch as a whole, or may."""
VARIABLES = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
"""By which a person decides instead."""


@dataclass(frozen=True)
class Threads:
    """Threads of a process, on a CPU. TensorFlow takes them once, when it starts."""

    within: int | None = None
    """Threads within an operation; None: TensorFlow's choice, one for each core."""
    between: int | None = None
    """Operations at a time; None: TensorFlow's choice."""
    towers: int = 1
    """Parts of a batch that are computed side by side."""


def threads_for(plan: Plan) -> Threads:
    """One tower for each thread where that pays, else all threads within an operation.

    An update's loss is a mean over examples, so that a batch may be computed in parts: Σⱼ (nⱼ/n)·gⱼ, the same but for
    rounding and for which dropout masks are drawn. TensorFlow's matrix products are too small at usual batch sizes to
    keep two cores busy; with a part for each core an epoch of a small MLP took 0.53 s instead of 0.84 s, one of LeNet
    1.47 s instead of 2.04 s (two cores; make bench). Parts of fewer than 16 examples gained nothing.

    The batch stays whole where a layer looks at all of it, under XLA, on several devices (and on a GPU), beyond four
    threads, and where the environment sets TensorFlow's threads.
    """
    hardware, training = plan.recipe.hardware, plan.recipe.training
    threads = hardware.threads or cores()
    part = math.ceil(plan.batch_size / training.accumulate) // threads
    divisible = not any(layer.layer.kind in _WHOLE_BATCHES for layer in plan.layers)
    alone = hardware.strategy == "none" and hardware.xla != "on" and not any(name in os.environ for name in VARIABLES)
    if divisible and alone and 2 <= threads <= _MOST and part >= _LEAST_PART:
        return Threads(within=1, between=threads, towers=threads)
    return Threads(within=hardware.threads, between=hardware.threads)


SETTINGS = ("the use of threads", "the device", "deterministic kernels", "custom code")
"""What :func:`process_settings` gives, in its order."""


def process_settings(plan: Plan) -> tuple[object, ...]:
    """What TensorFlow is told once a process: plans that agree in it can be trained one after another in one.

    Custom code is part of it, since Keras is imported differently for it.
    """
    hardware = plan.recipe.hardware
    return threads_for(plan), hardware.device, hardware.deterministic, plan.code is not None


def why_apart(settings: tuple[object, ...], first: tuple[object, ...]) -> str:
    """In what the settings of a plan differ from those of the process: the reason why it needs a process of its own."""
    names = [name for name, own, there in zip(SETTINGS, settings, first, strict=True) if own != there]
    return f"TensorFlow takes {', '.join(names)} once a process, and an earlier recipe trains with others"
