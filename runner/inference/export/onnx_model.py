"""Writes a Keras model as ONNX, with the operations that the converter does not know, and reads what it wrote."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

_OURS = ("", "ai.onnx", "ai.onnx.ml")
"""Domains of operations that every runtime has."""


def write_onnx(model: Any, path: Path) -> None:
    """Convert a model and write it in float32.

    Args:
        model: a built Keras model that takes numbers.
        path: of the file.
    """
    _teach()
    model(np.zeros((1, *model.input_shape[1:]), np.float32))  # Keras exports to ONNX what has been called before
    model.export(str(path), format="onnx", verbose=False)


def input_names(path: Path) -> list[str]:
    """Names of the inputs of a model that :func:`write_onnx` has written."""
    import onnx

    return [given.name for given in onnx.load(path).graph.input]


def unknown_operation(path: Path) -> str | None:
    """An operation of the file that ONNX does not have: the converter leaves such of TensorFlow as they are."""
    import onnx

    model = onnx.load(path)
    version = {entry.domain: entry.version for entry in model.opset_import}
    for node in _nodes(model.graph):
        if node.domain not in _OURS or not onnx.defs.has(node.op_type, version.get(node.domain, 1), node.domain):
            return str(node.op_type)
    return None


def _nodes(graph: Any) -> Iterator[Any]:
    """The nodes of a graph and of the graphs within it, such as the body of a loop."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                yield from _nodes(inner)


def _teach() -> None:
    """Teach tf2onnx operations of activations: of gelu erfc(x) = 1 - erf(x), of celu expm1(x) = exp(x) - 1.

    ``tf_op`` registers for the process; doing so again changes nothing.
    """
    from tf2onnx.handler import tf_op

    for name, own, order in (("Erfc", "Erf", (1, 0)), ("Expm1", "Exp", (0, 1))):
        tf_op(name)(_difference_from_one(own, order))


def _difference_from_one(operation: str, order: tuple[int, int]) -> type:
    """A handler that writes f(x) and 1, in an order, and their difference."""

    class Handler:
        @classmethod
        def version_9(cls, ctx: Any, node: Any, **_: Any) -> None:
            shapes, types = ctx.get_shape(node.output[0]), ctx.get_dtype(node.output[0])
            value = ctx.make_node(operation, [node.input[0]], shapes=[shapes], dtypes=[types]).output[0]
            one = ctx.make_const(f"{node.name}_one", np.array(1, np.float32)).output[0]
            ctx.remove_node(node.name)
            terms = [(value, one)[place] for place in order]
            ctx.make_node("Sub", terms, name=node.name, outputs=node.output, shapes=[shapes], dtypes=[types])

    return Handler
