"""When memory runs out: which batch size it was, and which would fit."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf

from runner.errors import OutOfMemory
from runner.model.planned_shapes import planned_shapes
from runner.plan.capacity import fitting_batch_size, machine_memory, memory_of
from runner.plan.memory import human
from runner.plan.plan import Plan


@contextmanager
def out_of_memory_as_error(plan: Plan) -> Iterator[None]:
    """Say what would fit when the block runs out of memory.

    Raises:
        OutOfMemory: in place of what TensorFlow or Python raise.
    """
    try:
        yield
    except (MemoryError, tf.errors.ResourceExhaustedError) as error:
        raise OutOfMemory(_explained(plan)) from error


def _explained(plan: Plan) -> str:
    layers = planned_shapes(plan)
    memory, available = memory_of(plan, layers), _available()
    size = fitting_batch_size(plan, layers, available)
    what = f"out of memory with data.batch_size: {plan.batch_size}; the run needs about {human(memory.total)}"
    if size is None:
        parts = f"{human(memory.weights)} for weights, gradients and slots, {human(memory.data)} for data"
        return f"{what}, {parts}: no batch size fits, take fewer units or a part of the data"
    divided = plan.recipe.training.accumulate * -(-plan.batch_size // size)
    return f"{what}: try data.batch_size: {size}, or training.accumulate: {divided}, which keeps the batch as it is"


def _available() -> int:
    """Bytes that a run may take at most; of a GPU it is not known, so that there the first half is what is tried."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return machine_memory() if limit == resource.RLIM_INFINITY else min(machine_memory(), limit)
