"""K steps in one call against K calls of one."""

import time

import numpy as np

from runner.engine.loop.variables import preserved
from runner.engine.step.compiled import StepValues, _traced, compile_steps
from runner.plan.plan import Plan
from tests.benchmarks.gpu_check.trained import Trained

ON_THE_HOST = ("PyFunc", "EagerPyFunc", "PyFuncStateless", "HostCompute")
"""Operations that leave the device in the middle of a call."""


def compared(plan: Plan, count: int) -> tuple[bool, str]:
    """Values and time of ``count`` steps, in one call and in as many."""
    made = Trained(plan)
    call, size = compile_steps(made.learner, made.data.train, plan.batch_size), plan.batch_size
    planned = plan.schedule.evaluate(np.arange(count))
    order = np.arange(count * size, dtype=np.int32) % len(made.data.train)

    def together() -> list[StepValues]:
        return [call(order, planned)]

    def apart() -> list[StepValues]:
        each = [{name: values[k : k + 1] for name, values in planned.items()} for k in range(count)]
        return [call(order[k * size : (k + 1) * size], values) for k, values in enumerate(each)]

    results = []
    for way in (together, apart):
        with preserved(made.learner):
            way()  # compiles
        with preserved(made.learner):
            began = time.perf_counter()
            values = way()
            seconds = time.perf_counter() - began
        results.append((np.concatenate([value.loss for value in values]), 1e6 * seconds / count))
    (one, fast), (many, slow) = results
    left = left_the_device(made, plan)
    said = (
        f"{fast:,.0f} µs a step of {count} in a call, {slow:,.0f} µs alone; {left} operations of the host in the graph"
    )
    return bool(np.array_equal(one, many)) and left == 0, said


def left_the_device(made: Trained, plan: Plan) -> int:
    """Operations in the compiled call, and in all functions that it calls, that run Python."""
    traced = _traced(made.learner, made.data.train, plan.batch_size)
    graph = traced.get_concrete_function().graph.as_graph_def()  # type: ignore[attr-defined]
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    return sum(node.op in ON_THE_HOST for node in nodes)
