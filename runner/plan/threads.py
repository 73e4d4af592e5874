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
_RECURRENT = ("gru", "lstm", "simple_rnn")
_LEAST_RECURRENT_PART = 64
"""The same with a recurrent layer, whose operations are many and small: a GRU of 32 units was 1.25 times as fast with
batches of 32 whole as in two parts, one of 64 units with batches of 64 1.08 times, an LSTM of 64 units as fast for half
of the processor time; one of 128 units with batches of 128 was 1.3 times as fast in parts."""
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

    Parts with a recurrent layer need 64, and a bidirectional layer keeps two cores busy by its directions: with batches
    of 64, and 64 units, the whole was 1.4 times as fast.

    The batch stays whole where a layer looks at all of it, under XLA, on several devices (and on a GPU), beyond four
    threads, and where the environment sets TensorFlow's threads. Where it may be divided and ``plan.parts`` is known,
    that rules: the parts are part of what gives a run its bits, on a machine with other cores as well.
    """
    hardware = plan.recipe.hardware
    parts = usual_parts(plan) if plan.parts is None or not is_divisible(plan) else plan.parts
    return in_parts(plan, parts) if parts > 1 else Threads(within=hardware.threads, between=hardware.threads)


def form_text(plan: Plan) -> str | None:
    """How a batch is computed, and who says so; None where nobody does but the rule, or what they say is impossible."""
    if plan.parts is None or not is_divisible(plan):
        return None
    how = "whole" if plan.parts == 1 else f"in {plan.parts} parts side by side"
    return f"{how}, {'as a trial on this machine chose' if plan.parts_tried else 'as when the run began'}"


def in_parts(plan: Plan, parts: int) -> Threads:
    """Threads that compute two or more parts of a batch; those that are left over work within an operation."""
    threads = threads_of(plan)
    return Threads(within=max(threads // parts, 1), between=threads, towers=parts)


def threads_of(plan: Plan) -> int:
    """Threads that the recipe asks for, or one for each core."""
    return plan.recipe.hardware.threads or cores()


def is_divisible(plan: Plan) -> bool:
    """Whether a batch may be computed in parts."""
    hardware = plan.recipe.hardware
    if hardware.strategy != "none" or hardware.xla == "on" or any(name in os.environ for name in VARIABLES):
        return False
    return not any(layer.layer.kind in _WHOLE_BATCHES for layer in plan.layers)


def usual_parts(plan: Plan) -> int:
    """One for each of two to four threads, if a part has examples enough; else 1."""
    threads = threads_of(plan)
    part = math.ceil(plan.batch_size / plan.recipe.training.accumulate) // threads
    kinds = {layer.layer.kind for layer in plan.layers}
    least = _LEAST_PART if kinds.isdisjoint(_RECURRENT) else _LEAST_RECURRENT_PART
    pays = part >= least and "bidirectional" not in kinds
    return threads if is_divisible(plan) and 2 <= threads <= _MOST and pays else 1


def other_parts(plan: Plan) -> int | None:
    """The number of parts that may be faster than :func:`usual_parts`: 1, or as many as there are threads.

    None where a batch cannot be divided, or has examples for one part alone.
    """
    update = math.ceil(plan.batch_size / plan.recipe.training.accumulate)
    most = min(threads_of(plan), update // _LEAST_PART)
    if not is_divisible(plan) or most < 2:
        return None
    return most if usual_parts(plan) == 1 else 1


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
