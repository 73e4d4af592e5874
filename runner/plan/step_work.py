"""How long the steps of a run take at least, by what dense, convolutional and recurrent layers multiply.

It is known without Keras, whose import takes longer than many a run; other layers count nothing.
"""

import math
from typing import Any, NamedTuple

from runner.plan.layer_shapes import Shaped, shaped_layers
from runner.plan.plan import Plan
from runner.plan.threads import threads_of

_RATE = 5e10
"""Floating-point operations a second of one thread."""
_GATES = {"simple_rnn": 1, "gru": 3, "lstm": 4}


class Work(NamedTuple):
    """Of a layer."""

    multiply_adds: int = 0
    """Of one example, forward."""
    weights: int = 0


def least_seconds(plan: Plan) -> float:
    """Seconds of all steps: two operations a multiply-add in each of three passes, and ten a weight in its update."""
    works = [_work(shaped) for shaped in shaped_layers(plan.layers, plan.data.layer_input)]
    passes = 6 * plan.batch_size * sum(work.multiply_adds for work in works)
    return plan.steps * (passes + 10 * sum(work.weights for work in works)) / (_RATE * threads_of(plan))


def _work(shaped: Shaped) -> Work:
    layer: Any = shaped.acting
    taken, given = ([side for side in shape or () if side is not None] for shape in (shaped.taken, shaped.given))
    if not given or len(given) < len(shaped.given or ()) or len(taken) < len(shaped.taken or ()):
        return Work()
    match layer.kind:
        case "dense":
            return Work(math.prod(given) * taken[-1], given[-1] * taken[-1])
        case "tied":
            return Work(math.prod(given) * taken[-1])
        case "conv1d" | "conv2d":
            size = layer.kernel_size
            kernel = size ** (len(given) - 1) if isinstance(size, int) else math.prod(size)
            each = kernel * taken[-1] // getattr(layer, "groups", 1)
            return Work(math.prod(given) * each, given[-1] * each)
        case "lstm" | "gru" | "simple_rnn":
            weights = _GATES[layer.kind] * layer.units * (taken[-1] + layer.units)
            return Work(taken[0] * weights, weights)
        case "embedding":
            return Work(0, (layer.input_dim or 0) * layer.output_dim)
        case _:
            return Work()
